"""`fourways audit` on the ledger: look, decide again, verify, sign, give out, erase."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways.cli.files import visible
from fourways.errors import InputError, Problem

if TYPE_CHECKING:
    from fourways.audit.ledger import Ledger
    from fourways.audit.reading import Filter, Record
    from fourways.model.base import RuleBase
    from fourways.model.decision import Decision

FILE = click.Path(dir_okay=False, path_type=Path)

LEDGER = click.option(
    "--ledger",
    "place",
    metavar="FILE|URL",
    help="The ledger: a file, or postgresql://user@host/database. By default what FOURWAYS_LEDGER "
    "says, or else a file in your data folder.",
)
SUBJECT = click.option(
    "--subject", metavar="NAME", help="Whom it is about: a name or number of your choosing."
)

NO_RECORD = click.option(
    "--no-record", "record", flag_value=False, type=bool, default=True,
    help="Do not put it on record in the ledger.",
)  # fmt: skip


def try_to_record(
    decision: "Decision", notes: tuple[str, ...], subject: str | None, place: str | None
) -> None:
    """Put an interview on record, and say so; what prevents it is said too, and no more than that.

    Whoever answered all the questions has the recommendation by then, and keeps it.
    """
    from fourways.errors import FourwaysError

    try:
        number = record_decision("ask", decision, notes, subject, place)
    except FourwaysError as error:
        click.echo(f"Not on record: {error}", err=True)
    else:
        click.echo(f"On record as {number}; `fourways audit erase --record {number}` removes it.")


def record_decision(
    kind: str,
    decision: "Decision",
    notes: tuple[str, ...] = (),
    subject: str | None = None,
    place: str | None = None,
) -> int:
    """Put a decision on record, and give the number of the record.

    Args:
        kind: `ask` or `advise`.
        decision: what came out.
        notes: what was inferred from the answers.
        subject: whom it is about.
        place: the ledger; by default the user's.

    Raises:
        FourwaysError: nothing was recorded.
    """
    from fourways.audit.ledger import Ledger

    with Ledger.open(place) as ledger:
        return ledger.record(kind, decision, subject, who_asks(), notes)


def record_batch(
    base: "RuleBase",
    results: Path,
    rows: bool = False,
    subjects: str | None = None,
    place: str | None = None,
) -> tuple[int, int]:
    """Put a batch run that has ended on record; see `audit.batches.record_run`."""
    from fourways.audit.batches import record_run
    from fourways.audit.ledger import Ledger

    with Ledger.open(place) as ledger:
        return record_run(ledger, base, results, who_asks(), rows, subjects)


def who_asks() -> str | None:
    """Give the login name of whoever runs the program; None where there is none."""
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        return None


@contextmanager
def kept(place: str | None, create: bool = False) -> Iterator["Ledger"]:
    """Give the ledger that is there already."""
    from fourways.audit.ledger import Ledger

    with Ledger.open(place, create) as ledger:
        yield ledger


def _moment(_: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """Give a time that was written as a date, or as a date and a time."""
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        example = "2026-03-31 or 2026-03-31T12:00"
        raise click.BadParameter(f"'{value}' is no time. Write {example}.") from None
    if len(value) == len("2026-03-31") and parameter.name == "until":
        time += timedelta(days=1)  # that day included
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which records are chosen."""
    for option in (
        click.option("--kind", metavar="KIND", help="ask, advise, batch, batch_row, erase, ..."),
        click.option("--rule", metavar="RULE_ID", help="A rule that took part."),
        click.option("--path", metavar="PATH", help="What came out first, such as move_out."),
        click.option("--until", metavar="TIME", callback=_moment, help="Up to that day or time."),
        click.option("--since", metavar="TIME", callback=_moment, help="From that time on (UTC)."),
        SUBJECT,
    ):
        function = option(function)
    return function


def _filter(**options: Any) -> "Filter":
    from fourways.audit.chain import name_of_person
    from fourways.audit.reading import Filter

    if options.get("subject") is not None:
        options["subject"] = name_of_person(options["subject"])
    return Filter(**options)


@click.command(name="list")
@filters
@LEDGER
def list_(place: str | None, **options: Any) -> None:
    """List the records of the ledger, one a line."""
    with kept(place) as ledger:
        _tell_list(ledger, _filter(**options))


@click.command(name="rule")
@click.argument("rule", metavar="RULE_ID")
@LEDGER
def rule_(place: str | None, rule: str) -> None:
    """List every decision that a rule took part in."""
    with kept(place) as ledger:
        _tell_list(ledger, _filter(rule=rule))


def _tell_list(ledger: "Ledger", wanted: "Filter") -> None:
    count = 0
    for record in ledger.records(wanted):
        count += 1
        click.echo(visible(_line(record)))
    click.echo(f"{count} record{'' if count == 1 else 's'}.", err=True)


