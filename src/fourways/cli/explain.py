"""`fourways explain`: answers questions about a recommendation."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways import app
from fourways.cli.explain_subject import PROFILE, with_person
from fourways.errors import InputError, Problem

if TYPE_CHECKING:
    from fourways.model.base import RuleBase
    from fourways.model.profile import Profile

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
@PROFILE
@with_person
@FORMAT
def how(base: "RuleBase", profile: "Profile", form: str) -> None:
    """Show how the recommendation came about: rules, findings, answers, statements."""
    from fourways.cli.show import show_justification
    from fourways.explain.justification import as_json

    decision = app.decide(base, profile)
    if form == "json":
        _print(as_json(decision))
    else:
        show_justification(decision)


@command.command(short_help="Why a question is asked.")
@click.argument("attribute")
@PROFILE
@with_person
@FORMAT
def why(base: "RuleBase", profile: "Profile", attribute: str, form: str) -> None:
    """Show why ATTRIBUTE is asked: the paths it affects and the rules that need it.

    A known answer to it is ignored.
    """
    from fourways.cli.explain_show import show_why

    _show(form, app.why(base, profile, attribute), lambda answer: show_why(base, answer))


@command.command("why-not", short_help="Why a path is not the first recommendation.")
@click.argument("path")
@PROFILE
@with_person
@FORMAT
def why_not(base: "RuleBase", profile: "Profile", path: str, form: str) -> None:
    """Show why PATH is not the first recommendation, and what each rule for it lacks."""
    from fourways.cli.explain_show import show_why_not

    _show(form, app.why_not(base, profile, path), lambda answer: show_why_not(base, answer))


def _profile_apart(
    context: click.Context, _: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Set the file of a profile apart from the changes, as PROFILE does for other commands."""
    files = [value for value in values if "=" not in value]
    changes = tuple(value for value in values if "=" in value)
    if len(files) > 1:
        raise InputError(Problem(f"'{files[1]}' is not of the form ATTRIBUTE=VALUE"))
    if not changes:
        raise InputError(
            Problem("no change", hint="Give answers: fourways explain what-if job_search=serious.")
        )
    context.params["file"] = Path(files[0]) if files else None
    return changes


@command.command("what-if", short_help="What other answers would change.")
@click.argument(
    "changes",
    nargs=-1,
    required=True,
    metavar="[PROFILE.yaml] ATTRIBUTE=VALUE...",
    callback=_profile_apart,
)
@with_person
@FORMAT
def what_if(base: "RuleBase", profile: "Profile", changes: tuple[str, ...], form: str) -> None:
    """Show what other answers would change, before and after side by side.

    ATTRIBUTE=VALUE gives an answer, ATTRIBUTE= makes it unknown; ATTRIBUTE+=VALUE and
    ATTRIBUTE-=VALUE add to a set and take from it.
    """
    from fourways.cli.explain_show import show_what_if

    _show(form, app.what_if(base, profile, changes), lambda answer: show_what_if(base, answer))


@command.command("what-would-it-take", short_help="What would put a path first.")
@click.argument("path")
@PROFILE
@with_person
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
    base: "RuleBase", profile: "Profile", path: str, keep: tuple[str, ...], most: int, form: str
) -> None:
    """Show the smallest changes that would make PATH the top recommendation.

    These are things you can do or decide, and things that could happen. What would do it if you
    wanted something else is listed separately.
    """
    from fourways.cli.explain_show import show_what_would_it_take

    _show(
        form,
        app.what_would_it_take(base, profile, path, keep, most),
        lambda answer: show_what_would_it_take(base, profile, answer, most),
    )


@command.command("near-misses", short_help="How far each path is from coming first.")
@PROFILE
@with_person
@KEEP
@FORMAT
def near_misses(base: "RuleBase", profile: "Profile", keep: tuple[str, ...], form: str) -> None:
    """Show how far each path is from coming first, and what would put it there."""
    from fourways.cli.explain_show import show_near_misses

    _show(
        form,
        app.near_misses(base, profile, keep),
        lambda answer: show_near_misses(base, answer),
    )


@command.command("open", short_help="What could still come first.")
@PROFILE
@with_person
@FORMAT
def open_outcomes(base: "RuleBase", profile: "Profile", form: str) -> None:
    """Show what could still come first, and which question would narrow it down most."""
    from fourways.cli.explain_show import show_outcomes

    _show(form, app.open_outcomes(base, profile), lambda answer: show_outcomes(base, answer))


@command.command("map", short_help="Your job and the next jobs recommended to you.")
@PROFILE
@with_person
@FORMAT
def career_map(base: "RuleBase", profile: "Profile", form: str) -> None:
    """Show your job and the next jobs on each recommended path, as a tree."""
    from fourways.cli.explain_map import show_map
    from fourways.explain import careermap

    drawn = careermap.career_map(app.decide(base, profile))
    if form == "json":
        _print(careermap.as_json(drawn))
    else:
        show_map(drawn)


def _show(form: str, answer: Any, show: Callable[[Any], None]) -> None:
    """Print an explanation as JSON, which is its fields, or for people."""
    if form == "json":
        _print([asdict(one) for one in answer] if isinstance(answer, tuple) else asdict(answer))
    else:
        show(answer)


def _print(data: Any) -> None:
    # The answer to a set is a frozenset.
    click.echo(json.dumps(data, indent=2, default=sorted))
