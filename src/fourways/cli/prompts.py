"""What the two ways of asking in a terminal share: the replies, and the words of the frame."""

import shutil
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import click

from fourways.interview import Given, Interview
from fourways.model.profile import Answer, Attribute, Kind, Value

DONT_KNOW = "I don't know"
NONE_OF_THESE = "none of these"


class Go(Enum):
    """What a person can do instead of answering."""

    BACK = "back"
    STOP = "stop"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it was understood; None for "don't know"."""

    answer: Answer | None
    note: str = ""


class EndOfInputError(Exception):
    """There is nothing more to read."""


class Prompter(Protocol):
    """A way of asking in a terminal."""

    stop_by: str
    """How the person stops the questions, in words."""

    def begin(self) -> None:
        """Tell how to answer."""

    def ask(self, interview: Interview, attribute: Attribute) -> Said | Go:
        """Ask a question until there is a reply."""

    def review(self, interview: Interview) -> str | Go | None:
        """Show what was said; give the attribute to change, None to go on to the result."""


def tell(*paragraphs: str, indent: str = "") -> None:
    """Print paragraphs, wrapped to the terminal."""
    width = min(shutil.get_terminal_size().columns, 88)
    for paragraph in paragraphs:
        click.echo(
            textwrap.fill(
                paragraph, max(width, 20), initial_indent=indent, subsequent_indent=indent
            )
        )


def heading(interview: Interview) -> str:
    """Give where in the interview we are: "Question 3, at most 6 more"."""
    more = interview.at_most_more
    parts = [f"Question {interview.number}"]
    if interview.reopened is not None:
        parts.append("asked again")
    if more:
        parts.append(f"at most {more} more")
    elif interview.reopened is None:
        parts.append("the last")
    return ", ".join(parts)


def capitalised(text: str) -> str:
    """Give a text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def choices(attribute: Attribute) -> tuple[tuple[Value, str], ...]:
    """Give the values that can be chosen, each with its words."""
    if attribute.kind is Kind.YES_NO:
        return tuple((value, "yes" if value.id == "true" else "no") for value in attribute.values)
    return tuple((value, value.label) for value in attribute.values)


def takes_figures(attribute: Attribute) -> bool:
    """Tell whether a number of one's own is an answer."""
    return any(value.start is not None for value in attribute.values)


def answer_line(attribute: Attribute, answer: Answer | None) -> str:
    """Give an answer with what it answers: "Your job: PMO analyst"."""
    if attribute.kind is Kind.YES_NO:
        words = DONT_KNOW if answer is None else "yes" if answer else "no"
        return f"{attribute.question} {capitalised(words)}"
    words = DONT_KNOW if answer is None else attribute.in_words(answer)
    return f"{capitalised(attribute.label)}: {words}"


def review_lines(interview: Interview) -> Iterable[tuple[Given, str]]:
    """Give what was said and applies, with its words, in the order of the questionnaire."""
    attributes = interview.base.attributes
    order = list(attributes)
    for one in sorted(interview.applying, key=lambda one: order.index(one.attribute)):
        yield one, answer_line(attributes[one.attribute], one.answer)
