"""Damaged and odd files: hostile/NAME.csv, and beside each what comes of it.

NAME.results.csv and NAME.rejects.csv hold what `fourways batch` writes, without sentences and
rules; NAME.error.txt what it says where it writes nothing. Files that are large, or that only a
program can write, are made here.
"""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from goldens import Fourways, Golden

FOLDER = Path(__file__).with_name("hostile")
MADE_HERE: dict[str, Callable[[], bytes]] = {}
EXPECTED = (".results.csv", ".rejects.csv", ".error.txt")


def made(file: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Add a function that returns the content of a file to the corpus."""

    def add(content: Callable[[], bytes]) -> Callable[[], bytes]:
        MADE_HERE[file] = content
        return content

    return add


# ------------------------------------------------------------------------ large files


@made("line_over_a_megabyte.csv")
def line_over_a_megabyte() -> bytes:
    return b"id,current_role,note\n1,pmo_analyst," + b"x" * (1 << 20) + b"\n2,pmo_analyst,y\n"


@made("long_field.csv")
def long_field() -> bytes:
    return b'id,current_role,note\n1,pmo_analyst,"' + b"x" * 200_000 + b'"\n2,pmo_analyst,y\n'


@made("quote_closed_after_many_lines.csv")
def quote_closed_after_many_lines() -> bytes:
    lines = b"2,pmo_analyst,b\n" * 3000
    return b'id,current_role,note\n1,pmo_analyst,"a\n' + lines + b'y",z\n3,pmo_analyst,c\n'


@made("many_columns.csv")
def many_columns() -> bytes:
    names = ",".join(f"c{number}" for number in range(300))
    return f"{names},current_role\n{',' * 300}pmo_analyst\n{',' * 299}pmo_analyst\n".encode()


# -------------------------------------------------------------------------- compressed

PEOPLE = b"id,current_role,aspirations\n1,pmo_analyst,stay\n2,chef,\n"


@made("compressed.csv.gz")
def compressed() -> bytes:
    return gzip.compress(PEOPLE)


@made("compressed_in_two_members.csv.gz")
def compressed_in_two_members() -> bytes:
    return gzip.compress(PEOPLE[:40]) + gzip.compress(PEOPLE[40:])


@made("compressed_and_cut_off.csv.gz")
def compressed_and_cut_off() -> bytes:
    return gzip.compress(PEOPLE)[:-12]


@made("compressed_with_rubbish_behind.csv.gz")
def compressed_with_rubbish_behind() -> bytes:
    return gzip.compress(PEOPLE) + b"rubbish"


@made("zip_archive.csv")
def zip_archive() -> bytes:
    return _archive({"people.csv": PEOPLE})


# -------------------------------------------------------------------- Excel and Parquet


def _archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _workbook(*rows: tuple[Any, ...]) -> bytes:
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        sheet = book.add_worksheet("People")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        book.add_worksheet("Other").write(0, 0, "current_role")
    return buffer.getvalue()


@made("workbook.xlsx")
def workbook() -> bytes:
    return _workbook(
        ("id", "current_role", "organisation_size", "manager_informed", "note"),
        (1, "pmo_analyst", 40, True, 'a "quoted"\ntext'),
        (2, "PMO Analyst", 40.0, False, 2.5),
        (),
        (3, "pmo_analyst", None, None, "=1+1"),
        (4, "pmo_analyst", -1, "maybe", None),
    )


@made("workbook_with_damaged_xml.xlsx")
def workbook_with_damaged_xml() -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook())) as book:
        files = {name: book.read(name) for name in book.namelist()}
    return _archive({**files, "xl/workbook.xml": files["xl/workbook.xml"][:200]})


@made("workbook_with_damaged_compression.xlsx")
def workbook_with_damaged_compression() -> bytes:
    data = bytearray(workbook())
    start = data.index(b"xl/workbook.xml") + len(b"xl/workbook.xml")
    data[start + 9 : start + 60] = b"\xff" * 51
    return bytes(data)


@made("workbook_cut_off.xlsx")
def workbook_cut_off() -> bytes:
    return workbook()[:-500]


@made("typed.parquet")
def typed() -> bytes:
    frame = pl.DataFrame(
        {
            "id": [1, 2, None],
            "current_role": pl.Series(["pmo_analyst", "chef", None], dtype=pl.Categorical),
            "aspirations": [["stay", "breadth"], [], None],
            "organisation_size": [40.0, float("nan"), -3],
            "manager_informed": [True, False, None],
            "note": ["a\nb", "=1+1", "\0"],
        }
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


@made("cut_off.parquet")
def cut_off() -> bytes:
    return typed()[:-20]


# --------------------------------------------------------------------------- the tests

QUOTED_LINES = pytest.mark.xfail(
    strict=False, reason="lines of a quoted cell that are as wide as the header count as rows"
)
MARKS = {
    "workbook_with_damaged_compression": pytest.mark.xfail(
        strict=False, reason="a damaged workbook ends in a traceback"
    ),
    "quoted_lines_as_wide_as_the_header": QUOTED_LINES,
    "quoted_lines_as_wide_as_the_header_in_the_middle": QUOTED_LINES,
    "quoted_lines_as_wide_as_the_header_crlf": QUOTED_LINES,
}


def name_of(file: str) -> str:
    return file.partition(".")[0]


STORED = [path.name for path in sorted(FOLDER.iterdir()) if not path.name.endswith(EXPECTED)]
FILES = [
    pytest.param(file, id=file, marks=MARKS.get(name_of(file), ()))
    for file in (*STORED, *MADE_HERE)
]


def shortened(path: Path) -> str:
    """Return the text of a file, with what comes many times in a row once."""
    text = path.read_bytes().decode("utf-8") if path.exists() else ""
    return re.sub(r"(.|.+\n)\1{999,}", lambda run: f"({run[0].count(run[1])} times) {run[1]}", text)


@pytest.fixture
def content(file: str) -> bytes:
    return MADE_HERE[file]() if file in MADE_HERE else (FOLDER / file).read_bytes()


@pytest.mark.parametrize("file", FILES)
def test_a_hostile_file_gives_its_results_and_rejects(
    file: str, content: bytes, fourways: Fourways, golden: Golden, tmp_path: Path
) -> None:
    Path(file).write_bytes(content)
    name = name_of(file)
    out = f"{name}.results.csv"

    result = fourways("batch", file, "-o", out, "--no-texts", "--no-trace", "--no-record")

    assert result.output.replace("\n", "").isprintable()
    results, rejects = (
        shortened(tmp_path / out),
        shortened(tmp_path / f"{name}.results.rejects.csv"),
    )
    golden(FOLDER / f"{name}.results.csv", results)
    golden(FOLDER / f"{name}.rejects.csv", rejects if rejects.count("\n") > 1 else "")
    golden(FOLDER / f"{name}.error.txt", result.stderr if result.exit_code else "")
    if result.exit_code == 0:
        counts = json.loads(Path(f"{name}.results.manifest.json").read_text())["counts"]
        assert counts["in"] == counts["results"] + counts["rejects"]
    else:
        assert not list(tmp_path.glob("*.manifest.json"))
