"""Results come in the format that their name asks for, and every format says the same."""

import csv
import gzip
import io
import json
import sys
from pathlib import Path

import polars as pl
import pytest

from engines import on_built_in
from fourways.batch import Report, Settings, run
from fourways.batch.contract import ENDINGS, RESULT_COLUMNS, TEXT_COLUMNS, input_width
from fourways.batch.formats import (
    MOST_EXCEL_SIGNS,
    Delimited,
    Excel,
    JsonLines,
    Parquet,
    format_of,
)
from fourways.batch.run import output_paths
from fourways.errors import InputError, OutputError
from fourways.rulebase import load_builtin

BASE = load_builtin()
PEOPLE = (
    "id,current_role,aspirations,organisation_size\n"
    "=1+1,pmo_analyst,stay,40\n"
    '"7,""x""",Head of PMO,,\n'
    "8,pmo_analyst,fame,40\n"
    "ü😀,project_manager,promotion;breadth,300\n"
)


def batch(out: Path, data: str = PEOPLE, **settings: object) -> Report:
    chosen = Settings(out, **settings)  # type: ignore[arg-type]
    return run(io.BytesIO(data.encode()), "in.csv", chosen, BASE, on_built_in("experta"))


def rows_of(path: Path) -> list[dict[str, str | None]]:
    """Read results with other programs than those that wrote them, where there are any."""
    name = path.name
    if name.endswith(".xlsx"):
        return pl.read_excel(path, infer_schema_length=0).to_dicts()
    if name.endswith(".parquet"):
        import pyarrow.parquet

        return list(pyarrow.parquet.read_table(path).to_pylist())
    data = path.read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    if ".jsonl" in name or ".ndjson" in name:
        return [json.loads(line) for line in text.splitlines()]
    delimiter = "\t" if ".tsv" in name else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_says_the_same(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"out{ending}"
    batch(out)
    batch(tmp_path / "plain.csv")

    expected = [
        {name: text.removeprefix("'") or None for name, text in row.items()}  # type: ignore[union-attr]
        for row in rows_of(tmp_path / "plain.csv")
    ]
    neutral = ending[:4] in (".csv", ".tsv")
    found = [
        {
            name: ((text or "").removeprefix("'") if neutral else text) or None
            for name, text in row.items()
        }
        for row in rows_of(out)
    ]
    assert found == expected
    assert len(found) == 3
    names = sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("out"))
    assert names == sorted([f"out{ending}", "out.manifest.json", "out.rejects.csv"])


