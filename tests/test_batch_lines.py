"""Lines that are passed through hold the same cells as lines that are written anew."""

import csv
import io
import random

import numpy as np
import polars as pl
import pytest

from fourways.batch.contract import csv_text
from fourways.batch.lines import cells_in_a_row, lines_with_results, risky_places
from fourways.batch.memory import Cells, KeptLines
from fourways.compiled import Flags, Places
from fourways.intake.lines import Lines, look_at

CELLS = ["a", "", "=1+1", "-", "+49 30", "'=x", "x=y", "＝2", "@me", "é", "a'b", "\tx"]  # noqa: RUF001
QUOTED = ['a,"b"', "=1,2", "x, =y", '"', ",", ",-", "-,", "'@,", "a;=b", "a\t=b"]


def written(rows: list[list[str]], delimiter: str) -> list[str]:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().splitlines()


def read(data: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


def looked_at(lines: list[str], delimiter: str, width: int, end: str = "\n") -> Lines:
    data = "".join(line + end for line in lines).encode()
    whole, odd = look_at(data, delimiter, width)
    assert not odd.any()
    return whole


def together(lines: Lines, which: Flags, results: pl.DataFrame, delimiter: str, end: str) -> bytes:
    notes = pl.DataFrame({"notes": ["a note", None]})
    places = np.arange(int(which.sum()))
    behind = (cells(results, places, delimiter), cells(notes, places % 2, delimiter))
    return b"".join(lines_with_results(lines, which, *behind, delimiter, end))


def cells(frame: pl.DataFrame, places: Places, delimiter: str) -> Cells:
    """Give for each line cells of one row of a frame: each column kept as a kind of its own."""
    keeping = KeptLines(lambda some: cells_in_a_row(some, delimiter))
    kinds = [keeping.add(kind, frame[[name]]) for kind, name in enumerate(frame.columns)]
    return keeping.of(np.column_stack([kind[places] for kind in kinds]))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", [("\n", "\r\n"), ("\r\n", "\n"), ("\n", "\n")])
@pytest.mark.parametrize("seed", range(4))
def test_a_line_with_results_behind_it_holds_the_cells_of_one_that_is_written_anew(
    delimiter: str, ends: tuple[str, str], seed: int
) -> None:
    chance = random.Random(seed)
    pool = [cell for cell in CELLS + QUOTED if delimiter != "\t" or cell != "\tx"]
    rows = [[chance.choice(pool) for _ in range(3)] for _ in range(200)]
    which = np.array([chance.random() < 0.9 for _ in rows])
    kept = [row for row, wanted in zip(rows, which, strict=True) if wanted]
    results = pl.DataFrame(
        {"one": [chance.choice(pool) for _ in kept], "two": [chance.choice(pool) for _ in kept]}
    )
    lines = looked_at(written(rows, delimiter), delimiter, 3, ends[0])

    got = together(lines, which, results, delimiter, ends[1])

    notes = pl.DataFrame({"notes": [["a note", None][place % 2] for place in range(len(kept))]})
    frame = pl.DataFrame(kept, schema=["a", "b", "c"], orient="row")
    whole = pl.concat([frame, results, notes], how="horizontal")
    assert read(got, delimiter) == read(csv_text(whole, delimiter, ends[1]), delimiter)
    assert got.count(b"\n") == len(kept)
    assert got.count(ends[1].encode()) == len(kept)
    assert got.count(b"\r") == (len(kept) if ends[1] == "\r\n" else 0)
    assert together(lines.only(which), which[which], results, delimiter, ends[1]) == got


def neutralised(lines: list[str]) -> list[str]:
    nothing = pl.DataFrame({"recommendation": ["none"] * len(lines)})
    every = np.full(len(lines), True)
    text = together(looked_at(lines, ",", 2), every, nothing, ",", "\n").decode()
    return [line.removesuffix("a note").removesuffix(",none,") for line in text.splitlines()]


def test_a_line_without_anything_risky_stays_as_it_was_written() -> None:
    lines = ['"a,b, -c",""', "x,y=1", "',b'", "''',a"]

    assert not len(risky_places(looked_at(lines, ",", 2), ","))


def test_a_risky_sign_inside_quotes_is_left_alone_and_one_that_begins_a_cell_is_not() -> None:
    lines = ['"a,=b",=c', '"=d",e', "=f,g", "'=h,''-i", "＝j,a＝k", "-,@"]  # noqa: RUF001

    assert neutralised(lines) == [
        '"a,=b",\'=c',
        '"\'=d",e',
        "'=f,g",
        "''=h,'''-i",
        "'＝j,a＝k",  # noqa: RUF001
        "'-,'@",
    ]
