"""`fourways audit`: derives results again and shows which rules gave them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourways.cli import ledger, ledger_seal
from fourways.cli.files import FILE, MAP, opened, parsed, with_reading
from fourways.cli.options import with_base
from fourways.errors import InputError, Problem, escape_controls
from fourways.model.base import RuleBase

if TYPE_CHECKING:
    from fourways.audit import AuditedRow, ResultsAudit
    from fourways.batch.manifest import Manifest
    from fourways.intake.detected import ReadingOptions

MOST_SHOWN = 20
"""Rows that `--all` tells about in full; of the others it tells the number."""


@click.group(name="audit")
def command() -> None:
    """Derive results again and show which rules gave them; look into the ledger."""


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
    help="Where --id looks; by default the first column that no rule reads.",
)
@click.option("--all", "every", is_flag=True, help="Every row; tells how many hold.")
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
    """Derive a row of OUT.csv again from its input columns and compare it with the file.

    OUT.csv is what `fourways batch` wrote; the manifest beside it says which columns were read,
    and by which rules. The exit code is 1 where the file holds something else than the rules give.
    """
    from fourways.audit import ResultsAudit
    from fourways.batch.contract import manifest_path
    from fourways.batch.manifest import read_manifest
    from fourways.engines.experta_engine import ExpertaEngine

    if [row is not None, value is not None, every].count(True) != 1:
        raise InputError(
            Problem("which row is it", hint="Give one of --row N, --id VALUE and --all.")
        )
    if column is not None and value is None:
        raise InputError(Problem("--id-column goes with --id"))
    with opened(file) as (stream, _):
        manifest = None if str(file) == "-" else read_manifest(manifest_path(file))
        engine = ExpertaEngine(base)
        audit = ResultsAudit(stream, str(file), base, engine, manifest, parsed(pairs), reading)
        _tell_rules(base, manifest)
        if every:
            holds = _all(audit, manifest)
        else:
            holds = _one(audit.row(row) if row else audit.row_of(value or "", column))
    ctx.exit(0 if holds else 1)


def _tell_rules(base: RuleBase, manifest: "Manifest | None") -> None:
    if manifest is None:
        click.echo("There is no manifest beside the file: its columns are found by their names,")
        click.echo("and it cannot be told whether the rules have changed since.")
    elif manifest.rule_base == base.digest:
        click.echo(f"Rules: the same as then (digest {base.digest[:12]}).")
    else:
        click.echo("Rules: not the same as then.")
        click.echo(f"  Their digest was {manifest.rule_base[:12]}, and is {base.digest[:12]} now.")
        click.echo("  What is derived below comes from the rules of now.")
    click.echo()


def _one(row: "AuditedRow") -> bool:
    from fourways.cli.show import show_justification

    if row.decision is not None:
        show_justification(row.decision)
        click.echo()
    _tell(row)
    if row.holds:
        click.echo(f"Row {row.number} holds: the file has what the rules give, in every column.")
    return row.holds


def _tell(row: "AuditedRow") -> None:
    if row.problems:
        click.echo(f"Row {row.number} (line {row.line}) cannot be derived:")
        for bad in row.problems:
            where = f"{bad.column}: " if bad.column else ""
            click.echo(f"  {escape_controls(where + bad.problem)}. {bad.suggestion}".rstrip())
    if row.differences:
        click.echo(f"Row {row.number} (line {row.line}) differs:")
        for difference in row.differences:
            click.echo(f"  {difference.column}")
            click.echo(f"    file     {escape_controls(difference.in_file) or '(empty)'}")
            click.echo(f"    derived  {escape_controls(difference.derived) or '(empty)'}")


def _all(audit: "ResultsAudit", manifest: "Manifest | None") -> bool:
    count = differing = 0
    for row in audit.rows():
        count += 1
        if not row.holds:
            differing += 1
            if differing <= MOST_SHOWN:
                _tell(row)
    if differing > MOST_SHOWN:
        click.echo(f"{differing - MOST_SHOWN} more rows differ.")
    click.echo(f"{count - differing} of {count} rows hold.")
    if manifest is None or manifest.results == audit.digest:
        return not differing
    click.echo("The file is not as it was written: something in it was changed, added or removed.")
    return False
