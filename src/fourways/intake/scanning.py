"""The loops over the bytes of lines: where they end, which are odd, and numbers for their texts.

They are in one module: what is compiled of one and kept has those in it that it calls, and only a
change of its own module has it compiled anew.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fourways.compiled import Bytes, Flags, Places, at, compiled

Bounds = NDArray[np.int32]
Codes = NDArray[np.int32]

FREE = -1
"""What a hash table has where there is nothing."""

_LINE_END, _RETURN, _QUOTE = b'\n\r"'

_MARKED = 16 << 10
"""Bytes that are looked through before the lines in them are looked at."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF, _BYTE = np.uint64(32), np.uint64(8)
_WORD = 8


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


@compiled
def look_through(
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
        # Each cell has a mark, and each line. One long line may have many.
        more = last
        if last > _MARKED:
            more = 0
            for mark in range(last):
                more += data[marks[mark]] == _LINE_END
        while line + more > len(ends):
            ends = np.append(ends, np.empty_like(ends))
            odd = np.append(odd, np.empty_like(odd))
            codes = np.concatenate((codes, np.empty_like(codes)), axis=1)
        if found + last > len(begins):
            begins = np.append(begins, np.empty(len(begins) + last, dtype=np.int64))
        if 2 * wanted * more > len(bounds):
            bounds = np.empty(4 * wanted * more, dtype=np.int32)
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
    first = line
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
                bound = (line - first) * wanted + 2 * order[at(cells)]
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


@compiled
def number(
    data: Bytes, bounds: Bounds, odd: Flags, codes: Codes, first: int, known: Known
) -> Known:
    """Number cells of lines, one line after the other, but not those of lines known as odd.

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
    table = np.full(2 * len(known.table), FREE, dtype=np.int32)
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
            codes[:, first + place] = FREE
            continue
        for column in range(width):
            bound = 2 * (place * width + column)
            start, end = np.int64(bounds[at(bound)]), np.int64(bounds[at(bound + 1)])
            slot = at(_hash(data, start, end) & last)
            # To have a function for this search would take longer than the search.
            while table[slot] != FREE:
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
            if table[slot] == FREE:
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
        while table[slot] != FREE:
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
