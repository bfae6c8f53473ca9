"""Texts keep their numbers over blocks, however many there are and however long they are."""

import random

import polars as pl
import pytest

from fourways.intake.lines import look_at
from fourways.intake.texts import InFrame, InLines, Texts


def coded(texts: Texts, rows: list[tuple[str, str]], columns: tuple[int, ...] = (0, 2)) -> InLines:
    data = "".join(f"{a},x,{b}\n" for a, b in rows).encode()
    lines, odd = look_at(data, ",", 3, columns, texts)
    assert not odd.any()
    return InLines(dict(zip(columns, lines.codes, strict=True)), len(lines), texts)


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

        cells = coded(texts, rows)

        assert cells.height == size
        for place, column in ((0, 0), (1, 2)):
            codes = cells.codes(column)
            assert cells.texts(column, codes) == [plain(row[place]) for row in rows]
            for row, code in zip(rows, codes.tolist(), strict=True):
                assert known.setdefault(row[place], code) == code
    assert texts.known.total == len(known) == len(set(known.values()))


def test_texts_that_differ_anywhere_are_told_apart() -> None:
    chance = random.Random(5)
    pool = {"".join(chance.choices("ab\1", k=size)) for size in range(30) for _ in range(40)}
    pool |= {text[:-1] + "c" for text in pool if text} | {text + "\1" for text in pool}
    rows = [(text, text[::-1]) for text in sorted(pool)]

    cells = coded(Texts(), rows)

    for place, column in ((0, 0), (1, 2)):
        assert cells.texts(column, cells.codes(column)) == [row[place] for row in rows]
    assert len(set(cells.codes(0).tolist())) == len(pool)


def test_a_first_text_may_be_longer_than_there_is_room_for() -> None:
    cells = coded(Texts(), [("y" * 500_000, "z")])

    assert cells.texts(0, cells.codes(0)) == ["y" * 500_000]


def test_a_block_without_rows_has_no_texts() -> None:
    assert coded(Texts(), []).height == 0
    assert coded(Texts(), [("a", "b")], ()).height == 1


def test_the_cells_of_one_line_have_the_numbers_of_the_same_texts_in_others() -> None:
    texts = Texts()
    cells = coded(texts, [("a", '"b, c"'), ("", "d")])

    assert texts.codes([[b"d", b"e"], [b'"b, c"', b""]], 2).tolist() == [[3, 1], [4, 2]]
    assert cells.codes(0).tolist() == [0, 2]
    assert texts.codes([[], []], 0).shape == (0, 2)
    assert texts.codes([], 3).shape == (3, 0)


def test_what_stands_in_an_odd_line_gets_no_number() -> None:
    texts = Texts()

    lines, odd = look_at(b"a,b\nc,d,e\nf\n,g\n", ",", 2, (0,), texts)

    assert odd.tolist() == [False, True, True, False]
    assert [texts.text(code) for code in range(texts.known.total)] == ["a", ""]
    assert lines.codes[0, [0, 3]].tolist() == [0, 1]


def test_the_columns_of_a_frame_are_numbers_too_and_none_where_a_cell_is_empty() -> None:
    frame = pl.DataFrame({"0": ["a", None, "b", "a"]}, schema={"0": pl.Categorical})

    coded = InFrame(frame)

    codes = coded.codes(0)
    assert codes[0] == codes[3] != codes[2]
    assert codes[1] == -1
    assert coded.texts(0, codes[[0, 2]]) == ["a", "b"]


def test_a_line_that_is_no_text_is_odd_and_the_others_keep_their_numbers() -> None:
    texts = Texts()

    lines, odd = look_at(b"a,b\n\xff,c\nd,e\n", ",", 2, (0,), texts)

    assert odd.tolist() == [False, True, False]
    assert [texts.text(lines.codes[0, line]) for line in (0, 2)] == ["a", "d"]
