"""`fourways audit`: checks results and shows which rules produced them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourways import app
from fourways.cli import ledger, ledger_seal
from fourways.cli.files import FILE, MAP, opened, parsed, with_reading
from fourways.cli.options import with_base
from fourways.cli.terminal import echo
from fourways.errors import InputError, escape_controls
from fourways.model.base import RuleBase

if TYPE_CHECKING:
    from fourways.audit import AuditedRow, ResultsAudit
    from fourways.intake.detected import ReadingOptions

MAX_SHOWN = 20
"""Rows that `--all` shows in full; the others are counted."""


@click.group(name="audit")
def command() -> None:
    """Re-check results, show which rules produced them, and inspect the ledger."""


for one in (*ledger.COMMANDS, *ledger_seal.COMMANDS):
    command.add_command(one)


@command.command()
@click.argument("file", metavar="OUT.csv", type=FILE)
@click.option("--row", type=click.IntRange(min=1), metavar="N", help="The row, counted from 1.")
@click.option("--id", "value", metavar="VALUE", help="The row that has this value.")
@click.option(
    "--id-column",
    "column",
    metavar="NAME",
    help="The column to look for --id in. By default the first that no rule reads.",
)
@click.option("--all", "every", is_flag=True, help="Every row; counts those that match.")
@MAP
@with_reading
@with_base
@click.pass_context
def results(
    ctx: click.Context,
    base: RuleBase,
    file: Path,
    row: int | None,
    value: str | None,
    column: str | None,
    every: bool,
    pairs: tuple[str, ...],
    reading: "ReadingOptions",
) -> None:
    """Decide a row of OUT.csv again from its input columns and compare it with the file.

    OUT.csv is a file that `fourways batch` wrote. The manifest beside it says which columns were
    read, and which rules were used. Exits with 1 if the file differs from what the rules produce.
    """
    if [row is not None, value is not None, every].count(True) != 1:
        raise InputError("which row? Use --row N, --id VALUE or --all.")
    if column is not None and value is None:
        raise InputError("--id-column needs --id")
    with opened(file) as (stream, _):
        audit = app.audit_results(stream, file, base, parsed(pairs), reading)
        _show_rules(base, audit)
        if every:
            matches = _check_all(audit)
        else:
            matches = _show(audit.row(row) if row else audit.row_of(value or "", column))
    ctx.exit(0 if matches else 1)


def _show_rules(base: RuleBase, audit: "ResultsAudit") -> None:
    manifest = audit.manifest
    if manifest is None:
        echo("There is no manifest beside the file. Its columns are found by their names.")
        echo("We can't tell whether the rules have changed since it was written.")
    elif manifest.rule_base == base.digest:
        echo(f"Rules: unchanged since this file was written (digest {base.digest[:12]}).")
    else:
        echo("Rules: changed since this file was written.")
        echo(f"  Their digest was {manifest.rule_base[:12]} and is now {base.digest[:12]}.")
        echo("  The results below come from the current rules.")
    echo()


def _show(row: "AuditedRow") -> bool:
    from fourways.cli.show import show_justification

    if row.decision is not None:
        show_justification(row.decision)
        echo()
    _show_differences(row)
    if row.matches:
        echo(f"Row {row.number} matches: every column is what the rules produce.")
    return row.matches


def _show_differences(row: "AuditedRow") -> None:
    if row.problems:
        echo(f"Row {row.number} (line {row.line}) can't be decided:")
        for bad in row.problems:
            column = f"{bad.column}: " if bad.column else ""
            echo(f"  {escape_controls(column + bad.problem)}. {bad.suggestion}".rstrip())
    if row.differences:
        echo(f"Row {row.number} (line {row.line}) differs:")
        for difference in row.differences:
            echo(f"  {difference.column}")
            echo(f"    file     {escape_controls(difference.in_file) or '(empty)'}")
            echo(f"    derived  {escape_controls(difference.derived) or '(empty)'}")


def _check_all(audit: "ResultsAudit") -> bool:
    count = differing = 0
    for row in audit.rows():
        count += 1
        if not row.matches:
            differing += 1
            if differing <= MAX_SHOWN:
                _show_differences(row)
    if differing > MAX_SHOWN:
        echo(f"{differing - MAX_SHOWN} more rows differ.")
    echo(f"{count - differing} of {count} rows match.")
    if audit.manifest is None or audit.manifest.results == audit.digest:
        return not differing
    echo("The file has been altered since it was written.")
    return False
