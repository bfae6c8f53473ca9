"""Cells that hang on little: worked out once for each state, and looked up from then on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

MOST_FLAGS = 16
"""Columns of a truth table; one more doubles it."""

_BITS = 63
_REMEMBERED = 200_000
_PLACE = "place"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a state: a whole number from 0, and how many bits hold it."""

    number: pl.Expr
    bits: int


def packed(parts: Sequence[Part]) -> list[pl.Expr]:
    """Give the parts of a state in as few whole numbers as hold them, named by their index."""
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
    return [key.alias(f"key{index}") for index, key in enumerate(keys)] or [
        pl.lit(0, dtype=pl.UInt64).alias("key0")
    ]


def flags(columns: Sequence[str]) -> list[Part]:
    """Give the parts of a state that is told by columns of true and false."""
    return list(_flags(columns))


def _flags(columns: Sequence[str]) -> Iterator[Part]:
    # Eight of them make a byte at a time, which costs an eighth.
    for start in range(0, len(columns), 8):
        some = columns[start : start + 8]
        yield Part(code(some, pl.UInt8), len(some))


def code(
    columns: Sequence[str], kind: type[pl.UInt8] | type[pl.UInt16] | type[pl.UInt32]
) -> pl.Expr:
    """Give columns of true and false as the bits of a whole number."""
    bits: pl.Expr = pl.lit(0, dtype=kind)
    for index, name in enumerate(columns):
        bits = bits | (pl.col(name).cast(kind) * pl.lit(1 << index, dtype=kind))
    return bits


def distinct_rows(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Give the distinct rows of a frame, and for each of its rows the place among these."""
    distinct = frame.unique(keep="any").with_row_index(_PLACE)
    places = frame.join(distinct, on=frame.columns, how="left", maintain_order="left")
    return distinct.drop(_PLACE), places.get_column(_PLACE)


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


class Dictionary:
    """Cells that hang on a state: rendered for each state that occurs, once in a file.

    Args:
        state: the parts of the state.
        cells: the Narwhals expressions of the cells, by name.
        prepared: adds what the cells read to rows that are to be rendered.
    """

    def __init__(
        self,
        state: Sequence[Part],
        cells: Mapping[str, Any],
        prepared: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows,
    ) -> None:
        self._keys = packed(state)
        self._names = [f"key{index}" for index in range(len(self._keys))]
        self._rendered = [cell.alias(name) for name, cell in cells.items()]
        self._cell_names = list(cells)
        self._prepared = prepared
        self._plan: pl.LazyFrame | None = None
        self._rows = pl.DataFrame()
        self._states: pl.DataFrame | None = None
        self._cells: pl.DataFrame | None = None

    def look_up(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Give the cells of rows."""
        # Beside the rows: what hangs on no column would come once, not once for each.
        keys = rows.with_columns(self._keys).select(self._names)
        states = keys.with_row_index(_PLACE).unique(self._names, keep="any")
        if self._states is None or self._states.height > _REMEMBERED:
            self._states = self._cells = None
            new = states
        else:
            new = states.join(self._states, on=self._names, how="anti")
        if self._states is None or new.height:
            self._learn(new.select(self._names), rows[new.get_column(_PLACE)])
        assert self._states is not None
        assert self._cells is not None
        known = self._states.with_row_index(_PLACE)
        places = states.select(self._names).join(known, on=self._names)
        found = keys.join(places, on=self._names, how="left", maintain_order="left")
        return self._cells.select(pl.all().gather(found.get_column(_PLACE)))

    def _learn(self, states: pl.DataFrame, rows: pl.DataFrame) -> None:
        self._rows = self._prepared(rows)
        if self._plan is None:
            # Made once: to put so many expressions together takes longer than to run them.
            rows_to_come = pl.defer(lambda: self._rows, schema=self._rows.schema)
            rendered = nw.from_native(rows_to_come).with_columns(*self._rendered)
            self._plan = rendered.select(*self._cell_names).to_native()
        cells = self._plan.collect()
        if self._states is None or self._cells is None:
            self._states, self._cells = states, cells
        else:
            self._states = pl.concat([self._states, states])
            self._cells = pl.concat([self._cells, cells])
