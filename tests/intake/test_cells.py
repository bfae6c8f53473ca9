"""What a cell says: unknown, a set, yes or no; and that no text is too weird."""

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


def read_or_refused(attribute: str, text: str) -> ParsedAnswer | UnreadableAnswerError:
    """Give what a text was taken for, or why it was not."""
    try:
        return parse_answer(ATTRIBUTES[attribute], text)
    except UnreadableAnswerError as refused:
        return refused


UNKNOWN = [
    "", "  ", "-", "--", "\u2014", ".", "...", "?", "NA", "N/A", "n/a", "N.A.", "#N/A", "<NA>", "None",
    "null", "NULL", "#NULL!", "\\N", "NaN", "nil", "blank", "(blank)", "(Empty)", "unknown", "Unknown.",
    "I don't know", "I don\u2019t know", "don't know", "Prefer not to say", "I prefer not to answer",
    "Rather not say", "Not applicable", "not specified", "No answer", "TBD", "\uff2e\uff0f\uff21",
]  # fmt: skip


@pytest.mark.parametrize("text", UNKNOWN)
def test_spellings_of_an_answer_that_is_not_known_are_unknown(text: str) -> None:
    for attribute in ("organisation_size", "current_role", "manager_informed", "pmo_scope"):
        assert answer(attribute, text) is None
    if text != "None":
        assert answer("aspirations", text) is None


def test_a_value_goes_before_a_spelling_of_unknown() -> None:
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
def test_the_values_of_a_set_may_be_parted_in_many_ways(text: str) -> None:
    assert answer("aspirations", text) == {"promotion", "breadth"}


@pytest.mark.parametrize("text", ["none", "None yet", "no projects", "No"])
def test_not_having_managed_a_project_is_known_and_below_a_small_one(text: str) -> None:
    attribute = ATTRIBUTES["largest_project"]

    assert answer("largest_project", text) == "none"
    assert attribute.order["none"] < attribute.order["small"]


@pytest.mark.parametrize("text", ["None", "none of these", "None of the above.", "Nothing"])
def test_a_set_of_which_nothing_applies_is_empty_and_known(text: str) -> None:
    assert answer("growth_blockers", text) == frozenset()


@pytest.mark.parametrize(
    "text", ["promotion, fame", "promotion;fame", "none, breadth", "none;stay"]
)
def test_one_part_that_is_no_value_spoils_the_set(text: str) -> None:
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
def test_yes_and_no_have_a_few_spellings(text: str, expected: bool) -> None:
    assert parse_answer(ATTRIBUTES["manager_informed"], text) == ParsedAnswer(expected)


def test_what_comes_after_yes_or_no_is_left_out_with_a_note() -> None:
    assert parse_answer(ATTRIBUTES["manager_informed"], "Yes, by mail") == ParsedAnswer(
        True, "'Yes, by mail' taken as yes"
    )


@pytest.mark.parametrize("text", ["-1", "2", "+1", "maybe", "yes and no", "ja", "not really", "!"])
def test_what_is_neither_yes_nor_no_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAnswerError, match="neither yes nor no"):
        answer("manager_informed", text)


def test_answers_of_job_surveys_are_understood_as_they_stand() -> None:
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
def test_any_text_is_understood_or_refused_in_words(attribute: str, text: str) -> None:
    said = read_or_refused(attribute, text)

    if isinstance(said, UnreadableAnswerError):
        assert said.problem
        assert len(str(said)) < 1_000
    elif said.answer is not None:
        members = ATTRIBUTES[attribute].members(said.answer)
        assert all(member in ATTRIBUTES[attribute].by_id for member in members)


PIECES = st.sampled_from(
    ["1", "10", "50", "1,000", "1.000", "-", "\u2013", "to", "+", "k", "<", ">", "more than", "and",
     "or", "less", "between", " ", "employees", "e", ".", ",", "(", "up to", "~"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_text_like_a_band_is_understood_or_refused(text: str) -> None:
    said = read_or_refused("organisation_size", text)

    assert isinstance(said, ParsedAnswer) or "is no value of organisation_size" in said.problem


@pytest.mark.parametrize(
    "piece",
    ["a", "9", "1,", ";", ",", "a,", "promotion;", "- ", "(", "1-", " to ", "\u202e", "\U0001f680",
     "e\u0301", "of ", "/", "pmo/", "yes, ", "jan-", "\n", ".", "'", "1 "],
)  # fmt: skip
def test_a_text_of_100_kb_does_not_take_long(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    started = time.perf_counter()
    for attribute in ATTRIBUTES:
        said = read_or_refused(attribute, text)
        assert isinstance(said, ParsedAnswer) or len(str(said)) < 1_000
    assert time.perf_counter() - started < 5
