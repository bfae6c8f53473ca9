"""Texts in columns as whole numbers: each distinct text has its own, in all blocks of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fourways.compiled import Bytes, as_array, compiled, with_room
from fourways.intake.lines import Bounds, Lines, Places

Codes = NDArray[np.int32]

_FREE = -1
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF, _BYTE = np.uint64(32), np.uint64(8)
_WORD = 8
_TEXTS = 1 << 10


def column_name(index: int) -> str:
    """Give the name of a column of a block."""
    return f"{index}"


class Coded(Protocol):
    """Columns of texts as numbers."""

    @property
    def height(self) -> int:
        """How many rows."""
        ...

    def codes(self, column: int) -> Codes:
        """Give the numbers of the texts of a column, by its index; -1 where there is none."""
        ...

    def texts(self, column: int, codes: Codes) -> list[str]:
        """Give the texts that some numbers of a column stand for; one may be empty."""
        ...

    @property
    def lasting(self) -> object:
        """What is to be kept as long as numbers shall mean the same in later blocks."""
        ...


@dataclass(frozen=True, slots=True)
class InFrame:
    """The categorical columns of a frame, named by their index."""

    frame: pl.DataFrame

    @property
    def height(self) -> int:
        """How many rows."""
        return self.frame.height

    def codes(self, column: int) -> Codes:
        """Give the numbers of the texts of a column, by its index; -1 where there is none."""
        codes = self.frame.get_column(column_name(column)).to_physical()
        return codes.cast(pl.Int32).fill_null(-1).to_numpy()

    def texts(self, column: int, codes: Codes) -> list[str]:
        """Give the texts that some numbers of a column stand for."""
        cells = self.frame.get_column(column_name(column)).drop_nulls().unique()
        by_code = dict(zip(cells.to_physical(), cells, strict=True))
        return [by_code[code] for code in codes.tolist()]

    @property
    def lasting(self) -> object:
        """Columns without rows: when no column is left, Polars gives the numbers anew."""
        return self.frame.clear()


@dataclass(frozen=True, slots=True)
class InLines:
    """Some columns of lines of a file, by their index."""

    columns: Mapping[int, Codes]
    height: int
    lasting: "Texts"

    def codes(self, column: int) -> Codes:
        """Give the numbers of the texts of a column, by its index."""
        return self.columns[column]

    def texts(self, column: int, codes: Codes) -> list[str]:  # noqa: ARG002
        """Give the texts that some numbers of a column stand for; one may be empty."""
        return [self.lasting.text(code) for code in codes.tolist()]


class Texts:
    """The distinct texts of a file, numbered from 0 as they come.

    Attributes:
        count: how many.
    """

    def __init__(self) -> None:
        self.count = 0
        self._data = np.empty(_TEXTS * 16, dtype=np.uint8)
        self._ends = np.zeros(_TEXTS + 1, dtype=np.int64)
        self._table = np.full(_TEXTS * 2, _FREE, dtype=np.int32)

    def of(self, lines: Lines, columns: Sequence[int]) -> InLines:
        """Give the cells that lines have the bounds of, as numbers, by their columns."""
        data, done = as_array(lines.data), 0
        codes = np.empty((len(columns), len(lines)), dtype=np.int32)
        while True:
            done, self.count = _number(
                data, lines.bounds, codes, done, self._data, self._ends, self._table, self.count
            )
            if done == codes.size:
                return InLines(dict(zip(columns, codes, strict=True)), len(lines), self)
            start, end = lines.bounds[2 * done : 2 * done + 2].tolist()
            self._grow(end - start)

    def text(self, code: int) -> str:
        """Give the text that has a number, without the quotes around it."""
        text = self._data[self._ends[code] : self._ends[code + 1]].tobytes().decode()
        return text[1:-1].replace('""', '"') if text.startswith('"') else text

    def _grow(self, size: int) -> None:
        """Make room for as many texts again, and for one of so many bytes."""
        used = int(self._ends[self.count])
        self._data = with_room(self._data, used, used + len(self._data) + size)
        self._ends = with_room(self._ends, self.count + 1, 2 * len(self._ends))
        self._table = np.full(2 * len(self._table), _FREE, dtype=np.int32)
        _enter(self._data, self._ends, self._table, self.count)


@compiled
def _number(
    data: Bytes,
    bounds: Bounds,
    codes: Codes,
    done: int,
    known: Bytes,
    ends: Places,
    table: Codes,
    count: int,
) -> tuple[int, int]:
    """Number texts from one on, until there is no room; give how far, and how many are known."""
    last = np.uint64(len(table) - 1)
    width, _ = codes.shape
    row = column = 0
    if done:
        row, column = divmod(done, width)
    for cell in range(done, codes.size):
        start, end = np.int64(bounds[2 * cell]), np.int64(bounds[2 * cell + 1])
        slot = np.int64(_hash(data, start, end) & last)
        # To have a function for this search would take longer than the search.
        while table[slot] != _FREE:
            first, behind = ends[table[slot]], ends[table[slot] + 1]
            same = behind - first == end - start
            at = start
            while same and at < end:
                same = _word(known, first + at - start, behind) == _word(data, at, end)
                at += _WORD
            if same:
                break
            slot = np.int64(np.uint64(slot + 1) & last)
        if table[slot] == _FREE:
            first = ends[count]
            behind = first + end - start
            if count + 2 > len(ends) or 2 * count >= len(table) or behind > len(known):
                return cell, count
            known[first:behind] = data[start:end]
            table[slot] = count
            count += 1
            ends[count] = behind
        codes[column, row] = table[slot]
        column += 1
        if column == width:
            row, column = row + 1, 0
    return codes.size, count


@compiled
def _enter(known: Bytes, ends: Places, table: Codes, count: int) -> None:
    """Enter all texts into an empty table."""
    last = np.uint64(len(table) - 1)
    for code in range(count):
        slot = np.int64(_hash(known, ends[code], ends[code + 1]) & last)
        while table[slot] != _FREE:
            slot = np.int64(np.uint64(slot + 1) & last)
        table[slot] = code


@compiled
def _hash(data: Bytes, start: np.int64, end: np.int64) -> np.uint64:
    value, at = np.uint64(end - start), start
    while at < end:
        value = (value ^ _word(data, at, end)) * _SPREAD
        value ^= value >> _HALF
        at += _WORD
    return value


@compiled
def _word(data: Bytes, start: np.int64, end: np.int64) -> np.uint64:
    """Give the bytes from a place on as a number: eight, or as many as there are to the end."""
    word = np.uint64(0)
    if start + _WORD > len(data):
        for place in range(end - 1, start - 1, -1):
            word = word << _BYTE | np.uint64(data[place])
        return word
    # Written so, this becomes one load: the places have no sign, and there is no branch.
    at = np.uint64(start)
    for place in range(_WORD):
        word |= np.uint64(data[at + np.uint64(place)]) << (_BYTE * np.uint64(place))
    cut = _BYTE * np.uint64(max(np.int64(0), start + _WORD - end))
    return word << cut >> cut
