"""The lines of a CSV file, many at once: where each ends, and which are records by themselves.

Each line is judged by itself, so that what is wrong in one of them is not seen in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fourways.compiled import Bytes, Flags, Places, as_array, at, compiled
from fourways.intake.header import MAX_LINE
from fourways.intake.texts import Bounds, Codes, Known, Texts, number
from fourways.intake.utf8 import is_text

_NUL, _LINE_END, _RETURN, _QUOTE = b'\0\n\r"'

_IS_SIGN = np.zeros(256, dtype=np.bool_)
_IS_SIGN[list(b"!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\t")] = True
# What full-width signs begin with, and some letters as well.
_IS_SIGN[0xEF] = True

_SAMPLE = 64 << 10
"""Bytes whose line ends tell for about how many lines there is to be room."""

_MARKED = 16 << 10
"""Bytes that are looked through before the lines in them are looked at."""

_IS_PLAIN = np.ones(256, dtype=np.bool_)
_IS_PLAIN[[_NUL, _LINE_END, _RETURN, _QUOTE]] = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that follow one another as they stand in a file.

    Attributes:
        data: the bytes in which they stand; there may be others between them.
        starts, ends: where each begins, and behind its line end.
        signs: where the text of a cell begins with a sign: with no letter and no digit.
        codes: for some columns a row each, of the numbers of their texts; of no meaning where a
            line is odd.
    """

    data: bytes | bytearray
    starts: Places
    ends: Places
    signs: Places
    codes: Codes

    def __len__(self) -> int:
        """Give how many lines."""
        return len(self.ends)

    @property
    def line_end(self) -> bytes:
        """What they end with; all with the same."""
        return b"\r\n" if self.data.endswith(b"\r\n") else b"\n"

    def alone(self) -> bytes:
        """Give the bytes of the lines, and no others."""
        if int((self.ends - self.starts).sum()) == len(self.data):
            return bytes(self.data)
        bounds = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return b"".join(self.data[start:end] for start, end in bounds)

    def only(self, which: Flags) -> "Lines":
        """Give some of the lines."""
        codes = self.codes[:, which]
        return Lines(self.data, self.starts[which], self.ends[which], self.signs, codes)

    def run(self, first: int, last: int) -> "Lines":
        """Give the lines from one on to before another, in bytes of their own."""
        if first == last:
            return no_lines(len(self.codes))
        start, end = int(self.starts[first]), int(self.ends[last - 1])
        signs = self.signs[slice(*np.searchsorted(self.signs, (start, end)))]
        return Lines(
            self.data[start:end],
            self.starts[first:last] - start,
            self.ends[first:last] - start,
            signs - start,
            self.codes[:, first:last],
        )


def no_lines(columns: int) -> Lines:
    """Give no lines, with numbers of so many columns."""
    none = np.empty(0, dtype=np.int64)
    return Lines(b"", none, none, none, np.empty((columns, 0), dtype=np.int32))


def joined(parts: Sequence[Lines]) -> Lines:
    """Give lines behind each other; one part at least."""
    moved = list(zip(np.cumsum([0, *(len(part.data) for part in parts)]), parts, strict=False))
    return Lines(
        b"".join(part.data for part in parts),
        np.concatenate([start + part.starts for start, part in moved]),
        np.concatenate([start + part.ends for start, part in moved]),
        np.concatenate([start + part.signs for start, part in moved]),
        np.concatenate([part.codes for part in parts], axis=1),
    )


