"""What may still come first on the built-in rules."""

import pytest

from fourways.engines.fast import CompactEngine
from fourways.explain import outcomes as explained
from fourways.explain.outcomes import outcomes, settled, telling
from fourways.explain.relevance import Outlook
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from random_profiles import random_profiles


def test_on_the_built_in_rules_what_random_answers_lead_to_is_among_the_outcomes(
    base: RuleBase, compact: CompactEngine
) -> None:
    known = random_profiles(base, 60, seed=31)
    others = random_profiles(base, 60, seed=32)
    for profile in known:
        possible = {*outcomes(Outlook(compact, profile)).possible, None}
        for other in others:
            answered = Profile({**other, **profile})
            assert compact.first(compact.bits(answered)) in possible


def test_with_nothing_known_every_path_may_come_first(
    base: RuleBase, compact: CompactEngine
) -> None:
    answer = outcomes(Outlook(compact, Profile()))

    assert answer.possible == (*base.paths, None)[: len(answer.possible)]
    assert len(answer.possible) >= len(base.paths)
    assert not answer.settled


def test_the_question_that_tells_most_leaves_the_fewest_outcomes(compact: CompactEngine) -> None:
    answer = outcomes(Outlook(compact, Profile()))

    assert answer.questions[0].attribute == "aspirations"
    left = [one.outcomes_left_on_average for one in answer.questions]
    assert left == sorted(left)


def test_what_the_person_does_not_know_is_not_asked(compact: CompactEngine) -> None:
    answer = outcomes(Outlook(compact, Profile(), frozenset({"aspirations"})))

    assert "aspirations" not in [one.attribute for one in answer.questions]


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

    answer = outcomes(Outlook(compact, profile))

    assert answer.possible == ("move_out",)
    assert answer.questions == ()


def test_the_quick_answers_are_those_of_the_thorough_one(
    base: RuleBase, compact: CompactEngine
) -> None:
    for profile in random_profiles(base, 150, seed=34):
        answer = outcomes(Outlook(compact, profile))
        assert settled(Outlook(compact, profile)) is answer.settled
        if not answer.settled:
            assert {one.attribute for one in answer.questions} == {
                *telling(Outlook(compact, profile), base.attributes)
            }


def test_what_a_search_cannot_tell_in_time_is_called_open(
    base: RuleBase, compact: CompactEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = random_profiles(base, 150, seed=34)
    exact = [settled(Outlook(compact, profile)) for profile in profiles]
    monkeypatch.setattr(explained, "_EFFORT", 0)
    hasty = [settled(Outlook(compact, profile)) for profile in profiles]
    assert sum(hasty) < sum(exact)
    assert all(sure or not soon for soon, sure in zip(hasty, exact, strict=True))


def test_a_set_with_too_many_answers_is_not_gone_through(
    compact: CompactEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explained, "_MANY_VALUES", 4)
    assert not settled(Outlook(compact, Profile()))
    assert telling(Outlook(compact, Profile()), compact.base.attributes) == ()
