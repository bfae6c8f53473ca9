"""Problems are safe to print and name a remedy."""

import pytest

from fourways.errors import InputError, Location, Problem, did_you_mean


def test_control_characters_never_reach_the_terminal() -> None:
    problem = Problem("unknown column 'a\x1b[2J\n'", Location("\x07.csv", 1, 1), "Use 'b\x9b'.")

    said = r"\x07.csv:1:1: unknown column 'a\x1b[2J\n'. Use 'b\x9b'."
    assert str(problem) == str(InputError(problem)) == said


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("gren", "Did you mean 'green'?"),
        ("xyz", "Use red, green or blue."),
    ],
)
def test_an_unknown_word_gets_a_suggestion(word: str, remedy: str) -> None:
    assert did_you_mean(word, ["red", "green", "blue"]) == remedy