def _line(record: "Record") -> str:
    entry, case = record.entry, record.case
    about = what = "erased" if record.erased else "-"
    if case is not None:
        about = case["subject"] or "-"
        best = case["decision"]["ranking"][:1]
        what = f"{best[0]['path']} 0.{best[0]['certainty']:02d}" if best else "none"
    return f"{entry.number:>6}  {entry.time[:19]}Z  {entry.kind:<10}  {about}  {what}"


@click.command(name="show")
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people, or for programs.",
)
@LEDGER
def show(place: str | None, number: int, form: str) -> None:
    """Show a record: answers, recommendation, reasons, every rule that took part."""
    import json

    from fourways.audit.export import lines

    with kept(place) as ledger:
        record = ledger.get(number)
        if form == "json":
            content = {"record": json.loads(record.text), "hash": record.entry.hash}
            personal = {name: dict(part) for name, part in record.parts.items()}
            click.echo(json.dumps({**content, "personal": personal}, indent=2, ensure_ascii=False))
            return
        for line in lines(record):
            click.echo(visible(line))


@click.command(name="replay")
@click.argument("number", metavar="ID", type=click.IntRange(min=1), required=False)
@click.option("--all", "every", is_flag=True, help="Every record.")
@LEDGER
@click.pass_context
def replay(ctx: click.Context, place: str | None, number: int | None, every: bool) -> None:
    """Decide a record again by the rules of its day, and compare byte for byte.

    The exit code is 1 where something else comes out.
    """
    from fourways.audit.replay import Replay

    if (number is None) is not every:
        raise InputError(Problem("which record is it", hint="Give its number, or --all."))
    same = differing = without = 0
    with kept(place) as ledger:
        again = Replay(ledger)
        for record in ledger.records() if every else [ledger.get(number or 0)]:
            result = again.again(record)
            if result.same:
                same += 1
            elif result.same is None:
                without += 1
                if not every:
                    click.echo(f"Record {number} {result.says}: there is nothing to decide again.")
            else:
                differing += 1
                click.echo(f"Record {record.entry.number} differs: {result.says}.")
    if every:
        click.echo(f"{same} of {same + differing} decisions are the same, byte for byte.")
        if without:
            click.echo(f"{without} records hold no decision, or no longer.")
    elif same:
        click.echo(f"Record {number}: the same comes out, byte for byte.")
    ctx.exit(1 if differing else 0)


@click.command(name="export")
@filters
@click.option("-o", "--output", metavar="FILE", type=FILE, help="By default standard output.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    help="text, a report to read, goes with --subject; json is one record a line.",
)
@LEDGER
def export(place: str | None, output: Path | None, form: str | None, **options: Any) -> None:
    """Give records out: as JSON lines, or for one person as a report of what is held and why.

    A file that is given out is beyond the reach of `fourways audit erase`.
    """
    from fourways.audit.export import json_lines, report
    from fourways.batch.outputs import together

    subject = options["subject"]
    form = form or ("text" if subject else "json")
    if form == "text" and not subject:
        raise InputError(Problem("a report is about one person", hint="Name them with --subject."))
    with kept(place) as ledger:
        wanted = _filter(**options)
        text: Iterator[str]
        if form == "text":
            text = map(visible, report(subject, ledger.records(wanted)))
        else:
            text = json_lines(ledger, wanted)
        if output is None:
            for line in text:
                click.echo(line)
            return
        with together(output) as (file,):
            for line in text:
                file.write(f"{line}\n".encode())


@click.command(name="erase")
@click.argument("subject", metavar="SUBJECT", required=False)
@click.option("--record", "number", type=click.IntRange(min=1), metavar="ID",
              help="One record instead, such as one that names no subject.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
@LEDGER
def erase(place: str | None, subject: str | None, number: int | None, yes: bool) -> None:
    """Erase everything that the ledger holds about SUBJECT, for good.

    The chain still verifies: it never held more than salted digests.
    """
    from fourways.audit.erasure import erase_person, erase_record

    if (subject is None) is (number is None):
        raise InputError(Problem("who is meant", hint="Give a SUBJECT, or --record ID."))
    with kept(place) as ledger:
        whom = f"everything about '{subject}'" if subject else f"the data of record {number}"
        if not yes:
            click.confirm(f"Erase {whom}? It cannot be undone.", abort=True, err=True)
        if subject is not None:
            done = erase_person(ledger, subject)
        else:
            done = erase_record(ledger, number or 0)
        count = len(done.numbers)
        which = "1 record" if count == 1 else f"{count} records"
        click.echo(f"Erased: the personal data of {which}.")
        click.echo(f"Record {done.record} says so, and names nobody.")
        click.echo("Not in reach: exports, backups and results files that were made before.")
        if not ledger.database.is_file:
            click.echo("The server may keep the data in its write-ahead log and archives of it,")
            click.echo("in replicas and in its own logs, until these are recycled.")


COMMANDS = (list_, show, rule_, replay, export, erase)
