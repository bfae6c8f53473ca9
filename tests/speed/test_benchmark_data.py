"""The people of the benchmark: the same each time, and read as they were meant."""

import csv
from collections.abc import Iterator
from io import StringIO

import numpy as np
import polars as pl
import pytest
from benchmarks.speed.data import Block, Export, profile_of
from benchmarks.speed.population import Population, answer_of, code_of, codes_of
from benchmarks.speed.table import as_markdown, as_text

from fourways.answers.columns import RowReader, map_columns
from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.model.profile import Kind
from fourways.rulebase import load_builtin

BASE = load_builtin()
ROWS = 5000


@pytest.fixture(scope="module", params=[False, True], ids=["believable", "distinct"])
def export(request: pytest.FixtureRequest) -> Export:
    return Export(BASE, distinct=request.param)


@pytest.fixture(scope="module")
def block(export: Export) -> Block:
    return export.block(0, ROWS)


def rows_of(data: bytes) -> Iterator[list[str]]:
    return csv.reader(StringIO(data.decode(), newline=""))


def test_the_same_seed_gives_the_same_bytes(export: Export, block: Block) -> None:
    again = Export(BASE, distinct=export._crowd._distinct).block(0, ROWS)

    assert again.csv == block.csv


def test_another_seed_gives_other_people(export: Export, block: Block) -> None:
    other = Export(BASE, distinct=export._crowd._distinct, seed=2).block(0, ROWS)

    assert other.csv != block.csv


def test_fewer_rows_are_the_beginning_of_more(export: Export, block: Block) -> None:
    assert block.csv.startswith(export.block(0, 100).csv)


def test_the_next_block_has_other_people_and_no_header(export: Export, block: Block) -> None:
    following = export.block(1, 10)

    assert following.csv.startswith(b"E000250001,")
    assert not following.people.codes.equals(block.people.codes.head(10))


def test_every_row_is_read_as_it_was_meant_or_counted_as_unreadable(block: Block) -> None:
    rows = rows_of(block.csv)
    header = next(rows)
    reader = RowReader(map_columns(header, BASE.attributes), BASE.attributes)
    count = 0
    for cells, codes, readable in zip(
        rows, block.people.codes.iter_rows(named=True), block.readable, strict=True
    ):
        count += 1
        if not readable:
            assert len(cells) != len(header) or reader.read(cells).bad
            continue
        row = reader.read(cells)
        assert not row.bad
        assert row.profile == profile_of(BASE, codes), cells

    assert count == ROWS


def test_answers_in_contract_form_say_the_same(export: Export, block: Block) -> None:
    for codes, cells in zip(
        block.people.codes.iter_rows(named=True),
        export.in_contract_form(block).head(500).iter_rows(named=True),
        strict=False,
    ):
        answers = {
            name: parse_answer(BASE.attributes[name], text).answer
            for name, text in cells.items()
            if text is not None
        }
        assert answers == dict(profile_of(BASE, codes))


def test_many_believable_people_share_a_profile_and_few_others_do() -> None:
    believable = Export(BASE).block(0).people.codes
    random = Export(BASE, distinct=True).block(0).people.codes

    assert believable.n_unique() < 0.25 * believable.height
    assert random.n_unique() > 0.99 * random.height


def test_about_one_answer_in_ten_thousand_cannot_be_read() -> None:
    unreadable = int((~Export(BASE).block(0).readable).sum())

    # 250,000 rows with 10 answers each that can be damaged.
    assert 150 < unreadable < 350


def test_one_organisation_has_one_size() -> None:
    people = Export(BASE).block(0).people
    known = pl.DataFrame(
        {"employer": people.employers, "size": people.codes["organisation_size"]}
    ).filter(pl.col("size") >= 0)

    assert known.unique().height == known["employer"].n_unique()


def test_each_role_is_written_in_several_ways() -> None:
    spellings = Export(BASE)._writing.spellings["current_role"]

    assert all(len(set(texts)) >= 6 for code, texts in spellings.items() if code >= 0)


def test_what_is_meant_to_be_unreadable_is() -> None:
    for text in Population(BASE).writing["unreadable"]:
        for attribute in BASE.attributes.values():
            if attribute.kind is not Kind.ROLE:
                with pytest.raises(UnreadableAnswerError):
                    parse_answer(attribute, text)


def test_every_answer_has_a_code_of_its_own() -> None:
    for attribute in BASE.attributes.values():
        answers = {answer_of(attribute, code) for code in codes_of(attribute)}
        assert len(answers) == len(codes_of(attribute))


def test_an_unknown_value_of_the_population_is_named() -> None:
    with pytest.raises(ValueError, match="job_search has no value 'sometimes'"):
        code_of(BASE.attributes["job_search"], "sometimes")


def test_a_table_has_the_same_cells_for_the_terminal_and_as_markdown() -> None:
    row = ["copy", "1,000,000", "2,000,000", "1.00", "200", "80 MB", "0.20 s", "3: 0.48 s"]

    text, markdown = as_text([row]), as_markdown([row])

    assert np.all([cell in text and f"| {cell} |" in markdown for cell in row])
