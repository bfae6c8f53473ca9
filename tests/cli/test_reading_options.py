"""People in any format, as the commands take them; what was found out is told and can be said."""

import gzip
import io
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from fourways.cli import main

HEADER = ("id", "current_role", "aspirations")
ROWS = [("1", "pmo_analyst", "stay"), ("2", "project_manager", "breadth;undecided")]


def call(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], input=stdin)


def batch(folder: Path, data: bytes, *options: str) -> Result:
    return call("batch", "-", "-o", folder / "out.csv", "--no-record", *options, stdin=data)


def text(delimiter: str = ",") -> str:
    return "".join(f"{delimiter.join(row)}\n" for row in [HEADER, *ROWS])


def as_parquet() -> bytes:
    buffer = io.BytesIO()
    sets = [
        {**dict(zip(HEADER, row, strict=True)), "aspirations": row[2].split(";")} for row in ROWS
    ]
    pl.DataFrame(sets).write_parquet(buffer)
    return buffer.getvalue()


def as_json_lines() -> bytes:
    return "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in ROWS).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            text().encode("utf-16"),
            "UTF-16 (little-endian) with a byte order mark, cells parted by a comma",
        ),
        (gzip.compress(text("|").encode()), "Packed with gzip, UTF-8, cells parted by a pipe"),
        (as_parquet(), "Parquet"),
        (as_json_lines(), "JSON lines, UTF-8"),
    ],
    ids=["utf-16", "gzip", "parquet", "json-lines"],
)
def test_whatever_comes_through_a_pipe_is_answered_the_same(
    tmp_path: Path, data: bytes, told: str
) -> None:
    result = batch(tmp_path, data)

    assert result.output.splitlines()[0] == f"Read: {told}."
    whole = pl.read_csv(tmp_path / "out.csv", separator="|" if "pipe" in told else ",")
    assert whole.get_column("recommendation").to_list() == ["stay", "move_sideways"]
    assert whole.get_column("aspirations").to_list() == [row[2] for row in ROWS]


def test_the_manifest_says_what_was_detected(tmp_path: Path) -> None:
    batch(tmp_path, gzip.compress(text(";").encode("cp1252") + b"3;\xe9;stay\n"))

    assert json.loads((tmp_path / "out.manifest.json").read_text())["detected"] == {
        "format": "csv",
        "compression": "gzip",
        "encoding": "Windows-1252",
        "byte_order_mark": False,
        "delimiter": ";",
        "line_end": "\n",
    }


def test_damage_found_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    result = batch(tmp_path, gzip.compress(text().encode() * 9)[:-9])

    assert result.exit_code == 2
    assert "the compressed data ends early" in result.output
    assert list(tmp_path.iterdir()) == []


def test_results_are_audited_in_the_encoding_that_they_were_given(tmp_path: Path) -> None:
    batch(tmp_path, text().encode())
    copy = tmp_path / "copy.csv"
    copy.write_bytes((tmp_path / "out.csv").read_bytes().decode("utf-8-sig").encode("utf-16"))

    result = call("audit", "results", copy, "--all")

    assert "2 of 2 rows match." in result.output


def test_people_of_a_rules_diff_come_in_any_format(tmp_path: Path) -> None:
    path = tmp_path / "people"
    path.write_bytes(as_parquet())

    result = call("rules", "diff", "built-in", "built-in", "--on", path, "--from", "parquet")

    assert result.exit_code == 0
    assert "2 rows" in result.output


def test_every_option_that_cannot_be_is_told(tmp_path: Path) -> None:
    result = batch(tmp_path, text().encode(), "--encoding", "nonsense", "--delimiter", "::")

    assert result.exit_code == 2
    assert "--delimiter: '::' cannot part cells" in result.output
    assert "--encoding: 'nonsense' is no known encoding" in result.output
