"""Reads a CSV file in blocks of many rows at once, and record by record where that is not safe.

Lines are taken together when nothing in them can be misread: each by itself has as many cells as
the header, quotes only around whole ones, no NUL, no stray line end. Any other line is read by
`Table`, which knows records of many lines, and tells damaged ones with their line. So no row can
vanish on the fast way.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from io import StringIO

import numpy as np
import polars as pl

from fourways.compiled import Places
from fourways.intake.lines import Lines, as_cell, joined, look_at
from fourways.intake.table import MAX_LINE, BadRow, Row, Table
from fourways.intake.texts import Coded, InFrame, InLines, Texts, column_name

Schema = dict[str, type[pl.Categorical] | type[pl.String]]

BLOCK = 4 << 20
"""Bytes that are read at once."""

_MANY = 50
"""Where more than one of so many lines is odd, they are all read one by one."""


class Block:
    """Some rows of a file.

    Args:
        frame: their cells, or what parses them when they are asked for.
        coded: the cells of the categorical columns as numbers, where they are not read off the
            frame.

    Attributes:
        lines: the line where each row starts; a first line when the rows follow line by line.
        bad: the records among them that cannot be read.
        texts: the rows as they stand in the file; None where that is no matter of one line each.
    """

    def __init__(
        self,
        frame: pl.DataFrame | Callable[[], pl.DataFrame],
        lines: Sequence[int] | Places,
        bad: tuple[BadRow, ...] = (),
        texts: Lines | None = None,
        coded: Coded | None = None,
    ) -> None:
        self._frame = frame
        self._coded = coded
        self.lines = lines
        self.bad = bad
        self.texts = texts

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The cells: a column per column of the file, named by its index, null where empty."""
        return self._frame if isinstance(self._frame, pl.DataFrame) else self._frame()

    @cached_property
    def coded(self) -> Coded:
        """The cells of the categorical columns as numbers."""
        return InFrame(self.frame) if self._coded is None else self._coded

    @property
    def records(self) -> int:
        """How many records of the file these are."""
        return len(self.lines) + len(self.bad)


def blocks(
    table: Table, categorical: Sequence[int], size: int = BLOCK, as_lines: bool = False
) -> Iterator[Block]:
    """Give the rows of a table in blocks.

    Args:
        table: the file, its header read.
        categorical: the columns that repeat few texts, by index.
        size: bytes of a block.
        as_lines: whether rows are wanted as they stand in the file, and the categorical columns
            as numbers.
    """
    form = _Form(table, categorical, as_lines)
    while data := _whole_lines(table, size):
        yield _block(table, data, form)


class _Form:
    """What a block of a file is to be like: the columns of the file, and how it is wanted."""

    def __init__(self, table: Table, categorical: Sequence[int], as_lines: bool) -> None:
        self.schema: Schema = {
            column_name(index): pl.Categorical if index in categorical else pl.String
            for index in range(len(table.header))
        }
        self.delimiter = table.dialect.delimiter
        self.as_lines = as_lines
        self.columns = sorted(categorical) if as_lines else []
        self.texts = Texts()

    def block(
        self, lines: Lines, numbers: Sequence[int] | Places, bad: Sequence[BadRow] = ()
    ) -> Block:
        """Make a block of lines that hold a row each."""
        parsed = partial(_parsed, lines, self)
        if not self.as_lines:
            return Block(parsed, numbers, tuple(bad))
        codes = dict(zip(self.columns, lines.codes, strict=True))
        coded = InLines(codes, len(lines), self.texts)
        return Block(parsed, numbers, tuple(bad), lines, coded)


def _block(table: Table, data: bytes | bytearray, form: _Form) -> Block:
    """Read some lines: those at once that are records by themselves, the others one by one."""
    first = table.next_line
    ended = data if data.endswith(b"\n") else data + table.dialect.line_end.encode()
    lines, is_odd = look_at(ended, form.delimiter, len(form.schema), form.columns, form.texts)
    odd = np.flatnonzero(is_odd).tolist()
    if len(odd) > len(lines) // _MANY:
        table.source.put_back(data)
        return _record_by_record(table, len(data), form)
    if odd:
        return _mixed(table, data, lines, odd, form)
    table.passed(len(lines))
    return form.block(lines, range(first, first + len(lines)))


