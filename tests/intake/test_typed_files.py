"""People from Parquet files and Excel workbooks: types become texts, damage is told."""

import datetime as dt
import io
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fourways.errors import InputError
from fourways.intake.detected import ReadingOptions
from fourways.intake.people import People, open_people, records_of
from fourways.intake.table import BadRow, Row


def people(data: bytes, **options: str) -> People:
    return open_people(io.BytesIO(data), "people", lambda _: 0, ReadingOptions(**options))


def cells(read: People) -> list[tuple[str, ...]]:
    return [record.cells for record in records_of(read) if isinstance(record, Row)]


def bad(read: People) -> list[tuple[int, str]]:
    return [(one.line, one.problem) for one in records_of(read) if isinstance(one, BadRow)]


# -------------------------------------------------------------------------- Parquet


def parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


MIDNIGHT = dt.datetime(2024, 1, 15)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([250, None], ["250", ""]),
        ([250.0, 2.5], ["250", "2.5"]),
        ([float("nan"), 1.0], ["", "1"]),
        ([True, False], ["true", "false"]),
        ([dt.date(2024, 1, 15), None], ["2024-01-15", ""]),
        ([MIDNIGHT, MIDNIGHT.replace(hour=13)], ["2024-01-15", "2024-01-15 13:00:00"]),
        ([Decimal("250.00"), Decimal("2.50")], ["250", "2.50"]),
        ([["a", "b"], []], ["a;b", "none"]),
        ([[1, None, 2], None], ["1;2", ""]),
        ([{"a": 1}, None], ['{"a":1}', ""]),
        ([b"Chef", b"\xff"], ["Chef", "0xff"]),
        ([{"a": b"Chef"}, None], ['{"a":"Chef"}', ""]),
        (pl.Series(["x", ""], dtype=pl.Categorical), ["x", ""]),
        (pl.Series([[1, 2], [3, 4]], dtype=pl.Array(pl.Int8, 2)), ["1;2", "3;4"]),
    ],
    ids=str,
)
def test_each_type_becomes_the_texts_of_the_contract(values: Any, texts: list[str]) -> None:
    assert cells(people(parquet(a=values))) == [(text,) for text in texts]


def test_a_text_that_no_csv_file_could_hold_is_rejected_with_its_row() -> None:
    read = people(parquet(a=["x", "y\0", "z" * 140_000, "w"]))

    assert bad(read) == [(2, "a NUL character"), (3, "a field of more than 131,072 characters")]
    assert read.records == 4


WHOLE = parquet(a=[str(n) * 9 for n in range(3000)])


@pytest.mark.parametrize(
    "data", [WHOLE[:-9], WHOLE[:200], b"PAR1", WHOLE[:50] + b"\xff" * 900 + WHOLE[950:]]
)
def test_a_damaged_parquet_file_is_refused_and_nothing_else_is_printed(
    data: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match="this Parquet file cannot be read"):
        cells(people(data))
    assert capfd.readouterr().err == ""


def test_a_parquet_file_on_the_disk_is_read_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    path.write_bytes(WHOLE)
    with path.open("rb") as stream:
        read = open_people(stream, str(path), lambda _: 0)
        found = cells(read)

    assert len(found) == 3000
    assert read.bytes_read == len(WHOLE)


def test_a_parquet_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    path.write_bytes(WHOLE)
    with path.open("rb") as stream:
        read = open_people(stream, str(path), lambda _: 0)
        rows = read.blocks([], 1000)
        next(rows)
        path.write_bytes(parquet(a=["other"]))
        with pytest.raises(InputError, match=r"has changed while it was read|cannot be read"):
            list(rows)


def test_what_is_said_to_be_parquet_and_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="people is no Parquet file"):
        people(b"id,role\n", form="parquet")


# ---------------------------------------------------------------------------- Excel


def workbook(fill: Any) -> bytes:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        fill(book)
    return buffer.getvalue()


def sheet(book: Any, name: str, *rows: list[object]) -> Any:
    made = book.add_worksheet(name)
    for number, row in enumerate(rows):
        made.write_row(number, 0, row)
    return made


def test_the_first_sheet_with_something_that_is_not_hidden_is_read() -> None:
    def fill(book: Any) -> None:
        sheet(book, "Empty")
        sheet(book, "Secret", ["x"], ["y"]).hide()
        sheet(book, "People", ["id", "role"], [1, "Chef"])

    read = people(workbook(fill))

    assert cells(read) == [("1", "Chef")]
    assert str(read.detected) == "An Excel workbook, sheet 'People'"


def test_the_sheet_can_be_said() -> None:
    data = workbook(lambda book: [sheet(book, n, ["id"], [n]) for n in ("People", "Staff")])

    assert cells(people(data, sheet="Staff")) == [("Staff",)]
    with pytest.raises(InputError, match=r"no sheet 'Stafff'\. Did you mean 'Staff'"):
        people(data, sheet="Stafff")


def test_cells_of_a_sheet_become_plain_texts() -> None:
    def fill(book: Any) -> None:
        made = sheet(book, "People", ["number", "date", "time", "yes", "formula", "error"])
        made.write_number(1, 0, 250.0)
        made.write_datetime(1, 1, MIDNIGHT, book.add_format({"num_format": "yyyy-mm-dd"}))
        made.write_datetime(1, 2, dt.time(9, 5), book.add_format({"num_format": "hh:mm"}))
        made.write_boolean(1, 3, True)
        made.write_formula(1, 4, "=A2*2", None, 500)
        made.write_formula(1, 5, "=NA()", None, "#N/A")

    assert cells(people(workbook(fill))) == [
        ("250", "2024-01-15", "09:05:00", "true", "500", ""),
    ]


def test_the_line_of_a_person_is_the_row_of_the_sheet() -> None:
    data = workbook(lambda book: sheet(book, "P", [], [], ["id"], [1], [], [3]))
    read = people(data)

    assert [(one.line, one.number) for one in records_of(read)] == [(4, 1), (6, 2)]
    assert read.empty_lines == 1


def test_a_damaged_workbook_is_refused() -> None:
    data = workbook(lambda book: sheet(book, "P", ["id"], *([n] for n in range(500))))
    middle = data.index(b"xl/worksheets/sheet1.xml") + 60

    for damaged in (data[:-30], data[:middle] + b"\xff" * 200 + data[middle + 200 :]):
        with pytest.raises(InputError, match="this workbook cannot be read"):
            cells(people(damaged))


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("people.csv", "id,role\n")

    with pytest.raises(InputError, match=r"a ZIP archive and no \.xlsx workbook"):
        people(buffer.getvalue())


def test_a_workbook_that_unpacks_to_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook(lambda book: sheet(book, "P", ["id"]))
    monkeypatch.setattr("fourways.intake.excel.MAX_UNPACKED", 1000)

    with pytest.raises(InputError, match="unpacks to more than"):
        people(data)


def test_without_the_package_for_excel_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook(lambda book: sheet(book, "P", ["id"]))
    monkeypatch.setitem(sys.modules, "fastexcel", None)

    with pytest.raises(InputError, match=r"pip install 'fourways\[excel\]'"):
        people(data)
