"""Numbers and size bands as surveys write them."""

from pathlib import Path

import pytest

from fourways.answers.values import ParsedAnswer, UnreadableAnswerError, parse_answer
from fourways.rulebase import load, load_builtin
from rule_bases import write_base

SIZE = load_builtin().attributes["organisation_size"]


def size(text: str) -> str | None:
    answer = parse_answer(SIZE, text).answer
    assert answer is None or isinstance(answer, str)
    return answer


def note(text: str) -> str:
    return parse_answer(SIZE, text).note


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "micro"), ("9", "micro"), ("10", "small"), ("49", "small"), ("50", "medium"),
        ("249", "medium"), ("250", "large"), ("250.0", "large"), ("49.5", "small"), ("1e9", "large"),
        ("1E+05", "large"), ("1,000", "large"), ("1.000", "large"), ("1 000", "large"),
        ("1'000", "large"), ("1\u202f000", "large"), ("1,234.5", "large"), ("1.234,5", "large"),
        ("\uff15\uff10", "medium"), ("5k", "large"), ("~200", "medium"), ("approx. 200 people", "medium"),
    ],
)  # fmt: skip
def test_a_number_counts_for_the_value_whose_numbers_it_lies_among(text: str, value: str) -> None:
    assert parse_answer(SIZE, text) == ParsedAnswer(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1000+", "large"), ("1,000 to 4,999 employees", "large"), ("1.000-4.999", "large"),
        ("10 000 \u2013 49 999", "large"), ("10,000 or more employees", "large"), ("5k-10k", "large"),
        ("More than 5000", "large"), (">250", "large"), (">= 250", "large"), ("\u2265250", "large"),
        ("250 and more", "large"), ("500 or over", "large"), ("at least 250", "large"),
        ("50-249 employees", "medium"), ("between 50 and 249 people", "medium"),
        ("51-200", "medium"), ("10\u201349", "small"), ("10 \u2014 49 staff", "small"),
        ("10 to 19 employees", "small"), ("Small (10-49)", "small"), ("2-9 employees", "micro"),
        ("Fewer than 10", "micro"), ("Less than 10 employees", "micro"), ("<10", "micro"),
        ("under 10", "micro"), ("1-5", "micro"), ("9 or fewer", "micro"), ("<= 9 FTE", "micro"),
        ("Just me - I am a freelancer, sole proprietor, etc.", "micro"), ("LARGE", "large"),
    ],
)  # fmt: skip
def test_a_band_within_a_value_is_that_value(text: str, value: str) -> None:
    assert parse_answer(SIZE, text) == ParsedAnswer(value)


@pytest.mark.parametrize("text", ["11-50", "10-50", "11\u201350", "11 to 50 employees"])
def test_a_band_that_ends_where_the_next_value_starts_lies_before_it_with_a_note(text: str) -> None:
    assert size(text) == "small"
    assert note(text) == (
        f"'{text}' taken as 10 to 49 people; its end, 50, is 50 to 249 people already"
    )


def test_fewer_than_the_start_of_the_next_value_leaves_that_out() -> None:
    assert parse_answer(SIZE, "fewer than 10") == ParsedAnswer("micro")
    assert note("up to 10") != ""


@pytest.mark.parametrize("text", ["20 to 99 employees", "26-100", "10+", "fewer than 100"])
def test_a_band_across_a_boundary_that_a_rule_asks_for_is_unknown_with_a_note(text: str) -> None:
    assert size(text) is None
    assert note(text).startswith(f"'{text}' could be ")
    assert note(text).endswith(", and counts as unknown")
    assert "10 to 49 people" in note(text)
    assert "50 to 249 people" in note(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("100 to 499", "large"), ("6-25", "small"), ("under 50", "small"), ("240-260", "medium"),
     ("100+", "large"), ("up to 50", "small")],
)  # fmt: skip
def test_a_band_across_a_boundary_that_no_rule_asks_for_is_where_most_of_it_lies(
    text: str, value: str
) -> None:
    assert size(text) == value
    assert note(text).endswith("for no rule tells them apart")


OWN = """\
team:
  kind: scale
  about: job
  question: How many are you?
  label: your team
  units: [heads]
  values:
    few: {label: a few, from: 1, names: [a handful]}
    many: {label: many, from: 10}
    crowd: {label: a crowd, from: 100}
"""
ASKS = """\
- id: team.crowd
  title: A crowd
  when: {team: {is: crowd}}
  then: {path: alpha, certainty: c30}
  because: It is a crowd.
  house: true
"""
SAYS = ASKS.replace("It is a crowd.", "You are {team}.")


def read_own(folder: Path, rules: str, text: str) -> ParsedAnswer:
    base = load(write_base(folder, rules, {"profile.yaml": OWN}))
    return parse_answer(base.attributes["team"], text)


def test_any_scale_whose_values_start_at_numbers_takes_bands(tmp_path: Path) -> None:
    assert read_own(tmp_path, ASKS, "10-99 heads") == ParsedAnswer("many")
    assert read_own(tmp_path, ASKS, "A handful (1-9)") == ParsedAnswer("few")


def test_units_are_those_of_the_attribute(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_own(tmp_path, ASKS, "10-99 employees")


def test_what_is_below_the_least_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAnswerError, match="A number from 1 on is understood"):
        read_own(tmp_path, ASKS, "0")


def test_a_rule_that_asks_for_a_boundary_makes_bands_across_it_unknown(tmp_path: Path) -> None:
    assert read_own(tmp_path, ASKS, "5 to 20").answer == "many"
    assert read_own(tmp_path, ASKS, "50 to 200").answer is None


def test_a_rule_that_says_the_value_in_words_tells_all_values_apart(tmp_path: Path) -> None:
    assert read_own(tmp_path, SAYS, "5 to 20").answer is None


@pytest.mark.parametrize(
    "text",
    ["-5", "99-20", "plenty", "$250", "25%", "3 projects", "1/2", "1.2.3", "2024-01-05", "50-",
     "people", "9" * 5000, "1-2-3-4"],
)  # fmt: skip
def test_what_is_no_number_and_no_band_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        parse_answer(SIZE, text)

    assert "A number from 0 on is understood, or a band such as '10 to 49'." in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["Jun-25", "10-Nov", "01-May", "Nov 50"])
def test_a_band_that_a_spreadsheet_made_a_date_of_is_said_to_be_one(text: str) -> None:
    with pytest.raises(UnreadableAnswerError, match="a spreadsheet made a date of a band"):
        parse_answer(SIZE, text)
