"""`fourways batch`: a recommendation for every person of a file."""

import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourways.cli.files import FILE, MAP, opened, parsed, visible
from fourways.cli.ledger import LEDGER, NO_RECORD, record_batch
from fourways.cli.options import with_base
from fourways.errors import DisagreementError, InputError, Problem
from fourways.model.base import RuleBase

if TYPE_CHECKING:
    from fourways.batch import Report


def _sample(_: click.Context, __: click.Parameter, value: str) -> int | None:
    """Give a number of profiles; None for all."""
    if value == "all":
        return None
    if not (value.isascii() and value.isdecimal()):
        raise click.BadParameter(f"'{value}' is neither a number nor 'all'.")
    return int(value)


@click.command(name="batch")
@click.argument("source", metavar="IN.csv", type=FILE)
@click.option("-o", "--output", metavar="OUT.csv", type=FILE, required=True, help="The results.")
@MAP
@click.option(
    "--verify",
    callback=_sample,
    metavar="N|all",
    default="50",
    show_default=True,
    help="How many distinct profiles a second engine decides as well; a difference stops the run.",
)
@click.option("--force", is_flag=True, help="Replace outputs that exist already.")
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
    verify: int | None,
    force: bool,
    engine: str,
    master: str | None,
    conf: tuple[str, ...],
    record: bool,
    record_rows: bool,
    subject_column: str | None,
    place: str | None,
    quiet: bool,
) -> None:
    """Recommend for every person of IN.csv, a CSV file with a header; `-` is standard input.

    Writes OUT.csv with all columns of IN.csv and the results behind them, OUT.rejects.csv with
    the rows that could not be read and why, and OUT.manifest.json with what was read by which
    rules. The three appear together, or not at all. The run goes on record in the ledger.
    """
    from fourways.batch import Settings, run
    from fourways.batch.outputs import check_places
    from fourways.batch.run import output_paths
    from fourways.engines.experta_engine import ExpertaEngine

    if engine == "spark":
        if master is None or record_rows:
            raise InputError("--engine spark needs --master URL, and records no rows")
        lines = _on_spark(ctx, base, master, (source, output), parsed(pairs), verify, force, conf)
        if not quiet:
            for line in lines:
                click.echo(visible(line))
        return
    if master is not None or conf:
        raise InputError("--master and --spark-conf go with --engine spark")
    if record_rows and not record:
        raise InputError(Problem("--record-rows and --no-record exclude each other"))
    if subject_column and not record_rows:
        raise InputError(Problem("--subject-column goes with --record-rows"))
    if output.name in ("", "-"):
        raise InputError(Problem("the results need the name of a file", hint="Such as -o OUT.csv."))
    check_places(output_paths(output), None if str(source) == "-" else source, force)
    settings = Settings(output, parsed(pairs), verify)
    name = "standard input" if str(source) == "-" else str(source)
    # Polars takes Ctrl-C over in a way that lets a read from a pipe wait on.
    if hasattr(signal, "siginterrupt"):
        signal.siginterrupt(signal.SIGINT, True)
    try:
        with opened(source) as (stream, size), progress(size, quiet) as told:
            report = run(stream, name, settings, base, ExpertaEngine(base), told)
    except DisagreementError as error:
        click.echo(f"fourways: {error}", err=True)
        ctx.exit(1)
    except KeyboardInterrupt:
        click.echo("fourways: interrupted; nothing was written.", err=True)
        ctx.exit(130)
    if not quiet:
        for line in summary(report, base):
            click.echo(visible(line))
    if record:
        number, rows = record_batch(base, output, record_rows, subject_column, place)
        if not quiet:
            with_rows = f", with {_many(rows, 'row')}" if rows else ""
            click.echo(f"On record as {number}{with_rows}.")


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
    yield (
        f"{_many(report.records, 'row')} in = {_many(report.results, 'result')}"
        f" + {_many(report.rejects, 'reject')}"
    )
    titles = {name: path.title for name, path in base.paths.items()}
    yield from _tally(
        [(titles.get(n, "No way supported"), count) for n, count in report.recommended.items()]
    )
    yield (
        f"{_many(report.distinct, 'distinct profile')} decided;"
        f" {report.verified} decided again in experta, with the same outcome."
    )
    yield f"Written: {report.output}"


@contextmanager
def progress(size: int | None, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show how many of the bytes were read, on standard error where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    from fourways.cli.show import console

    bar = Progress(
        "Deciding", BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=size)
        yield lambda done: bar.update(task, completed=done)


def summary(report: "Report", base: RuleBase) -> Iterator[str]:
    """Give the lines that tell what became of a file."""
    counts, columns = report.counts, report.columns
    yield f"Read: {report.dialect}."
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
        yield f"Passed over: {_many(report.empty_lines, 'empty line')}."
    yield ""
    yield (
        f"{_many(counts.records, 'row')} in = {_many(counts.results, 'result')}"
        f" + {_many(counts.rejects, 'reject')}"
    )
    titles = {name: path.title for name, path in base.paths.items()}
    yield from _tally(
        (titles.get(name, "No way supported"), counts.recommended[name])
        for name in (*titles, *(n for n in counts.recommended if n not in titles))
    )
    if counts.problems:
        yield "Problems in the rejects:"
        yield from _tally(Counter(counts.problems).most_common())
    yield (
        f"{_many(counts.profiles, 'distinct profile')} decided;"
        f" {report.verified} decided again in experta, with the same outcome."
    )
    yield ""
    yield f"Written: {', '.join(map(str, report.outputs))}"


def _tally(lines: "Iterator[tuple[str, int]] | list[tuple[str, int]]") -> Iterator[str]:
    lines = list(lines)
    width = max((len(str(count)) for _, count in lines), default=0)
    yield from (f"  {count:>{width}}  {what}" for what, count in lines)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
