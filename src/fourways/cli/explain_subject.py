"""Whose decision is questioned: a profile, a row of results, or what else is on record."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways.cli.options import ANSWERS, FOLDER, with_base
from fourways.errors import InputError, Problem
from fourways.model.base import RuleBase

if TYPE_CHECKING:
    from fourways.model.profile import Profile


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose decision is questioned: what the options say."""

    profile: Path | None
    pairs: tuple[str, ...]
    results: Path | None
    row: int | None

    def naming(self, profile: Path | None) -> "Subject":
        """Give the same with the file of a profile."""
        return replace(self, profile=profile)


def with_subject(
    function: Callable[..., Any] | None = None, *, positional: bool = True
) -> Callable[..., Any]:
    """Give a command the rule base as `base`, and whose decision it is about as `subject`.

    Args:
        function: the command.
        positional: whether the profile is an argument; if not, the command names it itself.
    """
    if function is None:
        return lambda command: with_subject(command, positional=positional)
    inner = function

    @ANSWERS
    @click.option(
        "--results", type=FOLDER, metavar="OUT.csv", help="What `fourways batch` wrote; with --row."
    )
    @click.option("--row", type=click.IntRange(min=1), metavar="N", help="The row, from 1.")
    @with_base
    @wraps(inner)
    def command(
        *args: object,
        base: RuleBase,
        pairs: tuple[str, ...],
        results: Path | None,
        row: int | None,
        profile: Path | None = None,
        **options: object,
    ) -> object:
        return inner(*args, base=base, subject=Subject(profile, pairs, results, row), **options)

    argument = click.argument("profile", type=FOLDER, required=False, metavar="[PROFILE.yaml]")
    return argument(command) if positional else command


def profile_of_subject(base: RuleBase, subject: Subject) -> "Profile":
    """Give the answers of the one whose decision is questioned.

    Raises:
        InputError: the options name none, or more than one; or it cannot be read.
    """
    from fourways.intake.profiles import profile_of, read_profile
    from fourways.model.profile import Profile

    if (subject.results is None) != (subject.row is None):
        raise InputError(Problem("--results and --row go together"))
    if subject.results is not None and subject.profile is not None:
        raise InputError(
            Problem("whose decision is it", hint="Give either a profile or --results.")
        )
    if subject.results is None and subject.profile is None and not subject.pairs:
        raise InputError(
            Problem(
                "no profile",
                hint="Name a YAML file, give answers such as --set current_role=pmo_analyst, "
                "or --results OUT.csv --row N.",
            )
        )
    answers = Profile()
    if subject.profile is not None:
        answers = read_profile(subject.profile, base.attributes).profile
    elif subject.results is not None and subject.row is not None:
        answers = _of_row(base, subject.results, subject.row)
    return Profile({**answers, **profile_of(subject.pairs, base.attributes).profile})


def changed_profile(base: RuleBase, profile: "Profile", pairs: tuple[str, ...]) -> "Profile":
    """Give a profile with other answers: `attribute=value`, `+=` and `-=` for a set.

    Raises:
        InputError: with every problem of the texts.
    """
    from fourways.intake.profiles import profile_of

    problems: list[Problem | str] = []
    for pair in pairs:
        name, _, text = pair.partition("=")
        sign = name[-1:] if name[-1:] in ("+", "-") else ""
        name = name.removesuffix(sign).strip()
        try:
            taken = profile_of([f"{name}={text}"], base.attributes).profile.get(name)
        except InputError as error:
            problems += error.problems
            continue
        if sign:
            held = profile.get(name, frozenset())
            if not isinstance(taken, frozenset) or not isinstance(held, frozenset):
                problems.append(Problem(f"'{pair}': {name} is no set", hint="Write = instead."))
                continue
            taken = held | taken if sign == "+" else held - taken
        profile = profile.having(name, taken)
    if problems:
        raise InputError(*problems)
    return profile


def _of_row(base: RuleBase, results: Path, number: int) -> "Profile":
    from fourways.audit.results import ResultsAudit
    from fourways.batch.contract import manifest_path
    from fourways.batch.manifest import read_manifest
    from fourways.cli.files import opened
    from fourways.engines.reference import ReferenceEngine

    with opened(results) as (stream, _):
        manifest = read_manifest(manifest_path(results))
        audit = ResultsAudit(stream, str(results), base, ReferenceEngine(base), manifest)
        row = audit.row(number)
    if row.decision is None:
        raise InputError(*(f"row {number}: {bad.problem}" for bad in row.problems))
    return row.decision.profile
