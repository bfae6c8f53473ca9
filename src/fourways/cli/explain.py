"""`fourways explain`: answers questions about a recommendation."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways.cli.explain_subject import (
    Subject,
    changed_profile,
    profile_of_subject,
    with_subject,
)
from fourways.errors import InputError, Problem, did_you_mean
from fourways.model.base import RuleBase

if TYPE_CHECKING:
    from fourways.model.decision import Decision

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
KEEP = click.option("--keep", multiple=True, metavar="ATTRIBUTE", help="Keep this answer fixed.")


@click.group(name="explain")
def command() -> None:
    """Ask about a recommendation: how, why, why not, what if, what would it take.

    Each question is about a PROFILE.yaml, about answers given with --set, about a row of results
    (--results OUT.csv --row N), or about a decision on record (--record ID), which is explained by
    the rules of its day.
    """


@command.command(short_help="How the recommendation came about.")
@with_subject
@FORMAT
def how(base: RuleBase, subject: Subject, form: str) -> None:
    """Show how the recommendation came about: rules, findings, answers, statements."""
    from fourways.explain.justification import as_json

    decision = _decided(base, subject)
    if form == "json":
        _print(as_json(decision))
        return
    from fourways.cli.show import show_justification

    show_justification(decision)


@command.command(short_help="Why a question is asked.")
@click.argument("attribute")
@with_subject
@FORMAT
def why(base: RuleBase, subject: Subject, attribute: str, form: str) -> None:
    """Show why ATTRIBUTE is asked: what is known, what is needed, which paths it bears on.

    An answer to it that is there already is left aside.
    """
    from fourways.explain import plain
    from fourways.explain.relevance import Outlook

    _check_attributes(base, [attribute])
    profile = profile_of_subject(base, subject).having(attribute, None)
    outlook = Outlook(base, profile)
    if form == "json":
        _print(plain.of_why(outlook, attribute))
        return
    from fourways.cli.explain_show import show_why

    show_why(outlook, attribute)


@command.command("why-not", short_help="Why a path is not the first recommendation.")
@click.argument("path")
@with_subject
@FORMAT
def why_not(base: RuleBase, subject: Subject, path: str, form: str) -> None:
    """Show why PATH is not the first recommendation, and what each rule for it lacks."""
    from fourways.engines.fast import CompactEngine
    from fourways.explain import plain
    from fourways.explain import whynot as explanation

    _check_path(base, path)
    answer = explanation.why_not(_decided(base, subject), CompactEngine(base), path)
    if form == "json":
        _print(plain.of_why_not(answer))
        return
    from fourways.cli.explain_show import show_why_not

    show_why_not(answer)


@command.command("what-if", short_help="What other answers would change.")
@click.argument("changes", nargs=-1, required=True, metavar="[PROFILE.yaml] ATTRIBUTE=VALUE...")
@with_subject(positional=False)
@FORMAT
def what_if(base: RuleBase, subject: Subject, changes: tuple[str, ...], form: str) -> None:
    """Show what other answers would change, before and after side by side.

    ATTRIBUTE=VALUE gives an answer, ATTRIBUTE= makes it unknown; ATTRIBUTE+=VALUE and
    ATTRIBUTE-=VALUE add to a set and take from it.
    """
    from fourways.engines.experta_engine import ExpertaEngine
    from fourways.explain import plain
    from fourways.explain import whatif as explanation

    files = [change for change in changes if "=" not in change]
    if len(files) > 1:
        raise InputError(Problem(f"'{files[1]}' is not of the form ATTRIBUTE=VALUE"))
    pairs = tuple(change for change in changes if "=" in change)
    if not pairs:
        raise InputError(
            Problem("no change", hint="Give answers: fourways explain what-if job_search=serious.")
        )
    profile = profile_of_subject(base, subject.naming(Path(files[0]) if files else None))
    engine = ExpertaEngine(base)
    answer = explanation.what_if(
        engine.decide(profile), engine.decide(changed_profile(base, profile, pairs))
    )
    if form == "json":
        _print(plain.of_what_if(answer))
        return
    from fourways.cli.explain_show import show_what_if

    show_what_if(answer)


@command.command("what-would-it-take", short_help="What would put a path first.")
@click.argument("path")
@with_subject
@KEEP
@click.option(
    "--changes",
    "most",
    type=click.IntRange(1, 3),
    default=2,
    show_default=True,
    help="How many changes at most.",
)
@FORMAT
def what_would_it_take(
    base: RuleBase,
    subject: Subject,
    path: str,
    keep: tuple[str, ...],
    most: int,
    form: str,
) -> None:
    """Show the smallest changes that would make PATH the top recommendation.

    Only what you can do or decide, and what could happen to you. What would do it if you wanted
    something else is a list of its own.
    """
    from fourways.engines.fast import CompactEngine
    from fourways.explain import plain
    from fourways.explain import whatwouldittake as explanation

    _check_path(base, path)
    _check_attributes(base, keep)
    profile = profile_of_subject(base, subject)
    proposals = explanation.what_would_it_take(
        CompactEngine(base), profile, path, keep=keep, most=most
    )
    if form == "json":
        _print(plain.of_proposals(base, path, proposals))
        return
    from fourways.cli.explain_proposals import show_what_would_it_take

    show_what_would_it_take(base, profile, path, proposals, most)


@command.command("near-misses", short_help="How far each path is from the first place.")
@with_subject
@KEEP
@FORMAT
def near_misses(base: RuleBase, subject: Subject, keep: tuple[str, ...], form: str) -> None:
    """Show how far each path is from the first place, and what would put it there."""
    from fourways.engines.fast import CompactEngine
    from fourways.explain import nearmiss, plain

    _check_attributes(base, keep)
    decision = _decided(base, subject)
    listed = nearmiss.near_misses(decision, CompactEngine(base), keep=keep)
    if form == "json":
        _print(plain.of_near_misses(base, listed))
        return
    from fourways.cli.explain_proposals import show_near_misses

    show_near_misses(decision, listed)


@command.command("open", short_help="What may still come first.")
@with_subject
@FORMAT
def open_outcomes(base: RuleBase, subject: Subject, form: str) -> None:
    """Show what may still come first, and which question would tell most."""
    from fourways.engines.fast import CompactEngine
    from fourways.explain import plain
    from fourways.explain.outcomes import outcomes

    answer = outcomes(CompactEngine(base), profile_of_subject(base, subject))
    if form == "json":
        _print(plain.of_outcomes(base, answer))
        return
    from fourways.cli.explain_show import show_outcomes

    show_outcomes(base, answer)


@command.command("map", short_help="Your job and the next jobs recommended to you.")
@with_subject
@FORMAT
def career_map(base: RuleBase, subject: Subject, form: str) -> None:
    """Show your job and the next jobs on each recommended path, as a tree."""
    from fourways.explain import careermap

    drawn = careermap.career_map(_decided(base, subject))
    if form == "json":
        _print(careermap.as_json(drawn))
        return
    from fourways.cli.explain_map import show_map

    show_map(drawn)


def _decided(base: RuleBase, subject: Subject) -> "Decision":
    from fourways.engines.experta_engine import ExpertaEngine

    return ExpertaEngine(base).decide(profile_of_subject(base, subject))


def _print(data: Any) -> None:
    click.echo(json.dumps(data, indent=2))


def _check_path(base: RuleBase, path: str) -> None:
    if path not in base.paths:
        raise InputError(Problem(f"unknown path '{path}'", hint=did_you_mean(path, base.paths)))


def _check_attributes(base: RuleBase, names: Iterable[str]) -> None:
    wrong = [name for name in names if name not in base.attributes]
    if wrong:
        raise InputError(
            *(
                Problem(f"unknown attribute '{name}'", hint=did_you_mean(name, base.attributes))
                for name in wrong
            )
        )
