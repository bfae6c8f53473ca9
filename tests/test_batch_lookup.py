"""Cells that are looked up are the cells that would be worked out."""

import gc
import random

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from fourways.answers.columns import Columns
from fourways.batch import memory
from fourways.batch.answers import FileAnswers
from fourways.batch.blocks import BlockDecider
from fourways.batch.contract import RESULT_COLUMNS, texts
from fourways.batch.formats import Delimited
from fourways.batch.lookup import Dictionary, Part, TruthTable, flags, packed
from fourways.batch.memory import Cells, Numbering, Whole, kept
from fourways.engines.reference import ReferenceEngine
from fourways.intake.texts import InFrame, column_name
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin
from random_profiles import frame_of, random_profiles


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

    given: list[str] = []
    for block in ([3, 1, 3], [1, 2, 2], [], [3]):
        rows = pl.DataFrame({"n": block}, schema={"n": pl.Int64}).with_columns(dictionary.keys)
        looked_up = dictionary.look_up(rows)
        assert looked_up.cells.get_column("cell").to_list() == [f"n is {n}" for n in block]
        given += looked_up.new.get_column("cell").to_list()
        assert [given[state] for state in looked_up.states] == [f"n is {n}" for n in block]

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


def texts_of(cells: Cells) -> list[list[str]]:
    return [
        [cells.data[slice(*cells.bounds[place : place + 2])].tobytes().decode() for place in row]
        for row in cells.places.tolist()
    ]


def test_results_are_kept_as_frames_and_as_lines_and_what_was_given_stays() -> None:
    chance = random.Random(3)
    frames, lines = kept(None), kept(lambda frame: frame.to_series(0))
    expected: dict[int, list[str]] = {0: [], 1: []}
    places: dict[int, list[tuple[int, int]]] = {0: [], 1: []}
    given: list[tuple[pl.DataFrame | Cells, list[list[str]]]] = []
    for _ in range(40):
        for kind in expected:
            new = ["é" * chance.randrange(9) for _ in range(chance.randrange(5))]
            added = pl.DataFrame({f"of {kind}": pl.Series(new, dtype=pl.String)})
            of_frames, of_lines = frames.add(kind, added), lines.add(kind, added)
            expected[kind] += new
            places[kind] += zip(of_frames.tolist(), of_lines.tolist(), strict=True)
        if all(places.values()):
            chosen = [[chance.randrange(len(places[kind])) for kind in places] for _ in range(9)]
            rows = [[expected[kind][one] for kind, one in enumerate(row)] for row in chosen]
            for which, keeping in enumerate((frames, lines)):
                at = [[places[kind][one][which] for kind, one in enumerate(row)] for row in chosen]
                given.append((keeping.of(np.array(at)), rows))
    for results, rows in given:
        as_rows = results.rows() if isinstance(results, pl.DataFrame) else texts_of(results)
        assert [list(row) for row in as_rows] == rows
    assert len(given) > 60


def test_profiles_are_decided_once_until_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = load_builtin()
    asked = random_profiles(base, 300, seed=8)
    expected = {profile: texts(ReferenceEngine(base).decide(profile))[:5] for profile in asked}
    columns = Columns(tuple(base.attributes), {n: i for i, n in enumerate(base.attributes)})
    answers, in_a_row = FileAnswers(columns, base.attributes), Delimited().cells
    monkeypatch.setattr(memory, "REMEMBERED", 90)
    deciders = [
        BlockDecider(base, answers, RESULT_COLUMNS[:5], (), how) for how in (None, in_a_row)
    ]
    since: set[Profile] = set()
    forgotten = 0
    chance = random.Random(8)
    for _ in range(40):
        some = chance.choices(asked, k=chance.randrange(30))
        block = frame_of(some, base).cast(pl.Categorical)
        block.columns = [column_name(index) for index in range(block.width)]
        keys = answers.keys(InFrame(block))
        of_frames, of_lines = (decider.decide(keys) for decider in deciders)
        assert isinstance(of_frames.results, pl.DataFrame)
        assert isinstance(of_lines.results, Cells)
        assert of_frames.results.rows() == [expected[profile] for profile in some]
        whole = [",".join(row) for row in texts_of(of_lines.results)]
        assert whole == [",".join(expected[profile]) for profile in some]
        forgotten += not of_frames.found.known
        since = since if of_frames.found.known else set()
        new = list(dict.fromkeys(profile for profile in some if profile not in since))
        found = of_frames.found.new.select(RESULT_COLUMNS[:5]).rows()
        assert found == [expected[profile] for profile in new]
        since |= set(new)
        assert of_lines.found.new.equals(of_frames.found.new)
    assert forgotten > 2


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
