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

    def part(self, read: Read) -> Part:
        """Decide the rows of a block, and tell those that cannot be decided from them."""
        frame, lines = read.block.frame, read.block.texts
        keys = self.answers.keys(frame)
        unreadable = keys.select(pl.any_horizontal(pl.all() >= BAD)).to_series()
        rejected = [whole_record(record) for record in read.block.bad]
        if unreadable.any():
            rejected += [
                (read.block.lines[row], self.answers.bad_cells(frame, row))
                for row in unreadable.arg_true()
            ]
            frame, keys = frame.filter(~unreadable), keys.filter(~unreadable)
            lines = None if lines is None else lines.filter(~unreadable)
        rejected.sort(key=lambda reject: reject[0])
        decided = self.decider.decide(keys)
        notes = self.answers.notes(frame)
        counts = count_results(decided, self.answers, self.with_rules)
        counts.noted = notes.places.len() - notes.whole().null_count()
        counts.add(count_rejects(rejected))
        return Part(
            self.results.encoded(Rows(frame, lines, decided, notes), self.names),
            b"".join(self._reject_lines(rejected)),
            counts,
            decided.distinct,
            read.position,
        )

    def _reject_lines(self, rejected: list[REJECTED]) -> list[bytes]:
        return [
            self.rejects.line((str(line), bad.column, _shortened(bad.value), bad.problem,
                               bad.suggestion))
            for line, problems in rejected
            for bad in problems
        ]  # fmt: skip


def _shortened(value: str) -> str:
    return value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 3]}..."
