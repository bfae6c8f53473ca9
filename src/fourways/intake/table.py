"""Reads a CSV file record by record; a damaged record is told with its line, the rest is served.

A quote that is opened and not closed makes a parser take the lines that follow for one text. Two
signs give it away: the parser fails on a later line or at the end, or the lines that it ran
together are rows by themselves. Then only the first line is damaged; the others are read anew, and
of those only whole rows without any stray quote are trusted.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from fourways.errors import InputError, Place, Problem
from fourways.intake.source import Source

MAX_LINE = 1_000_000
"""Bytes of a line; a longer one is passed over without being held."""

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_BOM = b"\xef\xbb\xbf"
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "compressed",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_SAVE_AS = "Save it as CSV in UTF-8."


@dataclass(frozen=True, slots=True)
class Row:
    """A whole record: its number and the line where it starts, both from 1, and its cells."""

    number: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that cannot be read: what it looks like, why, and what to do."""

    number: int
    line: int
    text: str
    problem: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: what parts the cells, what ends a line, whether it has a BOM."""

    delimiter: str
    line_end: str
    bom: bool

    def __str__(self) -> str:
        bom = " with a byte order mark" if self.bom else ""
        return f"UTF-8{bom}, cells parted by a {_DELIMITERS[self.delimiter]}"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file; `fault` says why its text cannot be trusted."""

    number: int
    text: str
    fault: tuple[str, str] | None = None
    again: bool = False


