"""Cells that are looked up are the cells that would be worked out."""

import random

import narwhals as nw
import polars as pl
import pytest

from fourways.batch.lookup import Dictionary, Part, TruthTable, flags, packed


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
    dictionary = Dictionary([Part(pl.col("n"), 10)], {"cell": cell}, prepared)

    for block in ([3, 1, 3], [1, 2, 2], [], [3]):
        rows = pl.DataFrame({"n": block}, schema={"n": pl.Int64})
        cells = dictionary.look_up(rows)
        assert cells.get_column("cell").to_list() == [f"n is {n}" for n in block]

    assert sorted(rendered) == [1, 2, 3]
