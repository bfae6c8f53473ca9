"""`fourways rules diff`: what differs between two rule bases, and for whom."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourways import app
from fourways.cli.files import FILE, MAP, opened, parsed, with_reading
from fourways.cli.options import in_format
from fourways.errors import InputError, Problem, escape_controls, shortened

if TYPE_CHECKING:
    from fourways.batch.people_diff import PeopleDiff, Person
    from fourways.intake.detected import ReadingOptions
    from fourways.rulebase.diff import Edit, RulesDiff

MOST_SHOWN = 30
"""How many people are listed without --all; the counts and the JSON cover everyone."""


@click.command(short_help="Compare two rule bases, and who is affected.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--on",
    "people",
    metavar="PEOPLE.csv",
    type=FILE,
    help="Show who in this file gets a different recommendation; `-` is standard input.",
)
@click.option("--all", "every", is_flag=True, help=f"List everyone, not the first {MOST_SHOWN}.")
@MAP
@with_reading
@in_format
@click.pass_context
def diff(
    ctx: click.Context,
    old: str,
    new: str,
    people: Path | None,
    every: bool,
    pairs: tuple[str, ...],
    reading: "ReadingOptions",
    form: str,
) -> None:
    """Compare two rule bases: what was added (+), removed (-) and changed (~).

    OLD and NEW are folders with knowledge/ and rules/ or one of them, each on top of the built-in
    base, or the word `built-in`. Rules are compared as they are written, and by their names: a
    renamed rule counts as one removed and one added. Exits with 0 if nothing differs, with 1 if
    something does, and with 2 if a base or the file can't be read.
    """
    if people is None and (pairs or every):
        option = "--map" if pairs else "--all"
        raise InputError(Problem(f"{option} is about a file of people", hint="Name it with --on."))
    name = "standard input" if str(people) == "-" else str(people)
    with opened(people) if people else nullcontext((None, None)) as (stream, _):
        found = app.compare_rules(old, new, stream, name, parsed(pairs), reading)
    if form == "json":
        click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        for line in _rules(found.rules):
            click.echo(line)
        if found.people:
            for line in _people(found.people, name, None if every else MOST_SHOWN):
                click.echo(line)
    if found.rules:
        ctx.exit(1)


# ------------------------------------------------------------------------ rules


def _rules(diff: "RulesDiff") -> Iterator[str]:
    if not diff:
        only_layout = "" if diff.old == diff.new else " except in layout or comments"
        yield f"No differences{only_layout}."
    for kind, found in diff.kinds.items():
        if found:
            yield (
                f"{kind.capitalize()}: {len(found.added)} added, {len(found.removed)} removed, "
                f"{len(found.changed)} changed."
            )
        yield from (f"  + {name}  {brief}".rstrip() for name, brief in found.added.items())
        yield from (f"  - {name}  {brief}".rstrip() for name, brief in found.removed.items())
        for name, edits in found.changed.items():
            yield f"  ~ {name}: {', '.join(edit.key for edit in edits)}"
            for edit in edits:
                yield from _before_and_after(edit)
    for edit in diff.settings:
        yield f"{edit.key.capitalize()} changed."
        yield from _before_and_after(edit)


def _before_and_after(edit: "Edit") -> Iterator[str]:
    yield f"      was  {edit.before or '(nothing)'}"
    yield f"      is   {edit.after or '(nothing)'}"


# ----------------------------------------------------------------------- people


def _people(diff: "PeopleDiff", name: str, most: int | None) -> Iterator[str]:
    """Yield how many people get a different recommendation, then who and why; at most `most`."""
    of = f"of {diff.compared:,}."
    yield ""
    yield (
        f"{name}: {diff.rows:,} rows, {diff.compared:,} compared, {len(diff.rejects):,} rejected. "
        f"Different profiles: {diff.distinct:,}."
    )
    if diff.rejects:
        yield "Rejected are rows that at least one of the rule bases can't read:"
        yield from _rejects(diff, most)
    yield f"Different first recommendation: {len(diff.changed):,} {of}"
    if diff.changed:
        yield ""
        yield from _table(
            ("from", "to", "people"), [(one, other, f"{n:,}") for one, other, n in diff.moves]
        )
        yield ""
    yield f"Same first, different certainty or other paths: {diff.other_certainty:,} {of}"
    yield f"Same paths, different next jobs: {diff.other_jobs:,} {of}"
    yield f"Same result, different rules behind it: {diff.other_rules:,} {of}"
    if diff.changed:
        listed = diff.changed[:most]
        head = ("row", *([diff.name_column] if diff.name_column else []), "from", "to", "why")
        yield ""
        yield from _table(head, [_row(person, bool(diff.name_column)) for person in listed])
        if len(listed) < len(diff.changed):
            yield f"  and {len(diff.changed) - len(listed):,} more; --all lists them"
        yield ""
        yield "+ fires now, - no longer fires, ~ still fires but counts differently."


def _rejects(diff: "PeopleDiff", most: int | None) -> Iterator[str]:
    counted: Counter[tuple[str, str]] = Counter()
    for row in diff.rejects:
        for problem in dict.fromkeys((*row.before, *row.after)):
            in_new = "both" if problem in row.before else "new rules only"
            counted[problem, in_new if problem in row.after else "old rules only"] += 1
    for (problem, by), count in counted.most_common(most):
        yield f"  {count:,}  {escape_controls(problem)} ({by})"
    if most is not None and len(counted) > most:
        yield f"  and {len(counted) - most:,} other problems; --all lists them"


def _row(person: "Person", named: bool) -> tuple[str, ...]:
    rules = (
        *(f"+{name}" for name in person.rules.added),
        *(f"-{name}" for name in person.rules.removed),
        *(f"~{name}" for name in person.rules.reweighted),
    )
    why = (
        " ".join(rules),
        *(f"{name} is read differently" for name in person.answers),
        *(f"{name} changed" for name in person.settings),
    )
    name = (person.name,) if named else ()
    return (str(person.row), *name, person.before, person.after, ", ".join(filter(None, why)))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines = [
        [escape_controls(shortened(cell)) for cell in row[:-1]] + [row[-1]] for row in (head, *rows)
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  " + "  ".join(map(str.ljust, line, widths)).rstrip()
