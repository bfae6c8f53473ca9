"""Reads the header of a CSV file: the names of its columns, and how the file is written."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NoReturn

from fourways.errors import InputError, Location, Problem, shortened
from fourways.intake.source import Source

MAX_LINE = 1_000_000
"""Bytes of a line; a longer one is passed over without being held."""

MAX_COLUMNS = 16_384
"""Columns of a file, as many as a spreadsheet has."""

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
"""What may part the cells, the likeliest first, and its name."""

UTF_8 = "UTF-8"
_BOM = b"\xef\xbb\xbf"
_SAMPLE = 64 << 10
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, or one with a password",
    b"\x1f\x8b": "compressed",
    b"BZh91AY&SY": "compressed with bzip2",
    b"\xfd7zXZ\0": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"<?xml": "XML",
    b"<html": "a web page",
    b"<!doctype html": "a web page",
    b"<table": "a web page",
}
SAVE_AS = "Save it as CSV in UTF-8."


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: what parts the cells, what ends a line, whether it has a BOM."""

    delimiter: str
    line_end: str
    bom: bool

    def __str__(self) -> str:
        bom = " with a byte order mark" if self.bom else ""
        return f"UTF-8{bom}, cells parted by {sign_in_words(self.delimiter)}"


def sign_in_words(delimiter: str) -> str:
    """Give what parts the cells with its article: a comma."""
    if delimiter in DELIMITERS:
        return f"a {DELIMITERS[delimiter]}"
    return "a space" if delimiter == " " else repr(delimiter)


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, how the file is written, and how many lines were read for it."""

    names: tuple[str, ...]
    dialect: Dialect
    lines: int


def read_header(
    source: Source,
    name: str,
    recognised: Callable[[Sequence[str]], int],
    delimiter: str | None,
    encoding: str,
) -> Header:
    """Read the header, and leave the rest.

    Args:
        source: the file.
        name: how messages name it.
        recognised: tells how many of some column names mean something.
        delimiter: what parts the cells; None to find out.
        encoding: what the text was before it became UTF-8.

    Raises:
        InputError: the file is empty, no text, or its header is no header.
    """
    sample = source.read(_SAMPLE)
    source.put_back(sample)
    data = source.readline(MAX_LINE)
    if not data:
        _refuse(name, "the file is empty", "A header and a row for each person are needed.")
    _check_format(data, name)
    bom = data.startswith(_BOM)
    lines = 0
    sign = _sign_said_by_excel(data)
    if sign is not None:
        lines = 1
        delimiter = delimiter or sign
        sample = sample[len(data) :]
        data = source.readline(MAX_LINE)
    # A line break in a quoted name goes on with the next line.
    while data.count(b'"') % 2 and len(data) < MAX_LINE and (more := source.readline(MAX_LINE)):
        data += more
    lines += data.count(b"\n") or 1
    text = _header_text(data, name, encoding)
    line_end = "\r\n" if text.endswith("\r\n") else "\n"
    headers = {}
    for one in (delimiter,) if delimiter else DELIMITERS:
        try:
            cells = next(csv.reader([text], strict=True, delimiter=one), [])
        except csv.Error:
            continue
        headers[one] = tuple(cell.strip() for cell in cells)
    if not any(cell for names in headers.values() for cell in names):
        _refuse(name, "the first line is no header", "It has to name the columns.")
    below = sample[len(data) :].decode(errors="replace").splitlines()[:-1]

    def sense(one: str) -> tuple[int, float, int]:
        names = headers[one]
        return recognised(names), _share_as_wide(below, one, len(names)), len(names)

    # Ties go to the first in the list, the comma.
    best = max(headers, key=sense)
    names = _told_apart(headers[best], recognised)
    if problem := problem_with_names(names):
        _refuse(name, *problem)
    return Header(names, Dialect(best, line_end, bom), lines)


def _check_format(data: bytes, name: str) -> None:
    start = data.removeprefix(_BOM).lstrip().lower()
    for magic, what in _OTHER_FORMATS.items():
        if data.startswith(magic) or (magic[:1] == b"<" and start.startswith(magic)):
            _refuse(name, f"this is {what}, not CSV", SAVE_AS)


def _header_text(data: bytes, name: str, encoding: str) -> str:
    if b"\0" in data:
        _refuse(name, "this is no text file", SAVE_AS)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"byte 0x{data[error.start]:02X} in " if encoding == UTF_8 else ""
        _refuse(name, f"not {encoding}: {what}the header", SAVE_AS)
    if len(data) >= MAX_LINE:
        _refuse(name, "the first line is over 1 MB", "It has to name the columns.")
    if data.count(b'"') % 2:
        _refuse(name, "a quote in the header is not closed", "Close it, or take it out.")
    if "\r" in text.replace("\r\n", "") and '"' not in text:
        _refuse(name, "lines end with a carriage return alone", SAVE_AS)
    return text


def _refuse(name: str, problem: str, hint: str) -> NoReturn:
    raise InputError(Problem(problem, Location(name, 1, 1), hint))


def _told_apart(
    names: Sequence[str], recognised: Callable[[Sequence[str]], int]
) -> tuple[str, ...]:
    """Number the columns that have the name of one before; not those that mean something."""
    taken = set(names)
    seen: set[str] = set()
    apart: list[str] = []
    for name in names:
        if name and name in seen and not recognised([name]):
            free = (one for n in count(2) if (one := f"{name} ({n})") not in taken)
            name = next(free)
            taken.add(name)
        seen.add(name)
        apart.append(name)
    return tuple(apart)


def problem_with_names(names: Sequence[str]) -> tuple[str, str] | None:
    """Tell what is wrong with the names of columns, and what to do about it."""
    twice = sorted(name for name, times in Counter(names).items() if name and times > 1)
    if twice:
        listed = ", ".join(f"'{shortened(name)}'" for name in twice[:10])
        more = f" and {len(twice) - 10} more" if len(twice) > 10 else ""
        return f"two columns are named {listed}{more}", "Give each a name of its own."
    if any("\0" in name for name in names):
        return "a NUL character in the name of a column", "Take it out."
    if len(names) > MAX_COLUMNS:
        return f"{len(names):,} columns, and at most {MAX_COLUMNS:,} can be", "Leave some out."
    return None


def _sign_said_by_excel(data: bytes) -> str | None:
    """Give the character of a first line such as `sep=;`, which Excel writes and reads."""
    found = re.fullmatch(rb"(?:\xef\xbb\xbf)?(?i:sep)=([\x20-\x7e\t])\r?\n?", data)
    return found[1].decode() if found else None


def _share_as_wide(lines: Sequence[str], delimiter: str, width: int) -> float:
    """Give the share of lines that have as many cells as the header, roughly."""
    whole = [line for line in lines if line and '"' not in line]
    if width < 2 or not whole:
        return 0.0
    return sum(line.count(delimiter) + 1 == width for line in whole) / len(whole)
