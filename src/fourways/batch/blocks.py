"""Decides many rows at once: each distinct profile once, each distinct text rendered once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from fourways.batch.answers import FileAnswers
from fourways.batch.contract import NONE, TRACE
from fourways.batch.evaluation import Evaluation
from fourways.batch.memory import (
    Cells,
    InARow,
    KeptFrames,
    KeptLines,
    Numbering,
    Numbers,
    Whole,
    kept,
)
from fourways.batch.resultcells import result_cells
from fourways.compiled import Places
from fourways.model.base import RuleBase


@dataclass(frozen=True, slots=True)
class Found:
    """The profiles of some rows.

    Attributes:
        numbers: of the profile of each row.
        new: of the profiles that were not known all answers, as codes, and the result columns;
            they have the next numbers.
        known: how many profiles were known before; when all were forgotten, none.
    """

    numbers: Places
    new: pl.DataFrame
    known: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A block that was decided.

    Attributes:
        found: the profiles of its rows.
        results: for each row the results, without the notes: as columns, or as they are written.
        undecided: for each row 1 where no path is recommended, else 0.
    """

    found: Found
    results: pl.DataFrame | Cells
    undecided: Places

    def results_of(self, start: int, end: int) -> pl.DataFrame | Cells:
        """Give the results of the rows from one on to before another."""
        if isinstance(self.results, pl.DataFrame):
            return self.results[start:end]
        return replace(self.results, places=self.results.places[start:end])


@dataclass(slots=True)
class _Known:
    """What is known of the profiles that were met.

    Attributes:
        kept: their results: of each kind of result columns, those that differ.
        places: for each profile, where its results of each kind are kept.
        undecided: for each profile 1 where no path is recommended, else 0.
        of_states: for each kind, where the results are kept that go with a state.
        numbering: of the profiles.
        none: what `Found` says is new where nothing is.
    """

    kept: KeptFrames | KeptLines
    places: Numbers
    undecided: Numbers
    of_states: list[Numbers]
    numbering: Numbering = field(default_factory=Numbering)
    none: pl.DataFrame | None = None


class BlockDecider:
    """Decides the rows of a file, block by block: a profile that was met before is looked up.

    Args:
        base: the rules.
        answers: what the texts of the file are understood as.
        columns: the result columns that are written, in their order and without the notes.
        also: result columns that are wanted of new profiles only.
        in_a_row: gives result cells as they are written; without it they are given as columns.

    Attributes:
        in_a_row: the same.
    """

    def __init__(
        self,
        base: RuleBase,
        answers: FileAnswers,
        columns: Sequence[str],
        also: Collection[str] = (),
        in_a_row: InARow | None = None,
    ) -> None:
        self._answers = answers
        self._cells = result_cells(base, answers, {*columns, *also})
        self._written = [c for c in self._cells if set(columns).issuperset(c.names)]
        self.in_a_row = in_a_row
        trace = any(TRACE in cells.names for cells in self._cells)
        keys = [key for cells in self._cells for key in cells.keys]
        self._evaluation = Evaluation(base, answers, trace, keys)
        self._known = self._nothing_known()

    def decide(self, keys: Whole) -> Decided:
        """Give the results for the answers of a block, none of them unreadable."""
        if self._known.numbering.is_full:
            self._known = self._nothing_known()
        known = self._known
        before = known.numbering.count
        numbers, firsts = known.numbering(keys)
        if len(firsts) or known.none is None:
            new = self._decided(keys[:, firsts])
            known.none = new.clear()
        else:
            new = known.none
        return Decided(
            Found(numbers, new, before),
            known.kept.of(known.places.of(numbers)),
            known.undecided.of(numbers)[:, 0],
        )

    def _nothing_known(self) -> "_Known":
        """Begin anew, as if no profile had been met."""
        for cells in self._cells:
            cells.forget()
        return _Known(
            kept(self.in_a_row),
            Numbers(len(self._written)),
            Numbers(),
            [Numbers() for _ in self._written],
        )

    def _decided(self, keys: Whole) -> pl.DataFrame:
        """Give the answers and results of new profiles, and keep where their results are."""
        codes = self._answers.codes(keys)
        run = self._evaluation.run(codes)
        looked_up = {cells: cells.look_up(run) for cells in self._cells}
        places = []
        for kind, cells in enumerate(self._written):
            of_states = self._known.of_states[kind]
            of_states.add(self._known.kept.add(kind, looked_up[cells].new))
            places.append(of_states.of(looked_up[cells].states)[:, 0])
        self._known.places.add(*places)
        new = pl.concat([codes, *(one.cells for one in looked_up.values())], how="horizontal")
        none = new.get_column("recommendation").cast(pl.String) == NONE
        self._known.undecided.add(none.cast(pl.Int64).to_numpy())
        return new