class Table:
    """A CSV file, read in one pass.

    Args:
        stream: the file, in bytes.
        name: how messages name it.
        recognised: tells how many of some column names mean something. Where they leave it open
            which character parts the cells, the one that makes more of them sense wins.

    Attributes:
        header: the names of the columns.
        dialect: how the file is written.
        records: how many were given, or passed; empty lines, which are none, count separately.

    Raises:
        InputError: it is empty, no text, not UTF-8, or its header is no header.
    """

    def __init__(
        self, stream: BinaryIO, name: str, recognised: Callable[[Sequence[str]], int]
    ) -> None:
        self.name = name
        self.empty_lines = 0
        self.records = 0
        self.source = Source(stream, name)
        self._line_number = 0
        self._pending: deque[_Line] = deque()
        self.header, self.dialect = self._read_header(recognised)
        parting = self.dialect.delimiter
        self._quoted = re.compile(f'(?:^|(?<={parting}))"(?:[^"]|"")*"(?=[{parting}\r\n]|$)')

    @property
    def digest(self) -> str:
        """SHA-256 of what was read."""
        return self.source.digest

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file were read."""
        return self.source.bytes_read

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Give each record, whole or bad, in the order of the file."""
        while (record := self.record()) is not None:
            yield record

    def record(self) -> Row | BadRow | None:
        """Give the next record, whole or bad; None at the end."""
        while (line := self._next_line()) is not None:
            if line.text.strip("\r\n") or line.fault is not None:
                self.records += 1
                return self._record(self.records, line)
            self.empty_lines += 1
        return None

    @property
    def is_between_lines(self) -> bool:
        """Whether no line waits to be read anew, so that the next record starts in the source."""
        return not self._pending

    @property
    def next_line(self) -> int:
        """The number of the next line in the source, from 1."""
        return self._line_number + 1

    def passed(self, records: int) -> None:
        """Count records of one line each that were taken from the source by someone else."""
        self.records += records
        self._line_number += records

    # ------------------------------------------------------------------ lines

    def _next_line(self) -> _Line | None:
        if self._pending:
            return self._pending.popleft()
        data = self.source.readline(MAX_LINE)
        if not data:
            return None
        self._line_number += 1
        if len(data) == MAX_LINE and not data.endswith(b"\n"):
            rest = data
            while rest and not rest.endswith(b"\n"):
                rest = self.source.readline(MAX_LINE)
            fault = ("the line is over 1 MB", "Shorten its texts.")
            return _Line(self._line_number, data[:200].decode(errors="replace"), fault)
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            text = data.decode(errors="replace")
            bad = f"0x{data[error.start]:02X} at byte {error.start + 1} of the line"
            return _Line(self._line_number, text, (f"not UTF-8: {bad}", _SAVE_AS))
        if "\0" in text:
            text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
            return _Line(self._line_number, text, ("a NUL character", "Take it out."))
        return _Line(self._line_number, text)

    # ---------------------------------------------------------------- records

    def _record(self, number: int, line: _Line) -> Row | BadRow:
        if line.fault is not None and line.fault[0].startswith("the line is over"):
            return self._bad(number, [line], *line.fault)
        if '"' not in line.text:
            return self._checked(
                number, [line], line.text.rstrip("\r\n").split(self.dialect.delimiter)
            )
        taken = _Taken(self, line)
        try:
            cells = next(csv.reader(taken, strict=True, delimiter=self.dialect.delimiter))
        except csv.Error as error:
            lines = taken.lines
            self._read_anew(lines[1:])
            if len(lines) == 1 and "unexpected end" not in str(error):
                return self._bad(number, lines, *_in_words(error))
            return self._bad(number, lines[:1], *_UNCLOSED)
        if len(taken.lines) > 1 and self._are_rows(taken.lines, len(cells)):
            self._read_anew(taken.lines[1:])
            return self._bad(number, taken.lines[:1], *_UNCLOSED)
        return self._checked(number, taken.lines, cells)

    def _read_anew(self, lines: list[_Line]) -> None:
        again = [_Line(line.number, line.text, line.fault, again=True) for line in lines]
        self._pending.extendleft(reversed(again))

    def _are_rows(self, lines: list[_Line], cells: int) -> bool:
        """Tell whether lines that a quote runs together are rather rows by themselves.

        A record of the right width is taken at its word, unless every line has just as many cells
        as the header, by more parting characters than chance would put there.
        """
        if cells == len(self.header):
            parts = [line.text.count(self.dialect.delimiter) + 1 for line in lines]
            chance = (len(self.header) - 1) * (len(lines) - 1)
            return chance > 2 and all(count == len(self.header) for count in parts)
        return any(self._is_row(line.text) for line in lines[1:])

    def _is_row(self, text: str) -> bool:
        rest = self._quoted.sub("", text)
        return '"' not in rest and rest.count(self.dialect.delimiter) + 1 == len(self.header)

    def _checked(self, number: int, lines: list[_Line], cells: list[str]) -> Row | BadRow:
        for line in lines:
            if line.fault is not None:
                return self._bad(number, lines, *line.fault)
        first = lines[0]
        if first.again and '"' in self._quoted.sub("", "".join(line.text for line in lines)):
            return self._bad(number, lines, *_STRAY)
        if len(lines) == 1 and "\r" in first.text.rstrip("\r\n") and '"' not in first.text:
            return self._bad(number, lines, "a line break that ends no line", "Put it in quotes.")
        width = len(self.header)
        if len(cells) != width:
            many = "many" if len(cells) > width else "few"
            return self._bad(
                number,
                lines,
                f"too {many} fields: {len(cells)} where the header has {width}",
                f"Put a text that holds a {_DELIMITERS[self.dialect.delimiter]} in double quotes."
                if many == "many"
                else "Fill the row up with empty fields.",
            )
        return Row(number, first.number, tuple(cells))

    def _bad(self, number: int, lines: list[_Line], problem: str, suggestion: str) -> BadRow:
        text = "".join(line.text for line in lines).rstrip("\r\n")
        return BadRow(number, lines[0].number, text, problem, suggestion)

    # ----------------------------------------------------------------- header

    def _read_header(
        self, recognised: Callable[[Sequence[str]], int]
    ) -> tuple[tuple[str, ...], Dialect]:
        data = self.source.readline(MAX_LINE)
        if not data:
            self._refuse("the file is empty", "A header and a row for each person are needed.")
        for magic, what in _OTHER_FORMATS.items():
            if data.startswith(magic):
                self._refuse(f"this is {what}, not CSV", _SAVE_AS)
        bom = data.startswith(_BOM)
        # A line break in a quoted name goes on with the next line.
        while (
            data.count(b'"') % 2
            and len(data) < MAX_LINE
            and (more := self.source.readline(MAX_LINE))
        ):
            data += more
        self._line_number = data.count(b"\n") or 1
        if b"\0" in data:
            self._refuse("this is no text file", _SAVE_AS)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._refuse(f"not UTF-8: byte 0x{data[error.start]:02X} in the header", _SAVE_AS)
        if data.count(b'"') % 2:
            self._refuse("a quote in the header is not closed", "Close it, or take it out.")
        if "\r" in text.replace("\r\n", "") and '"' not in text:
            self._refuse("lines end with a carriage return alone", _SAVE_AS)
        line_end = "\r\n" if text.endswith("\r\n") else "\n"
        headers = {}
        for delimiter in _DELIMITERS:
            try:
                cells = next(csv.reader([text], strict=True, delimiter=delimiter), [])
            except csv.Error:
                continue
            headers[delimiter] = tuple(cell.strip() for cell in cells)
        if not any(name for names in headers.values() for name in names):
            self._refuse("the first line is no header", "It has to name the columns.")
        # Ties go to the first in the list, the comma.
        best = max(headers, key=lambda d: (recognised(headers[d]), len(headers[d])))
        names = headers[best]
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            listed = ", ".join(f"'{name}'" for name in twice)
            self._refuse(f"two columns are named {listed}", "Give each a name of its own.")
        return names, Dialect(best, line_end, bom)

    def _refuse(self, problem: str, hint: str) -> None:
        raise InputError(Problem(problem, Place(self.name, 1, 1), hint))


class _Taken:
    """Gives lines to the parser as it asks for them, and keeps them."""

    def __init__(self, table: Table, first: _Line) -> None:
        self.lines: list[_Line] = []
        self._table = table
        self._first: _Line | None = first

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._first or self._table._next_line()
        self._first = None
        if line is None:
            raise StopIteration
        self.lines.append(line)
        return line.text


_UNCLOSED = (
    "a quote is opened and not closed",
    "Close it before the line ends, or write a quote that belongs to the text twice.",
)
_STRAY = (
    "a stray quote after one that was not closed",
    "Mend the quotes of this row and of those before it.",
)


def _in_words(error: csv.Error) -> tuple[str, str]:
    if "field larger" in str(error):
        return "a field of more than 131,072 characters", "Shorten it."
    if "new-line" in str(error):
        return "a line break that ends no line", "Put the text in quotes."
    return (
        "a text goes on after its closing quote",
        "Write a quote that belongs to the text twice.",
    )
