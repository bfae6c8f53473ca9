"""Runs a file through the rules: reads, decides, writes results, rejects and manifest."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from fourways.answers.columns import Columns, count_recognized, map_columns
from fourways.batch.agreement import Sample
from fourways.batch.ahead import ahead
from fourways.batch.answers import FileAnswers
from fourways.batch.blocks import BlockDecider
from fourways.batch.contract import (
    REJECT_COLUMNS,
    TRACE,
    manifest_path,
    rejects_path,
    result_columns,
    written_columns,
)
from fourways.batch.counts import Counts, Tally
from fourways.batch.formats import Delimited, format_of, too_many_rows
from fourways.batch.journal import Done, Position
from fourways.batch.manifest import as_text, entries_of, versions
from fourways.batch.outputs import Output
from fourways.batch.parts import DECIDED_TOGETHER, Answered, Part, PartMaker, Read
from fourways.batch.settings import Report, Settings
from fourways.batch.unfinished import Unfinished, held
from fourways.engines.columnar import ColumnarEngine
from fourways.errors import InputError, Location, Problem
from fourways.intake.blocks import BLOCK
from fourways.intake.detected import CSV
from fourways.intake.people import People, open_people
from fourways.model.base import RuleBase
from fourways.model.decision import Engine

if TYPE_CHECKING:
    from fourways.batch.report import ReportFigures

Progress = Callable[[Position], None]
"""Told from time to time how far the run is."""

_PIECES_AHEAD = 4
"""So many pieces of results are put together while one is written."""

_JOURNAL_SHARE = 20
"""Writing the journal takes at most one part of so many of the time."""


def output_paths(results: Path, report: Path | None = None) -> tuple[Path, ...]:
    """Give where results, rejects, manifest and report go."""
    paths = (results, rejects_path(results), manifest_path(results))
    return (*paths, report) if report else paths


def finished(results: Path) -> bool:
    """Finish a run that had done everything but give its files their names.

    Returns:
        whether there was one.

    Raises:
        InputError: another run is writing there.
        OutputError: they cannot get their names.
    """
    with held(results) as unfinished:
        return unfinished.go_on_publishing()


def run(
    source: BinaryIO,
    name: str,
    settings: Settings,
    base: RuleBase,
    judge: Engine,
    progress: Progress = lambda _: None,
) -> Report:
    """Answer every row of a file or reject it, and write the outputs.

    Args:
        source: the file, in bytes.
        name: how messages name it.
        settings: what the user says about it.
        base: the rules.
        judge: the engine that decides a sample again.
        progress: told how far the run is.

    Raises:
        InputError: the file is not what it should be; nothing is written.
        OutputError: an output cannot be written; nothing is left but what can be gone on with.
        DisagreementError: the engines differ; nothing is left.
    """
    started = _now()
    format_of(settings.results)
    try:
        with held(settings.results) as unfinished:
            table = open_people(
                source,
                name,
                lambda header: count_recognized(header, base.attributes),
                settings.reading,
            )
            columns = map_columns(table.header, base.attributes, settings.columns)
            one = _Run(table, columns, settings, base, judge, unfinished)
            one.answer_all(progress)
            return one.finish(started)
    except OSError as error:
        raise InputError(Problem(f"{name}: cannot be read: {error.strerror or error}")) from None


class _Run:
    """A run that has begun: its input is open, its folder held."""

    def __init__(
        self,
        table: People,
        columns: Columns,
        settings: Settings,
        base: RuleBase,
        judge: Engine,
        unfinished: Unfinished,
    ) -> None:
        self._table, self._columns, self._settings = table, columns, settings
        self._base, self._judge, self._unfinished = base, judge, unfinished
        dialect = table.detected
        written = written_columns(settings.texts, settings.why_not, settings.trace)
        counted = [TRACE] if settings.report else []
        self._added = result_columns(table.header, written)
        self._form = format_of(settings.results, dialect.delimiter, dialect.line_end, dialect.bom)
        self._as_lines = dialect.form == CSV and self._form.delimiter == dialect.delimiter
        in_a_row = self._form.cells if self._as_lines else None
        answers = FileAnswers(columns, base.attributes)
        self._maker = PartMaker(
            answers,
            BlockDecider(base, answers, written[:-1], counted, in_a_row),
            (*table.header, *self._added),
            self._form,
            Delimited(dialect.delimiter, dialect.line_end, dialect.bom),
        )
        self._tally = Tally(answers, rules=settings.report is not None)
        self._sample = Sample(answers, judge, settings.verify)
        self._counts = Counts()
        self._block = settings.block or BLOCK
        self._resumed = 0
        self._next_entry = time.monotonic() + settings.journal_every

    def answer_all(self, progress: Progress) -> None:
        """Answer or reject every record, after those that are done already."""
        done = self._unfinished.done(self._identity()) if self._settings.resume else None
        self._begin(done)
        # At a time some blocks are read, those before decided, and those before them written.
        answered = self._maker.answered(ahead(self._reads(), DECIDED_TOGETHER))
        for part in map(self._maker.part, ahead(self._after(done, answered, progress))):
            self._write(part)
            progress(part.position)
        if not self._counts.records:
            place = Location(self._table.name, 1, 1)
            raise InputError(Problem("there is no row below the header", place, "Add the people."))
        self._unfinished.save_outputs()
        self._sample.verify()

    def finish(self, started: str) -> Report:
        """Write what tells about the run, and give all files their names."""
        settings, unfinished = self._settings, self._unfinished
        paths = output_paths(settings.results, settings.report)
        results = self._whole_results()
        report = Report(
            self._all_counts(), self._table.detected, self._columns, self._added,
            self._table.empty_lines, self._sample.verified, paths, self._resumed,
        )  # fmt: skip
        ended = _now()
        outputs = [results, self._rejects]
        if settings.report is not None:
            from fourways.batch.report import render_report

            figures = _figures(report, self._table.name, self._base, self._judge, ended)
            outputs.append(unfinished.output("report", settings.report))
            unfinished.write(outputs[-1], render_report(figures).encode())
        manifest = unfinished.output("manifest", paths[2])
        entries = {
            "input": {
                "name": self._table.name,
                "sha256": self._table.digest,
                "bytes": self._table.bytes_read,
            },
            **entries_of(report, self._base, settings.verify, self._judge),
            "outputs": {
                "results": {**_file(results), "format": self._form.name},
                "rejects": _file(self._rejects),
                **({"report": _file(outputs[2])} if settings.report else {}),
            },
            "started": started,
            "finished": ended,
        }
        unfinished.write(manifest, as_text(entries).encode())
        unfinished.publish([*outputs, manifest], journaled=settings.journal)
        return report

    def _identity(self) -> dict[str, Any]:
        """Give what decides every byte of the outputs, in the words of the user."""
        settings = self._settings
        return {
            "fourways": version("fourways"),
            "Polars": version("polars"),
            "the rule base": self._base.digest,
            "the columns of the input": list(self._table.header),
            "how the input is read": self._table.opened_as,
            "which columns are read": self._columns.by_name,
            "the format of the results": self._form.name,
            "--verify": "all" if settings.verify is None else settings.verify,
            "--texts": "on" if settings.texts else "off",
            "--trace": "on" if settings.trace else "off",
            "--why-not": "asked for" if settings.why_not else "not asked for",
            "--report": "asked for" if settings.report else "not asked for",
            "the size of a block": self._block,
        }

    def _begin(self, done: Done | None) -> None:
        if done is None:
            self._unfinished.clear()
        kept = "blocks" if self._form.made_at_end else "results"
        results = self._settings.results
        self._results = self._unfinished.output(kept, results, done)
        self._rejects = self._unfinished.output("rejects", rejects_path(results), done)
        if done is None:
            self._unfinished.write(self._results, self._form.start(self._maker.names))
            self._unfinished.write(self._rejects, self._maker.rejects.start(REJECT_COLUMNS))
        else:
            self._resumed = done.position.records
            self._counts = Counts.from_json(done.counts)
            self._sample.go_on(done.sample)

    def _reads(self) -> Iterator[Read]:
        """Give the blocks of the input."""
        table, records = self._table, 0
        categorical = sorted(self._columns.mapped.values())
        blocks = table.blocks(categorical, self._block, self._as_lines)
        for number, block in enumerate(blocks, start=1):
            records += block.records
            yield Read(
                block,
                Position(number, table.bytes_read, table.digest, records, table.empty_lines),
            )

    def _after(
        self, done: Done | None, answered: Iterable[Answered], progress: Progress
    ) -> Iterator[Answered]:
        """Give what was not done yet; what was is compared with."""
        skipped = Position()
        for some in answered:
            if done is None or some.position.blocks > done.position.blocks:
                self._check_same(done, skipped)
                yield some
            else:
                # What was decided then is remembered, as it was by the run that did it.
                self._tally.add(some.found, people=False)
                skipped = some.position
                progress(skipped)
        self._check_same(done, skipped)

    def _check_same(self, done: Done | None, position: Position) -> None:
        if done is not None and position != done.position:
            raise self._unfinished.refused(f"{self._table.name} is not what it was")

    def _write(self, part: Part) -> None:
        """Write a part, count it, and have the journal say so when it is time."""
        self._counts.add(part.counts)
        most = self._form.most_rows
        if most is not None and self._counts.results > most:
            raise too_many_rows(self._form)
        for data in ahead(part.results, _PIECES_AHEAD):
            self._unfinished.write(self._results, data)
        self._unfinished.write(self._rejects, part.rejects)
        self._tally.add(part.found)
        self._sample.offer(part.found.new)
        now = time.monotonic()
        due = self._settings.journal and now >= self._next_entry
        if due and not self._unfinished.is_saving:
            outputs = {
                output.temporary.name: (output.size, output.digest)
                for output in (self._results, self._rejects)
            }
            self._unfinished.save(
                self._identity(),
                Done(part.position, outputs, self._all_counts().as_json(), self._sample.as_json()),
            )
            took = time.monotonic() - now
            pause = max(self._settings.journal_every, took * _JOURNAL_SHARE)
            self._next_entry = time.monotonic() + pause

    def _all_counts(self) -> Counts:
        counts = self._tally.counts()
        counts.add(self._counts)
        return counts

    def _whole_results(self) -> Output:
        """Give the results, made from the blocks where their format is made at the end."""
        if not self._form.made_at_end:
            return self._results
        path = self._settings.results
        with self._unfinished.told(path):
            self._results.flush()
            made = self._unfinished.folder / "results"
            made.unlink(missing_ok=True)
            self._form.finish(self._results.temporary, self._maker.names, made)
        return self._unfinished.made("results", path)


def _figures(
    report: Report, file: str, base: RuleBase, judge: Engine, finished: str
) -> "ReportFigures":
    """Return what the report page shows of a run that finished at a time in ISO form."""
    from fourways.batch.report import ReportFigures

    counts, columns = report.counts, report.columns
    return ReportFigures(
        base=base,
        file=file,
        finished=f"{datetime.fromisoformat(finished):%Y-%m-%d %H:%M} UTC",
        records=counts.records,
        results=counts.results,
        rejects=counts.rejects,
        recommended=counts.recommended,
        also_supported=counts.also,
        certainties={round(float(text) * 100): n for text, n in counts.certainties.items()},
        breakdowns={
            name: groups for name in base.attributes if (groups := counts.breakdowns.get(name))
        },
        fired=counts.fired,
        problems=counts.problems,
        noted=counts.noted,
        profiles=counts.profiles,
        checked=report.verified,
        engine=ColumnarEngine.__name__,
        second_engine=type(judge).__name__,
        versions=versions(),
        read_as=report.detected.phrases,
        missing=[name for name in base.attributes if name not in columns.mapped],
        protected=columns.protected,
    )


def _file(output: Output) -> dict[str, Any]:
    return {"name": output.path.name, "sha256": output.digest, "bytes": output.size}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
