"""Reads a CSV file in blocks of many rows at once, and record by record where that is not safe.

Lines go to Polars' parser when nothing in them can be misread: each by itself has as many parting
characters as the header, quotes only around whole cells, no NUL, no stray line end. Any other line
is read by `Table`, which knows records of many lines, and tells damaged ones with their line. So
no row can vanish on the fast way.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

import polars as pl

from fourways.intake.table import MAX_LINE, BadRow, Row, Table

Schema = dict[str, type[pl.Categorical] | type[pl.String]]

BLOCK = 32 << 20
"""Bytes that are read at once."""

_MANY = 50
"""Where more than one of so many lines is odd, they are all read one by one."""
_LINE_SEPARATOR = "\1"
"""Parts the cells of lines that are read as one cell: it occurs in no text."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file.

    Attributes:
        frame: their cells: a column per column of the file, named by its index, null where empty.
        lines: the line where each row starts; a first line when the rows follow line by line.
        bad: the records among them that cannot be read.
        texts: the rows as they stand in the file, without line ends; None where it is no matter
            of one line each.
    """

    frame: pl.DataFrame
    lines: Sequence[int]
    bad: tuple[BadRow, ...] = ()
    texts: pl.Series | None = None

    @property
    def records(self) -> int:
        """How many records of the file these are."""
        return self.frame.height + len(self.bad)


def column_name(index: int) -> str:
    """Give the name of a column of a block."""
    return f"{index}"


def blocks(
    table: Table, categorical: Sequence[int], size: int = BLOCK, as_lines: bool = False
) -> Iterator[Block]:
    """Give the rows of a table in blocks.

    Args:
        table: the file, its header read.
        categorical: the columns that repeat few texts, by index.
        size: bytes of a block.
        as_lines: whether the other columns are wanted only as they stand in the file: the frame
            of a block that has `texts` is without them.
    """
    schema: Schema = {
        column_name(index): pl.Categorical if index in categorical else pl.String
        for index in range(len(table.header))
    }
    form = _Form(schema, table.dialect.delimiter, as_lines)
    while data := _whole_lines(table, size):
        yield _block(table, data, form)


@dataclass(frozen=True, slots=True)
class _Form:
    """What a block of a file is to be like: the columns of the file, and how it is wanted."""

    schema: Schema
    delimiter: str
    as_lines: bool

    @property
    def wanted(self) -> list[str]:
        """The columns that the frame has."""
        return [n for n, kind in self.schema.items() if kind is pl.Categorical or not self.as_lines]


def _block(table: Table, data: bytes, form: _Form) -> Block:
    """Read some lines: those at once that are records by themselves, the others one by one."""
    first = table.next_line
    if _LINE_SEPARATOR.encode() in data:
        table.source.put_back(data)
        return _record_by_record(table, len(data), form)
    lines, valid = _lines(data)
    odd = _odd_lines(data, lines, valid, form)
    if len(odd) > len(lines) // _MANY:
        table.source.put_back(data)
        return _record_by_record(table, len(data), form)
    if not odd:
        frame = _parsed(data, lines, form)
        table.passed(len(lines))
        texts = lines if form.as_lines else None
        return Block(frame, range(first, first + len(lines)), (), texts)
    return _mixed(table, data, lines, valid, odd, form)


def _mixed(
    table: Table, data: bytes, lines: pl.Series, valid: bool, odd: Sequence[int], form: _Form
) -> Block:
    """Read lines of which a few are no records by themselves."""
    first, rest = table.next_line, table.source.ahead
    table.source.put_back(data)
    kept: list[tuple[int, int]] = []
    parts: list[bytes] = []
    rows: list[Row] = []
    bad: list[BadRow] = []
    line = start = 0
    starts = _starts(data, lines, valid, odd)
    for place in (*odd, len(lines)):
        if place < line:
            continue  # It belonged to what an odd line before it began.
        end = starts.get(place, len(data))
        kept.append((line, place - line))
        parts.append(data[start:end])
        table.passed(place - line)
        table.source.skip(end - start)
        if place < len(lines):
            _read_records(table, table.source.ahead - 1, rows, bad)
        line = table.next_line - first
        start = len(data) - max(0, table.source.ahead - rest)
    whole = pl.concat([lines.slice(*part) for part in kept])
    frame = _parsed(b"".join(parts), whole, form)
    numbers = [number for at, size in kept for number in range(first + at, first + at + size)]
    texts = whole if form.as_lines else None
    return _in_order(Block(frame, numbers, tuple(bad), texts), _of_rows(rows, (), form))


def _starts(data: bytes, lines: pl.Series, valid: bool, places: Sequence[int]) -> dict[int, int]:
    """Give where some lines start."""
    if valid and _ends_evenly(data):
        end = 2 if b"\r" in data else 1
        ends = (lines.str.len_bytes().fill_null(0) + end).cast(pl.Int64).cum_sum()
        return {place: ends[place - 1] if place else 0 for place in places}
    starts: dict[int, int] = {}
    start = line = 0
    for place in places:
        for _ in range(place - line):
            start = data.find(b"\n", start) + 1
        starts[place], line = start, place
    return starts


def _ends_evenly(data: bytes) -> bool:
    """Tell whether all lines end alike, and nothing else has a carriage return."""
    if b"\r" not in data:
        return True
    return data.count(b"\r") == data.count(b"\r\n") == data.count(b"\n")


def _in_order(one: Block, other: Block) -> Block:
    """Put the rows of two blocks into the order of their lines."""
    if not other.frame.height:
        return one
    lines = pl.Series([*one.lines, *other.lines])
    order = lines.arg_sort()
    texts = None
    if one.texts is not None and other.texts is not None:
        texts = pl.concat([one.texts, other.texts])[order]
    frame = pl.concat([one.frame, other.frame])[order]
    return Block(frame, lines[order].to_list(), one.bad, texts)


def _whole_lines(table: Table, size: int) -> bytes:
    """Read a block up to its last line end; a record that goes on behind it is read to its end."""
    data = table.source.read(size)
    if len(data) < size:
        return data
    end = data.rfind(b"\n") + 1
    if not end:
        return data + table.source.readline(MAX_LINE)
    table.source.put_back(data[end:])
    return data[:end]


def _lines(data: bytes) -> tuple[pl.Series, bool]:
    """Give lines without their ends, null where empty, and whether all of them are text."""
    columns: Schema = {"line": pl.String}
    try:
        lines = _read(data, columns, _LINE_SEPARATOR, quoted=False).collect()
    except pl.exceptions.PolarsError:
        lossy = _read(data, columns, _LINE_SEPARATOR, quoted=False, lossy=True)
        return lossy.collect().to_series(), False
    return lines.to_series(), True


def _parsed(data: bytes, lines: pl.Series, form: _Form) -> pl.DataFrame:
    """Give the cells of lines that are records by themselves."""
    try:
        lazy = _read(data, form.schema, form.delimiter, b'"' in data).select(form.wanted)
        parsed = lazy.collect()
    except pl.exceptions.PolarsError:
        parsed = pl.DataFrame()
    if parsed.height == lines.len():
        return parsed
    cells = [next(csv.reader([line], delimiter=form.delimiter)) for line in lines]
    return _frame(cells, form)


def _read(
    data: bytes, schema: Schema, delimiter: str, quoted: bool, lossy: bool = False
) -> pl.LazyFrame:
    if not data:
        return pl.LazyFrame(schema=schema)
    return pl.scan_csv(
        data,
        has_header=False,
        schema=schema,
        separator=delimiter,
        infer_schema=False,
        quote_char='"' if quoted else None,
        encoding="utf8-lossy" if lossy else "utf8",
    )


def _odd_lines(data: bytes, lines: pl.Series, valid: bool, form: _Form) -> list[int]:
    """Give the places of the lines that are no record by themselves.

    That is those with more or fewer cells than the header, with a quote anywhere but around a
    whole cell or doubled inside one, or a line end inside a cell; empty ones, and those that are
    no text or too long.
    """
    fine = _has_cells(lines, form)
    quoted = lines.str.contains('"', literal=True) if b'"' in data else None
    if quoted is not None and quoted.any():
        sign = re.escape(form.delimiter)
        cell = f'(?:[^"{sign}]*|"(?:[^"]|"")*")'
        some = lines.filter(quoted)
        well_quoted = some.str.contains(f"^{cell}(?:{sign}{cell})*$")
        outside = some.str.replace_all('"[^"]*"', "")
        fine = fine.scatter(quoted.arg_true(), well_quoted & _has_cells(outside, form))
    if b"\0" in data or not valid or not _ends_evenly(data):
        fine = fine & ~lines.str.contains("[\0\r\N{REPLACEMENT CHARACTER}]")
    short = lines.str.len_bytes() < MAX_LINE - 2
    if not short.all():
        fine = fine & short
    return (~fine.fill_null(False)).arg_true().to_list()


def _has_cells(lines: pl.Series, form: _Form) -> pl.Series:
    return lines.str.count_matches(form.delimiter, literal=True) == len(form.schema) - 1


def _record_by_record(table: Table, size: int, form: _Form) -> Block:
    """Read at least so many bytes by records, and on to the end of what these began."""
    rows: list[Row] = []
    bad: list[BadRow] = []
    _read_records(table, max(0, table.source.ahead - size), rows, bad)
    return _of_rows(rows, tuple(bad), form)


def _read_records(table: Table, until: int, rows: list[Row], bad: list[BadRow]) -> None:
    """Read records until so many bytes are ahead, and on to the end of what these began."""
    while table.source.ahead > until or not table.is_between_lines:
        record = table.record()
        if record is None:
            break
        if isinstance(record, Row):
            rows.append(record)
        else:
            bad.append(record)


def _of_rows(rows: Sequence[Row], bad: tuple[BadRow, ...], form: _Form) -> Block:
    frame = _frame([row.cells for row in rows], form)
    texts = None
    if form.as_lines:
        texts = pl.Series([_written(row.cells, form.delimiter) for row in rows], dtype=pl.String)
    return Block(frame, [row.line for row in rows], bad, texts)


def _frame(rows: Sequence[Sequence[str]], form: _Form) -> pl.DataFrame:
    columns = [
        pl.Series(name, [row[index] or None for row in rows], dtype=pl.String).cast(kind)
        for index, (name, kind) in enumerate(form.schema.items())
    ]
    return pl.DataFrame(columns).select(form.wanted)


def _written(cells: Sequence[str], delimiter: str) -> str:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerow(cells)
    return text.getvalue().removesuffix("\r\n")
