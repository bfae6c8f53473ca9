"""Blocks of rows hold what the record reader holds, whatever the file and the size of a block."""

import csv
import io
import random

import polars as pl
import pytest

from fourways.intake.blocks import Block, blocks
from fourways.intake.table import BadRow, Row, Table

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
            text = block.texts.data.decode()
            cells += map(tuple, csv.reader(io.StringIO(text, newline="")))
            assert len(block.texts) == len(block.lines)
            for place in block.texts.signs.tolist():
                assert not text.encode()[place : place + 1].isalnum()
            codes = block.coded.codes(1)
            assert block.coded.texts(1, codes) == [row[1] for row in rows_of(block)]
        assert cells == expected, data


def test_rows_without_anything_odd_are_read_at_once() -> None:
    data = b"a,b\n" + b'1,"x, y"\n' * 1000

    (block,) = blocks(table(data), [])

    assert block.lines == range(2, 1002)
    assert block.frame.height == 1000


def test_a_short_row_among_many_is_found() -> None:
    data = b"a,b,c\n" + b"1,2,3\n" * 500 + b"1,2\n" + b"1,2,3\n" * 500

    (block,) = blocks(table(data), [])

    assert [(bad.line, bad.problem) for bad in block.bad] == [
        (502, "too few fields: 2 where the header has 3")
    ]
    assert block.frame.height == 1000
