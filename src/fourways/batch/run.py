"""Runs a file through the rules: reads, decides, writes results, rejects and manifest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from fourways.batch.agreement import Sample
from fourways.batch.answers import UNREADABLE, FileAnswers
from fourways.batch.blocks import BlockDecider
from fourways.batch.contract import (
    REJECT_COLUMNS,
    csv_line,
    csv_text,
    manifest_path,
    rejects_path,
    result_columns,
)
from fourways.batch.counts import Counts, whole_record
from fourways.batch.manifest import as_text, versions
from fourways.batch.outputs import Output, together, unwritable
from fourways.engines import Engine
from fourways.engines.columnar import ColumnarEngine
from fourways.errors import InputError, Place, Problem
from fourways.intake.blocks import blocks
from fourways.intake.columns import Columns, map_columns, recognised
from fourways.intake.table import Dialect, Table
from fourways.model.base import RuleBase

MAX_SHOWN = 200
"""Characters of a value in the rejects."""

Progress = Callable[[int], None]
"""Told from time to time how many bytes of the input were read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user says about a run.

    Attributes:
        results: where the results go; rejects and manifest go beside them.
        columns: column to attribute, where their names do not say it.
        verify: how many distinct profiles a second engine decides as well; None for all.
    """

    results: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    verify: int | None = 50


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file."""

    counts: Counts
    dialect: Dialect
    columns: Columns
    result_columns: tuple[str, ...]
    empty_lines: int
    verified: int
    outputs: tuple[Path, ...]


def output_paths(results: Path) -> tuple[Path, ...]:
    """Give where results, rejects and manifest go."""
    return results, rejects_path(results), manifest_path(results)


def run(
    source: BinaryIO,
    name: str,
    settings: Settings,
    base: RuleBase,
    judge: Engine,
    progress: Progress = lambda _: None,
) -> Report:
    """Answer every row of a file or reject it, and write the three outputs.

    Args:
        source: the file, in bytes.
        name: how messages name it.
        settings: what the user says about it.
        base: the rules.
        judge: the engine that decides a sample again.
        progress: told how far the run is.

    Raises:
        InputError: the file is not what it should be; nothing is written.
        OutputError: an output cannot be written; nothing is left.
        DisagreementError: the engines differ; nothing is left.
    """
    started = _now()
    try:
        table = Table(source, name, lambda header: recognised(header, base.attributes))
        columns = map_columns(table.header, base.attributes, settings.columns)
    except OSError as error:
        raise InputError(Problem(f"{name}: cannot be read: {error.strerror}")) from None
    added = result_columns(table.header)
    answers = FileAnswers(columns, base.attributes)
    decider = BlockDecider(base, answers, texts=True)
    sample = Sample(answers, judge, settings.verify)
    counts = Counts()
    with together(*output_paths(settings.results)) as (results, rejects, manifest):
        _write_blocks(table, columns, answers, decider, sample, counts,
                      (results, rejects), added, progress)  # fmt: skip
        if not counts.records:
            raise InputError(
                Problem("there is no row below the header", Place(name, 1, 1), "Add the people.")
            )
        sample.verify()
        report = Report(
            counts, table.dialect, columns, added, table.empty_lines,
            sample.verified, output_paths(settings.results),
        )  # fmt: skip
        entries = {
            "input": {"name": name, "sha256": table.digest, "bytes": table.bytes_read},
            **_entries(report, base, settings, judge),
            "outputs": {"results": _file(results), "rejects": _file(rejects)},
            "started": started,
            "finished": _now(),
        }
        _write(manifest, as_text(entries).encode())
    return report


def _write_blocks(
    table: Table,
    columns: Columns,
    answers: FileAnswers,
    decider: BlockDecider,
    sample: Sample,
    counts: Counts,
    outputs: tuple[Output, Output],
    added: tuple[str, ...],
    progress: Progress,
) -> None:
    results, rejects = outputs
    dialect = table.dialect
    bom = "\N{BOM}" if dialect.bom else ""

    def line(*cells: str) -> str:
        return csv_line(cells, dialect.delimiter, dialect.line_end)

    _write(results, (bom + line(*table.header, *added)).encode())
    _write(rejects, (bom + line(*REJECT_COLUMNS)).encode())
    for block in blocks(table, sorted(columns.mapped.values())):
        codes = answers.codes(block.frame)
        unreadable = codes.select(pl.any_horizontal(pl.all() == UNREADABLE)).to_series()
        rejected = [whole_record(record) for record in block.bad]
        frame = block.frame
        if unreadable.any():
            rejected += [
                (block.lines[row], answers.bad_cells(frame, row)) for row in unreadable.arg_true()
            ]
            frame, codes = frame.filter(~unreadable), codes.filter(~unreadable)
        decided = decider.decide(codes)
        counts.add_results(decided.results, decided.distinct.height)
        sample.offer(decided.distinct)
        notes = answers.notes(frame).alias("notes").to_frame()
        cells = pl.concat([frame, decided.results, notes], how="horizontal")
        _write(results, csv_text(cells, dialect.delimiter, dialect.line_end))
        for start, problems in sorted(rejected, key=lambda reject: reject[0]):
            counts.add_reject(problems)
            for bad in problems:
                told = (bad.column, _shortened(bad.value), bad.problem, bad.suggestion)
                _write(rejects, line(str(start), *told).encode())
        progress(table.bytes_read)


def _write(output: Output, data: bytes) -> None:
    try:
        output.write(data)
    except OSError as error:
        raise unwritable(output.path, error) from None


def _shortened(value: str) -> str:
    return value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 3]}..."


def _entries(report: Report, base: RuleBase, settings: Settings, judge: Engine) -> dict[str, Any]:
    columns, counts = report.columns, report.counts
    return {
        "detected": {
            "encoding": "utf-8-sig" if report.dialect.bom else "utf-8",
            "delimiter": report.dialect.delimiter,
            "line_end": report.dialect.line_end,
        },
        "columns": {
            "read": columns.by_name,
            "passed": list(columns.passed),
            "protected": list(columns.protected),
            "added": list(report.result_columns),
        },
        "counts": {
            "in": counts.records,
            "results": counts.results,
            "rejects": counts.rejects,
            "empty_lines": report.empty_lines,
            "profiles": counts.profiles,
            "recommended": dict(sorted(counts.recommended.items())),
            "problems": dict(sorted(counts.problems.items())),
        },
        "rule_base": {"sha256": base.digest, "rules": len(base.rules)},
        "agreement": {
            "decided_by": ColumnarEngine.__name__,
            "verified_by": type(judge).__name__,
            "asked_for": "all" if settings.verify is None else settings.verify,
            "verified": report.verified,
            "agreed": report.verified,
        },
        "versions": versions(),
    }


def _file(output: Output) -> dict[str, Any]:
    return {"name": output.path.name, "sha256": output.digest, "bytes": output.size}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
