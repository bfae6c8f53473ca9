"""Texts become answers: unknown, a set, yes or no; and no text is too odd."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fourways.answers.values import ParsedAnswer, UnreadableAnswerError, parse_answer
from fourways.model.profile import Answer
from fourways.rulebase import load_builtin

ATTRIBUTES = load_builtin().attributes


def answer(attribute: str, text: str) -> Answer | None:
    return parse_answer(ATTRIBUTES[attribute], text).answer


def parsed(attribute: str, text: str) -> ParsedAnswer | UnreadableAnswerError:
    try:
        return parse_answer(ATTRIBUTES[attribute], text)
    except UnreadableAnswerError as error:
        return error


UNKNOWN = [
    "", "  ", "-", "--", "\u2014", ".", "...", "?", "NA", "N/A", "n/a", "N.A.", "#N/A", "<NA>", "None",
    "null", "NULL", "#NULL!", "\\N", "NaN", "nil", "blank", "(blank)", "(Empty)", "unknown", "Unknown.",
    "I don't know", "I don\u2019t know", "don't know", "Prefer not to say", "I prefer not to answer",
    "Rather not say", "Not applicable", "not specified", "No answer", "TBD", "\uff2e\uff0f\uff21",
]  # fmt: skip


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_answer_has_many_spellings(text: str) -> None:
    for attribute in ("organisation_size", "current_role", "manager_informed", "pmo_scope"):
        assert answer(attribute, text) is None
    if text != "None":
        assert answer("aspirations", text) is None


def test_a_value_has_precedence_over_a_spelling_of_unknown() -> None:
    assert answer("pnl_appetite", "None") == "none"
    assert answer("pnl_appetite", "Not sure") == "unsure"
    assert answer("aspirations", "none") == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "promotion;breadth", " promotion ; breadth; ", "promotion|breadth", "promotion\nbreadth",
        "promotion\r\nbreadth", "promotion, breadth", "Promotion,Breadth",
        "A more senior job, wider experience", "['promotion', 'breadth']", "promotion;breadth;promotion",
    ],
)  # fmt: skip
def test_the_values_of_a_set_are_separated_in_many_ways(text: str) -> None:
    assert answer("aspirations", text) == {"promotion", "breadth"}


@pytest.mark.parametrize("text", ["none", "None yet", "no projects", "No"])
def test_no_managed_project_ranks_below_a_small_one(text: str) -> None:
    attribute = ATTRIBUTES["largest_project"]

    assert answer("largest_project", text) == "none"
    assert attribute.order["none"] < attribute.order["small"]


@pytest.mark.parametrize("text", ["None", "none of these", "None of the above.", "Nothing"])
def test_a_set_may_be_known_to_be_empty(text: str) -> None:
    assert answer("growth_blockers", text) == frozenset()


@pytest.mark.parametrize(
    "text", ["promotion, fame", "promotion;fame", "none, breadth", "none;stay"]
)
def test_one_invalid_value_makes_the_set_invalid(text: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        answer("aspirations", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes", True), ("YES.", True), ("y", True), ("TRUE", True), ("T", True), ("1", True),
        ("1.0", True), ("No", False), ("n", False), ("false", False), ("F", False), ("0", False),
        ("0.0", False), ("'no'", False),
    ],
)  # fmt: skip
def test_yes_and_no_have_many_spellings(text: str, expected: bool) -> None:
    assert parse_answer(ATTRIBUTES["manager_informed"], text) == ParsedAnswer(expected)


def test_words_after_yes_or_no_are_noted() -> None:
    assert parse_answer(ATTRIBUTES["manager_informed"], "Yes, by mail") == ParsedAnswer(
        True, '"Yes, by mail" read as yes'
    )


@pytest.mark.parametrize("text", ["-1", "2", "+1", "maybe", "yes and no", "ja", "not really", "!"])
def test_other_texts_are_not_yes_or_no(text: str) -> None:
    with pytest.raises(UnreadableAnswerError, match=r"isn't yes or no\. Use yes or no"):
        answer("manager_informed", text)


def test_answers_of_job_surveys_are_known() -> None:
    asked = {
        "I am actively looking for a job": "serious",
        "I\u2019m not actively looking, but I am open to new opportunities": "considering",
        "I am not interested in new job opportunities": "not_looking",
    }

    assert {text: answer("job_search", text) for text in asked} == asked


@given(st.sampled_from(sorted(ATTRIBUTES)), st.text(max_size=200))
@example("organisation_size", "1e99")
@example("organisation_size", "9" * 200)
@example("organisation_size", "\u2460-\u00bd")
@example("aspirations", ",;|,\n;")
@example("manager_informed", "\x00")
def test_any_text_is_an_answer_or_an_error_that_says_why(attribute: str, text: str) -> None:
    result = parsed(attribute, text)

    if isinstance(result, UnreadableAnswerError):
        assert result.problem
        assert len(str(result)) < 1_000
    elif result.answer is not None:
        members = ATTRIBUTES[attribute].members(result.answer)
        assert all(member in ATTRIBUTES[attribute].by_id for member in members)


PIECES = st.sampled_from(
    ["1", "10", "50", "1,000", "1.000", "-", "\u2013", "to", "+", "k", "<", ">", "more than", "and",
     "or", "less", "between", " ", "employees", "e", ".", ",", "(", "up to", "~"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_text_like_a_band_is_an_answer_or_an_error(text: str) -> None:
    result = parsed("organisation_size", text)

    assert isinstance(result, ParsedAnswer) or "isn't a valid organisation_size" in result.problem


@pytest.mark.parametrize(
    "piece",
    ["a", "9", "1,", ";", ",", "a,", "promotion;", "- ", "(", "1-", " to ", "\u202e", "\U0001f680",
     "e\u0301", "of ", "/", "pmo/", "yes, ", "jan-", "\n", ".", "'", "1 "],
)  # fmt: skip
def test_a_text_of_100_kb_is_parsed_quickly(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    started = time.perf_counter()
    for attribute in ATTRIBUTES:
        result = parsed(attribute, text)
        assert isinstance(result, ParsedAnswer) or len(str(result)) < 1_000
    assert time.perf_counter() - started < 5
