"""The interview as a value: order, relevance, back, edit, and going on another time."""

import json
from dataclasses import replace
from random import Random
from time import process_time

import pytest

from engines import profile_of
from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.errors import InputError
from fourways.explain import outcomes
from fourways.interview import Interview, as_record, from_record
from fourways.model.profile import Answer, Attribute, Kind, Profile
from fourways.rulebase import load_builtin

BASE = load_builtin()
NEW = Interview(BASE, compiled=CompactEngine(BASE))


def asked(interview: Interview) -> str | None:
    return interview.question.id if interview.question else None


def through(interview: Interview, **answers: Answer | None) -> Interview:
    """Answer the questions as they come, None where nothing is named, up to the last named one."""
    left = set(answers)
    while interview.question is not None and left:
        left.discard(interview.question.id)
        interview = interview.answered(answers.get(interview.question.id))
    assert not left, f"never asked: {left}"
    return interview


def any_answer(question: Attribute, random: Random) -> Answer:
    values = [value.id for value in question.values]
    if question.kind is Kind.SET:
        return frozenset(value for value in values if random.random() < 0.3)
    value = random.choice(values)
    return value == "true" if question.kind is Kind.YES_NO else value


def rest_unknown(interview: Interview) -> Interview:
    while interview.question is not None:
        interview = interview.answered(None)
    return interview


def all_unknown(interview: Interview) -> list[str]:
    names = []
    while interview.question is not None:
        names.append(interview.question.id)
        interview = interview.answered(None)
    return names


def groups_asked(interview: Interview) -> list[str]:
    return [BASE.attributes[name].about for name in all_unknown(interview)]


def test_it_opens_with_the_job_then_a_wish_then_a_circumstance() -> None:
    assert asked(NEW) == "current_role"
    assert groups_asked(NEW)[:3] == ["job", "wishes", "circumstances"]


def test_the_groups_are_opened_in_the_order_in_which_they_are_declared() -> None:
    turned = dict(reversed(BASE.attributes.items()))
    interview = Interview(replace(BASE, attributes=turned))
    assert groups_asked(interview)[:3] == ["circumstances", "wishes", "job"]


def test_of_the_wishes_the_one_that_tells_most_comes_first() -> None:
    wishes = [name for name in all_unknown(NEW) if BASE.attributes[name].about == "wishes"]
    assert wishes[0] == "aspirations"
    told = NEW.answered("pmo_analyst")
    assert asked(told) == outcomes.telling(CompactEngine(BASE), told.profile, (), wishes)[0]


def test_a_group_that_was_begun_beforehand_is_not_opened_again() -> None:
    preset = Interview.of(BASE, profile_of(current_role="pmo_analyst", aspirations=["breadth"]))
    assert asked(preset) == "growth_blockers"


def test_when_it_is_settled_what_is_left_comes_group_by_group() -> None:
    for seed in range(8):
        interview = NEW
        random = Random(seed)
        while interview.question is not None and not interview.settled:
            interview = interview.answered(any_answer(interview.question, random))
        groups = groups_asked(interview)
        assert groups == sorted(groups, key=["job", "wishes", "circumstances"].index)


def test_the_largest_project_is_asked_of_project_managers_only() -> None:
    def asked_of(role: str) -> list[str]:
        return all_unknown(through(NEW, current_role=role, aspirations=frozenset({"breadth"})))

    assert "largest_project" in asked_of("project_manager")
    assert "largest_project" not in asked_of("pmo_analyst")


def test_whether_the_manager_knows_is_asked_of_serious_searchers_only() -> None:
    assert "manager_informed" in all_unknown(through(NEW, job_search="serious"))
    assert "manager_informed" not in all_unknown(through(NEW, job_search="considering"))


def test_an_unknown_answer_closes_the_questions_that_hang_on_it() -> None:
    told = through(NEW, current_role=None, aspirations=frozenset({"breadth"}), job_search=None)
    assert not {"largest_project", "manager_informed"} & set(all_unknown(told))


def test_a_dont_know_is_not_in_the_profile_and_not_asked_again() -> None:
    interview = NEW.answered(None)
    assert interview.profile == Profile()
    assert asked(interview) != "current_role"


def test_presets_are_not_asked_and_not_counted() -> None:
    interview = Interview.of(BASE, profile_of(current_role="pmo_executive"))
    assert (asked(interview), interview.number) == ("aspirations", 1)
    assert "current_role" not in all_unknown(interview)
    assert not interview.can_go_back
    assert interview.back() is interview


def test_progress_never_promises_fewer_questions_than_come() -> None:
    for role in BASE.attributes["current_role"].order:
        interview = NEW.answered(role)
        while interview.question is not None:
            more = interview.at_most_more
            value = interview.question.values[-1].id
            kind = interview.question.kind
            answer = frozenset({value}) if kind == "set" else value == "true" or value
            number = interview.number
            interview = interview.answered(answer)
            if interview.question is not None:
                assert interview.number == number + 1
                assert interview.at_most_more + 1 <= more


