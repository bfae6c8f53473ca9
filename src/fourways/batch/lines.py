"""Lines of a CSV file with results put behind them: what came in stays as it was written."""

import csv
import re
from collections.abc import Sequence
from typing import BinaryIO, cast

import polars as pl

from fourways.batch.contract import FORMULA, csv_line, csv_text, neutralised_columns

_ASCII = "=+-@'\t"
_WIDE = "".join(sign for sign in FORMULA if not sign.isascii())


class Chunks:
    """Takes bytes as they come, without a copy: what writes to a file can write to it.

    Attributes:
        taken: what came.
    """

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self.taken.append(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""


def lines_with_results(
    lines: pl.Series, results: Sequence[pl.Series], delimiter: str, line_end: str
) -> list[bytes]:
    """Give the lines of a file, neutralised, each with its result cells behind it.

    Args:
        lines: records of one line each, quoted as they came, without their line ends.
        results: for each line the text of more cells, from `cells_in_a_row`.
        delimiter: what parts the cells.
        line_end: what ends a line.
    """
    chunks = Chunks()
    columns = [neutralised_lines(lines, delimiter), *results]
    pl.DataFrame([column.alias(f"{place}") for place, column in enumerate(columns)]).write_csv(
        cast(BinaryIO, chunks),
        include_header=False,
        separator=delimiter,
        line_terminator=line_end,
        quote_style="never",
    )
    return chunks.taken


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


def neutralised_lines(lines: pl.Series, delimiter: str) -> pl.Series:
    """Give lines in which no spreadsheet runs a cell as a formula."""
    sign = re.escape(delimiter)
    signs = FORMULA.replace("\\t", "") if delimiter == "\t" else FORMULA
    plain = _ASCII.replace(delimiter, "")
    # Plain patterns are searched for several times as fast as the exact one.
    risky = (
        lines.str.contains(f'{sign}"?[{re.escape(plain)}]')
        | lines.str.head(1).is_in([*plain, '"'])
        | lines.str.contains(f"[{_WIDE}]")
    )
    exactly = lines.filter(risky).str.contains(f"(?:^|{sign})\"?'*[{signs}]")
    risky = risky.scatter(risky.arg_true(), exactly)
    if not risky.any():
        return lines
    some = lines.filter(risky)
    quoted = some.str.contains('"', literal=True)
    mended = some.str.replace_all(f"(^|{sign})('*[{signs}])", "${1}'${2}")
    if quoted.any():
        # A risky sign behind a parting character may be inside quotes, where it is none.
        anew = _written_anew(some.filter(quoted), delimiter)
        mended = mended.scatter(quoted.arg_true(), anew)
    return lines.scatter(risky.arg_true(), mended)


def _written_anew(lines: pl.Series, delimiter: str) -> pl.Series:
    """Give lines with their cells neutralised, and quoted only where needed."""
    if lines.str.contains("[\r\n]").any():
        rows = [next(csv.reader([line], delimiter=delimiter)) for line in lines]
        return pl.Series([csv_line(row, delimiter, "") for row in rows])
    width = len(next(csv.reader([lines[0]], delimiter=delimiter)))
    schema = {f"{index}": pl.String for index in range(width)}
    frame = pl.read_csv(_as_text(lines), has_header=False, schema=schema, separator=delimiter)
    text = csv_text(frame, delimiter, "\n")
    return pl.Series(text.decode().split("\n")[:-1])


def _as_text(lines: pl.Series) -> bytes:
    text: str = lines.str.join("\n").item()
    return text.encode()
