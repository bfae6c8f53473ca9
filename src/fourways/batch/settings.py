"""What the user says about a run, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fourways.answers.columns import Columns
from fourways.batch.counts import Counts
from fourways.intake.detected import Detected, ReadingOptions


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user says about a run.

    Attributes:
        results: where the results go, in a format by the ending; rejects and manifest go beside.
        columns: column to attribute, where their names do not say it.
        verify: how many distinct profiles a second engine decides as well; None for all.
        texts: whether the results say it in sentences as well.
        why_not: whether they say what the paths lack that did not come out.
        trace: whether they say which rules fired.
        report: where a page about the run goes.
        journal: whether the run shall leave something to go on with when it is broken off.
        resume: whether to go on with what such a run has left.
        block: bytes that are read at once.
        journal_every: seconds between entries in the journal.
        reading: how the input is written, where its bytes do not say it.
    """

    results: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    verify: int | None = 50
    texts: bool = True
    why_not: bool = False
    trace: bool = True
    report: Path | None = None
    journal: bool = True
    resume: bool = False
    block: int | None = None
    journal_every: float = 2.0
    reading: ReadingOptions = field(default_factory=ReadingOptions)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file; `resumed` records were done by a run before."""

    counts: Counts
    detected: Detected
    columns: Columns
    result_columns: tuple[str, ...]
    empty_lines: int
    verified: int
    outputs: tuple[Path, ...]
    resumed: int = 0
