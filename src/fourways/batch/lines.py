"""Lines of a CSV file with results put behind them: what came in stays as it was written."""

import re
from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fourways.batch.contract import FORMULA_SIGNS, FORMULA_SPACE, neutralised_columns
from fourways.batch.memory import Cells
from fourways.compiled import Bytes, Flags, Places, as_array, compiled, inlined
from fourways.intake.lines import Lines

_PIECE = 1 << 20
"""Bytes that are put together at once."""

_QUOTE = ord('"')
_APOSTROPHE = ord("'")


def lines_with_results(
    lines: Lines, which: Flags, results: Cells, notes: Cells, delimiter: str, line_end: str
) -> Iterator[memoryview]:
    """Give lines of a file, neutralised, each with its result cells and its notes behind it.

    Args:
        lines: records, quoted as they came.
        which: of them.
        results: what is put behind these.
        notes: what is put behind that.
        delimiter: what parts the cells.
        line_end: what ends a line.

    Returns:
        pieces, made one by one: what is made and written at once need not be fetched again.
    """
    risky = risky_places(lines, delimiter)
    return _pieces(lines, which, risky, results, notes, ord(delimiter), line_end.encode())


def _pieces(
    lines: Lines,
    which: Flags,
    risky: Places,
    results: Cells,
    notes: Cells,
    delimiter: int,
    line_end: bytes,
) -> Iterator[memoryview]:
    behind = tuple((cells.data, cells.bounds, cells.places) for cells in (results, notes))
    line = row = mark = 0
    while line < len(lines):
        piece, line, row, mark = _put_together(
            as_array(lines.data), lines.starts, lines.ends, len(lines.line_end), which, risky,
            behind, delimiter, as_array(line_end), line, row, mark, _PIECE,
        )  # fmt: skip
        yield piece.data


def risky_places(lines: Lines, delimiter: str) -> Places:
    """Give where cells begin that a spreadsheet would run as a formula."""
    bare, quoted = _starts("\t".replace(delimiter, "")), _starts(FORMULA_SPACE)
    return lines.signs[_are_risky(as_array(lines.data), lines.signs, bare, quoted)]


def _starts(white: str) -> NDArray[np.uint8]:
    """Give how a formula can start, with white space that may stand before it.

    Returns:
        a row of bytes for each sign, NUL behind the last one.
    """
    signs = [sign.encode() for sign in (*FORMULA_SIGNS, *white)]
    longest = max(map(len, signs))
    return np.array([list(sign.ljust(longest, b"\0")) for sign in signs], dtype=np.uint8)


@compiled
def _are_risky(
    data: Bytes, places: Places, bare: NDArray[np.uint8], quoted: NDArray[np.uint8]
) -> Flags:
    """Tell of places whether formulas start there, in quotes or not, or behind apostrophes."""
    risky = np.zeros(len(places), dtype=np.bool_)
    for number, first in enumerate(places):
        place = first
        while data[place] == _APOSTROPHE:
            place += 1
        for start in quoted if first and data[first - 1] == _QUOTE else bare:
            same = True
            for byte, sign in enumerate(start):
                same &= not sign or (place + byte < len(data) and data[place + byte] == sign)
            risky[number] |= same
    return risky


@compiled
def _put_together(
    data: Bytes,
    starts: Places,
    ends: Places,
    cut: int,
    which: Flags,
    risky: Places,
    behind: tuple[tuple[Bytes, Places, Places], ...],
    delimiter: int,
    line_end: Bytes,
    line: int,
    row: int,
    mark: int,
    most: int,
) -> tuple[Bytes, int, int, int]:
    """Give the bytes of lines, with an apostrophe at risky places and with cells behind them.

    Args:
        data: the bytes in which the lines stand.
        starts: where each begins.
        ends: behind the line end of each.
        cut: bytes of a line end.
        which: the lines that are wanted.
        risky: places in the data.
        behind: bytes of texts, where they begin and end, and which of them each line has.
        delimiter: what parts the cells.
        line_end: what ends a line from now on.
        line: the first line.
        row: how many were wanted before it.
        mark: how many risky places are before it.
        most: bytes that are given, but always a line.

    Returns:
        the bytes, and the line, the row and the risky place to go on with.
    """
    first, number, size, more = line, row, 0, 0
    marks = mark
    while line < len(ends) and size + more <= most:
        size += more
        start, more = starts[line], 0
        while marks < len(risky) and risky[marks] < ends[line]:
            more += which[line] and risky[marks] >= start
            marks += 1
        if which[line]:
            more += ends[line] - cut - start + len(line_end)
            for _, bounds, places in behind:
                for kind in range(places.shape[1]):
                    place = places[number, kind]
                    more += 1 + bounds[place + 1] - bounds[place]
            number += 1
        line += 1
    last, size = line, size + more
    whole = np.empty(size, dtype=np.uint8)
    at = 0
    for line in range(first, last):
        start, end = starts[line], ends[line] - cut
        while mark < len(risky) and risky[mark] < ends[line]:
            if which[line] and risky[mark] >= start:
                at = _copy(data, start, risky[mark], whole, at)
                whole[at] = _APOSTROPHE
                at += 1
                start = risky[mark]
            mark += 1
        if which[line]:
            at = _copy(data, start, end, whole, at)
            for texts, bounds, places in behind:
                for kind in range(places.shape[1]):
                    place = places[row, kind]
                    whole[at] = delimiter
                    at = _copy(texts, bounds[place], bounds[place + 1], whole, at + 1)
            at = _copy(line_end, 0, len(line_end), whole, at)
            row += 1
    return whole, last, row, mark


@inlined
def _copy(source: Bytes, start: int, end: int, target: Bytes, at: int) -> int:
    """Copy bytes, and give where the next ones go."""
    for place in range(end - start):
        target[np.uint64(at + place)] = source[np.uint64(start + place)]
    return at + end - start


def cells_in_a_row(frame: pl.DataFrame, delimiter: str) -> pl.Series:
    """Give for each row of a frame of texts the text of its cells, neutralised and quoted."""
    sign = re.escape(delimiter)
    frame = neutralised_columns(frame.cast(pl.String))
    cells = []
    for text in frame.iter_columns():
        cell = pl.col(text.name).fill_null("")
        special = text.str.contains(f'[{sign}"\\r\\n]')
        if special.any():
            doubled = text.str.contains('"', literal=True).any()
            inner = cell.str.replace_all('"', '""') if doubled else cell
            quoted = pl.concat_str(pl.lit('"'), inner, pl.lit('"'))
            cell = pl.when(pl.lit(special)).then(quoted).otherwise(cell)
        cells.append(cell)
    return frame.select(pl.concat_str(cells, separator=delimiter).alias("cells")).to_series()
