"""`fourways audit` on the ledger: look, decide again, verify, sign, give out, erase."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fourways.cli.recording import LEDGER, SUBJECT, kept
from fourways.errors import FourwaysError, InputError, Problem, did_you_mean, escape_controls

if TYPE_CHECKING:
    from fourways.ledger.ledger import Ledger
    from fourways.ledger.reading import Filter, Record

FILE = click.Path(dir_okay=False, path_type=Path)
KINDS = ("ask", "advise", "batch", "batch_row", "erase", "checkpoint")


def _moment(_: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """Give a time that was written as a date, or as a date and a time."""
    if value is None:
        return None
    example = "Write 2026-03-31 or 2026-03-31T12:00."
    try:
        time = datetime.fromisoformat(value)
        if len(value) == len("2026-03-31") and parameter.name == "until":
            time += timedelta(days=1)  # that day included
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError:
        raise click.BadParameter(f"'{value}' is no time. {example}") from None
    except OverflowError:
        raise click.BadParameter(f"'{value}' is out of reach. {example}") from None


def filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which records are chosen."""
    for option in (
        click.option("--kind", type=click.Choice(KINDS), help="What happened."),
        click.option("--rule", metavar="RULE_ID", help="A rule that took part."),
        click.option("--path", metavar="PATH", help="What came out first: move_out, ..., none."),
        click.option("--until", metavar="TIME", callback=_moment, help="Up to that day or time."),
        click.option("--since", metavar="TIME", callback=_moment, help="From that time on (UTC)."),
        SUBJECT,
    ):
        function = option(function)
    return function


def _filter(**options: Any) -> "Filter":
    from fourways.ledger.chain import name_of_person
    from fourways.ledger.reading import Filter

    if options.get("subject") is not None:
        options["subject"] = name_of_person(options["subject"])
    return Filter(**options)


@click.command(name="list")
@filters
@LEDGER
@click.pass_context
def list_(ctx: click.Context, /, place: str | None, **options: Any) -> None:
    """List the records of the ledger, one a line.

    The exit code is 1 where a record is damaged.
    """
    with kept(place) as ledger:
        whole = _tell_list(ledger, _filter(**options))
    ctx.exit(0 if whole else 1)


@click.command(name="rule")
@click.argument("rule", metavar="RULE_ID")
@LEDGER
@click.pass_context
def rule_(ctx: click.Context, place: str | None, rule: str) -> None:
    """List every decision that a rule took part in.

    The exit code is 1 where a record is damaged.
    """
    with kept(place) as ledger:
        whole = _tell_list(ledger, _filter(rule=rule))
    ctx.exit(0 if whole else 1)


def _tell_list(ledger: "Ledger", wanted: "Filter") -> bool:
    """Print the records that are wanted, and tell whether all that were looked into are whole."""
    count = 0
    damaged: list[int] = []

    def is_damaged(number: int, _: FourwaysError) -> None:
        damaged.append(number)
        click.echo(f"{number:>6}  damaged")

    for record in ledger.records(wanted, is_damaged):
        count += 1
        click.echo(escape_controls(_line(record)))
    if not count and not damaged:
        _check_known(ledger, wanted)
    click.echo(f"{count} record{'' if count == 1 else 's'}.", err=True)
    if damaged:
        click.echo("Some are damaged: `fourways audit verify` says more.", err=True)
    return not damaged


def _check_known(ledger: "Ledger", wanted: "Filter") -> None:
    """See to it that nothing was found because there is nothing, and not by a slip of the pen."""
    from fourways.ledger.reading import NONE

    bases = []
    for digest, _ in ledger.rule_bases():
        try:
            bases.append(ledger.rule_base(digest))
        except FourwaysError:
            return  # What cannot be read may have known it.
    rules = {name for base in bases for name in base.by_id}
    paths = {NONE, *(name for base in bases for name in base.paths)}
    problems = [
        Problem(f"no rules in the ledger have a {what} '{name}'", hint=did_you_mean(name, known))
        for what, name, known in (("rule", wanted.rule, rules), ("path", wanted.path, paths))
        if bases and name is not None and name not in known
    ]
    if problems:
        raise InputError(*problems)


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

    from fourways.ledger.export import lines

    with kept(place) as ledger:
        record = ledger.get(number)
        if form == "json":
            content = {"record": json.loads(record.text), "hash": record.entry.hash}
            personal = {name: dict(part) for name, part in record.parts.items()}
            click.echo(json.dumps({**content, "personal": personal}, indent=2, ensure_ascii=False))
            return
        for line in lines(record):
            click.echo(escape_controls(line))


@click.command(name="replay")
@click.argument("number", metavar="ID", type=click.IntRange(min=1), required=False)
@click.option("--all", "every", is_flag=True, help="Every record.")
@LEDGER
@click.pass_context
def replay(ctx: click.Context, place: str | None, number: int | None, every: bool) -> None:
    """Decide a record again by the rules of its day, and compare byte for byte.

    The exit code is 1 where something else comes out.
    """
    from fourways.ledger.replay import Replay

    if (number is None) is not every:
        raise InputError(Problem("which record is it", hint="Give its number, or --all."))
    same = differing = without = 0
    damaged: list[int] = []

    def is_damaged(number: int, _: FourwaysError) -> None:
        damaged.append(number)
        click.echo(f"Record {number} is damaged.")

    with kept(place) as ledger:
        again = Replay(ledger)
        every_one = ledger.records(damaged=is_damaged)
        for record in every_one if every else [ledger.get(number or 0)]:
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
        if damaged:
            click.echo("Some are damaged: `fourways audit verify` says more.")
    elif same:
        click.echo(f"Record {number}: the same comes out, byte for byte.")
    ctx.exit(1 if differing or damaged else 0)


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
    from fourways.batch.outputs import check_places, together
    from fourways.ledger.export import json_lines, report

    subject = options["subject"]
    form = form or ("text" if subject else "json")
    if form == "text" and not subject:
        raise InputError(Problem("a report is about one person", hint="Name them with --subject."))
    with kept(place) as ledger:
        wanted = _filter(**options)
        text: Iterator[str]
        if form == "text":
            text = map(escape_controls, report(subject, ledger.records(wanted)))
        else:
            text = json_lines(ledger, wanted)
        if output is None:
            for line in text:
                click.echo(line)
            return
        check_places([output], ledger.database.path, force=True)
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
    from fourways.ledger.erasure import erase_person, erase_record

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
