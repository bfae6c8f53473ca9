"""Blocks of rows hold what the record reader holds, whatever the file and the size of a block."""

import csv
import io
import random
import re

import numpy as np
import polars as pl
import pytest

from fourways.intake.blocks import Block, blocks
from fourways.intake.lines import look_at
from fourways.intake.table import BadRow, Row, Table
from fourways.intake.texts import Texts

GOOD = ["a", "bb", "ccc", "", "dd", '"x"', '"y, z"']
ODD = [
    "b c", '"x,y"', '"q""q"', '"line\nbreak"', "é", '"', 'x"y', "\0", "\r", "1,2", "日本",
    '"unclosed', "=1+1", '"""', " ", '",x"', '"x,"',
]  # fmt: skip


def table(data: bytes) -> Table:
    return Table(io.BytesIO(data), "in.csv", lambda _: 0)


def rows_of(block: Block) -> list[tuple[str, ...]]:
    return [tuple(c or "" for c in row) for row in block.frame.cast(pl.String).iter_rows()]


def random_file(chance: random.Random) -> bytes:
    oddness = chance.random() ** 3
    lines = ["h1,h2,h3"]
    for _ in range(chance.randrange(1, 25)):
        width = 3 if chance.random() > oddness * 0.2 else chance.choice([1, 2, 4])
        odd = chance.random() < oddness
        lines.append(",".join(chance.choice(GOOD + ODD if odd else GOOD) for _ in range(width)))
        if chance.random() < oddness * 0.1:
            lines.append("")
    end = chance.choice(["\n", "\r\n"])
    data = end.join(lines).encode() + (b"" if chance.random() < 0.5 else end.encode())
    return data.replace(b"bb", b"\xff\xfe") if chance.random() < 0.1 else data


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_in_a_file_blocks_hold_the_same_records(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(150):
        data = random_file(chance)
        expected = list(table(data))
        read = table(data)
        got = list(blocks(read, [1], chance.choice([8, 20, 50, 200, 1 << 20])))

        whole = [record for record in expected if isinstance(record, Row)]
        assert [row for block in got for row in rows_of(block)] == [r.cells for r in whole], data
        assert [line for block in got for line in block.lines] == [r.line for r in whole], data
        bad = [record for record in expected if isinstance(record, BadRow)]
        assert [record for block in got for record in block.bad] == bad, data
        assert read.records == len(expected)
        assert sum(block.records for block in got) == len(expected)
        assert read.bytes_read == len(data)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_in_a_file_blocks_hold_the_lines_of_the_same_records(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(150):
        data = random_file(chance)
        expected = [record.cells for record in table(data) if isinstance(record, Row)]
        got = list(blocks(table(data), [1], chance.choice([20, 50, 200, 1 << 20]), as_lines=True))

        cells: list[tuple[str, ...]] = []
        for block in got:
            assert block.texts is not None
            text = block.texts.alone().decode()
            cells += map(tuple, csv.reader(io.StringIO(text, newline="")))
            assert len(block.texts) == len(block.lines)
            for place in block.texts.signs.tolist():
                assert not block.texts.data[place : place + 1].isalnum()
            codes = block.coded.codes(1)
            assert block.coded.texts(1, codes) == [row[1] for row in rows_of(block)]
        assert cells == expected, data


def test_rows_without_anything_odd_are_read_at_once() -> None:
    data = b"a,b\n" + b'1,"x, y"\n' * 1000

    (block,) = blocks(table(data), [])

    assert block.lines == range(2, 1002)
    assert block.frame.height == 1000


CELL = re.compile(rb'(?:^|,)("(?:[^"]|"")*"|[^,]*)')


def drawn(chance: random.Random, width: int) -> tuple[str, bool]:
    """Draw a line, and tell whether it is odd."""
    cells = ["", "x", "x" * 30, "-y", '"a, b"', '"a ""b"""', "é" * 9, '""']
    line = [chance.choice(cells) for _ in range(width)]
    place = chance.randrange(width)
    match chance.randrange(40):
        case 0:
            line[place] = chance.choice(['x"y', '"x"y', '"x', "\0", "a\rb", '"a\r"', '"\0"'])
        case 1:
            line.append("more")
        case 2:
            line.pop()
        case 3:
            line[place] = "y" * chance.randrange(8_000, 40_000)
            return ",".join(line), False
        case 4:
            line[place] = "z" * (1 << 20)
        case _:
            return ",".join(line), False
    return ",".join(line), True


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("seed", range(6))
def test_lines_are_told_apart_whatever_their_length_and_their_cells_stand_where_said(
    seed: int, end: str
) -> None:
    chance = random.Random(seed)
    expected = [drawn(chance, 3) for _ in range(3000)]
    texts = [line.encode() for line, _ in expected]

    known = Texts()
    lines, odd = look_at(b"".join(text + end.encode() for text in texts), ",", 3, (2, 0), known)

    assert odd.tolist() == [is_odd for _, is_odd in expected]
    stood = zip(lines.starts.tolist(), lines.ends.tolist(), strict=True)
    assert [lines.data[start : stop - len(end)] for start, stop in stood] == texts
    for place, (line, is_odd) in enumerate(expected):
        if is_odd:
            continue
        (cells,) = csv.reader([line])
        numbers = lines.codes[:, place].tolist()
        assert [known.text(number) for number in numbers] == [cells[2], cells[0]]
        start, stop = int(lines.starts[place]), int(lines.ends[place])
        signs = lines.signs[(lines.signs >= start) & (lines.signs < stop)].tolist()
        stands = [start + found.start(1) for found in CELL.finditer(texts[place])]
        assert signs == [begin for begin in stands if lines.data[begin] == ord("-")]


@pytest.mark.parametrize("at", [0, 1, 2, 3, 99_990, 262_140, 262_142, 262_143, 262_144, 500_000])
def test_bytes_that_are_no_text_are_found_wherever_they_are(at: int) -> None:
    data = bytearray(("é" * 49 + "\n").encode() * 10_000)
    data[at - at % 99 + 97 : at - at % 99 + 98] = b"\xe9"
    line = at // 99

    _, odd = look_at(data, ",", 1)

    assert np.flatnonzero(odd).tolist() == [line]


def test_a_short_row_among_many_is_found() -> None:
    data = b"a,b,c\n" + b"1,2,3\n" * 500 + b"1,2\n" + b"1,2,3\n" * 500

    (block,) = blocks(table(data), [])

    assert [(bad.line, bad.problem) for bad in block.bad] == [
        (502, "too few fields: 2 where the header has 3")
    ]
    assert block.frame.height == 1000
