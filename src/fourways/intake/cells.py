"""What the cells of a typed column become: the texts of the contract; and which texts cannot be."""

import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from fourways.intake.blocks import Block
from fourways.intake.header import MAX_LINE
from fourways.intake.table import BadRow
from fourways.intake.texts import column_name
from fourways.model.profile import NOTHING

MAX_CELL = 131_072
"""Characters of a cell, as many as can be in quotes in a CSV file."""

MEMBERS = ";"

_NUL = ("a NUL character", "Take it out.")
_LONG_CELL = (f"a field of more than {MAX_CELL:,} characters", "Shorten it.")
_LONG_ROW = ("the row is over 1 MB", "Shorten its texts.")
_FAULTS = (_NUL, _LONG_CELL, _LONG_ROW)


def as_text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Give the texts of a column: 250 for 250.0, a;b for a list, 2024-01-15 for its midnight.

    Args:
        column: the column, or the element of a list.
        kind: of its cells.
    """
    if kind.is_nested() and _holds_bytes(kind):
        return column.map_batches(_as_json, return_dtype=pl.String)
    match kind:
        case pl.Float32() | pl.Float64():
            return column.fill_nan(None).cast(pl.String).str.replace(r"\.0$", "")
        case pl.Decimal():
            return column.cast(pl.String).str.replace(r"\.0+$", "")
        case pl.Datetime():
            whole = column.cast(pl.String).str.replace(r"\.0+($|\D)", "${1}")
            return whole.str.replace(r" 00:00:00$", "")
        case pl.Duration():
            return column.dt.to_string("iso")
        case pl.Binary():
            return column.map_elements(_of_bytes, return_dtype=pl.String)
        case pl.Array():
            return as_text(column.arr.to_list(), pl.List(kind.inner))
        case pl.List() if not _made(kind.inner).is_nested():
            members = column.list.eval(as_text(pl.element(), _made(kind.inner))).list.drop_nulls()
            joined = members.list.join(MEMBERS)
            return pl.when(members.list.len() == 0).then(pl.lit(NOTHING)).otherwise(joined)
        case pl.List() | pl.Struct():
            coded = pl.struct(column.alias("v")).struct.json_encode()
            return pl.when(column.is_not_null()).then(coded.str.slice(5).str.head(-1))
    if kind.is_nested():
        return column.map_batches(_as_json, return_dtype=pl.String)
    return column.cast(pl.String)


def _holds_bytes(kind: Any) -> bool:
    """Tell whether there are bytes in what is nested; Polars makes no JSON of these."""
    if isinstance(kind, pl.Struct):
        return any(_holds_bytes(field.dtype) for field in kind.fields)
    if isinstance(kind, pl.List | pl.Array):
        return _holds_bytes(kind.inner)
    return bool(kind == pl.Binary)


def _as_json(cells: pl.Series) -> pl.Series:
    def text(cell: Any) -> str:
        return json.dumps(
            cell,
            ensure_ascii=False,
            separators=(",", ":"),
            default=lambda value: _of_bytes(value) if isinstance(value, bytes) else str(value),
        )

    return pl.Series(
        cells.name,
        [None if cell is None else text(cell) for cell in cells.to_list()],
        dtype=pl.String,
    )


def _made(kind: Any) -> pl.DataType:
    made: pl.DataType = kind() if isinstance(kind, type) else kind
    return made


def _of_bytes(cell: bytes) -> str:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return f"0x{cell.hex()}"


def block_of(
    texts: pl.DataFrame,
    lines: Sequence[int],
    numbers: Sequence[int],
    categorical: Sequence[int],
    bad: Sequence[BadRow] = (),
) -> Block:
    """Give a block of rows; those with a cell that no CSV file could hold are bad.

    Args:
        texts: the cells.
        lines: where each row stands.
        numbers: the number of each record.
        categorical: the columns that repeat few texts, by index.
        bad: other records among them that cannot be read.
    """
    texts.columns = [column_name(index) for index in range(texts.width)]
    faults = texts.select(_fault()).to_series()
    found = list(bad)
    if faults.is_not_null().any():
        unfit = faults.is_not_null()
        for row in unfit.arg_true():
            shown = ",".join((cell or "")[:200] for cell in texts.row(row))[:1000]
            problem, suggestion = _FAULTS[faults[row]]
            found.append(
                BadRow(numbers[row], lines[row], shown.replace("\0", "\ufffd"), problem, suggestion)
            )
        texts = texts.filter(~unfit)
        lines = [lines[row] for row in (~unfit).arg_true()]
    frame = texts.select(
        (kept.cast(pl.Categorical) if index in categorical else kept).alias(column_name(index))
        for index, kept in (
            (index, pl.when(pl.col(name) != "").then(pl.col(name)))
            for index, name in enumerate(texts.columns)
        )
    )
    return Block(frame, lines, tuple(sorted(found, key=lambda one: one.line)))


def _fault() -> pl.Expr:
    every = pl.all()
    nul = pl.any_horizontal(every.str.contains("\0", literal=True))
    long = pl.any_horizontal(every.str.len_chars() > MAX_CELL)
    wide = pl.sum_horizontal(every.str.len_bytes()) > MAX_LINE
    return pl.when(nul).then(0).when(long).then(1).when(wide).then(2)