def look_at(
    data: bytes | bytearray,
    delimiter: str,
    width: int,
    columns: Sequence[int] = (),
    texts: Texts | None = None,
) -> tuple[Lines, Flags]:
    """Look at lines.

    Args:
        data: whole lines, the last one with its line end.
        delimiter: what parts the cells.
        width: how many cells a record has.
        columns: whose texts are to be numbered, by index, in their order.
        texts: those that are numbered already.

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
    texts = texts or Texts()
    ends, signs, codes, odd, texts.known = _look_at(
        as_array(data), ord(delimiter), returns, order, MAX_LINE - 1, is_sign, is_plain, room,
        texts.known,
    )  # fmt: skip
    starts = np.insert(ends[:-1], 0, 0)
    if not is_text(data):
        odd |= [not is_text(data[start:end]) for start, end in zip(starts, ends, strict=True)]
    return Lines(data, starts, ends, signs, codes), odd


def as_cell(text: str, delimiter: str) -> str:
    """Give a text as it stands in a line: in quotes where it needs them."""
    # A carriage return alone ends a line for many readers, whatever the file's own lines end with.
    if not any(sign in text for sign in (delimiter, '"', "\n", "\r")):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


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
    known: Known,
) -> tuple[Places, Places, Codes, Flags, Known]:
    """Give behind where lines end, where texts begin with a sign, numbers, and which lines are odd.

    Args:
        data: whole lines.
        delimiter: what parts the cells.
        returns: whether lines end with a carriage return and a line feed, or the latter alone.
        order: of each column, which one it is of those whose texts are numbered; -1 for others.
        longest: bytes of a line.
        is_sign: of each byte, whether it is a sign.
        is_plain: of each byte, whether it never ends nor parts anything.
        room: for how many lines there is room at first.
        known: texts that are numbered already; in the end there are more.
    """
    wanted = 1 + order.max()
    ends = np.empty(room, dtype=np.int64)
    odd = np.empty(room, dtype=np.bool_)
    codes = np.empty((wanted, room), dtype=np.int32)
    begins = np.empty(room, dtype=np.int64)
    marks = np.empty(_MARKED, dtype=np.int32)
    bounds = np.empty(0, dtype=np.int32)
    line = found = place = 0
    while place < len(data):
        marks, last = _mark(data, place, is_plain, marks)
        # Each line and each cell has a mark.
        while line + last > len(ends):
            ends = np.append(ends, np.empty_like(ends))
            odd = np.append(odd, np.empty_like(odd))
            codes = np.concatenate((codes, np.empty_like(codes)), axis=1)
        if found + last > len(begins):
            begins = np.append(begins, np.empty(len(begins) + last, dtype=np.int64))
        if 2 * wanted * last > len(bounds):
            bounds = np.empty(4 * wanted * last, dtype=np.int32)
        first = line
        line, found = _look_at_marked(
            data, marks[:last], place, delimiter, returns, order, longest, is_sign,
            ends, odd, bounds, line, begins, found,
        )  # fmt: skip
        # While what they are in is at hand.
        known = number(data, bounds, odd[first:line], codes, first, known)
        place = ends[line - 1]
    return ends[:line], begins[:found], codes[:, :line], odd[:line], known


@compiled
def _look_at_marked(
    data: Bytes,
    marks: Bounds,
    place: int,
    delimiter: int,
    returns: bool,
    order: Places,
    longest: int,
    is_sign: Flags,
    ends: Places,
    odd: Flags,
    bounds: Bounds,
    line: int,
    begins: Places,
    found: int,
) -> tuple[int, int]:
    """Look at the lines that marks are in, and put what is found where there is room for it.

    It is as above, but for the marks, the place where the lines begin, where the wanted cells of
    each begin and end, the number of the first line, and how many texts that begin with a sign were
    found. The last two are given as they are then.
    """
    width, wanted, mark = len(order), 2 * (1 + order.max()), 0
    first = line * wanted
    while mark < len(marks):
        start, cells, fine = place, 0, True
        sign = delimiter
        while sign != _LINE_END:
            begin = place
            quoted = data[at(begin)] == _QUOTE
            if is_sign[data[at(begin + quoted)]] and cells < width:
                begins[at(found)] = begin + quoted
                found += 1
            if quoted:
                mark += 1
                place = int(marks[at(mark)])
                sign = data[at(place)]
                while sign != _LINE_END:
                    mark += 1
                    if sign == _QUOTE:
                        if data[at(place + 1)] != _QUOTE:
                            break
                        mark += 1
                    elif sign != delimiter:
                        fine = False
                    place = int(marks[at(mark)])
                    sign = data[at(place)]
                fine &= sign == _QUOTE and marks[at(mark)] == place + 1
            end = place = int(marks[at(mark)])
            sign = data[at(place)]
            mark += 1
            while sign not in (delimiter, _LINE_END):
                fine &= sign == _RETURN and returns and data[at(place + 1)] == _LINE_END
                place = int(marks[at(mark)])
                sign = data[at(place)]
                mark += 1
            place += 1
            if cells < width and order[at(cells)] >= 0:
                bound = line * wanted - first + 2 * order[at(cells)]
                bounds[at(bound)], bounds[at(bound + 1)] = begin, end
            cells += 1
        size = place - start
        fine &= not returns or (size > 1 and data[at(place - 2)] == _RETURN)
        odd[line] = not fine or cells != width or size <= 1 + returns or size > longest
        ends[line] = place
        line += 1
    return line, found


@compiled
def _mark(data: Bytes, start: int, is_plain: Flags, marks: Bounds) -> tuple[Bounds, int]:
    """Mark what is not plain in the next lines, one at least; give how many marks there are."""
    while True:
        some = data[start : start + len(marks)]
        last = 0
        for place in range(len(some)):
            # Without a branch, which is quicker than to guess wrong so often.
            marks[last] = start + place
            last += not is_plain[some[place]]
        while last and data[marks[last - 1]] != _LINE_END:
            last -= 1
        if last:
            return marks, last
        marks = np.empty(2 * len(marks), dtype=np.int32)
