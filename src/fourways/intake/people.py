"""Reads people from any common file: CSV, JSON lines, Parquet, Excel; from a pipe as well."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from fourways.errors import InputError, Problem
from fourways.intake import compressed, excel, parquet
from fourways.intake.blocks import BLOCK, Block, blocks
from fourways.intake.compressed import Unpacked
from fourways.intake.detected import (
    CSV,
    EXCEL,
    JSON_LINES,
    PARQUET,
    Detected,
    ReadingOptions,
)
from fourways.intake.encoding import UTF_8, Text, in_words, is_utf8
from fourways.intake.jsonlines import JsonLines
from fourways.intake.source import Layer, Raw, Readable, Source
from fourways.intake.spool import OnDisk
from fourways.intake.table import BadRow, Row, Table

_SAMPLE = 64 << 10
_BOM = b"\xef\xbb\xbf"
_MAGIC = {parquet.MAGIC: PARQUET, excel.MAGIC: EXCEL}
_JSON_ENDINGS = (".jsonl", ".ndjson")


class People(Protocol):
    """People in a file, read in one pass.

    Attributes:
        name: how messages name the file.
    """

    name: str

    @property
    def records(self) -> int:
        """How many were given."""
        ...

    @property
    def empty_lines(self) -> int:
        """How many empty lines, which are no records, were passed over."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        ...

    @property
    def detected(self) -> Detected:
        """How the file is written; the encoding of a text is settled when it was read."""
        ...

    @property
    def opened_as(self) -> str:
        """What of that was known when it was opened: the same for the same file and options."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of what was read of the file, byte by byte as it is stored."""
        ...

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file were read."""
        ...

    def blocks(
        self, categorical: Sequence[int], size: int = BLOCK, as_lines: bool = False
    ) -> Iterator[Block]:
        """Give all records in blocks; once.

        Args:
            categorical: the columns that repeat few texts, by index.
            size: about how many bytes are read for a block.
            as_lines: whether the other columns are wanted only as they stand in the lines of a
                CSV file: a block that has such lines is without them.

        Raises:
            InputError: the file is damaged, or an independent count differs.
        """
        ...


def open_people(
    stream: Readable,
    name: str,
    recognised: Callable[[Sequence[str]], int],
    options: ReadingOptions | None = None,
) -> People:
    """Find out how an input is written, and read what its columns are named.

    Args:
        stream: the input, in bytes.
        name: how messages name it; the ending tells the format where the bytes do not.
        recognised: tells how many of some column names mean something.
        options: what the user says; it goes over what the bytes look like.

    Raises:
        InputError: it cannot be read as what it is, or as what the user says it is.
    """
    options = options or ReadingOptions()
    if options.form is not None:
        options.check(options.form)
    raw = Raw(stream)
    head = raw.sample(_SAMPLE)
    form = options.form or _form_of(head, name)
    if form in (PARQUET, EXCEL):
        options.check(form)
        return _from_disk(form, head, raw, stream, name, options)
    packed = head.startswith(compressed.MAGIC)
    below: Layer = Unpacked(raw, name) if packed else raw
    if packed and options.form is None:
        form = _form_of(below.sample(_SAMPLE), name)
        if form in (PARQUET, EXCEL):
            raise InputError(
                Problem(f"{name}: a packed {form} file is not read", hint="Unpack it first.")
            )
    if options.form is None and _is_json(below.sample(_SAMPLE)):
        form = JSON_LINES
    options.check(form)
    text = Text(below, name, options.encoding, windows=form == CSV)
    if form == JSON_LINES:
        _refuse_one_document(text.sample(_SAMPLE), name)
        return JsonLines(text, raw, name, packed)
    return CsvPeople(text, raw, name, recognised, options.delimiter, packed)


def records_of(people: People) -> Iterator[Row | BadRow]:
    """Give the people one by one, whole or bad, in the order of the file."""
    number = 0
    for block in people.blocks(()):
        bad = iter(block.bad)
        next_bad = next(bad, None)
        for line, cells in zip(block.lines, block.frame.iter_rows(), strict=True):
            while next_bad is not None and next_bad.line < line:
                number += 1
                yield next_bad
                next_bad = next(bad, None)
            number += 1
            yield Row(number, line, tuple(cell or "" for cell in cells))
        while next_bad is not None:
            number += 1
            yield next_bad
            next_bad = next(bad, None)


class CsvPeople:
    """The records of a CSV file.

    Args:
        text: the file, as UTF-8.
        raw: its bytes, for the digest.
        name: how messages name it.
        recognised: tells how many of some column names mean something.
        delimiter: what parts the cells; None to find out.
        packed: whether it was compressed.
    """

    def __init__(
        self,
        text: Text,
        raw: Raw,
        name: str,
        recognised: Callable[[Sequence[str]], int],
        delimiter: str | None,
        packed: bool,
    ) -> None:
        self.name = name
        self._text, self._packed = text, packed
        encoding = UTF_8 if is_utf8(text.encoding) else in_words(text.encoding)
        source = Source(text, name, raw)
        self._table = Table(source, name, recognised, delimiter, encoding)
        self.header = self._table.header
        self.opened_as = str(self.detected)

    @property
    def detected(self) -> Detected:
        """How the file is written."""
        dialect, text = self._table.dialect, self._text
        return Detected(
            CSV,
            in_words(text.encoding),
            dialect.delimiter,
            dialect.line_end,
            text.bom or dialect.bom,
            self._packed,
            text.only_carriage_returns,
        )

    @property
    def records(self) -> int:
        """How many were given."""
        return self._table.records

    @property
    def empty_lines(self) -> int:
        """How many empty lines were passed over."""
        return self._table.empty_lines

    @property
    def digest(self) -> str:
        """SHA-256 of what was read of the file."""
        return self._table.digest

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file were read."""
        return self._table.bytes_read

    def blocks(
        self, categorical: Sequence[int], size: int = BLOCK, as_lines: bool = False
    ) -> Iterator[Block]:
        """Give all records in blocks.

        Raises:
            InputError: the file is damaged, or an independent count of its lines differs.
        """
        table = self._table
        given = 0
        for block in blocks(table, categorical, size, as_lines):
            given += block.records
            yield block
        lines = table.next_line - 1
        if table.source.lines != lines or table.records != given:
            raise InputError(
                Problem(
                    f"{self.name}: {table.source.lines:,} lines with {table.records:,} records"
                    f" were counted, and {lines:,} with {given:,} were read"
                )
            )