@pytest.mark.parametrize("ending", [".jsonl", ".parquet", ".xlsx"])
def test_a_formula_stays_a_text_where_no_spreadsheet_would_run_it(
    tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"out{ending}"
    batch(out)

    assert rows_of(out)[0]["id"] == "=1+1"


def test_a_workbook_has_texts_and_no_formulas_links_or_numbers(tmp_path: Path) -> None:
    import zipfile

    out = tmp_path / "out.xlsx"
    batch(out, PEOPLE + "https://example.com,other,,\n'=1,other,,7\n")

    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert '<c r="A2" t="inlineStr"' in sheet
    assert [row["id"] for row in rows_of(out)][-2:] == ["https://example.com", "'=1"]


def test_the_same_file_gives_the_same_workbook_byte_for_byte(tmp_path: Path) -> None:
    for name in ("one.xlsx", "other.xlsx"):
        batch(tmp_path / name)

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()


def test_a_compressed_file_has_no_time_in_it(tmp_path: Path) -> None:
    batch(tmp_path / "out.csv.gz")

    assert (tmp_path / "out.csv.gz").read_bytes()[4:8] == b"\0\0\0\0"


def test_columns_without_a_name_get_one_where_the_format_needs_it(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    batch(out, "column_1,,,current_role\na,b,c,other\n")

    assert list(rows_of(out)[0])[:4] == ["column_1", "column_2", "column_3", "current_role"]


@pytest.mark.parametrize(
    "name", ["out.json", "out.xls", "out.csv.zip", "out.parquet.gz", "out.ods"]
)
def test_an_ending_that_is_not_known_is_refused_before_anything_is_read(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(InputError, match=r"cannot be written as .* Known endings are \.csv\.gz"):
        batch(tmp_path / name, data="")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [("out", Delimited), ("A.CSV", Delimited), ("x.NDJSON", JsonLines), ("b.Parquet", Parquet)],
)
def test_the_ending_tells_the_format_in_any_case(name: str, kind: type) -> None:
    assert type(format_of(Path(name))) is kind


def test_an_excel_file_without_the_library_is_refused_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.setattr("fourways.batch.formats.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'fourways\[excel\]'"):
        batch(tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_has_room_for_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Excel, "most_rows", 2)
    with pytest.raises(InputError, match=r"more than 2 rows.*Write them as \.csv or \.parquet"):
        batch(tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_text_too_long_for_a_cell_is_refused_and_never_cut(tmp_path: Path) -> None:
    fits = "x" * MOST_EXCEL_SIGNS
    batch(tmp_path / "out.xlsx", f"id,current_role\n{fits},other\n")
    assert rows_of(tmp_path / "out.xlsx")[0]["id"] == fits

    with pytest.raises(InputError, match="a text of 32,768 characters in 'id'"):
        batch(tmp_path / "more.xlsx", f"id,current_role\n{fits}x,other\n")


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl", ".xlsx"])
def test_without_texts_their_columns_are_left_out(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"out{ending}"
    batch(out, texts=False)

    expected = [name for name in RESULT_COLUMNS if name not in TEXT_COLUMNS]
    assert list(rows_of(out)[0])[4:] == expected
    assert input_width(list(rows_of(out)[0])) == 4


def people_in(format_: str) -> bytes:
    """Give the people in another format."""
    # A formula in a workbook would be no text.
    text = PEOPLE.replace("=1+1", "-1")
    frame, buffer = pl.read_csv(text.encode(), infer_schema=False), io.BytesIO()
    if format_ == "parquet":
        frame.write_parquet(buffer)
    elif format_ == "xlsx":
        frame.write_excel(buffer)
    elif format_ == "jsonl":
        frame.write_ndjson(buffer)
    else:
        return text.encode(format_)
    return buffer.getvalue()


@pytest.mark.parametrize("ending", [".csv", ".tsv.gz", ".parquet", ".jsonl"])
@pytest.mark.parametrize("said", [{}, {"texts": False}, {"trace": False, "why_not": True}])
def test_whatever_the_people_come_in_the_results_are_the_same(
    tmp_path: Path, ending: str, said: dict[str, bool]
) -> None:
    found = []
    for place, format_ in enumerate(("utf-8", "utf-16", "parquet", "xlsx", "jsonl")):
        out = tmp_path / f"{place}{ending}"
        run(
            io.BytesIO(people_in(format_)),
            "in",
            Settings(out, **said),
            BASE,
            on_built_in("experta"),
        )  # type: ignore[arg-type]
        found.append(
            [{k.removeprefix("\N{BOM}"): v or None for k, v in row.items()} for row in rows_of(out)]
        )
        rejects = out.with_name(f"{place}.rejects.csv").read_text("utf-8-sig")
        assert "fame" in rejects
    assert len(found[0]) == 3
    assert all(rows == found[0] for rows in found)


def test_an_input_column_with_the_name_of_a_text_that_is_left_out_keeps_it(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    batch(out, "because,current_role\nmine,other\n", texts=False)

    assert list(rows_of(out)[0])[:3] == ["because", "current_role", "recommendation"]
    assert input_width(list(rows_of(out)[0])) == 2


@pytest.mark.parametrize("ending", [".parquet", ".xlsx", ".csv.gz", ".jsonl"])
@pytest.mark.parametrize("size", [3000, 40_000])
def test_a_full_disk_leaves_nothing_in_any_format(tmp_path: Path, ending: str, size: int) -> None:
    import random
    import resource

    chance = random.Random(1)
    rows = "".join(f"{chance.random()},pmo_analyst,stay,40\n" for _ in range(5000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with pytest.raises(OutputError, match="cannot be written"):
            batch(tmp_path / f"out{ending}", PEOPLE + rows, verify=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_the_report_stands_beside_the_other_outputs(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    report = batch(tmp_path / "out.csv", report=page)

    text = page.read_text()
    assert text.startswith("<!DOCTYPE html>")
    assert "Next steps for 3 people" in text
    assert report.outputs == output_paths(tmp_path / "out.csv", page)
    told = json.loads((tmp_path / "out.manifest.json").read_text())
    assert told["outputs"]["report"]["name"] == "page.html"


def test_what_is_counted_is_what_the_rows_say(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    data = PEOPLE + "".join(f"{n},pmo_coordinator,promotion,{n}\n" for n in range(1, 400))
    counts = batch(out, data, report=tmp_path / "page.html").counts

    rows = rows_of(out)
    sizes = counts.breakdowns["organisation_size"]
    assert counts.recommended.total() == len(rows) == counts.results
    for path, count in counts.recommended.items():
        assert count == sum(row["recommendation"] == path for row in rows)
        assert count == sum(group[path] for group in sizes.values())
        others = sum(f";{path}:" in (row["ranking"] or "") for row in rows)
        assert counts.also[path] == others
    for rule, count in counts.fired.items():
        assert count == sum(rule in (row["rules"] or "").split(";") for row in rows)
    assert sizes["micro"].total() == 9
    assert sizes[""].total() == 1
    assert counts.noted == sum(bool(row["notes"]) for row in rows)
