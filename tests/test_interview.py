"""The interview as a value: the order of questions, going back, changing answers, saving."""

import json
from dataclasses import replace
from random import Random
from time import process_time

import pytest

from engines import profile_of
from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.errors import InputError
from fourways.interview import Interview, answer_line, as_record, from_record, progress, review
from fourways.model.profile import Answer, Profile
from fourways.rulebase import load_builtin
from random_profiles import random_answer

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


def all_unknown(interview: Interview) -> list[str]:
    """Reply "I don't know" to the rest, and return what was asked."""
    names = []
    while interview.question is not None:
        names.append(interview.question.id)
        interview = interview.answered(None)
    return names


def until_settled(random: Random) -> Interview:
    interview = NEW
    while interview.question is not None and not interview.settled:
        known = random.random() < 0.9
        interview = interview.answered(random_answer(interview.question, random) if known else None)
    return interview


def groups_asked(interview: Interview) -> list[str]:
    return [BASE.attributes[name].about for name in all_unknown(interview)]


# -------------------------------------------------------------- the next question


def test_opens_with_the_job_then_a_wish_then_a_circumstance() -> None:
    assert asked(NEW) == "current_role"
    assert groups_asked(NEW)[:3] == ["job", "wishes", "circumstances"]


def test_groups_open_in_declared_order() -> None:
    turned = dict(reversed(BASE.attributes.items()))
    interview = Interview(replace(BASE, attributes=turned))
    assert groups_asked(interview)[:3] == ["circumstances", "wishes", "job"]


def test_most_telling_wish_comes_first() -> None:
    wishes = [name for name in all_unknown(NEW) if BASE.attributes[name].about == "wishes"]
    assert wishes[0] == "aspirations"


def test_group_with_a_preset_is_not_opened_again() -> None:
    preset = Interview.of(BASE, profile_of(current_role="pmo_analyst", aspirations=["breadth"]))
    assert asked(preset) == "growth_blockers"


def test_settled_interview_continues_group_by_group() -> None:
    for seed in range(8):
        groups = groups_asked(until_settled(Random(seed)))
        assert groups == sorted(groups, key=["job", "wishes", "circumstances"].index)


@pytest.mark.parametrize(
    ("answers", "attribute", "is_asked"),
    [
        ({"current_role": "project_manager"}, "largest_project", True),
        ({"current_role": "pmo_analyst"}, "largest_project", False),
        ({"current_role": None}, "largest_project", False),
        ({"job_search": "serious"}, "manager_informed", True),
        ({"job_search": "considering"}, "manager_informed", False),
        ({"job_search": None}, "manager_informed", False),
    ],
)
def test_question_is_asked_only_where_it_matters(
    answers: dict[str, Answer | None], attribute: str, is_asked: bool
) -> None:
    interview = through(NEW, **{"aspirations": frozenset({"breadth"}), **answers})
    assert (attribute in all_unknown(interview)) is is_asked


def test_dont_know_is_not_asked_again() -> None:
    interview = NEW.answered(None)
    assert interview.profile == Profile()
    assert "current_role" not in all_unknown(interview)


def test_presets_are_neither_asked_nor_counted() -> None:
    interview = Interview.of(BASE, profile_of(current_role="pmo_executive"))
    assert (asked(interview), interview.number) == ("aspirations", 1)
    assert "current_role" not in all_unknown(interview)
    assert not interview.can_go_back
    assert interview.back() is interview


def test_progress_never_promises_too_few_questions() -> None:
    for seed in range(15):
        random = Random(seed)
        interview = NEW
        while interview.question is not None:
            number, more = interview.number, interview.at_most_more
            interview = interview.answered(random_answer(interview.question, random))
            if interview.question is not None:
                assert interview.number == number + 1
                assert interview.at_most_more + 1 <= more


def test_next_question_comes_at_once() -> None:
    for seed in range(10):
        random = Random(seed)
        interview = NEW
        while True:
            started = process_time()
            question, _ = interview.question, interview.settled
            assert process_time() - started < 0.1
            if question is None:
                break
            interview = interview.answered(random_answer(question, random))


# ------------------------------------------------------- going back, changing answers


