"""Tells what became of a file: how it was read, who got which recommendation, what was rejected."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from fourways.errors import escape_controls
from fourways.model.base import RuleBase

if TYPE_CHECKING:
    from rich.table import Table

    from fourways.batch import Report

_NO_WAY = "Not enough answers"
_NARROWEST = 6


def show_summary(report: "Report", base: RuleBase) -> None:
    """Print the summary of a run."""
    from fourways.cli.show import console

    for line in _reading(report, base):
        click.echo(escape_controls(line))
    click.echo()
    for line in _outcome(report, base):
        click.echo(escape_controls(line))
    tables = list(_breakdowns(report, base))
    for table in tables:
        click.echo()
        console().print(table)
    if tables:
        click.echo()
    for line in _ending(report):
        click.echo(escape_controls(line))


def _reading(report: "Report", base: RuleBase) -> Iterator[str]:
    columns = report.columns
    yield f"Read: {report.detected}."
    read = (
        name if name == attribute else f"'{name}' as {attribute}"
        for name, attribute in columns.by_name.items()
    )
    yield f"Columns read: {', '.join(read)}."
    missing = [name for name in base.attributes if name not in columns.mapped]
    if missing:
        yield f"No column for: {', '.join(missing)}. They count as unknown."
    if columns.protected:
        yield f"Never read by a rule: {', '.join(columns.protected)}."
    renamed = [name for name in report.result_columns if name.startswith("fourways_")]
    if renamed:
        yield f"The file has such columns already, so results are in: {', '.join(renamed)}."
    if report.empty_lines:
        yield f"Passed over: {many(report.empty_lines, 'empty line')}."
    if report.resumed:
        yield f"Done before, and not again: {many(report.resumed, 'row')}."


def _outcome(report: "Report", base: RuleBase) -> Iterator[str]:
    counts = report.counts
    yield (
        f"{many(counts.records, 'row')} in = {many(counts.results, 'result')}"
        f" + {many(counts.rejects, 'reject')}"
    )
    titles = {name: path.title for name, path in base.paths.items()}
    yield from tally(
        (titles.get(name, _NO_WAY), counts.recommended[name])
        for name in (*titles, *(n for n in counts.recommended if n not in titles))
    )


def _breakdowns(report: "Report", base: RuleBase) -> "Iterator[Table]":
    """Give a table for each attribute by which people are broken down and in which they differ."""
    from rich.table import Table

    counts = report.counts
    paths = {name: path.title for name, path in base.paths.items()}
    paths |= {name: _NO_WAY for name in counts.recommended if name not in paths}
    for attribute, groups in counts.breakdowns.items():
        labels = {value.id: value.label for value in base.attributes[attribute].values}
        if len(groups) < 2:
            continue
        table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
        table.add_column(f"By {attribute.replace('_', ' ')}", vertical="bottom", no_wrap=True)
        number = len(f"{counts.results:,}")
        for title in ("People", *paths.values()):
            # Titles are wrapped, numbers are not.
            width = max(_NARROWEST, number, *map(len, title.split()))
            table.add_column(title, justify="right", vertical="bottom", max_width=width)
        for group, label in {**labels, "": "unknown"}.items():
            if people := groups.get(group):
                cells = [f"{people[path]:,}" if people.get(path) else "-" for path in paths]
                table.add_row(f"  {label}", f"{people.total():,}", *cells)
        yield table


def _ending(report: "Report") -> Iterator[str]:
    counts = report.counts
    if counts.problems:
        yield "Problems in the rejects:"
        yield from tally(counts.problems.most_common())
    yield (
        f"{many(counts.profiles, 'distinct profile')} decided;"
        f" {report.verified} decided again in experta, with the same outcome."
    )
    yield ""
    yield f"Written: {', '.join(map(str, report.outputs))}"


def tally(lines: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Give counts with what they count, below each other."""
    shown = [(what, f"{count:,}") for what, count in lines]
    width = max((len(count) for _, count in shown), default=0)
    yield from (f"  {count:>{width}}  {what}" for what, count in shown)


def many(count: int, what: str) -> str:
    """Give a count with its word: "1 row", "2 rows"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
