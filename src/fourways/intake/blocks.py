"""Reads a CSV file in blocks of many rows at once, and record by record where that is not safe.

A block goes to Polars' parser when nothing in it can be misread: no NUL, no empty line, no stray
line end, quotes only around whole cells, and afterwards just as many cells as an independent
count of the parting characters and line ends says. Any other block is read by `Table`, which knows
damaged records and tells them with their line. So no row can vanish on the fast way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from fourways.intake.table import MAX_LINE, BadRow, Row, Table

Schema = dict[str, type[pl.Categorical] | type[pl.String]]

BLOCK = 32 << 20
"""Bytes that are read at once."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file.

    Attributes:
        frame: their cells: a column per column of the file, named by its index, null where empty.
        lines: the line where each row starts; a first line when the rows follow line by line.
        bad: the records among them that cannot be read.
    """

    frame: pl.DataFrame
    lines: Sequence[int]
    bad: tuple[BadRow, ...] = ()

    @property
    def records(self) -> int:
        """How many records of the file these are."""
        return self.frame.height + len(self.bad)


def column_name(index: int) -> str:
    """Give the name of a column of a block."""
    return f"{index}"


def blocks(table: Table, categorical: Sequence[int], size: int = BLOCK) -> Iterator[Block]:
    """Give the rows of a table in blocks.

    Args:
        table: the file, its header read.
        categorical: the columns that repeat few texts, by index.
        size: bytes of a block.
    """
    schema: Schema = {
        column_name(index): pl.Categorical if index in categorical else pl.String
        for index in range(len(table.header))
    }
    while data := _whole_lines(table, size):
        first = table.next_line
        frame = _parsed(data, schema, table.dialect.delimiter)
        if frame is not None:
            table.passed(frame.height)
            yield Block(frame, range(first, first + frame.height))
        else:
            table.source.put_back(data)
            yield _record_by_record(table, len(data), schema)


def _whole_lines(table: Table, size: int) -> bytes:
    """Read a block up to the last line end that stands outside quotes, as far as one can tell."""
    data = table.source.read(size)
    if len(data) < size:
        return data
    last = data.rfind(b"\n") + 1
    if not last:
        return data + table.source.readline(MAX_LINE)
    end = last
    while end and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    # Where no line end is outside quotes, one of them is not closed, which `Table` can tell.
    end = end or last
    table.source.put_back(data[end:])
    return data[:end]


def _parsed(data: bytes, schema: Schema, delimiter: str) -> pl.DataFrame | None:
    """Give the cells of a block, or None where it had better be read record by record."""
    ends = data.count(b"\n") + (not data.endswith(b"\n"))
    parting = delimiter.encode()
    if b"\0" in data or b"\n\n" in data or b"\n\r\n" in data or data[:1] in (b"\n", b"\r"):
        return None
    if data.count(b"\r") != data.count(b"\r\n"):
        return None
    quotes = data.count(b'"')
    if quotes and not _quotes_only_whole_cells(data, parting, quotes):
        return None
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            schema=schema,
            separator=delimiter,
            infer_schema=False,
            quote_char='"' if quotes else None,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.ComputeError):
        return None
    inside = _inside(frame, delimiter) if quotes else 0
    cells = data.count(parting) - inside
    if frame.height != ends or cells != ends * (len(schema) - 1):
        return None
    return frame


def _quotes_only_whole_cells(data: bytes, parting: bytes, quotes: int) -> bool:
    """Tell whether every quote opens a cell or closes one, so that none stands for itself."""
    before, after = (parting, b"\n"), (parting, b"\n", b"\r")
    if any(one + b'"' + other in data for one in before for other in after):
        return False  # It could be either.
    if data[:2] in (b'"' + parting, b'"\n', b'"\r'):
        return False
    opening = data.count(parting + b'"') + data.count(b'\n"') + data.startswith(b'"')
    closing = (
        data.count(b'"' + parting) + data.count(b'"\n') + data.count(b'"\r\n') + data.endswith(b'"')
    )
    return quotes == 2 * opening == 2 * closing


def _inside(frame: pl.DataFrame, delimiter: str) -> int:
    """Count the parting characters inside cells; a line end inside one makes it impossible."""
    counted = frame.select(
        pl.all().cast(pl.String).str.count_matches(delimiter, literal=True).sum()
    )
    return sum(value or 0 for value in counted.row(0))


def _record_by_record(table: Table, size: int, schema: Schema) -> Block:
    """Read at least so many bytes by records, and on to the end of what these began."""
    start = table.source.ahead
    rows: list[Row] = []
    bad: list[BadRow] = []
    until = max(0, start - size)
    while table.source.ahead > until or not table.is_between_lines:
        record = table.record()
        if record is None:
            break
        if isinstance(record, Row):
            rows.append(record)
        else:
            bad.append(record)
    cells = [[row.cells[index] or None for row in rows] for index in range(len(schema))]
    frame = pl.DataFrame(
        [
            pl.Series(name, column, dtype=pl.String)
            for name, column in zip(schema, cells, strict=True)
        ]
    ).cast({name: kind for name, kind in schema.items() if kind is pl.Categorical})
    return Block(frame, [row.line for row in rows], tuple(bad))
