"""What is kept for all blocks of a file: keys by their numbers, and results, each once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fourways.compiled import Bytes, Places, as_array, compiled, inlined, with_room

Whole = NDArray[np.uint64]

InARow = Callable[[pl.DataFrame], pl.Series]
"""Gives the cells of each row of a frame in one text."""

REMEMBERED = 500_000
"""So many of a kind are remembered; where there are more, all are forgotten first."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_SLOTS = 1 << 13


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts that are written behind lines.

    Attributes:
        data: the bytes of the texts.
        bounds: where each begins, and where the last one ends.
        places: a row for each line: of the texts that stand behind it.
    """

    data: Bytes
    bounds: Places
    places: Places


class Numbers:
    """Rows of whole numbers, to which more are added."""

    def __init__(self, width: int = 1) -> None:
        self._count = 0
        self._rows = np.empty((0, width), dtype=np.int64)

    def add(self, *columns: Places) -> None:
        """Add rows, given as columns."""
        last = self._count + len(columns[0])
        self._rows = with_room(self._rows, self._count, last)
        self._rows[self._count : last] = np.column_stack(columns)
        self._count = last

    def of(self, places: Places) -> Places:
        """Give the rows at some places."""
        rows: Places = self._rows.take(places, axis=0)
        return rows


def in_one(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Give frames below each other, in one piece: to look rows up in many takes longer."""
    return pl.concat(frames, rechunk=True)


class KeptFrames:
    """Results as frames, of several kinds: each with its own columns, and its own places."""

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = []

    def add(self, kind: int, results: pl.DataFrame) -> Places:
        """Keep results of a kind; give their places."""
        if kind == len(self._frames):
            self._frames.append(results.clear())
        known = self._frames[kind].height
        self._frames[kind] = in_one([self._frames[kind], results])
        return np.arange(known, known + results.height)

    def of(self, places: Places) -> pl.DataFrame:
        """Give results; a column of places is for each kind."""
        parts: list[pl.DataFrame] = [
            frame[places[:, kind]] for kind, frame in enumerate(self._frames)
        ]
        return pl.concat(parts, how="horizontal")


class KeptLines:
    """Results as they are written in lines, of several kinds.

    Args:
        in_a_row: gives them so.
    """

    def __init__(self, in_a_row: InARow) -> None:
        self._in_a_row = in_a_row
        self._count = self._size = 0
        self._data = np.empty(0, dtype=np.uint8)
        self._bounds = np.zeros(1, dtype=np.int64)

    def add(self, kind: int, results: pl.DataFrame) -> Places:  # noqa: ARG002
        """Keep results of a kind; give their places."""
        if results.is_empty():
            return np.empty(0, dtype=np.int64)
        data, bounds = _bytes_of(self._in_a_row(results))
        size, count = self._size + len(data), self._count + results.height
        # What was given before is not touched: the room behind it is filled, or it is copied.
        self._data = with_room(self._data, self._size, size)
        self._bounds = with_room(self._bounds, self._count + 1, count + 1)
        self._data[self._size : size] = data
        self._bounds[self._count : count + 1] = self._size + bounds
        added = np.arange(self._count, count)
        self._count, self._size = count, size
        return added

    def of(self, places: Places) -> Cells:
        """Give results; a column of places is for each kind."""
        # As bytes are: a loop is compiled for each kind of array.
        data = self._data.view()
        data.flags.writeable = False
        return Cells(data, self._bounds, places)


def kept(in_a_row: InARow | None) -> KeptFrames | KeptLines:
    """Give what keeps results: as they are written in lines where it is known how, or as frames."""
    return KeptFrames() if in_a_row is None else KeptLines(in_a_row)


class Numbering:
    """Numbers keys from 0, as they come.

    Attributes:
        count: how many keys have a number.
    """

    def __init__(self) -> None:
        self.count = 0
        self._table = np.zeros((0, 0), dtype=np.uint64)

    @property
    def is_full(self) -> bool:
        """Whether more are numbered than shall be remembered."""
        return self.count > REMEMBERED

    def __call__(self, keys: Whole) -> tuple[Places, Places]:
        """Number keys.

        Args:
            keys: as columns of an array.

        Returns:
            the number of each, and the places of the first ones of those that had none.
        """
        parts, height = keys.shape
        numbers, firsts = np.empty(height, dtype=np.int64), np.empty(height, dtype=np.int64)
        before, done = self.count, 0
        if not self._table.size:
            self._table = np.zeros((_SLOTS, parts + 1), dtype=np.uint64)
        while True:
            done, self.count = _number(keys, numbers, firsts, done, before, self._table, self.count)
            if done == height:
                return numbers, firsts[: self.count - before]
            known = self._table[self._table[:, parts] > 0]
            self._table = np.zeros((2 * len(self._table), parts + 1), dtype=np.uint64)
            _enter(known, self._table)


def _bytes_of(texts: pl.Series) -> tuple[Bytes, Places]:
    ends = texts.str.len_bytes().cast(pl.Int64).cum_sum().to_numpy()
    return as_array(texts.str.join("").item().encode()), np.insert(ends, 0, 0)


@inlined
def _slot(keys: Whole, place: int, table: Whole) -> np.int64:
    """Give the slot in a table where a key stands, or where it is to stand.

    Args:
        keys: as columns.
        place: of the key.
        table: in each row a key and behind it its number, from 1; 0 where there is none.
    """
    parts = len(keys)
    value = np.uint64(0)
    for part in range(parts):
        value = (value ^ keys[part, place]) * _SPREAD
        value ^= value >> _HALF
    last = np.uint64(len(table) - 1)
    slot = np.int64(value & last)
    while table[slot, parts]:
        same = True
        for part in range(parts):
            same &= table[slot, part] == keys[part, place]
        if same:
            break
        slot = np.int64(np.uint64(slot + 1) & last)
    return slot


@compiled
def _number(
    keys: Whole,
    numbers: Places,
    firsts: Places,
    done: int,
    before: int,
    table: Whole,
    count: int,
) -> tuple[int, int]:
    """Number keys from one on, until there is no room; give how far, and how many are known."""
    parts = len(keys)
    for row in range(done, len(numbers)):
        slot = _slot(keys, row, table)
        if not table[slot, parts]:
            if 2 * count >= len(table):
                return row, count
            firsts[count - before] = row
            count += 1
            table[slot, :parts] = keys[:, row]
            table[slot, parts] = count
        numbers[row] = table[slot, parts] - np.uint64(1)
    return len(numbers), count


@compiled
def _enter(known: Whole, table: Whole) -> None:
    """Enter the rows of another table."""
    keys = known.T
    for place in range(len(known)):
        table[_slot(keys[:-1], place, table)] = known[place]
