"""Cells that hang on little: worked out once for each state, and looked up from then on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import narwhals as nw
import numpy as np
import polars as pl

from fourways.batch.memory import Numbering, in_one
from fourways.compiled import Places

Item = TypeVar("Item")

MOST_FLAGS = 16
"""Columns of a truth table; one more doubles it."""

_BITS = 63


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a state: a whole number from 0, and how many bits hold it."""

    number: pl.Expr
    bits: int


def packed(parts: Sequence[Part]) -> list[pl.Expr]:
    """Give the parts of a state in as few whole numbers as hold them."""
    keys: list[pl.Expr] = []
    left = 0
    for part in parts:
        number = part.number.cast(pl.UInt64)
        if part.bits > left:
            keys.append(number)
            left = _BITS - part.bits
        else:
            keys[-1] = keys[-1] * (1 << part.bits) + number
            left -= part.bits
    return keys or [pl.lit(0, dtype=pl.UInt64)]


def flags(columns: Sequence[str]) -> list[Part]:
    """Give the parts of a state that is told by columns of true and false."""
    # Eight of them make a byte at a time, which costs an eighth.
    return [Part(code(some, pl.UInt8), len(some)) for some in parted(columns, 8)]


def parted(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """Give items in their order, so many at a time."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def code(
    columns: Sequence[str], kind: type[pl.UInt8] | type[pl.UInt16] | type[pl.UInt32]
) -> pl.Expr:
    """Give columns of true and false as the bits of a whole number."""
    bits: pl.Expr = pl.lit(0, dtype=kind)
    for index, name in enumerate(columns):
        bits = bits | (pl.col(name).cast(kind) * pl.lit(1 << index, dtype=kind))
    return bits


class TruthTable:
    """A cell that hangs on a few columns of true and false: worked out for every combination.

    Args:
        columns: their names, at most `MOST_FLAGS`.
        cell: the Narwhals expression of the cell.
    """

    def __init__(self, columns: Sequence[str], cell: Any) -> None:
        every = pl.int_range(1 << len(columns), dtype=pl.UInt32, eager=True)
        combinations = pl.DataFrame(
            {name: (every // (1 << i) % 2).cast(pl.Boolean) for i, name in enumerate(columns)}
            or {"": every.cast(pl.Boolean)}
        )
        worked_out = nw.from_native(combinations).select(cell).to_native()
        self._column: pl.Series = worked_out.to_series()
        self._code = code(columns, pl.UInt8 if len(columns) <= 8 else pl.UInt16)

    def cell(self) -> pl.Expr:
        """Give the expression that looks the cell up."""
        looked_up = pl.lit(self._column).gather(self._code)
        known = pl.lit(self._column.first(), dtype=self._column.dtype)
        return (looked_up if len(self._column) > 1 else known).alias(self._column.name)


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Cells that were looked up for some rows.

    Attributes:
        cells: those of each row.
        states: for each row, the number of its state.
        new: the cells of the states that were not known; they have the next numbers.
    """

    cells: pl.DataFrame
    states: Places
    new: pl.DataFrame


class Dictionary:
    """Cells that hang on a state: rendered for each state that occurs, once in a file.

    Args:
        name: tells it from others.
        state: the parts of the state.
        cells: the Narwhals expressions of the cells, by name.
        prepared: adds what the cells read to rows that are to be rendered.

    Attributes:
        keys: the state, as columns of rows that are to be looked up.
        names: of the cells.
    """

    def __init__(
        self,
        name: str,
        state: Sequence[Part],
        cells: Mapping[str, Any],
        prepared: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows,
    ) -> None:
        self.keys = [key.alias(f"{name}{place}") for place, key in enumerate(packed(state))]
        self.names = tuple(cells)
        self._key_names = [f"{name}{place}" for place in range(len(self.keys))]
        self._rendered = [cell.alias(name) for name, cell in cells.items()]
        self._prepared = prepared
        self._plan: pl.LazyFrame | None = None
        self._rows = pl.DataFrame()
        self._numbering = Numbering()
        self._known: pl.DataFrame | None = None

    def look_up(self, rows: pl.DataFrame) -> LookedUp:
        """Give the cells of rows that have the keys among their columns."""
        keys = [rows.get_column(name).to_numpy() for name in self._key_names]
        states, firsts = self._numbering(np.stack(keys))
        if self._known is None:
            new = self._worked_out(rows[firsts])
            self._known = new
        elif len(firsts):
            new = self._worked_out(rows[firsts])
            self._known = in_one([self._known, new])
        else:
            new = self._known.clear()
        return LookedUp(self._known[states], states, new)

    def forget(self) -> None:
        """Begin anew, with numbers from 0."""
        self._numbering = Numbering()
        self._known = None

    def _worked_out(self, rows: pl.DataFrame) -> pl.DataFrame:
        self._rows = self._prepared(rows)
        if self._plan is None:
            # Made once: to put so many expressions together takes longer than to run them.
            rows_to_come = pl.defer(lambda: self._rows, schema=self._rows.schema)
            rendered = nw.from_native(rows_to_come).with_columns(*self._rendered)
            self._plan = rendered.select(*self.names).to_native()
        # What the optimiser does takes longer than what it saves on so few rows.
        return self._plan.collect(optimizations=pl.QueryOptFlags.none())


class EachOwn:
    """Cells that each row has its own of; the same to look up.

    Args:
        work_out: gives the cells of rows.

    Attributes:
        names: of the cells.
    """

    def __init__(self, names: Sequence[str], work_out: Callable[[pl.DataFrame], pl.DataFrame]):
        self.names = tuple(names)
        self.keys: list[pl.Expr] = []
        self._work_out = work_out
        self._count = 0

    def look_up(self, rows: pl.DataFrame) -> LookedUp:
        """Give the cells of rows."""
        cells = self._work_out(rows)
        states = np.arange(self._count, self._count + rows.height)
        self._count += rows.height
        return LookedUp(cells, states, cells)

    def forget(self) -> None:
        """Begin anew, with numbers from 0."""
        self._count = 0
