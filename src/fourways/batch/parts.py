"""A part of a run: what a block of the input becomes, ready to be written, and nothing written."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from fourways.batch.answers import BAD, FileAnswers
from fourways.batch.blocks import BlockDecider
from fourways.batch.counts import REJECTED, Counts, count_rejects, count_results, whole_record
from fourways.batch.formats import Delimited, Format, Rows
from fourways.batch.journal import Position
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
        results, rejects: what is to be written.
        counts: of its records.
        distinct: its distinct profiles with their results, for the sample.
        position: how far the input was read with it.
    """

    results: Sequence[bytes]
    rejects: bytes
    counts: Counts
    distinct: pl.DataFrame
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
        with_rules: whether the rules that fired are counted.
    """

    answers: FileAnswers
    decider: BlockDecider
    names: Sequence[str]
    results: Format
    rejects: Delimited
    with_rules: bool

    def answered(self, read: Read) -> Answered:
        """Decide the rows of a block, and tell those that cannot be decided from them."""
        frame, lines = read.block.frame, read.block.texts
        keys = self.answers.keys(frame)
        unreadable = keys.select(pl.any_horizontal(pl.all() >= BAD)).to_series()
        rejected = [whole_record(record) for record in read.block.bad]
        if unreadable.any():
            numbers = (read.block.lines[row] for row in unreadable.arg_true())
            cells = self.answers.bad_cells(frame.filter(unreadable))
            rejected += zip(numbers, cells, strict=True)
            frame, keys = frame.filter(~unreadable), keys.filter(~unreadable)
            lines = None if lines is None else lines.filter(~unreadable)
        rejected.sort(key=lambda reject: reject[0])
        decided = self.decider.decide(keys)
        rows = Rows(frame, lines, decided, self.answers.notes(frame))
        return Answered(rows, rejected, read.position)

    def part(self, answered: Answered) -> Part:
        """Write an answered block, but not yet to a file, and count it."""
        rows = answered.rows
        counts = count_results(rows.decided, self.answers, self.with_rules)
        counts.noted = rows.notes.places.len() - rows.notes.whole().null_count()
        counts.add(count_rejects(answered.rejected))
        return Part(
            self.results.encoded(rows, self.names),
            b"".join(self._reject_lines(answered.rejected)),
            counts,
            rows.decided.distinct,
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
