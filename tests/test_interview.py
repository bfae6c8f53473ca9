"""The interview as a value: order, relevance, back, edit, and going on another time."""

import json
from dataclasses import replace

import pytest

from engines import profile_of
from fourways.errors import InputError
from fourways.interview import Interview, as_record, from_record
from fourways.loading import load_builtin
from fourways.model.profile import Answer, Profile

BASE = load_builtin()
NEW = Interview(BASE)


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


def all_unknown(interview: Interview) -> list[str]:
    names = []
    while interview.question is not None:
        names.append(interview.question.id)
        interview = interview.answered(None)
    return names


def test_the_job_comes_first_then_wishes_then_circumstances() -> None:
    groups = [BASE.attributes[name].about for name in all_unknown(NEW)]
    assert list(dict.fromkeys(groups)) == ["job", "wishes", "circumstances"]
    assert groups == sorted(groups, key=["job", "wishes", "circumstances"].index)


def test_groups_stay_together_whatever_the_order_of_the_file() -> None:
    names = list(BASE.attributes)
    mixed = {name: BASE.attributes[name] for name in [*names[::2], *names[1::2]]}
    interview = Interview(replace(BASE, attributes=mixed))
    groups = [BASE.attributes[name].about for name in all_unknown(interview)]
    assert len(list(dict.fromkeys(groups))) == sum(
        1 for before, after in zip([None, *groups], groups, strict=False) if before != after
    )


def test_the_reach_of_the_office_is_asked_of_executives_only() -> None:
    assert asked(NEW.answered("pmo_executive")) == "pmo_scope"
    assert asked(NEW.answered("pmo_analyst")) != "pmo_scope"


def test_whether_the_manager_knows_is_asked_of_serious_searchers_only() -> None:
    assert asked(through(NEW, job_search="serious")) == "manager_informed"
    assert asked(through(NEW, job_search="considering")) is None


def test_an_unknown_answer_closes_the_questions_that_hang_on_it() -> None:
    assert not {"pmo_scope", "largest_project", "manager_informed"} & set(all_unknown(NEW))


def test_a_dont_know_is_not_in_the_profile_and_not_asked_again() -> None:
    interview = NEW.answered(None)
    assert interview.profile == Profile()
    assert asked(interview) != "current_role"


def test_presets_are_not_asked_and_not_counted() -> None:
    interview = Interview.of(BASE, profile_of(current_role="pmo_executive"))
    assert (asked(interview), interview.number) == ("pmo_scope", 1)
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
    interview = through(NEW, current_role="pmo_executive", pmo_scope="it")
    next_question = asked(interview)
    back = interview.back()
    assert (asked(back), back.number) == ("pmo_scope", 2)
    assert back.said("pmo_scope").answer == "it"
    twice = back.back()
    assert asked(twice) == "current_role"
    assert asked(twice.answered("pmo_executive")) == next_question


def test_a_question_asked_again_counts_what_may_come_of_another_answer() -> None:
    first = NEW.at_most_more
    assert NEW.answered("pmo_analyst").back().at_most_more == first


def test_a_changed_answer_sets_aside_those_that_lost_their_question() -> None:
    interview = through(NEW, current_role="pmo_executive", pmo_scope="it", aspirations=frozenset())
    changed = interview.reopen("current_role").answered("pmo_analyst")
    assert set(changed.profile) == {"current_role", "aspirations"}
    assert [one.attribute for one in changed.applying if one.attribute == "pmo_scope"] == []


def test_an_answer_set_aside_is_back_with_its_question() -> None:
    interview = through(NEW, current_role="pmo_executive", pmo_scope="it", aspirations=frozenset())
    changed = interview.reopen("current_role").answered("pmo_analyst")
    restored = changed.reopen("current_role").answered("pmo_executive")
    assert restored.profile == interview.profile
    assert asked(restored) == asked(interview)


def test_a_changed_answer_brings_the_questions_that_matter_now() -> None:
    done = through(NEW, job_search="considering")
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
        through(NEW, job_search=None).answered("serious")


def test_the_first_recommendation_settles_before_the_last_question() -> None:
    interview = through(
        NEW,
        current_role="pmo_analyst",
        aspirations=frozenset({"promotion"}),
        growth_blockers=frozenset({"waiting_for_vacancy"}),
    )
    assert interview.settled
    assert interview.outlook.leading == "move_out"
    assert interview.question is not None


def test_an_interview_goes_on_from_its_record_with_the_dont_knows() -> None:
    interview = through(
        Interview.of(BASE, profile_of(pnl_appetite="none")),
        current_role="pmo_executive",
        pmo_scope=None,
        transferable_skills=frozenset(),
        aspirations=frozenset({"stay", "breadth"}),
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
