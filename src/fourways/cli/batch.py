"""`fourways batch`: a recommendation for every person of a file."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourways import app
from fourways.cli.batch_progress import progress
from fourways.cli.batch_show import many, show_summary, tally
from fourways.cli.files import FILE, MAP, opened, parsed, with_reading
from fourways.cli.options import with_base
from fourways.cli.recording import LEDGER, NO_RECORD
from fourways.cli.signals import exit_code
from fourways.errors import DisagreementError, InputError, Problem, escape_controls
from fourways.model.base import RuleBase

if TYPE_CHECKING:
    from fourways.batch.journal import Leftover
    from fourways.intake.detected import ReadingOptions


def _sample(_: click.Context, __: click.Parameter, value: str) -> int | None:
    """Give a number of profiles; None for all."""
    if value == "all":
        return None
    if not (value.isascii() and value.isdecimal()):
        raise click.BadParameter(f"'{value}' is neither a number nor 'all'.")
    return int(value)


@click.command(name="batch")
@click.argument("source", metavar="IN.csv", type=FILE)
@click.option(
    "-o",
    "--output",
    metavar="OUT.csv",
    type=FILE,
    required=True,
    help="The results, as the name ends: .csv, .tsv, .jsonl, .parquet, .xlsx; the first three "
    "also with .gz.",
)
@click.option(
    "--report",
    metavar="OUT.html",
    type=FILE,
    help="A page about the run, with charts, that can be sent on.",
)
@MAP
@with_reading
@click.option(
    "--verify",
    callback=_sample,
    metavar="N|all",
    default="50",
    show_default=True,
    help="How many distinct profiles a second engine decides as well; a difference stops the run.",
)
@click.option(
    "--why-not",
    is_flag=True,
    help="Say as well, for each path that did not come out, what its nearest rule lacks.",
)
@click.option(
    "--texts/--no-texts",
    default=True,
    help="Say it in sentences as well: because, actions, cautions.  [default: texts]",
)
@click.option(
    "--trace/--no-trace",
    default=True,
    help="Say which rules fired: the column rules.  [default: trace]",
)
@click.option("--force", is_flag=True, help="Replace outputs that exist already.")
@click.option("--resume", is_flag=True, help="Go on with a run that was broken off.")
@click.option(
    "--engine",
    type=click.Choice(["polars", "spark"]),
    default="polars",
    show_default=True,
    help="What runs the rules: this machine, or Spark, from a folder to a folder.",
)
@click.option("--master", metavar="URL", help="The Spark cluster, such as spark://HOST:7077.")
@click.option("--spark-conf", "conf", multiple=True, metavar="KEY=VALUE", help="For Spark itself.")
@NO_RECORD
@click.option("--record-rows", is_flag=True, help="Put every row on record, and not just the run.")
@click.option("--subject-column", metavar="COLUMN", help="Says whom a row is about, on record.")
@LEDGER
@click.option("-q", "--quiet", is_flag=True, help="Neither progress nor summary.")
@with_base
@click.pass_context
def command(
    ctx: click.Context,
    base: RuleBase,
    source: Path,
    output: Path,
    pairs: tuple[str, ...],
    reading: "ReadingOptions",
    verify: int | None,
    why_not: bool,
    report: Path | None,
    texts: bool,
    trace: bool,
    force: bool,
    resume: bool,
    engine: str,
    master: str | None,
    conf: tuple[str, ...],
    record: bool,
    record_rows: bool,
    subject_column: str | None,
    ledger: str | None,
    quiet: bool,
) -> None:
    """Recommend for every person of IN.csv; `-` is standard input.

    IN.csv has a header and is CSV, or else JSON lines, Parquet or Excel; text may be compressed
    with gzip. What it is and how it is encoded is found out and told.

    Writes OUT.csv with all columns of IN.csv and the results behind them, OUT.rejects.csv with
    the rows that could not be read and why, and OUT.manifest.json with what was read by which
    rules. They appear together, or not at all. A long run that is broken off can be gone on with
    by the same command and --resume. The run goes on record in the ledger.
    """
    from fourways.batch import Settings, run
    from fourways.batch.outputs import check_places
    from fourways.batch.run import finished, output_paths
    from fourways.batch.unfinished import leftover
    from fourways.engines.experta_engine import ExpertaEngine

    if engine == "spark":
        odd = {
            "--why-not": why_not,
            "--no-texts": not texts,
            "--no-trace": not trace,
            "--report": report is not None,
            "--resume": resume,
            "--record-rows": record_rows,
            "--from, --encoding, --delimiter, --sheet": any(
                (reading.form, reading.encoding, reading.delimiter, reading.sheet)
            ),
        }
        if any(odd.values()):
            raise InputError(
                *(f"{name} does not go with --engine spark" for name, one in odd.items() if one)
            )
        if master is None:
            raise InputError("--engine spark needs --master URL")
        lines = _on_spark(ctx, base, master, (source, output), parsed(pairs), verify, force, conf)
        if not quiet:
            for line in lines:
                click.echo(escape_controls(line))
        return
    if master is not None or conf:
        raise InputError("--master and --spark-conf go with --engine spark")
    if record_rows and not record:
        raise InputError(Problem("--record-rows and --no-record exclude each other"))
    if subject_column and not record_rows:
        raise InputError(Problem("--subject-column goes with --record-rows"))
    if output.name in ("", "-"):
        raise InputError(Problem("the results need the name of a file", hint="Such as -o OUT.csv."))
    piped = str(source) == "-"
    if piped and resume:
        raise InputError(
            Problem(
                "--resume needs a file: standard input cannot be read again",
                hint="Save it to a file first.",
            )
        )
    goes_on = _goes_on(output, resume, force, quiet)
    check_places(output_paths(output, report), None if piped else source, force or goes_on)
    if record:
        app.check_ledger(ledger)
    if goes_on and finished(output):
        if not quiet:
            click.echo("That run was done but for the names of its files; they have them now.")
    else:
        settings = Settings(
            output, parsed(pairs), verify, why_not=why_not, reading=reading, texts=texts,
            trace=trace,
            report=report, journal=not piped, resume=goes_on,
        )  # fmt: skip
        name = "standard input" if piped else str(source)
        # Polars takes Ctrl-C over in a way that lets a read from a pipe wait on.
        if hasattr(signal, "siginterrupt"):
            signal.siginterrupt(signal.SIGINT, True)
        try:
            with opened(source) as (stream, size), progress(size, quiet) as told:
                done = run(stream, name, settings, base, ExpertaEngine(base), told)
        except DisagreementError as error:
            click.echo(f"fourways: {error}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt as error:
            left = leftover(output)
            kept = f"{_done_by(left)} is kept: go on with --resume." if left else ""
            click.echo(f"fourways: interrupted; {kept or 'nothing was written.'}", err=True)
            ctx.exit(exit_code(error))
        if not quiet:
            show_summary(done, base)
    if record:
        number, rows = app.record_batch(output, base, record_rows, subject_column, ledger)
        if not quiet:
            with_rows = f", with {many(rows, 'row')}" if rows else ""
            click.echo(f"On record as {number}{with_rows}.")


def _goes_on(output: Path, resume: bool, force: bool, quiet: bool) -> bool:
    """Tell whether there is a run to go on with, and see to it that none is lost unawares.

    Raises:
        InputError: a run was broken off, and nothing says what shall become of it.
    """
    from fourways.batch.unfinished import leftover

    left = leftover(output)
    if left is not None and not left.running and left.journal is not None:
        if not (resume or force):
            raise InputError(
                Problem(
                    f"a run to {output} was broken off; {_done_by(left)} is kept",
                    hint="Go on with it by --resume, or start anew by --force.",
                )
            )
        return resume
    if resume and not quiet:
        click.echo("fourways: there is no run to go on with; this one starts anew.", err=True)
    elif left is not None and not left.running and not quiet:
        click.echo(f"fourways: cleared away what a broken run has left: {left.folder}", err=True)
    return False


def _done_by(left: "Leftover") -> str:
    """Give what of a run is done, in words."""
    if left.journal is not None and left.journal.moves:
        return "all but the names of its files"
    return f"what was done, {many(left.records, 'row')},"


def _on_spark(
    ctx: click.Context,
    base: RuleBase,
    master: str,
    folders: tuple[Path, Path],
    columns: dict[str, str],
    verify: int | None,
    force: bool,
    conf: tuple[str, ...],
) -> Iterator[str]:
    """Run a folder on Spark, and give the lines that tell what became of it."""
    from fourways.batch.spark import SparkSettings, run_spark
    from fourways.engines.experta_engine import ExpertaEngine

    pairs = [pair.partition("=") for pair in conf]
    wrong = [
        pair for pair, (key, equals, _) in zip(conf, pairs, strict=True) if not key or not equals
    ]
    if wrong:
        raise InputError(*(f"--spark-conf '{pair}' is not of the form KEY=VALUE" for pair in wrong))
    source, output = map(str, folders)
    options = {key: value for key, _, value in pairs}
    settings = SparkSettings(master, source, output, columns, verify, force=force, options=options)
    try:
        report = run_spark(settings, base, ExpertaEngine(base))
    except DisagreementError as error:
        click.echo(f"fourways: {error}", err=True)
        ctx.exit(1)
    except KeyboardInterrupt as error:
        click.echo("fourways: interrupted; nothing was written.", err=True)
        ctx.exit(exit_code(error))
    yield (
        f"{many(report.records, 'row')} in = {many(report.results, 'result')}"
        f" + {many(report.rejects, 'reject')}"
    )
    titles = {name: path.title for name, path in base.paths.items()}
    yield from tally(
        [(titles.get(n, "Not enough answers"), count) for n, count in report.recommended.items()]
    )
    yield (
        f"{many(report.distinct, 'distinct profile')} decided;"
        f" {report.verified} decided again in experta, with the same outcome."
    )
    yield f"Written: {report.output}"
