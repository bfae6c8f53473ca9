"""What is worked out once for each distinct key: keys are numbered as they come, for all blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fourways.compiled import compiled
from fourways.intake.lines import Bytes, Places, as_array

Whole = NDArray[np.uint64]

REMEMBERED = 500_000
"""So many keys are remembered; where there are more, all are forgotten first."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_SLOTS = 1 << 13


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of the keys of some rows.

    Attributes:
        numbers: of the key of each row.
        new: what was worked out for the keys that were not known; they have the next numbers.
        known: how many keys were known before; when all were forgotten, none.
    """

    numbers: Places
    new: pl.DataFrame
    known: int


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts that are written behind lines.

    Attributes:
        data: the bytes of the texts.
        bounds: where each begins, and where the last one ends.
        places: for each line the place of its text among them.
    """

    data: Bytes
    bounds: Places
    places: Places

    @classmethod
    def of(cls, texts: pl.Series, places: Places) -> "Cells":
        """Give texts, and for each line the place of its own."""
        return cls(*_bytes_of(texts), places)


class Memory:
    """Works something out once for each distinct key, until there are too many."""

    def __init__(self) -> None:
        self._numbering = Numbering()
        self._nothing: pl.DataFrame | None = None

    def look_up(self, keys: Sequence[Whole], work_out: Callable[[Places], pl.DataFrame]) -> Found:
        """Tell what is known of some keys.

        Args:
            keys: columns, at least one; what stands beside each other is a key.
            work_out: gives a row for each of the keys at some places.
        """
        if self._numbering.count > REMEMBERED:
            self._numbering = Numbering()
        known = self._numbering.count
        numbers, firsts = self._numbering(np.stack(keys))
        if len(firsts) or self._nothing is None:
            new = work_out(firsts)
            self._nothing = new.clear()
            return Found(numbers, new, known)
        return Found(numbers, self._nothing, known)


class KeptRows:
    """Rows by the numbers of their keys."""

    def __init__(self) -> None:
        self._rows = pl.DataFrame()

    def keep(self, found: Found, new: pl.DataFrame) -> None:
        """Keep the rows of the keys that were found to be new."""
        self._rows = self._rows.extend(new) if found.known else new.clone()

    def of(self, numbers: Places) -> tuple[pl.DataFrame, Places]:
        """Give the distinct rows among some, and for each of these its place among them."""
        distinct, places = np.unique(numbers, return_inverse=True)
        return self._rows[distinct], places


class KeptTexts:
    """Texts by the numbers of their keys."""

    def __init__(self) -> None:
        self._data = np.empty(0, dtype=np.uint8)
        self._bounds = np.zeros(1, dtype=np.int64)

    def keep(self, found: Found, new: pl.Series) -> None:
        """Keep the texts of the keys that were found to be new."""
        data, bounds = _bytes_of(new)
        if not found.known:
            self._data, self._bounds = np.array(data), bounds
            return
        # What was given before is not touched: the room behind it is filled, or it is copied.
        start, last = self._bounds[found.known], found.known + len(new)
        self._data = _with_room(self._data, start + len(data))
        self._data[start : start + len(data)] = data
        self._bounds = _with_room(self._bounds, last + 1)
        self._bounds[found.known : last + 1] = start + bounds

    def of(self, numbers: Places) -> Cells:
        """Give some of the texts."""
        # As bytes are: a loop is compiled for each kind of array.
        data = self._data.view()
        data.flags.writeable = False
        return Cells(data, self._bounds, numbers)


class Numbering:
    """Numbers keys from 0, as they come.

    Attributes:
        count: how many keys have a number.
    """

    def __init__(self) -> None:
        self.count = 0
        self._table = np.zeros((0, 0), dtype=np.uint64)

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


def _with_room(items: NDArray[Any], size: int) -> NDArray[Any]:
    return items if len(items) >= size else np.append(items, np.empty(size, dtype=items.dtype))


@compiled
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
        slot = (slot + 1) % len(table)
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
