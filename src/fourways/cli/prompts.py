"""Asks the questions line by line: for pipes, screen readers and simple terminals.

Also what it shares with `prompts_arrows`, which asks with arrow keys.
"""

import re
import sys
from enum import Enum
from typing import Protocol

import click

from fourways.answers.values import ParsedAnswer, UnreadableAnswerError, parse_answer
from fourways.cli.terminal import tell
from fourways.errors import InputError, Problem, did_you_mean, shortened
from fourways.explain.why import why, why_text
from fourways.interview import (
    NONE_OF_THESE,
    Interview,
    answer_line,
    choices,
    progress,
    review,
)
from fourways.model.profile import NOTHING, Attribute, Kind

FIRST_QUESTION = "This is the first question."


class Go(Enum):
    """What a person can do instead of answering."""

    BACK = "back"
    STOP = "stop"
    QUIT = "quit"


class EndOfInputError(Exception):
    """There is nothing more to read."""


class Prompter(Protocol):
    """A way of asking in a terminal."""

    stop_by: str
    """How to stop the questions, in words."""

    def begin(self) -> None:
        """Explain how to answer."""

    def ask(self, interview: Interview, attribute: Attribute) -> ParsedAnswer | Go:
        """Ask a question until there is a valid reply."""

    def review(self, interview: Interview) -> str | Go | None:
        """Show the replies; return the attribute to change, or None to show the result."""


def accepts_number(attribute: Attribute) -> bool:
    """Return whether a question accepts a number, such as a headcount."""
    return any(value.start is not None for value in attribute.values)


# ---------------------------------------------------------------- line by line

_COMMANDS = {
    "?": "help", "help": "help",
    "w": "why", "why": "why",
    "b": Go.BACK, "back": Go.BACK,
    "s": Go.STOP, "stop": Go.STOP,
    "q": Go.QUIT, "quit": Go.QUIT, "exit": Go.QUIT,
}  # fmt: skip

_DONT_KNOW = frozenset({"", "d", "?!", "dont know", "don't know", "i don't know"})

_WRONG_IN_A_ROW = 10
"""After so many wrong answers, piped input is taken for something other than answers."""

_NUMBERS = re.compile(r"\d+(?:[\s,;]+\d+)*")
_HEADCOUNT = re.compile(r"=\s*(\d.*)|(\d[\d ,.']*)\s*[^\W\d]+")


class PlainPrompter:
    """Prints numbered choices and reads lines from standard input."""

    stop_by = "Type stop"

    def __init__(self) -> None:
        self._wrong = 0

    def begin(self) -> None:
        """Explain how to answer."""
        tell(
            'Type the number or name of an answer, or just press Enter for "I don\'t know". You '
            "can also type: ? (help), why, back, stop (see the result now), quit (save and leave)."
        )

    def ask(self, interview: Interview, attribute: Attribute) -> ParsedAnswer | Go:
        """Ask a question until there is a valid reply.

        Raises:
            EndOfInputError: the input ended.
        """
        tell("", f"{progress(interview)}.", attribute.question)
        for number, (_, words) in enumerate(choices(attribute), start=1):
            tell(f"{number}. {words}", indent="  ")
        if attribute.kind is Kind.SET:
            tell(f"0. {NONE_OF_THESE}", indent="  ")
        before = interview.reply_to(attribute.id)
        if before is not None:
            tell(f"Your answer was: {answer_line(attribute, before.answer)}")
        tell(_hint(attribute))
        while True:
            line = self._line()
            command = _COMMANDS.get(line.casefold())
            if command == "help":
                tell(attribute.help)
            elif command == "why":
                tell(*why_text(interview.base, why(interview.outlook_before, attribute.id)))
            elif command is Go.BACK and not interview.can_go_back:
                tell(FIRST_QUESTION)
            else:
                reply = command if isinstance(command, Go) else _parse(attribute, line)
                if not isinstance(reply, str):
                    self._wrong = 0
                    return reply
                self._reject(reply)

    def review(self, interview: Interview) -> str | Go | None:
        """Show the replies; return the attribute to change, or None to show the result.

        Raises:
            EndOfInputError: the input ended.
        """
        replies = review(interview)
        tell("", "Check your answers.")
        for number, (_, words) in enumerate(replies, start=1):
            tell(f"{number}. {words}", indent="  ")
        tell("To change one, type its number. To see the result, press Enter.")
        while True:
            line = self._line()
            command = _COMMANDS.get(line.casefold())
            if command is Go.QUIT:
                return Go.QUIT
            if not line or command is Go.STOP:
                return None
            if line.isdecimal() and 1 <= int(line) <= len(replies):
                self._wrong = 0
                return replies[int(line) - 1][0]
            self._reject(
                f"Please type a number from 1 to {len(replies)}, or press Enter to see the result."
            )

    def _line(self) -> str:
        click.echo("> ", nl=False)
        # Bytes, so that a line that isn't UTF-8 is just a wrong answer.
        line = sys.stdin.buffer.readline()
        if not sys.stdin.isatty():
            click.echo()
        if not line:
            raise EndOfInputError
        text = line.decode(errors="replace").replace("\t", " ")
        return "".join(c for c in text if c.isprintable()).strip()

    def _reject(self, problem: str) -> None:
        self._wrong += 1
        if self._wrong >= _WRONG_IN_A_ROW and not sys.stdin.isatty():
            raise InputError(
                Problem(f"{self._wrong} wrong answers in a row", hint=f"The last: {problem}")
            )
        tell(problem)


def _hint(attribute: Attribute) -> str:
    if attribute.kind is Kind.SET:
        return "Choose all that apply, for example: 1, 3"
    if attribute.kind is Kind.ROLE:
        return "Type a number, or any job title."
    if accepts_number(attribute):
        return "Type a number from the list. For an exact headcount, type = first: =40."
    return "Type a number or a name."


def _parse(attribute: Attribute, line: str) -> ParsedAnswer | str:
    """Return the answer in a line, or what is wrong with it."""
    if line.casefold() in _DONT_KNOW:
        return ParsedAnswer(None)
    values = [value for value, _ in choices(attribute)]
    headcount = _HEADCOUNT.fullmatch(line) if accepts_number(attribute) else None
    if headcount:
        line = (headcount[1] or headcount[2]).strip()
    elif attribute.kind is Kind.SET:
        separator = r"[\s,;]+" if _NUMBERS.fullmatch(line) else ";"
        parts = [part.strip() for part in re.split(separator, line) if part.strip()]
        for index, part in enumerate(parts):
            if part.isdecimal():
                if int(part) > len(values):
                    return f"There is no number {part}. Choose from 0 to {len(values)}."
                parts[index] = values[int(part) - 1] if int(part) else NOTHING
        if len(parts) > 1 and NOTHING in parts:
            return f'You can\'t combine "{NONE_OF_THESE}" with other answers.'
        line = ";".join(parts)
    elif line.isdecimal():
        if 1 <= int(line) <= len(values):
            line = values[int(line) - 1]
        elif not accepts_number(attribute):
            return f"There is no number {line}. Choose from 1 to {len(values)}."
    try:
        return parse_answer(attribute, line)
    except UnreadableAnswerError:
        near = did_you_mean(line, [value.label for value in attribute.values])
        hint = near if near.startswith("Did") else "Type a number from the list, or ? for help."
        return f'"{shortened(line)}" isn\'t one of the answers. {hint}'