def test_back_asks_the_question_before_and_keeps_the_answers() -> None:
    interview = through(NEW, current_role="pmo_executive", aspirations=frozenset({"breadth"}))
    next_question = asked(interview)
    back = interview.back()
    assert (asked(back), back.number) == ("aspirations", 2)
    assert back.said("aspirations").answer == frozenset({"breadth"})
    twice = back.back()
    assert asked(twice) == "current_role"
    assert asked(twice.answered("pmo_executive")) == next_question == "growth_blockers"


def test_a_question_asked_again_counts_what_may_come_of_another_answer() -> None:
    first = NEW.at_most_more
    assert NEW.answered("pmo_analyst").back().at_most_more == first


def test_a_changed_answer_sets_aside_those_that_lost_their_question() -> None:
    interview = through(
        NEW,
        current_role="project_manager",
        aspirations=frozenset({"breadth"}),
        largest_project="large",
    )
    changed = interview.reopen("current_role").answered("pmo_analyst")
    assert set(changed.profile) == {"current_role", "aspirations"}
    assert "largest_project" not in [one.attribute for one in changed.applying]


def test_an_answer_set_aside_is_back_with_its_question() -> None:
    interview = through(
        NEW,
        current_role="project_manager",
        aspirations=frozenset({"breadth"}),
        largest_project="large",
    )
    changed = interview.reopen("current_role").answered("pmo_analyst")
    restored = changed.reopen("current_role").answered("project_manager")
    assert restored.profile == interview.profile
    assert asked(restored) == asked(interview)


def test_a_changed_answer_brings_the_questions_that_matter_now() -> None:
    done = rest_unknown(through(NEW, job_search="considering"))
    assert done.question is None
    assert asked(done.reopen("job_search").answered("serious")) == "manager_informed"


def test_leaving_an_earlier_question_alone_changes_nothing() -> None:
    interview = through(NEW, current_role="pmo_executive", pmo_scope="it")
    assert interview.back().as_it_was() == interview


def test_what_was_not_asked_cannot_be_reopened() -> None:
    with pytest.raises(ValueError, match="nothing was said"):
        NEW.reopen("job_search")


def test_nothing_can_be_answered_after_the_last_question() -> None:
    with pytest.raises(ValueError, match="nothing is asked"):
        rest_unknown(NEW).answered("serious")


def test_the_first_recommendation_settles_before_the_last_question() -> None:
    interview = through(
        NEW,
        current_role="pmo_analyst",
        aspirations=frozenset({"promotion"}),
        growth_blockers=frozenset({"waiting_for_vacancy"}),
    )
    assert interview.settled
    assert interview.first == "move_out"
    assert interview.question is not None


def test_what_only_a_search_can_tell_is_settled_too() -> None:
    # Some people for whom the bounds alone leave open what no answer can bring about.
    late = 0
    for seed in range(15):
        random = Random(seed)
        interview = NEW
        while interview.question is not None and not interview.settled:
            interview = interview.answered(any_answer(interview.question, random))
        late += not interview.outlook.settled
    assert late > 0


def test_settled_is_never_taken_back_by_an_answer() -> None:
    engine = ReferenceEngine(BASE)
    for seed in range(20):
        random = Random(seed)
        interview = NEW
        while interview.question is not None and not interview.settled:
            known = random.random() < 0.8
            interview = interview.answered(
                any_answer(interview.question, random) if known else None
            )
        first = interview.first
        while interview.question is not None:
            interview = interview.answered(any_answer(interview.question, random))
            assert interview.settled
            assert interview.first == first == engine.decide(interview.profile).recommendation


def test_the_next_question_comes_at_once() -> None:
    for seed in range(10):
        random = Random(seed)
        interview = NEW
        slowest = 0.0
        while True:
            started = process_time()
            question, _ = interview.question, interview.settled
            slowest = max(slowest, process_time() - started)
            if question is None:
                break
            interview = interview.answered(any_answer(question, random))
        assert slowest < 0.1


def test_an_interview_goes_on_from_its_record_with_the_dont_knows() -> None:
    interview = through(
        Interview.of(BASE, profile_of(pnl_appetite="none")),
        current_role="pmo_executive",
        pmo_scope=None,
        transferable_skills=frozenset(),
        aspirations=frozenset({"run_a_business_area", "breadth"}),
        needs_title_or_pay=False,
    )
    again = from_record(BASE, json.loads(json.dumps(as_record(interview))))
    assert again == interview
    assert asked(again) == asked(interview)


RECORD = as_record(NEW.answered("pmo_analyst"))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (None, "cannot be read"),
        ([], "cannot be read"),
        ({}, "cannot be read"),
        ({**RECORD, "answers": [None]}, "cannot be read"),
        ({**RECORD, "answers": [{"attribute": "age", "answer": "1", "preset": False}]}, "cannot"),
        (
            {
                **RECORD,
                "answers": [{"attribute": "job_search", "answer": "?", "preset": False}],
            },
            "cannot be read",
        ),
        (
            {
                **RECORD,
                "answers": [{"attribute": "current_role", "answer": "cook", "preset": False}],
            },
            "cannot be read",
        ),
        ({**RECORD, "answers": RECORD["answers"] * 2}, "cannot be read"),
        ({**RECORD, "form": 0}, "another version"),
        ({**RECORD, "rule_base": "0" * 64}, "other rules"),
    ],
)
def test_a_record_that_is_not_what_it_should_be_is_refused(record: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_record(BASE, record)
