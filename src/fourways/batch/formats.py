"""The formats of results, by the ending of their name: what a block of rows becomes in each.

Text is written block by block as it comes. A Parquet file and an Excel workbook are made in the
end, in one go, from the blocks that were kept; so a run that was broken off can go on with them.
"""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO
from itertools import count
from pathlib import Path

import polars as pl

from fourways.batch.contract import ENDINGS, csv_line, csv_text
from fourways.batch.lines import cells_in_a_row, lines_with_results
from fourways.batch.memory import Cells
from fourways.compiled import Flags
from fourways.errors import InputError, Problem
from fourways.intake.blocks import Block

MOST_EXCEL_ROWS = 1_048_575
MOST_EXCEL_COLUMNS = 16_384
MOST_EXCEL_SIGNS = 32_767
"""What a worksheet holds below its header, beside each other, and in a cell."""

_ROW_GROUP = 1 << 17
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the input with what was decided about them.

    Attributes:
        block: a block of the input.
        which: of its rows.
        results: theirs, without the notes: as columns, or as they are written.
        notes: what was inferred in them, in the same way.
    """

    block: Block
    which: Flags
    results: pl.DataFrame | Cells
    notes: pl.DataFrame | Cells

    def frame(self) -> pl.DataFrame:
        """Give all columns, side by side."""
        cells = self.block.frame if self.which.all() else self.block.frame.filter(self.which)
        assert isinstance(self.results, pl.DataFrame)
        assert isinstance(self.notes, pl.DataFrame)
        return pl.concat([cells, self.results, self.notes], how="horizontal")


class Format:
    """How results are written.

    Attributes:
        name: for the manifest.
        most_rows: how many rows it can hold; None where that does not matter.
        delimiter: what parts the cells of a line, where rows are lines of cells.
        made_at_end: whether the blocks are only kept, for `finish` to make the file from them.
    """

    name: str
    most_rows: int | None = None
    made_at_end: bool = False
    delimiter: str | None = None

    def start(self, names: Sequence[str]) -> bytes:  # noqa: ARG002
        """Give what stands before the first row, for columns of these names."""
        return b""

    def encoded(self, rows: Rows, names: Sequence[str]) -> Iterable[bytes | memoryview]:
        """Give rows, whose columns have these names in the file."""
        raise NotImplementedError

    def finish(self, kept: Path, names: Sequence[str], path: Path) -> None:
        """Make the file from the blocks that were kept, where it is made at the end."""
        raise NotImplementedError

    def cells(self, results: pl.DataFrame) -> pl.Series:
        """Give the cells of each row of texts as they stand in a line, where there are lines."""
        raise NotImplementedError


class Delimited(Format):
    """Lines of cells; formulas are neutralised, since spreadsheets open such files."""

    def __init__(
        self, delimiter: str = ",", line_end: str = "\n", bom: bool = False, name: str = "csv"
    ) -> None:
        self.name = name
        self.delimiter = self._sign = delimiter
        self._line_end = line_end
        self._bom = bom

    def start(self, names: Sequence[str]) -> bytes:
        """Give the header."""
        return ("\N{BOM}" if self._bom else "").encode() + self.line(names)

    def line(self, cells: Sequence[str]) -> bytes:
        """Give a line."""
        return csv_line(cells, self._sign, self._line_end).encode()

    def cells(self, results: pl.DataFrame) -> pl.Series:
        """Give the cells of each row of texts as they stand in a line."""
        return cells_in_a_row(results, self._sign)

    def encoded(self, rows: Rows, names: Sequence[str]) -> Iterable[bytes | memoryview]:  # noqa: ARG002
        """Give a line for each row; where a row is a line already, with its results behind it."""
        lines, results, notes = rows.block.texts, rows.results, rows.notes
        if lines is None or isinstance(results, pl.DataFrame) or isinstance(notes, pl.DataFrame):
            return [csv_text(rows.frame(), self._sign, self._line_end)]
        return lines_with_results(lines, rows.which, results, notes, self._sign, self._line_end)


class JsonLines(Format):
    """A JSON object for each row; a cell that is empty is null."""

    name = "jsonl"

    def encoded(self, rows: Rows, names: Sequence[str]) -> Iterable[bytes | memoryview]:
        """Give a line for each row."""
        buffer = BytesIO()
        _named(rows.frame(), names).write_ndjson(buffer)
        return [buffer.getvalue()]


class Compressed(Format):
    """Text of another format, a gzip member for each block; any program reads them as one."""

    def __init__(self, text: Format) -> None:
        self.name = f"{text.name}, gzip"
        self.delimiter = text.delimiter
        self._text = text

    def cells(self, results: pl.DataFrame) -> pl.Series:
        """Give the cells of each row of texts as they stand in a line."""
        return self._text.cells(results)

    def start(self, names: Sequence[str]) -> bytes:
        """Give what stands before the first row, compressed."""
        return _zipped(self._text.start(names))

    def encoded(self, rows: Rows, names: Sequence[str]) -> Iterable[bytes | memoryview]:
        """Give the rows, compressed."""
        return [_zipped(b"".join(self._text.encoded(rows, names)))]


class Parquet(Format):
    """A Parquet file of texts; a cell that is empty is null."""

    name = "parquet"
    made_at_end = True

    def encoded(self, rows: Rows, names: Sequence[str]) -> Iterable[bytes | memoryview]:
        """Give the rows as they are kept until the end."""
        return [_kept(_named(rows.frame(), names))]

    def finish(self, kept: Path, names: Sequence[str], path: Path) -> None:
        """Make the file, holding no more than a few blocks at a time."""
        from polars.io.plugins import register_io_source

        def frames(
            columns: list[str] | None, _: pl.Expr | None, __: int | None, ___: int | None
        ) -> Iterator[pl.DataFrame]:
            for frame in _kept_frames(kept):
                yield frame.select(columns) if columns is not None else frame

        schema = next(_kept_frames(kept), pl.DataFrame(schema=dict.fromkeys(names, pl.String)))
        register_io_source(frames, schema=schema.schema).sink_parquet(
            path, compression="zstd", row_group_size=_ROW_GROUP, maintain_order=True
        )


class Excel(Format):
    """A workbook with one sheet; every cell is a text, none is a formula."""

    name = "xlsx"
    most_rows = MOST_EXCEL_ROWS
    made_at_end = True

    def start(self, names: Sequence[str]) -> bytes:
        """Give nothing; a sheet has room for so many columns only.

        Raises:
            InputError: there are more.
        """
        if len(names) > MOST_EXCEL_COLUMNS:
            raise _too_much(f"{len(names):,} columns", f"{MOST_EXCEL_COLUMNS:,}")
        return b""

    def encoded(self, rows: Rows, names: Sequence[str]) -> Iterable[bytes | memoryview]:
        """Give the rows as they are kept until the end.

        Raises:
            InputError: a text is too long for a cell.
        """
        texts = _named(rows.frame(), names)
        # Excel counts in UTF-16, where a sign takes up to as many units as UTF-8 has bytes.
        for column in texts.select(pl.all().str.len_bytes().max()).iter_columns():
            if (column[0] or 0) > MOST_EXCEL_SIGNS:
                long = texts.get_column(column.name).drop_nulls()
                most = max(len(text.encode("utf-16-le")) // 2 for text in long)
                if most > MOST_EXCEL_SIGNS:
                    raise _too_much(
                        f"a text of {most:,} characters in '{column.name}'",
                        f"{MOST_EXCEL_SIGNS:,} in a cell",
                    )
        return [_kept(texts)]

    def finish(self, kept: Path, names: Sequence[str], path: Path) -> None:
        """Make the workbook, row by row."""
        from xlsxwriter import Workbook  # type: ignore[import-untyped]

        book = Workbook(
            path,
            {"constant_memory": True, "tmpdir": str(path.parent), "in_memory": False},
        )
        book.use_zip64()
        # The same rows give the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet("Results")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, 18)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        bold = book.add_format({"bold": True})
        for place, name in enumerate(names):
            sheet.write_string(0, place, name, bold)
        row = 0
        for frame in _kept_frames(kept):
            for cells in frame.iter_rows():
                row += 1
                for place, text in enumerate(cells):
                    if text:
                        sheet.write_string(row, place, text)
        sheet.autofilter(0, 0, row, len(names) - 1)
        book.close()


def format_of(
    results: Path, delimiter: str = ",", line_end: str = "\n", bom: bool = False
) -> Format:
    """Give the format that a name stands for.

    Args:
        results: where the results go.
        delimiter: parts the cells of a CSV file.
        line_end: ends the lines of CSV and TSV files.
        bom: whether these begin with a byte order mark.

    Raises:
        InputError: the ending is none that is known, or what the format needs is not installed.
    """
    name = results.name.lower()
    text: Format | None = None
    match Path(name.removesuffix(".gz")).suffix:
        case ".csv" | ".txt" | "":
            text = Delimited(delimiter, line_end, bom)
        case ".tsv":
            text = Delimited("\t", line_end, bom, "tsv")
        case ".jsonl" | ".ndjson":
            text = JsonLines()
        case ".parquet":
            text = Parquet()
        case ".xlsx":
            _require_excel()
            text = Excel()
    zipped = name.endswith(".gz")
    if text is None or (zipped and text.made_at_end):
        ending = "".join(results.suffixes[-2 if zipped else -1 :])
        raise InputError(
            Problem(
                f"{results}: results cannot be written as '{ending}'",
                hint=f"Known endings are {', '.join(ENDINGS)}.",
            )
        )
    return Compressed(text) if zipped else text


def _require_excel() -> None:
    if find_spec("xlsxwriter") is None:
        raise InputError(
            Problem(
                "an Excel workbook needs XlsxWriter, which is not installed",
                hint="Install it with: pip install 'fourways[excel]'.",
            )
        )


def _too_much(what: str, most: str) -> InputError:
    return InputError(
        Problem(
            f"the results have {what}, and an Excel sheet has room for {most}",
            hint="Write them as .csv or .parquet.",
        )
    )


def too_many_rows(form: Format) -> InputError:
    """Give the error for results with more rows than their format can hold."""
    return _too_much(f"more than {form.most_rows:,} rows", "no more")


def _named(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Give a frame of texts with the names of the file; a column without a name gets one."""
    free = (name for n in count(1) if (name := f"column_{n}") not in names)
    unique = [name or next(free) for name in names]
    texts = frame.select(pl.all().cast(pl.String))
    texts.columns = unique
    return texts


def _zipped(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=4, mtime=0) if data else b""


def _kept(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_ipc_stream(buffer, compression="lz4")
    data = buffer.getvalue()
    return len(data).to_bytes(_LENGTH, "big") + data


def _kept_frames(path: Path) -> Iterator[pl.DataFrame]:
    with path.open("rb") as file:
        while length := file.read(_LENGTH):
            yield pl.read_ipc_stream(BytesIO(file.read(int.from_bytes(length, "big"))))