def _mixed(
    table: Table, data: bytes | bytearray, lines: Lines, odd: Sequence[int], form: _Form
) -> Block:
    """Read lines of which a few are no records by themselves."""
    first, rest = table.next_line, table.source.ahead
    table.source.put_back(data)
    runs: list[tuple[int, int, list[Row]]] = []
    bad: list[BadRow] = []
    line = start = 0
    for place in (*odd, len(lines)):
        if place < line:
            continue  # It belonged to what an odd line before it began.
        table.passed(place - line)
        rows: list[Row] = []
        if place < len(lines):
            table.source.skip(int(lines.starts[place]) - start)
            rows = _read_records(table, table.source.ahead - 1, bad)
        else:
            table.source.skip(len(data) - start)
        runs.append((line, place, rows))
        line = table.next_line - first
        start = len(data) - max(0, table.source.ahead - rest)
    if not any(rows for _, _, rows in runs):
        whole = np.zeros(len(lines), dtype=np.bool_)
        for line, place, _ in runs:
            whole[line:place] = True
        return form.block(lines.only(whole), first + np.flatnonzero(whole), bad)
    parts: list[Lines] = []
    numbers: list[int] = []
    for line, place, rows in runs:
        parts += (lines.run(line, place), _as_lines(rows, form, lines.line_end))
        numbers += (*range(first + line, first + place), *(row.line for row in rows))
    return form.block(joined(parts), numbers, bad)


def _whole_lines(table: Table, size: int) -> bytes | bytearray:
    """Read a block up to its last line end; a record that goes on behind it is read to its end."""
    data = table.source.block(size)
    if len(data) < size:
        return data
    end = data.rfind(b"\n") + 1
    if not end:
        return data + table.source.readline(MAX_LINE)
    table.source.put_back(data[end:])
    del data[end:]
    return data


def _parsed(lines: Lines, form: _Form) -> pl.DataFrame:
    """Give the cells of lines that hold a row each."""
    if not len(lines):
        return pl.DataFrame(schema=form.schema)
    data = lines.alone()
    try:
        parsed = pl.read_csv(
            data,
            has_header=False,
            schema=form.schema,
            separator=form.delimiter,
            quote_char='"' if b'"' in data else None,
        )
    except pl.exceptions.PolarsError:
        parsed = pl.DataFrame()
    if parsed.height == len(lines):
        return parsed
    text = StringIO(data.decode(), newline="")
    return _frame(list(csv.reader(text, delimiter=form.delimiter)), form)


def _record_by_record(table: Table, size: int, form: _Form) -> Block:
    """Read at least so many bytes by records, and on to the end of what these began."""
    bad: list[BadRow] = []
    rows = _read_records(table, max(0, table.source.ahead - size), bad)
    numbers = [row.line for row in rows]
    if not form.as_lines:
        return Block(_frame([row.cells for row in rows], form), numbers, tuple(bad))
    end = table.dialect.line_end.encode()
    return form.block(_as_lines(rows, form, end), numbers, bad)


def _read_records(table: Table, until: int, bad: list[BadRow]) -> list[Row]:
    """Read records until so many bytes are ahead, and on to the end of what these began.

    Args:
        table: the file.
        until: bytes.
        bad: where those records go that cannot be read.
    """
    rows: list[Row] = []
    while table.source.ahead > until or not table.is_between_lines:
        record = table.record()
        if record is None:
            break
        if isinstance(record, Row):
            rows.append(record)
        else:
            bad.append(record)
    return rows


def _frame(rows: Sequence[Sequence[str]], form: _Form) -> pl.DataFrame:
    columns = [
        pl.Series(name, [row[index] or None for row in rows], dtype=pl.String).cast(kind)
        for index, (name, kind) in enumerate(form.schema.items())
    ]
    return pl.DataFrame(columns)


def _as_lines(rows: Sequence[Row], form: _Form, line_end: bytes) -> Lines:
    """Write rows as lines."""
    data: list[bytes] = []
    starts, ends, signs = [], [], []
    texts: list[list[bytes]] = []
    place = 0
    for row in rows:
        starts.append(place)
        # A line of nothing would be no record.
        nothing = row.cells == ("",)
        written = [
            (as_cell(cell, form.delimiter) if not nothing else '""').encode() for cell in row.cells
        ]
        for cell, as_written in zip(row.cells, written, strict=True):
            if cell and not cell[0].isalnum():
                signs.append(place + as_written.startswith(b'"'))
            place += len(as_written) + 1
        data.append(form.delimiter.encode().join(written) + line_end)
        place += len(line_end) - 1
        ends.append(place)
        texts.append([written[column] for column in form.columns])
    return Lines(
        b"".join(data),
        np.array(starts, dtype=np.int64),
        np.array(ends, dtype=np.int64),
        np.array(signs, dtype=np.int64),
        form.texts.codes(texts, len(form.columns)),
    )
