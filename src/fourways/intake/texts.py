"""Texts in columns as whole numbers: each distinct text has its own, in all blocks of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fourways.compiled import Bytes, Flags, Places, as_array, at, compiled

Bounds = NDArray[np.int32]
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


class Known(NamedTuple):
    """Texts that have a number.

    Attributes:
        data: their bytes, one behind the other.
        ends: where the first one begins, and then where each ends.
        table: a hash table of their numbers.
        total: how many they are; there is room for more.
    """

    data: Bytes
    ends: Places
    table: Codes
    total: int


class Texts:
    """The distinct texts of a file, numbered from 0 as they come.

    One thread may number texts while another looks up what has a number already.

    Attributes:
        known: those that have a number.
    """

    def __init__(self) -> None:
        self.known = Known(
            np.empty(_TEXTS * 16, dtype=np.uint8),
            np.zeros(_TEXTS + 1, dtype=np.int64),
            np.full(_TEXTS * 2, _FREE, dtype=np.int32),
            0,
        )

    def codes(self, cells: Sequence[bytes]) -> Codes:
        """Number the cells of a line, with the quotes around them; a column for each."""
        codes = np.empty((len(cells), 1), dtype=np.int32)
        ends = np.cumsum([0, *map(len, cells)], dtype=np.int32)
        bounds = np.repeat(ends, 2)[1:-1]
        odd = np.zeros(1, dtype=np.bool_)
        self.known = number(as_array(b"".join(cells)), bounds, odd, codes, 0, self.known)
        return codes

    def text(self, code: int) -> str:
        """Give the text that has a number, without the quotes around it."""
        known = self.known
        text = known.data[known.ends[code] : known.ends[code + 1]].tobytes().decode()
        return text[1:-1].replace('""', '"') if text.startswith('"') else text


@compiled
def number(
    data: Bytes, bounds: Bounds, odd: Flags, codes: Codes, first: int, known: Known
) -> Known:
    """Number cells of lines, one line after the other; those of odd lines have no number.

    Args:
        data: bytes in which the lines stand.
        bounds: where the cells begin and end.
        odd: whether a line is odd.
        codes: a row of numbers for each cell of a line, in which they are put.
        first: where in the rows the first line is.
        known: texts that have a number.

    Returns:
        what is known then.
    """
    line, count = _number(data, bounds, odd, codes, first, 0, known)
    while line < len(odd):
        cells = bounds[2 * line * len(codes) : 2 * (line + 1) * len(codes)]
        known = _with_room(known, count, cells[1::2].sum() - cells[::2].sum())
        line, count = _number(data, bounds, odd, codes, first, line, known)
    return Known(known.data, known.ends, known.table, count)


@compiled
def _with_room(known: Known, count: int, size: int) -> Known:
    """Give room for as many texts again, and for some of so many bytes, beside a number of them.

    What was given before is not touched: others may read it.
    """
    used = known.ends[count]
    data = np.empty(2 * len(known.data) + size, dtype=np.uint8)
    data[:used] = known.data[:used]
    ends = np.empty(2 * len(known.ends), dtype=np.int64)
    ends[: count + 1] = known.ends[: count + 1]
    table = np.full(2 * len(known.table), _FREE, dtype=np.int32)
    _enter(data, ends, table, count)
    return Known(data, ends, table, count)


@compiled
def _number(
    data: Bytes,
    bounds: Bounds,
    odd: Flags,
    codes: Codes,
    first: int,
    line: int,
    known: Known,
) -> tuple[int, int]:
    """Number cells from one line on, until there is no room; give how far, and how many texts."""
    texts, ends, table, count = known
    width, last = len(codes), at(len(table) - 1)
    for place in range(line, len(odd)):
        if odd[place]:
            codes[:, first + place] = _FREE
            continue
        for column in range(width):
            bound = 2 * (place * width + column)
            start, end = np.int64(bounds[at(bound)]), np.int64(bounds[at(bound + 1)])
            slot = at(_hash(data, start, end) & last)
            # To have a function for this search would take longer than the search.
            while table[slot] != _FREE:
                code = at(table[slot])
                begin, behind = ends[code], ends[code + at(1)]
                same = behind - begin == end - start
                byte = start
                while same and byte < end:
                    same = _word(texts, begin + byte - start, behind) == _word(data, byte, end)
                    byte += _WORD
                if same:
                    break
                slot = (slot + at(1)) & last
            if table[slot] == _FREE:
                begin = ends[count]
                behind = begin + end - start
                if count + 2 > len(ends) or 2 * count >= len(table) or behind > len(texts):
                    return place, count
                texts[begin:behind] = data[start:end]
                table[slot] = count
                count += 1
                ends[count] = behind
            codes[at(column), at(first + place)] = table[slot]
    return len(odd), count


@compiled
def _enter(known: Bytes, ends: Places, table: Codes, count: int) -> None:
    """Enter all texts into an empty table."""
    last = np.uint64(len(table) - 1)
    for code in range(count):
        slot = at(_hash(known, ends[code], ends[code + 1]) & last)
        while table[slot] != _FREE:
            slot = (slot + at(1)) & last
        table[slot] = code


@compiled
def _hash(data: Bytes, start: np.int64, end: np.int64) -> np.uint64:
    value, place = np.uint64(end - start), start
    while place < end:
        value = (value ^ _word(data, place, end)) * _SPREAD
        value ^= value >> _HALF
        place += _WORD
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
    for place in range(_WORD):
        word |= np.uint64(data[at(start) + at(place)]) << (_BYTE * np.uint64(place))
    cut = _BYTE * np.uint64(max(np.int64(0), start + _WORD - end))
    return word << cut >> cut
