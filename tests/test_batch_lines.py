"""Lines that are passed through hold the same cells as lines that are written anew."""

import csv
import io
import random

import polars as pl
import pytest

from fourways.batch.contract import csv_text
from fourways.batch.lines import cells_in_a_row, lines_with_results, neutralised_lines

CELLS = ["a", "", "=1+1", "-", "+49 30", "'=x", "x=y", "＝2", "@me", "é", "a'b", "\tx"]  # noqa: RUF001
QUOTED = ['a,"b"', "=1,2", "x, =y", '"', ",", ",-", "-,", "'@,", "a;=b", "a\t=b"]


def written(rows: list[list[str]], delimiter: str) -> list[str]:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().splitlines()


def read(data: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("seed", range(4))
def test_a_line_with_results_behind_it_holds_the_cells_of_one_that_is_written_anew(
    delimiter: str, seed: int
) -> None:
    chance = random.Random(seed)
    cells = [cell for cell in CELLS + QUOTED if delimiter != "\t" or cell != "\tx"]
    rows = [[chance.choice(cells) for _ in range(3)] for _ in range(200)]
    results = pl.DataFrame(
        {"one": [chance.choice(cells) for _ in rows], "two": [chance.choice(cells) for _ in rows]}
    )
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row")
    lines = pl.Series(written(rows, delimiter))

    behind = [cells_in_a_row(results, delimiter)]
    got = b"".join(lines_with_results(lines, behind, delimiter, "\r\n"))

    whole = pl.concat([frame, results], how="horizontal")
    assert read(got, delimiter) == read(csv_text(whole, delimiter, "\r\n"), delimiter)
    assert got.endswith(b"\r\n")


def test_a_line_without_anything_risky_stays_as_it_was_written() -> None:
    lines = pl.Series(['"a","b, -c",""', "x,y=1,z"])

    assert neutralised_lines(lines, ",").to_list() == lines.to_list()


def test_a_risky_sign_inside_quotes_is_left_alone_and_one_that_begins_a_cell_is_not() -> None:
    lines = pl.Series(['"a,=b",=c', '"=d",e', "=f,g"])

    assert neutralised_lines(lines, ",").to_list() == ['"a,=b",\'=c', "'=d,e", "'=f,g"]
