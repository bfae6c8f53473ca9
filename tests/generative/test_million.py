"""A million random people: the columnar engine decides as the reference engine does."""

import pytest
from columnar import agree
from judge import CELLS, Judge, People

from fourways import evaluate_frame
from fourways.batch.contract import texts
from fourways.engines.reference import ReferenceEngine
from fourways.rulebase import load_builtin

BASE = load_builtin()
SHARES, SHARE = 4, 250_000
WHOLE = 1000
"""How many of a share the reference engine decides itself, with their sentences."""


@pytest.mark.parametrize("seed", range(SHARES))
def test_a_million_people_are_decided_as_by_the_reference(seed: int) -> None:
    people, reference = People.random(BASE, SHARE, seed), ReferenceEngine(BASE)

    judged = Judge(BASE).cells(people)

    assert evaluate_frame(people.texts(), BASE, texts=False).select(CELLS).equals(judged)
    profiles = [people.profile(row) for row in range(WHOLE)]
    decided = [texts(reference.decide(profile)) for profile in profiles]
    assert [cells[: len(CELLS)] for cells in decided] == judged.head(WHOLE).rows()
    agree(BASE, profiles, decided)