def test_back_reopens_the_previous_question_with_its_answer() -> None:
    interview = through(NEW, current_role="pmo_executive", aspirations=frozenset({"breadth"}))
    back = interview.back()
    assert (asked(back), back.number) == ("aspirations", 2)
    assert back.reply_to("aspirations").answer == frozenset({"breadth"})
    assert asked(back.back()) == "current_role"
    assert asked(back.back().answered("pmo_executive")) == asked(interview)
    assert back.without_reopening() == interview


def test_reopened_question_counts_what_may_follow_another_answer() -> None:
    assert NEW.answered("pmo_analyst").back().at_most_more == NEW.at_most_more


def test_answers_are_ignored_while_their_question_does_not_matter() -> None:
    interview = through(
        NEW,
        current_role="project_manager",
        aspirations=frozenset({"breadth"}),
        largest_project="large",
    )
    changed = interview.reopen("current_role").answered("pmo_analyst")
    assert set(changed.profile) == {"current_role", "aspirations"}
    restored = changed.reopen("current_role").answered("project_manager")
    assert restored.profile == interview.profile
    assert asked(restored) == asked(interview)


def test_changed_answer_brings_the_questions_that_matter_now() -> None:
    done = through(NEW, job_search="considering")
    while done.question is not None:
        done = done.answered(None)
    assert asked(done.reopen("job_search").answered("serious")) == "manager_informed"
    with pytest.raises(ValueError, match="no question"):
        done.answered("serious")


def test_question_that_was_not_asked_cannot_be_reopened() -> None:
    with pytest.raises(ValueError, match="wasn't asked"):
        NEW.reopen("job_search")


# ------------------------------------------------------------------------ settled


def test_best_match_settles_before_the_last_question() -> None:
    interview = through(
        NEW,
        current_role="pmo_analyst",
        aspirations=frozenset({"promotion"}),
        growth_blockers=frozenset({"waiting_for_vacancy"}),
    )
    assert interview.settled
    assert interview.best_match == "move_out"
    assert interview.question is not None


def test_no_answer_changes_a_settled_best_match() -> None:
    engine = ReferenceEngine(BASE)
    for seed in range(20):
        random = Random(seed)
        interview = until_settled(random)
        best = interview.best_match
        while interview.question is not None:
            interview = interview.answered(random_answer(interview.question, random))
            assert interview.settled
            assert interview.best_match == best
        assert engine.decide(interview.profile).recommendation == best


# ----------------------------------------------------------------------- in words


def test_progress_counts_questions_and_says_which_is_the_last() -> None:
    assert progress(NEW) == f"Question 1 of at most {NEW.at_most_more + 1}"
    assert progress(NEW.answered(None).back()).startswith("Question 1 again (up to")
    last = through(Interview.of(BASE, profile_of(current_role="pmo_analyst")), job_search="serious")
    while last.at_most_more:
        last = last.answered(None)
    assert progress(last) == "Last question"
    assert progress(last.answered(None).reopen(asked(last))) == f"Question {last.number} again"


def test_review_lists_answers_in_declared_order() -> None:
    interview = through(NEW, current_role="pmo_analyst", aspirations=None)
    names = [name for name, _ in review(interview)]
    assert names == [name for name in BASE.attributes if name in names]
    assert dict(review(interview))["current_role"] == "Your job: PMO analyst"
    assert dict(review(interview))["aspirations"] == "What you want next: I don't know"
    informed = BASE.attributes["manager_informed"]
    assert answer_line(informed, False) == f"{informed.question} No"


# -------------------------------------------------------------------------- saved


def test_saved_interview_continues_where_it_was() -> None:
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
        (None, "can't be read"),
        ([], "can't be read"),
        ({}, "can't be read"),
        ({**RECORD, "answers": [None]}, "can't be read"),
        ({**RECORD, "answers": {"age": "1"}}, "can't be read"),
        ({**RECORD, "answers": {"job_search": "?"}}, "can't be read"),
        ({**RECORD, "answers": {"current_role": "cook"}}, "can't be read"),
        ({**RECORD, "answers": {"job_search": ["serious"]}}, "can't be read"),
        ({**RECORD, "format": 0}, "another version"),
        ({**RECORD, "rule_base": "0" * 64}, "other rules"),
    ],
)
def test_invalid_saved_interview_is_refused(record: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_record(BASE, record)
