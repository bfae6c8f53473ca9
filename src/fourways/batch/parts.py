"""A part of a run: what a block of the input becomes, ready to be written, and nothing written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from fourways.batch.answers import BAD, FileAnswers
from fourways.batch.blocks import BlockDecider
from fourways.batch.counts import REJECTED, Counts, count_rejects, whole_record
from fourways.batch.formats import Delimited, Format, Rows
from fourways.batch.journal import Position
from fourways.batch.memory import Found
from fourways.intake.blocks import Block

MAX_SHOWN = 200
"""Characters of a value in the rejects."""


@dataclass(frozen=True, slots=True)
class Read:
    """A block of the input, and how far the input was read with it."""

    block: Block
    position: Position


@dataclass(frozen=True, slots=True)
class Part:
    """What a block becomes.

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
    """A block whose rows were decided or rejected.

    Attributes:
        rows: those that were decided.
        rejected: the others, by their lines.
        position: how far the input was read with it.
    """

    rows: Rows
    rejected: Sequence[REJECTED]
    position: Position


@dataclass(frozen=True, slots=True)
class PartMaker:
    """Makes parts of a file, in any order but one at a time.

    Attributes:
        names: the columns of the results.
        results, rejects: how they are written.
    """

    answers: FileAnswers
    decider: BlockDecider
    names: Sequence[str]
    results: Format
    rejects: Delimited

    def answered(self, read: Read) -> Answered:
        """Decide the rows of a block, and tell those that cannot be decided from them."""
        block = read.block
        keys, notes = self.answers.keys(block.coded), self.answers.notes(block.coded)
        rejected = [whole_record(record) for record in block.bad]
        readable = np.all([key.to_numpy() < BAD for key in keys.iter_columns()], axis=0)
        if not readable.all():
            rows = np.flatnonzero(~readable)
            numbers = (block.lines[row] for row in rows.tolist())
            rejected += zip(numbers, self.answers.bad_cells(block.coded, rows), strict=True)
            rejected.sort(key=lambda reject: reject[0])
            keys, notes = keys.filter(readable), notes.of(readable)
        decided = self.decider.decide(keys)
        return Answered(Rows(block, readable, decided, notes), rejected, read.position)

    def part(self, answered: Answered) -> Part:
        """Write an answered block, but not yet to a file, and count it."""
        rows = answered.rows
        number = len(rows.decided.found.numbers)
        counts = Counts(number, number, noted=rows.notes.count, blocks=1)
        counts.add(count_rejects(answered.rejected))
        return Part(
            self.results.encoded(rows, self.names),
            b"".join(self._reject_lines(answered.rejected)),
            counts,
            rows.decided.found,
            answered.position,
        )

    def _reject_lines(self, rejected: Sequence[REJECTED]) -> list[bytes]:
        return [
            self.rejects.line((str(line), bad.column, _shortened(bad.value), bad.problem,
                               bad.suggestion))
            for line, problems in rejected
            for bad in problems
        ]  # fmt: skip


def _shortened(value: str) -> str:
    return value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 3]}..."
