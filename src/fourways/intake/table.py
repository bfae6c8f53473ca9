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

from fourways.intake.header import MAX_LINE as MAX_LINE
from fourways.intake.header import SAVE_AS, UTF_8, read_header, sign_in_words
from fourways.intake.source import Readable, Source


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
        delimiter: what parts the cells; None to find out.
        encoding: what the text was before it became UTF-8.

    Attributes:
        header: the names of the columns.
        dialect: how the file is written.
        records: how many were given, or passed; empty lines, which are none, count separately.

    Raises:
        InputError: it is empty, no text, not UTF-8, or its header is no header.
    """

    def __init__(
        self,
        stream: Readable | Source,
        name: str,
        recognised: Callable[[Sequence[str]], int],
        delimiter: str | None = None,
        encoding: str = UTF_8,
    ) -> None:
        self.name = name
        self.empty_lines = 0
        self.records = 0
        self.source = stream if isinstance(stream, Source) else Source(stream, name)
        self._encoding = encoding
        self._pending: deque[_Line] = deque()
        found = read_header(self.source, name, recognised, delimiter, encoding)
        self.header, self.dialect = found.names, found.dialect
        self._line_number = found.lines
        parting = re.escape(self.dialect.delimiter)
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
            return _Line(self._line_number, text, self._not_text(data, error.start))
        if "\0" in text:
            text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
            return _Line(self._line_number, text, ("a NUL character", "Take it out."))
        return _Line(self._line_number, text)

    def _not_text(self, data: bytes, at: int) -> tuple[str, str]:
        if self._encoding == UTF_8:
            return f"not UTF-8: 0x{data[at]:02X} at byte {at + 1} of the line", _NOT_UTF_8
        column = len(data[:at].decode()) + 1
        return f"not {self._encoding}: the character {column} of the line", SAVE_AS

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
                f"Put a text that holds {sign_in_words(self.dialect.delimiter)} in double quotes."
                if many == "many"
                else "Fill the row up with empty fields.",
            )
        return Row(number, first.number, tuple(cells))

    def _bad(self, number: int, lines: list[_Line], problem: str, suggestion: str) -> BadRow:
        text = "".join(line.text for line in lines).rstrip("\r\n")
        return BadRow(number, lines[0].number, text, problem, suggestion)


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


_NOT_UTF_8 = f"{SAVE_AS} Or say what it is: --encoding windows-1252."
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
