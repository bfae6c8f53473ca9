"""The agreement of fourways with blind readers of the article doesn't fall."""

import pytest
from agreement import SETS, agreement, everybody, pairs, people, refitted, today


def test_five_sets_of_people_whom_three_readers_ranked() -> None:
    assert [len(people(name)) for name in SETS] == [60, 90, 100, 100, 100]
    assert {len(person.readings) for person in everybody()} == {3}
    assert len({person.id for person in everybody()}) == 450


def test_agreement_with_the_readers_does_not_fall() -> None:
    found = agreement(everybody(), today())

    assert found.first >= 408
    assert found.agreed >= 379
    assert found.among_two >= 432


@pytest.mark.parametrize("name", SETS)
def test_each_set_agrees_about_as_well_as_the_readers_with_each_other(name: str) -> None:
    found = agreement(people(name), today())

    assert found.first >= min(pairs(people(name))) - 4


def test_agreement_holds_on_a_set_that_the_factors_were_not_fitted_on() -> None:
    found = [agreement(people(name), refitted(everybody(but=name))) for name in SETS]

    assert sum(one.first for one in found) >= 402
    assert sum(one.agreed for one in found) >= 373
