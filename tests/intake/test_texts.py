"""Texts keep their numbers over blocks, however many there are and however long they are."""

import random

import polars as pl
import pytest

from fourways.intake.lines import Lines, look_at
from fourways.intake.texts import InFrame, Texts


def lines_of(rows: list[tuple[str, str]]) -> Lines:
    data = "".join(f"{a},x,{b}\n" for a, b in rows).encode()
    lines, odd = look_at(data, ",", 3, (0, 2))
    assert not odd.any()
    return lines


def plain(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


@pytest.mark.parametrize("seed", range(4))
def test_the_same_texts_have_the_same_numbers_in_all_blocks(seed: int) -> None:
    chance = random.Random(seed)
    pool = [f"text {n} " + "ü" * chance.randrange(40) for n in range(3000)]
    pool += ["", '""', '"a,b"', '"say ""no"""', "x" * 100_000]
    texts = Texts()
    known: dict[str, int] = {}
    for size in (1, 50, 4000):
        rows = [(chance.choice(pool), chance.choice(pool)) for _ in range(size)]

        coded = texts.of(lines_of(rows), (0, 2))

        assert coded.height == size
        for place, column in ((0, 0), (1, 2)):
            codes = coded.codes(column)
            assert coded.texts(column, codes) == [plain(row[place]) for row in rows]
            for row, code in zip(rows, codes.tolist(), strict=True):
                assert known.setdefault(row[place], code) == code
    assert texts.count == len(known) == len(set(known.values()))


def test_texts_that_differ_anywhere_are_told_apart() -> None:
    chance = random.Random(5)
    pool = {"".join(chance.choices("ab\1", k=size)) for size in range(30) for _ in range(40)}
    pool |= {text[:-1] + "c" for text in pool if text} | {text + "\1" for text in pool}
    rows = [(text, text[::-1]) for text in sorted(pool)]
    data = "".join(f"{a},x,{b}\n" for a, b in rows).encode()

    coded = Texts().of(look_at(data, ",", 3, (0, 2))[0], (0, 2))

    for place, column in ((0, 0), (1, 2)):
        assert coded.texts(column, coded.codes(column)) == [row[place] for row in rows]
    assert len(set(coded.codes(0).tolist())) == len(pool)


def test_a_first_text_may_be_longer_than_there_is_room_for() -> None:
    coded = Texts().of(lines_of([("y" * 500_000, "z")]), (0, 2))

    assert coded.texts(0, coded.codes(0)) == ["y" * 500_000]


def test_a_block_without_rows_has_no_texts() -> None:
    assert Texts().of(lines_of([]), (0, 2)).height == 0
    assert Texts().of(lines_of([("a", "b")]), ()).height == 1


def test_the_columns_of_a_frame_are_numbers_too_and_none_where_a_cell_is_empty() -> None:
    frame = pl.DataFrame({"0": ["a", None, "b", "a"]}, schema={"0": pl.Categorical})

    coded = InFrame(frame)

    codes = coded.codes(0)
    assert codes[0] == codes[3] != codes[2]
    assert codes[1] == -1
    assert coded.texts(0, codes[[0, 2]]) == ["a", "b"]