def _from_disk(
    form: str, head: bytes, raw: Raw, stream: Readable, name: str, options: ReadingOptions
) -> People:
    magic = next(magic for magic, one in _MAGIC.items() if one == form)
    if not head.startswith(magic):
        what = "Parquet file" if form == PARQUET else ".xlsx workbook"
        raise InputError(Problem(f"{name} is no {what}", hint="Say what it is with --from."))
    disk = OnDisk(raw, stream, name)
    if form == PARQUET:
        return parquet.ParquetPeople(disk, raw, name)
    return excel.ExcelPeople(disk, raw, name, options.sheet)


def _form_of(head: bytes, name: str) -> str:
    """Give the format by the first bytes; what they leave open, the ending of the name may say."""
    for magic, form in _MAGIC.items():
        if head.startswith(magic):
            return form
    return JSON_LINES if name.lower().removesuffix(".gz").endswith(_JSON_ENDINGS) else CSV


def _is_json(start: bytes) -> bool:
    """Tell whether a text begins like JSON, as no header does; in UTF-16 as well."""
    squeezed = start[:1000].translate(None, b" \t\r\n\0").lstrip(b"\xef\xbb\xbf\xfe\xff")
    return squeezed.startswith((b'{"', b"{}", b'[{"'))


def _refuse_one_document(start: bytes, name: str) -> None:
    text = start.removeprefix(_BOM).lstrip()
    first = text.partition(b"\n")[0].strip()
    if text.translate(None, b" \t\r\n").startswith(b"[{") or first in (b"{", b"["):
        raise InputError(
            Problem(
                f"{name}: this is one JSON document, not JSON lines",
                hint="Write each object on a line of its own.",
            )
        )
