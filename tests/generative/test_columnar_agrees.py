"""The columnar engine gives the cells that a single decision gives, on every dataframe library."""

import random
from collections.abc import Sequence
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

import fourways
from fourways.batch.contract import RESULT_COLUMNS, texts
from fourways.engines.reference import ReferenceEngine
from fourways.errors import InputError
from fourways.loading import load_builtin
from fourways.model.profile import Kind, Profile, name_of

BASE = load_builtin()
CELLS = list(RESULT_COLUMNS[:-1])


def random_profile(chance: random.Random) -> Profile:
    known = chance.random()
    answers: dict[str, Any] = {}
    for attribute in BASE.attributes.values():
        if chance.random() > known:
            continue
        names = [value.id for value in attribute.values]
        if attribute.kind is Kind.SET:
            answers[attribute.id] = frozenset(n for n in names if chance.random() < 0.3)
        elif attribute.kind is Kind.YES_NO:
            answers[attribute.id] = chance.random() < 0.5
        else:
            answers[attribute.id] = chance.choice(names)
    return Profile(answers)


def frame_of(profiles: Sequence[Profile]) -> pl.DataFrame:
    def cell(profile: Profile, name: str) -> str | None:
        answer = profile.get(name)
        if isinstance(answer, frozenset):
            return ";".join(sorted(answer)) or "none"
        return None if answer is None else name_of(answer)

    return pl.DataFrame(
        {name: [cell(profile, name) for profile in profiles] for name in BASE.attributes},
        schema=dict.fromkeys(BASE.attributes, pl.String),
    )


def test_every_cell_is_that_of_the_reference_engine() -> None:
    chance = random.Random(1)
    profiles = [random_profile(chance) for _ in range(4000)]
    engine = ReferenceEngine(BASE)

    results = fourways.evaluate_frame(frame_of(profiles).lazy()).collect().select(CELLS)

    for profile, row in zip(profiles, results.iter_rows(), strict=True):
        assert row == texts(engine.decide(profile)), profile


@pytest.mark.parametrize("library", ["polars", "pandas", "pyarrow", "duckdb"])
def test_every_library_gives_the_same(library: str) -> None:
    chance = random.Random(2)
    frame = frame_of([random_profile(chance) for _ in range(300)]).with_row_index("row")
    expected = fourways.evaluate_frame(frame.lazy()).collect()
    given: Any = {
        "polars": lambda: frame,
        "pandas": frame.to_pandas,
        "pyarrow": frame.to_arrow,
        "duckdb": lambda: duckdb.from_arrow(frame.to_arrow()),
    }[library]()

    got = fourways.evaluate_frame(given)

    assert type(got) is type(given)
    if isinstance(got, pd.DataFrame):
        got = pl.from_pandas(got)
    elif library == "duckdb":
        got = got.to_arrow_table()
    cells = pl.DataFrame(got).sort("row").select(CELLS)
    assert cells.equals(expected.select(CELLS))


def test_true_and_false_and_a_headcount_are_understood() -> None:
    frame = pl.DataFrame(
        {"organisation_size": [9, 10, None], "needs_title_or_pay": [True, False, None]}
    )

    results = fourways.evaluate_frame(frame)

    engine = ReferenceEngine(BASE)
    profiles = [
        Profile({"organisation_size": "micro", "needs_title_or_pay": True}),
        Profile({"organisation_size": "small", "needs_title_or_pay": False}),
        Profile(),
    ]
    assert results.select(CELLS).rows() == [texts(engine.decide(p)) for p in profiles]


def test_a_frame_without_a_column_to_read_is_refused() -> None:
    with pytest.raises(InputError, match="no column of the frame is named like an attribute"):
        fourways.evaluate_frame(pl.DataFrame({"a": [1]}))


def test_a_frame_with_a_result_column_is_refused() -> None:
    with pytest.raises(InputError, match="the frame has columns named ranking"):
        fourways.evaluate_frame(pl.DataFrame({"current_role": ["other"], "ranking": ["x"]}))
