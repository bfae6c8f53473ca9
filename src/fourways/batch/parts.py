"""A part of a run: what some blocks of the input become, ready to be written, and not written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import polars as pl

from fourways.batch.answers import BAD, FileAnswers
from fourways.batch.blocks import BlockDecider, Found
from fourways.batch.contract import NOT_ENOUGH
from fourways.batch.counts import REJECTED, Counts, count_rejects, whole_record
from fourways.batch.formats import Delimited, Format, Rows
from fourways.batch.journal import Position
from fourways.batch.memory import KeptFrames, KeptLines, Whole, kept
from fourways.compiled import Flags, Places
from fourways.intake.blocks import Block

DECIDED_TOGETHER = 8
"""Blocks: small ones are read and written faster, and many rows are decided faster."""

MAX_SHOWN = 200
"""Characters of a value in the rejects."""


@dataclass(frozen=True, slots=True)
class Read:
    """A block of the input, and how far the input was read with it."""

    block: Block
    position: Position


@dataclass(frozen=True, slots=True)
class Part:
    """What some blocks become.

    Attributes:
        results, rejects: what is to be written; the former once.
        counts: of its records, without what their profiles tell.
        found: their profiles.
        position: how far the input was read with it.
    """

    results: Iterable[bytes | memoryview]
    rejects: bytes
    counts: Counts
    found: Found
    position: Position


@dataclass(frozen=True, slots=True)
class Answered:
    """Blocks whose rows were decided, together, or rejected.

    Attributes:
        rows: those that were decided, by blocks.
        rejected: the others, by their lines.
        noted: how many of the rows have a note.
        found: the profiles of the rows.
        position: how far the input was read with them.
    """

    rows: Sequence[Rows]
    rejected: Sequence[REJECTED]
    noted: int
    found: Found
    position: Position


@dataclass(frozen=True, slots=True)
class _Understood:
    """A block whose answers are known: of `which` of its rows, for the others are rejected.

    `notes` are numbers of notes that `kept` has, twice each: as they are, and with `NOT_ENOUGH`.
    """

    block: Block
    which: Flags
    keys: Whole
    kept: KeptFrames | KeptLines
    notes: Places
    noted: int
    rejected: Sequence[REJECTED]


class PartMaker:
    """Makes parts of a file, one at a time.

    Args:
        answers: what the texts of the file are understood as.
        decider: gives results, as columns, or as they are written in lines.
        names: the columns of the results.
        results: how they are written.
        rejects: how these are written.
    """

    def __init__(
        self,
        answers: FileAnswers,
        decider: BlockDecider,
        names: Sequence[str],
        results: Format,
        rejects: Delimited,
    ) -> None:
        self.names = names
        self.rejects = rejects
        self._answers, self._decider, self._results = answers, decider, results
        self._notes = kept(decider.in_a_row)

    def answered(self, reads: Iterable[Read]) -> Iterator[Answered]:
        """Decide the rows of blocks, several at once, and tell those that cannot be decided."""
        together: list[_Understood] = []
        read = None
        for read in reads:
            together.append(self._understood(read.block))
            if len(together) == DECIDED_TOGETHER:
                yield self._decided(together, read.position)
                together = []
        if read is not None and together:
            yield self._decided(together, read.position)

    def part(self, answered: Answered) -> Part:
        """Write answered blocks, but not yet to a file, and count them."""
        number = len(answered.found.numbers)
        counts = Counts(number, number, noted=answered.noted, blocks=len(answered.rows))
        counts.add(count_rejects(answered.rejected))
        written = (self._results.encoded(rows, self.names) for rows in answered.rows)
        return Part(
            chain.from_iterable(written),
            b"".join(self._reject_lines(answered.rejected)),
            counts,
            answered.found,
            answered.position,
        )

    def _understood(self, block: Block) -> _Understood:
        keys, notes = self._answers.keys(block.coded), self._answers.notes(block.coded)
        rejected = [whole_record(record) for record in block.bad]
        readable: Flags = np.all(keys < BAD, axis=0)
        if not readable.all():
            rows = np.flatnonzero(~readable)
            numbers = (int(block.lines[row]) for row in rows.tolist())
            rejected += zip(numbers, self._answers.bad_cells(block.coded, rows), strict=True)
            rejected.sort(key=lambda reject: reject[0])
        if not notes.known:
            self._notes = kept(self._decider.in_a_row)
        self._notes.add(0, _twice(notes.new))
        noted_as = notes.numbers[readable]
        noted = int(np.count_nonzero(notes.some & readable))
        return _Understood(
            block, readable, keys[:, readable], self._notes, noted_as, noted, rejected
        )

    def _decided(self, together: Sequence[_Understood], position: Position) -> Answered:
        decided = self._decider.decide(np.concatenate([one.keys for one in together], axis=1))
        rows, start = [], 0
        for one in together:
            end = start + one.keys.shape[1]
            places = 2 * one.notes + decided.undecided[start:end]
            notes = one.kept.of(places[:, np.newaxis])
            rows.append(Rows(one.block, one.which, decided.results_of(start, end), notes))
            start = end
        rejected = [reject for one in together for reject in one.rejected]
        noted = sum(one.noted for one in together)
        return Answered(rows, rejected, noted, decided.found, position)

    def _reject_lines(self, rejected: Sequence[REJECTED]) -> list[bytes]:
        return [
            self.rejects.line((str(line), bad.column, _shortened(bad.value), bad.problem,
                               bad.suggestion))
            for line, problems in rejected
            for bad in problems
        ]  # fmt: skip


def _twice(notes: pl.DataFrame) -> pl.DataFrame:
    """Return each note twice: as it is, and with the note that no path is recommended."""
    note = pl.col("notes")
    without = pl.concat_str(note, pl.lit(NOT_ENOUGH), separator="; ", ignore_nulls=True)
    return notes.select(pl.concat_list(note, without).alias("notes")).explode("notes")


def _shortened(value: str) -> str:
    return value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 3]}..."
