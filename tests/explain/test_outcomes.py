"""What may still come first on the built-in rules, and how far each path is from it."""

import pytest

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain import outcomes as explained
from fourways.explain import reachable
from fourways.explain.nearmiss import near_misses
from fourways.explain.outcomes import outcomes, settled, telling
from fourways.explain.whatwouldittake import what_would_it_take
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from random_profiles import random_profiles


def test_on_the_built_in_rules_what_random_answers_lead_to_is_among_the_outcomes(
    base: RuleBase, compact: CompactEngine
) -> None:
    known = random_profiles(base, 60, seed=31)
    others = random_profiles(base, 60, seed=32)
    for profile in known:
        possible = {*outcomes(compact, profile).possible, None}
        for other in others:
            answered = Profile({**other, **profile})
            assert compact.first(compact.bits(answered)) in possible


def test_with_nothing_known_every_path_may_come_first(
    base: RuleBase, compact: CompactEngine
) -> None:
    answer = outcomes(compact, Profile())

    assert answer.possible == tuple(base.paths)
    assert not answer.settled


def test_the_question_that_tells_most_leaves_the_fewest_outcomes(compact: CompactEngine) -> None:
    answer = outcomes(compact, Profile())

    assert answer.separations[0].attribute == "aspirations"
    left = [one.remaining for one in answer.separations]
    assert left == sorted(left)


def test_what_the_person_does_not_know_is_not_asked(compact: CompactEngine) -> None:
    answer = outcomes(compact, Profile(), never=("aspirations",))

    assert "aspirations" not in [one.attribute for one in answer.separations]


def test_when_it_is_settled_no_question_is_left(compact: CompactEngine) -> None:
    profile = Profile(
        {
            "aspirations": frozenset({"promotion"}),
            "growth_blockers": frozenset({"no_clear_path", "outgrown_role"}),
            "pnl_appetite": "none",
            "needs_title_or_pay": True,
            "current_role": "pmo_analyst",
        }
    )

    answer = outcomes(compact, profile)

    assert answer.possible == ("move_out",)
    assert answer.separations == ()


def test_the_quick_answers_are_those_of_the_thorough_one(
    base: RuleBase, compact: CompactEngine
) -> None:
    for profile in random_profiles(base, 150, seed=34):
        answer = outcomes(compact, profile)
        assert settled(compact, profile) is answer.settled
        if not answer.settled:
            assert {one.attribute for one in answer.separations} == {
                *telling(compact, profile, (), base.attributes)
            }


def test_what_a_search_cannot_tell_in_time_is_called_open(
    base: RuleBase, compact: CompactEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = random_profiles(base, 150, seed=34)
    exact = [settled(compact, profile) for profile in profiles]
    monkeypatch.setattr(explained, "_EFFORT", 0)
    hasty = [settled(compact, profile) for profile in profiles]
    assert sum(hasty) < sum(exact)
    assert all(sure or not soon for soon, sure in zip(hasty, exact, strict=True))


def test_a_set_with_too_many_answers_is_not_gone_through(
    compact: CompactEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachable, "_MANY_VALUES", 4)
    assert not settled(compact, Profile())
    assert telling(compact, Profile(), (), compact.base.attributes) == ()


def test_near_misses_tell_of_every_path_the_smallest_sets(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 40, seed=33):
        decision = reference.decide(profile)

        listed = near_misses(decision, compact)

        assert [one.path for one in listed] == [one.path for one in decision.standings]
        for one in listed:
            every = what_would_it_take(compact, profile, one.path, most=2)
            assert one.proposals == every.smallest()
