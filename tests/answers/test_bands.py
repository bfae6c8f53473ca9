"""Numbers and size bands as surveys write them."""

from pathlib import Path

import pytest

from fourways.answers.values import ParsedAnswer, UnreadableAnswerError, parse_answer
from fourways.rulebase import load, load_builtin
from rule_bases import write_base

SIZE = load_builtin().attributes["organisation_size"]


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
def test_a_number_belongs_to_a_value(text: str, value: str) -> None:
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
def test_a_band_that_ends_where_the_next_value_starts_lies_before_it(text: str) -> None:
    note = f'"{text}" read as 10 to 49 people, although 50 itself is 50 to 249 people'

    assert parse_answer(SIZE, text) == ParsedAnswer("small", note)


def test_fewer_than_the_start_of_the_next_value_leaves_that_out() -> None:
    assert parse_answer(SIZE, "fewer than 10") == ParsedAnswer("micro")
    assert parse_answer(SIZE, "up to 10").note


@pytest.mark.parametrize("text", ["20 to 99 employees", "26-100", "10+", "fewer than 100"])
def test_a_band_across_a_boundary_that_matters_is_unknown(text: str) -> None:
    parsed = parse_answer(SIZE, text)

    assert parsed.answer is None
    assert parsed.note.startswith(f'"{text}" could be ')
    assert "10 to 49 people" in parsed.note
    assert "50 to 249 people" in parsed.note
    assert parsed.note.endswith(", so it counts as unknown")


@pytest.mark.parametrize(
    ("text", "value"),
    [("100 to 499", "large"), ("6-25", "small"), ("under 50", "small"), ("240-260", "medium"),
     ("100+", "large"), ("up to 50", "small")],
)  # fmt: skip
def test_a_band_across_another_boundary_is_where_most_of_it_lies(text: str, value: str) -> None:
    parsed = parse_answer(SIZE, text)

    assert parsed.answer == value
    assert parsed.note.endswith("as no rule tells them apart")


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


def parse_own(folder: Path, rules: str, text: str) -> ParsedAnswer:
    base = load(write_base(folder, rules, {"profile.yaml": OWN}))
    return parse_answer(base.attributes["team"], text)


def test_any_scale_with_numbers_takes_bands(tmp_path: Path) -> None:
    assert parse_own(tmp_path, ASKS, "10-99 heads") == ParsedAnswer("many")
    assert parse_own(tmp_path, ASKS, "A handful (1-9)") == ParsedAnswer("few")


@pytest.mark.parametrize("text", ["0", "10-99 employees"])
def test_a_number_too_low_or_with_other_units_is_invalid(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableAnswerError, match="A number from 1 up works too"):
        parse_own(tmp_path, ASKS, text)


def test_a_boundary_matters_if_a_rule_tests_or_words_it(tmp_path: Path) -> None:
    assert parse_own(tmp_path, ASKS, "5 to 20").answer == "many"
    assert parse_own(tmp_path, ASKS, "50 to 200").answer is None
    assert parse_own(tmp_path, SAYS, "5 to 20").answer is None


@pytest.mark.parametrize(
    "text",
    ["-5", "99-20", "plenty", "$250", "25%", "3 projects", "1/2", "1.2.3", "2024-01-05", "50-",
     "people", "9" * 5000, "1-2-3-4"],
)  # fmt: skip
def test_other_texts_are_invalid_with_a_suggestion(text: str) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        parse_answer(SIZE, text)

    assert 'A number from 0 up works too, or a range such as "10 to 49".' in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["Jun-25", "10-Nov", "01-May", "Nov 50"])
def test_a_band_that_became_a_date_gets_a_hint(text: str) -> None:
    with pytest.raises(UnreadableAnswerError, match="a spreadsheet turned a range into a date"):
        parse_answer(SIZE, text)
