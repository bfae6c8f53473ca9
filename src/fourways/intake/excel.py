"""Reads people from a worksheet of an Excel workbook."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

import polars as pl

from fourways.errors import InputError, Location, Problem, did_you_mean
from fourways.intake.blocks import BLOCK, Block
from fourways.intake.cells import block_of
from fourways.intake.detected import EXCEL, Detected
from fourways.intake.header import problem_with_names
from fourways.intake.source import Raw
from fourways.intake.spool import OnDisk

MAGIC = b"PK\x03\x04"
MAX_UNPACKED = 4 << 30
"""Bytes of a workbook's parts when unpacked; a sheet is held in memory as a whole."""

_BYTES_A_ROW = 256
_CHUNK = 1 << 20
_ROW_END = re.compile(rb"</(?:\w+:)?row\s*>")
# A cell that is no error and holds something.
_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="e")[^>]*>(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b[^>]*>[^<]*</[^>]*>)?'
    rb"(?:<(?:\w+:)?v\b[^>]*>[^<]|<(?:\w+:)?is\b[^>]*>.*?<(?:\w+:)?t\b[^>]*>[^<])",
    re.DOTALL,
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class ExcelPeople:
    """The rows of a worksheet below its first row that is not empty.

    Their line is their row in the sheet. Numbers such as 250.0 are 250, a date without a time is
    a date, a formula is its value, an error such as #N/A is empty.

    Args:
        disk: the workbook.
        raw: its bytes, for the digest.
        name: how messages name it.
        sheet: the name of the sheet; None for the first that has something and is not hidden.

    Raises:
        InputError: it is no workbook, is damaged, or has no such sheet; or the package that reads
            it is missing.
    """

    def __init__(self, disk: OnDisk, raw: Raw, name: str, sheet: str | None) -> None:
        self.name = name
        self.digest = raw.digest
        self.records = 0
        self.empty_lines = 0
        self._disk = disk
        if find_spec("fastexcel") is None:
            raise InputError(
                Problem(
                    f"{name}: reading Excel workbooks takes a package more",
                    hint="Install it: pip install 'fourways[excel]'. Or save the sheet as CSV.",
                )
            )
        parts = _parts(disk.path, name)
        found = self._loaded(sheet)
        filled = found.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        first = filled.arg_max() or 0
        self._check_count(parts, filled)
        self._first_row = first + 2
        cells = found.row(first)
        self.header = tuple((cell or "").strip() for cell in cells)
        if problem := problem_with_names(self.header):
            raise InputError(Problem(problem[0], Location(name, first + 1, 1), problem[1]))
        self._rows = found.slice(first + 1)
        self._filled = filled.slice(first + 1)

    @property
    def detected(self) -> Detected:
        """How the input is written; a CSV file beside it has a mark, by which Excel knows UTF-8."""
        return Detected(EXCEL, bom=True, sheet=self._sheet)

    @property
    def opened_as(self) -> str:
        """How the input is written."""
        return str(self.detected)

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file were read, reckoned from its rows."""
        done = self.records + self.empty_lines
        return self._disk.size * done // self._rows.height if self._rows.height else self._disk.size

    def blocks(
        self,
        categorical: Sequence[int],
        size: int = BLOCK,
        as_lines: bool = False,  # noqa: ARG002
    ) -> Iterator[Block]:
        """Give the rows in blocks.

        Raises:
            InputError: the file is not what it was.
        """
        rows = max(1, min(size, BLOCK) // _BYTES_A_ROW)
        for start in range(0, self._rows.height, rows):
            filled = self._filled.slice(start, rows)
            frame = self._rows.slice(start, rows).filter(filled)
            lines = [self._first_row + start + row for row in filled.arg_true()]
            numbers = range(self.records + 1, self.records + 1 + frame.height)
            self.records += frame.height
            self.empty_lines += filled.len() - frame.height
            yield block_of(frame.select(map(_plain, frame.columns)), lines, numbers, categorical)
        self._disk.check_unchanged()

    def _loaded(self, sheet: str | None) -> pl.DataFrame:
        """Give the cells of the sheet as texts, and remember its name."""
        import fastexcel

        try:
            book: Any = fastexcel.read_excel(self._disk.path)
            names = book.sheet_names
            if sheet is not None and sheet not in names:
                hint = did_you_mean(sheet, names) or f"There are {', '.join(names)}."
                raise InputError(Problem(f"{self.name} has no sheet '{sheet}'", hint=hint))
            for one in names if sheet is None else [sheet]:
                loaded = book.load_sheet(one, header_row=None, skip_rows=0, dtypes="string")
                if loaded.width and (sheet is not None or loaded.visible == "visible"):
                    self._sheet: str = one
                    return pl.DataFrame(loaded)
        except (fastexcel.FastExcelError, pl.exceptions.PanicException, OSError) as error:
            raise _damaged(self.name, error) from None
        empty = f"sheet '{sheet}' is empty" if sheet else "no sheet has anything in it"
        raise InputError(
            Problem(f"{self.name}: {empty}", hint="A header and a row for each person are needed.")
        )

    def _check_count(self, parts: dict[str, str], filled: pl.Series) -> None:
        """Compare with a count of the rows in the XML of the sheet, where each has its end."""
        counted = 0
        try:
            with zipfile.ZipFile(self._disk.path) as archive:
                part = parts.get(self._sheet)
                if part is None:
                    return
                with archive.open(part) as xml:
                    counted = _filled_rows(xml)
        except (zipfile.BadZipFile, KeyError, OSError, EOFError, NotImplementedError) as error:
            raise _damaged(self.name, error) from None
        if counted > filled.sum():
            raise InputError(
                Problem(
                    f"{self.name}: the sheet has {counted:,} rows, and {filled.sum():,} were read",
                    hint="Save it again, or save it as CSV.",
                )
            )


def _plain(column: str) -> pl.Expr:
    """Give the texts of a column: a date without its midnight, a time without its day."""
    cell = pl.col(column).str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "${1}")
    return cell.str.replace(r"^1899-12-3[01] (\d\d:\d\d:\d\d)$", "${1}")


def _filled_rows(xml: IO[bytes]) -> int:
    """Count the rows of a sheet that hold something, a part at a time."""
    count = 0
    rest = b""
    while data := xml.read(_CHUNK):
        *rows, rest = _ROW_END.split(rest + data)
        count += sum(_CELL.search(row) is not None for row in rows)
        if len(rest) > MAX_UNPACKED >> 6:
            rest = b""
    return count


def _parts(path: Path, name: str) -> dict[str, str]:
    """Give the part of the archive that each sheet is in.

    Raises:
        InputError: it is no workbook, or its parts are too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise InputError(
                    Problem(f"{name} is a ZIP archive and no .xlsx workbook", hint=_SAVE_AS)
                )
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise InputError(
                    Problem(f"{name}: the workbook unpacks to more than 4 GB", hint=_SAVE_AS)
                )
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            targets = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, NotImplementedError,
            RuntimeError, ElementTree.ParseError) as error:  # fmt: skip
        raise _damaged(name, error) from None
    places = {one.get("Id"): one.get("Target", "") for one in targets}
    sheets = (one for one in book.iter() if one.tag.endswith("}sheet"))
    return {
        sheet.get("name", ""): target[1:] if target.startswith("/") else f"xl/{target}"
        for sheet in sheets
        if (target := places.get(sheet.get(_RELATION)))
    }


_SAVE_AS = "Save the sheet as CSV in UTF-8."


def _damaged(name: str, error: BaseException) -> InputError:
    why = (str(error) or type(error).__name__).splitlines()[0]
    return InputError(Problem(f"{name}: this workbook cannot be read: {why}", hint=_SAVE_AS))
