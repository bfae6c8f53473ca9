"""Cells that are looked up are the cells that would be worked out."""

import gc
import random

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from fourways.batch import memory
from fourways.batch.answers import FileAnswers
from fourways.batch.lookup import Dictionary, Part, TruthTable, flags, packed
from fourways.batch.memory import Cells, KeptRows, KeptTexts, Numbering, Whole
from fourways.intake.columns import Columns
from fourways.intake.lines import Places
from fourways.intake.texts import InFrame
from fourways.loading import load_builtin


@pytest.mark.parametrize("width", [0, 1, 3, 9, 12])
def test_a_truth_table_gives_what_its_expression_gives(width: int) -> None:
    chance = random.Random(width)
    names = [f"c{i}" for i in range(width)]
    frame = pl.DataFrame(
        {"row": range(500)} | {name: [chance.random() < 0.5 for _ in range(500)] for name in names}
    )
    cell = nw.concat_str(
        nw.lit("x"), *(nw.when(nw.col(n)).then(nw.lit(n)).otherwise(nw.lit("-")) for n in names)
    ).alias("cell")

    looked_up = frame.select("row", TruthTable(names, cell).cell())

    assert looked_up.equals(nw.from_native(frame).select("row", cell).to_native())


def test_states_are_the_same_where_all_their_parts_are_and_only_there() -> None:
    chance = random.Random(7)
    rows = [
        {"a": chance.random() < 0.5, "b": chance.random() < 0.5}
        | {name: chance.randrange(1 << bits) for name, bits in (("m", 40), ("n", 3), ("o", 32))}
        for _ in range(2000)
    ]
    frame = pl.DataFrame(rows)
    parts = [*flags(["a", "b"]), *(Part(pl.col(n), b) for n, b in (("m", 40), ("n", 3), ("o", 32)))]

    keys = frame.select(packed(parts))

    assert keys.width == 2
    assert keys.n_unique() == frame.n_unique()


def test_a_dictionary_renders_each_state_once_over_all_blocks() -> None:
    rendered: list[int] = []

    def prepared(rows: pl.DataFrame) -> pl.DataFrame:
        rendered.extend(rows.get_column("n").to_list())
        return rows

    cell = nw.concat_str(nw.lit("n is "), nw.col("n").cast(nw.String))
    dictionary = Dictionary("n", [Part(pl.col("n"), 10)], {"cell": cell}, prepared)

    for block in ([3, 1, 3], [1, 2, 2], [], [3]):
        rows = pl.DataFrame({"n": block}, schema={"n": pl.Int64}).with_columns(dictionary.keys)
        cells = dictionary.look_up(rows)
        assert cells.get_column("cell").to_list() == [f"n is {n}" for n in block]

    assert sorted(rendered) == [1, 2, 3]


Keys = list[tuple[int, ...]]


def columns_of(keys: Keys) -> list[Whole]:
    return [np.array(column, dtype=np.uint64) for column in zip(*keys, strict=True)]


def drawn(chance: random.Random, bits: list[int], count: int) -> Keys:
    return [tuple(chance.randrange(1 << width) for width in bits) for _ in range(count)]


@pytest.mark.parametrize("bits", [[3], [62], [64, 62], [20, 30, 40, 62]])
def test_keys_are_numbered_as_they_come_and_keep_their_numbers(bits: list[int]) -> None:
    chance = random.Random(len(bits))
    pool = drawn(chance, bits, 20_000)
    numbering = Numbering()
    known: dict[tuple[int, ...], int] = {}
    for size in (1, 5, 3000, 9000, 30_000):
        keys = chance.choices(pool, k=size)
        expected = [known.setdefault(key, len(known)) for key in keys]

        numbers, firsts = numbering(np.stack(columns_of(keys)))

        assert numbers.tolist() == expected
        new = sorted({number for number in expected if number >= numbering.count - len(firsts)})
        assert firsts.tolist() == [expected.index(number) for number in new]
        assert numbering.count == len(known)


@pytest.mark.parametrize("bits", [[62], [62, 62], [5, 62, 40]])
def test_what_is_remembered_is_worked_out_once_until_it_is_forgotten(
    bits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "REMEMBERED", 30)
    chance = random.Random(len(bits))
    pool = drawn(chance, bits, 90)
    remembered, rows, texts = memory.Memory(), KeptRows(), KeptTexts()
    since: Keys = []
    given: list[tuple[Cells, list[str]]] = []
    forgotten = 0
    for _ in range(60):
        block = chance.choices(pool, k=chance.randrange(1, 12))

        def worked_out(places: Places, block: Keys = block) -> pl.DataFrame:
            return pl.DataFrame({"text": [str(block[place]) for place in places.tolist()]})

        found = remembered.look_up(columns_of(block), worked_out)
        rows.keep(found, found.new)
        texts.keep(found, found.new.get_column("text"))

        expected = [str(key) for key in block]
        distinct, places = rows.of(found.numbers)
        assert distinct[places].get_column("text").to_list() == expected
        given.append((texts.of(found.numbers), expected))
        if found.known == 0:
            since.clear()
            forgotten += 1
        assert found.known == len(since)
        new = list(dict.fromkeys(key for key in block if key not in since))
        assert found.new.get_column("text").to_list() == [str(key) for key in new]
        since += new
    assert forgotten > 2
    # What was given stays what it was, whatever came or was forgotten later.
    for cells, expected in given:
        bounds = [cells.bounds[place : place + 2] for place in cells.places]
        assert [cells.data[start:end].tobytes().decode() for start, end in bounds] == expected


def test_an_answer_keeps_its_code_when_no_block_is_left() -> None:
    base = load_builtin()
    answers = FileAnswers(Columns(("role",), {"current_role": 0}), base.attributes)

    def roles(*names: str) -> list[str]:
        block = pl.DataFrame({"0": names}, schema={"0": pl.Categorical})
        codes = answers.codes(answers.keys(InFrame(block))).to_series()
        return [answers.columns[0].forms[code] or "" for code in codes]

    # Once no column of a kind is left, Polars gives its codes to other texts.
    assert roles("pmo_analyst", "pmo_director") == ["pmo_analyst", "pmo_director"]
    gc.collect()
    assert roles("other", "project_manager") == ["other", "project_manager"]
    assert roles("pmo_director", "other") == ["pmo_director", "other"]
