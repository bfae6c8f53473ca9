"""`fourways audit` on the ledger: list, show, replay, export and erase records."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways import app
from fourways.cli.recording import LEDGER, SUBJECT
from fourways.cli.terminal import echo
from fourways.errors import InputError, Problem, escape_controls

if TYPE_CHECKING:
    from fourways.ledger.reading import Filter, Record

FILE = click.Path(dir_okay=False, path_type=Path)
KINDS = ("ask", "advise", "batch", "batch_row", "erase", "checkpoint")


def _parse_time(_: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    example = "Write 2026-03-31 or 2026-03-31T12:00."
    try:
        time = datetime.fromisoformat(value)
        if len(value) == len("2026-03-31") and parameter.name == "until":
            time += timedelta(days=1)  # that day included
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError:
        raise click.BadParameter(f"'{value}' isn't a time. {example}") from None
    except OverflowError:
        raise click.BadParameter(f"'{value}' is out of range. {example}") from None


def _with_filter(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a filter to a command."""
    for option in (
        click.option("--kind", type=click.Choice(KINDS), help="The kind of record."),
        click.option("--rule", metavar="RULE_ID", help="A rule that fired."),
        click.option("--path", metavar="PATH", help="The top recommendation: move_out, ..., none."),
        click.option("--until", metavar="TIME", callback=_parse_time, help="Until this time."),
        click.option("--since", metavar="TIME", callback=_parse_time, help="From this time (UTC)."),
        SUBJECT,
    ):
        function = option(function)
    return function


def _filter(**options: Any) -> "Filter":
    from fourways.ledger.reading import Filter

    return Filter(**options)


@click.command(name="list")
@_with_filter
@LEDGER
@click.pass_context
def list_(ctx: click.Context, /, ledger: str | None, **options: Any) -> None:
    """List the records of the ledger, one a line.

    Exits with 1 if a record is damaged.
    """
    ctx.exit(0 if _list(ledger, _filter(**options)) else 1)


@click.command(name="rule")
@click.argument("rule", metavar="RULE_ID")
@LEDGER
@click.pass_context
def rule_(ctx: click.Context, ledger: str | None, rule: str) -> None:
    """List every recorded decision in which a rule fired.

    Exits with 1 if a record is damaged.
    """
    ctx.exit(0 if _list(ledger, _filter(rule=rule)) else 1)


def _list(ledger: str | None, wanted: "Filter") -> bool:
    """List records, and return whether they are all undamaged."""
    from fourways.ledger.reading import Damaged

    count = damaged = 0
    for record in app.list_records(ledger, wanted):
        if isinstance(record, Damaged):
            damaged += 1
            echo(f"{record.number:>6}  damaged")
        else:
            count += 1
            echo(_line(record))
    echo(f"{many(count)}.", err=True)
    if damaged:
        echo("Some are damaged. Run `fourways audit verify` to find out more.", err=True)
    return not damaged


def _line(record: "Record") -> str:
    entry, case = record.entry, record.case
    about = result = "erased" if record.erased else "-"
    if case is not None:
        about = case["subject"] or "-"
        best = case["decision"]["ranking"][:1]
        result = f"{best[0]['path']} 0.{best[0]['certainty']:02d}" if best else "none"
    return f"{entry.number:>6}  {entry.time[:19]}Z  {entry.kind:<10}  {about}  {result}"


def many(count: int) -> str:
    """Return a number of records in words."""
    return f"{count} record{'' if count == 1 else 's'}"


@click.command(name="show")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people, or for programs.",
)
@LEDGER
def show(ledger: str | None, number: int, format_: str) -> None:
    """Show a record: answers, recommendation, reasons, and every rule that fired."""
    from fourways.ledger.export import json_text, lines

    with app.open_ledger(ledger) as opened:
        record = opened.get(number)
    if format_ == "json":
        echo(json_text(record))
        return
    for line in lines(record):
        echo(line)


@click.command(name="replay")
@click.argument("number", metavar="ID", type=click.IntRange(min=1), required=False)
@click.option("--all", "every", is_flag=True, help="Every record.")
@LEDGER
@click.pass_context
def replay(ctx: click.Context, ledger: str | None, number: int | None, every: bool) -> None:
    """Decide a record again with the rules of its time, and compare byte for byte.

    Exits with 1 if the result differs.
    """
    from fourways.ledger.reading import Damaged

    if (number is None) is not every:
        raise InputError("which record? Give its number, or --all.")
    same = differing = without = damaged = 0
    for result in app.replay(ledger, number):
        if isinstance(result, Damaged):
            damaged += 1
            echo(f"Record {result.number} is damaged.")
        elif result.same:
            same += 1
        elif result.same is None:
            without += 1
            if not every:
                echo(f"Record {number} {result.reason}, so there is nothing to replay.")
        else:
            differing += 1
            echo(f"Record {result.record.entry.number} differs: {result.reason}.")
    if every:
        echo(f"{same} of {same + differing} decisions are the same, byte for byte.")
        if without:
            echo(f"{many(without)} without a decision.")
        if damaged:
            echo("Some are damaged. Run `fourways audit verify` to find out more.")
    elif same:
        echo(f"Record {number}: replay gives the same result, byte for byte.")
    ctx.exit(1 if differing or damaged else 0)


@click.command(name="export")
@_with_filter
@click.option("-o", "--output", metavar="FILE", type=FILE, help="By default standard output.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    help="text is a report to read, for one person (--subject). json is one record a line.",
)
@LEDGER
def export(ledger: str | None, output: Path | None, format_: str | None, **options: Any) -> None:
    """Export records as JSON lines, or as a report of what the ledger holds about a person.

    `fourways audit erase` can't reach an exported file.
    """
    from fourways.batch.outputs import check_places, together
    from fourways.ledger.export import json_lines, report

    wanted = _filter(**options)
    as_report = (format_ or ("text" if wanted.subject else "json")) == "text"
    if as_report and not wanted.subject:
        raise InputError(Problem("a report is about one person", hint="Name them with --subject."))
    with app.open_ledger(ledger) as opened:
        lines = json_lines(opened, wanted)
        if as_report:
            lines = map(escape_controls, report(wanted.subject or "", opened.records(wanted)))
        if output is None:
            for line in lines:
                echo(line)
            return
        check_places([output], opened.database.path, force=True)
        with together(output) as (file,):
            for line in lines:
                file.write(f"{line}\n".encode())


@click.command(name="erase")
@click.argument("subject", metavar="SUBJECT", required=False)
@click.option("--record", "number", type=click.IntRange(min=1), metavar="ID",
              help="One record instead, such as one without a subject.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@LEDGER
def erase(ledger: str | None, subject: str | None, number: int | None, yes: bool) -> None:
    """Erase everything that the ledger holds about SUBJECT, for good.

    The chain still verifies: it never held more than salted digests.
    """
    if (subject is None) is (number is None):
        raise InputError("who? Give a SUBJECT, or --record ID.")
    with app.open_ledger(ledger) as opened:  # before you are asked
        on_server = not opened.database.is_file
    if not yes:
        what = f"everything about '{subject}'" if subject else f"the data of record {number}"
        click.confirm(f"Erase {what}? This can't be undone.", abort=True, err=True)
    done = app.erase(ledger, subject, number)
    echo(f"Erased the personal data of {many(len(done.numbers))}.")
    echo(f"Record {done.record} says so without naming anybody.")
    echo("Not erased: exports, backups and results files made before.")
    if on_server:
        echo("The server may keep the data in its write-ahead log, archives of it, replicas")
        echo("and its own logs until these are recycled.")


COMMANDS = (list_, show, rule_, replay, export, erase)
