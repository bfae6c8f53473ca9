"""The lines of a CSV file, many at once: where each ends, and which are records by themselves.

Each line is judged by itself, so that what is wrong in one of them is not seen in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fourways.compiled import compiled
from fourways.intake.header import MAX_LINE

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Bounds = NDArray[np.int32]
Flags = NDArray[np.bool_]

_NUL, _LINE_END, _RETURN, _QUOTE = b'\0\n\r"'

_IS_SIGN = np.zeros(256, dtype=np.bool_)
_IS_SIGN[list(b"!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\t")] = True
# What full-width signs begin with, and some letters as well.
_IS_SIGN[0xEF] = True

_SAMPLE = 64 << 10
"""Bytes whose line ends tell for about how many lines there is to be room."""

_NONE = np.empty(0, dtype=np.int64)

_IS_PLAIN = np.ones(256, dtype=np.bool_)
_IS_PLAIN[[_NUL, _LINE_END, _RETURN, _QUOTE]] = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that follow one another as they stand in a file.

    Attributes:
        data: their bytes.
        ends: behind the line end of each.
        signs: where the text of a cell begins with a sign: with no letter and no digit.
        bounds: where the cells of some columns begin and end in the bytes, quotes among them, line
            by line.
    """

    data: bytes
    ends: Places
    signs: Places
    bounds: Bounds

    def __len__(self) -> int:
        """Give how many lines."""
        return len(self.ends)

    @property
    def line_end(self) -> bytes:
        """What they end with; all with the same."""
        return b"\r\n" if self.data.endswith(b"\r\n") else b"\n"

    def run(self, first: int, last: int) -> "Lines":
        """Give the lines from one on to before another."""
        start, end = (int(self.ends[place - 1]) if place else 0 for place in (first, last))
        signs = self.signs[slice(*np.searchsorted(self.signs, (start, end)))]
        each = len(self.bounds) // len(self)
        return Lines(
            self.data[start:end],
            self.ends[first:last] - start,
            signs - start,
            self.bounds[each * first : each * last] - np.int32(start),
        )


def joined(parts: Sequence[Lines]) -> Lines:
    """Give lines behind each other."""
    starts = np.cumsum([0, *(len(part.data) for part in parts)])
    moved = list(zip(starts, parts, strict=False))
    return Lines(
        b"".join(part.data for part in parts),
        np.concatenate([_NONE, *(start + part.ends for start, part in moved)]),
        np.concatenate([_NONE, *(start + part.signs for start, part in moved)]),
        np.concatenate([_NONE, *(start + part.bounds for start, part in moved)]).astype(np.int32),
    )


def look_at(
    data: bytes, delimiter: str, width: int, columns: Sequence[int] = ()
) -> tuple[Lines, Flags]:
    """Look at lines.

    Args:
        data: whole lines, the last one with its line end.
        delimiter: what parts the cells.
        width: how many cells a record has.
        columns: whose bounds are wanted, by index, in their order.

    Returns:
        the lines, and which are odd: no records by themselves. Those have more or fewer cells than
        the header, a quote anywhere but around a whole cell or doubled inside one, or a line end
        inside a cell; they are empty, no text, or too long.
    """
    is_sign, is_plain = _IS_SIGN.copy(), _IS_PLAIN.copy()
    is_sign[ord(delimiter)] = is_plain[ord(delimiter)] = False
    returns = data.endswith(b"\r\n")
    order = np.full(width, -1)
    order[list(columns)] = range(len(columns))
    room = 64 + data.count(b"\n", 0, _SAMPLE) * (1 + len(data) // _SAMPLE) * 9 // 8
    ends, signs, bounds, odd = _look_at(
        as_array(data), ord(delimiter), returns, order, MAX_LINE - 1, is_sign, is_plain, room
    )
    if not is_text(data):
        starts = np.insert(ends[:-1], 0, 0)
        odd |= [not is_text(data[start:end]) for start, end in zip(starts, ends, strict=True)]
    return Lines(data, ends, signs, bounds), odd


def as_array(data: bytes) -> Bytes:
    """Give bytes as an array that shares them."""
    return np.frombuffer(data, dtype=np.uint8)


def as_cell(text: str, delimiter: str) -> str:
    """Give a text as it stands in a line: in quotes where it needs them."""
    # A carriage return alone ends a line for many readers, whatever the file's own lines end with.
    if not any(sign in text for sign in (delimiter, '"', "\n", "\r")):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def is_text(data: bytes) -> bool:
    """Tell whether bytes are text in UTF-8."""
    try:
        pl.Series([data], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


@compiled
def _look_at(
    data: Bytes,
    delimiter: int,
    returns: bool,
    order: Places,
    longest: int,
    is_sign: Flags,
    is_plain: Flags,
    room: int,
) -> tuple[Places, Places, Bounds, Flags]:
    """Give behind where lines end, where texts begin with a sign, bounds, and which lines are odd.

    Args:
        data: whole lines.
        delimiter: what parts the cells.
        returns: whether lines end with a carriage return and a line feed, or the latter alone.
        order: of each column, which one it is of those whose bounds are wanted; -1 for others.
        longest: bytes of a line.
        is_sign: of each byte, whether it is a sign.
        is_plain: of each byte, whether it never ends nor parts anything.
        room: for how many lines there is room at first.
    """
    width = len(order)
    wanted = 2 * (1 + order.max())
    ends = np.empty(room, dtype=np.int64)
    odd = np.empty(room, dtype=np.bool_)
    bounds = np.zeros(room * wanted, dtype=np.int32)
    begins = np.empty(room, dtype=np.int64)
    line = found = place = 0
    while place < len(data):
        if line == len(ends):
            ends = np.append(ends, np.empty_like(ends))
            odd = np.append(odd, np.empty_like(odd))
            bounds = np.append(bounds, np.zeros_like(bounds))
        if found + width > len(begins):
            begins = np.append(begins, np.empty(len(begins) + width, dtype=np.int64))
        start, cells, fine = place, 0, True
        sign = delimiter
        while sign != _LINE_END:
            begin = place
            quoted = data[place] == _QUOTE
            place += quoted
            if is_sign[data[place]] and cells < width:
                begins[found] = place
                found += 1
            while quoted:
                sign = data[place]
                if sign == _LINE_END:
                    fine = False
                    break
                if sign in (_NUL, _RETURN):
                    fine = False
                place += 1
                if sign == _QUOTE:
                    if data[place] != _QUOTE:
                        break
                    place += 1
            fine &= not (quoted and is_plain[data[place]])
            while is_plain[data[place]]:
                place += 1
            end = place
            sign = data[place]
            while sign not in (delimiter, _LINE_END):
                fine &= sign == _RETURN and returns and data[place + 1] == _LINE_END
                place += 1
                sign = data[place]
            place += 1
            if cells < width and order[cells] >= 0:
                at = line * wanted + 2 * order[cells]
                bounds[at], bounds[at + 1] = begin, end
            cells += 1
        size = place - start
        fine &= not returns or (size > 1 and data[place - 2] == _RETURN)
        odd[line] = not fine or cells != width or size <= 1 + returns or size > longest
        ends[line] = place
        line += 1
    return ends[:line], begins[:found], bounds[: line * wanted], odd[:line]
