"""Asks line by line: for pipes, screen readers and terminals that cannot move the cursor."""

import re
import sys

import click

from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.cli.prompts import (
    NONE_OF_THESE,
    EndOfInputError,
    Go,
    Said,
    answer_line,
    capitalised,
    choices,
    heading,
    review_lines,
    takes_figures,
    tell,
)
from fourways.errors import InputError, Problem, did_you_mean
from fourways.explain.why import why
from fourways.interview import Interview
from fourways.model.profile import NOTHING, Attribute, Kind

_EXPLAIN, _WHY = "explain", "why"

_COMMANDS = {
    "?": _EXPLAIN, "help": _EXPLAIN,
    "w": _WHY, "why": _WHY,
    "b": Go.BACK, "back": Go.BACK,
    "s": Go.STOP, "stop": Go.STOP,
    "q": Go.QUIT, "quit": Go.QUIT, "exit": Go.QUIT,
}  # fmt: skip

_DONT_KNOW = frozenset({"", "d", "?!", "dont know", "don't know", "i don't know"})

_WRONG_IN_A_ROW = 10
"""After so many the input is taken for something else than answers, where nobody sits there."""

_NUMBERS = re.compile(r"\d+(?:[\s,;]+\d+)*")
_FIGURE = re.compile(r"=\s*(\d.*)|(\d[\d ,.']*)\s*[^\W\d]+")


class PlainPrompter:
    """Prints numbered choices and reads lines from standard input."""

    stop_by = "Type stop"

    def __init__(self) -> None:
        self._wrong = 0

    def begin(self) -> None:
        """Tell how to answer."""
        tell(
            "Type the number or the name of an answer. Enter: you don't know. ?: explain the "
            "question. why: why it is asked. back: the question before. stop: no more questions, "
            "show the result. quit: keep your answers and leave."
        )

    def ask(self, interview: Interview, attribute: Attribute) -> Said | Go:
        """Ask a question until there is a reply.

        Raises:
            EndOfInputError: the input ended.
        """
        click.echo()
        tell(f"{heading(interview)}.", attribute.question)
        for number, (_, words) in enumerate(choices(attribute), start=1):
            tell(f"{number}. {capitalised(words)}", indent="  ")
        if attribute.kind is Kind.SET:
            tell(f"0. {capitalised(NONE_OF_THESE)}", indent="  ")
        said = interview.said(attribute.id)
        if said is not None:
            tell(f"Your answer was: {answer_line(attribute, said.answer)}")
        tell(_hint(attribute))
        while True:
            line = self._line()
            command = _COMMANDS.get(line.casefold())
            if command == _EXPLAIN:
                tell(attribute.help)
            elif command == _WHY:
                tell(*why(interview.asking, attribute.id))
            elif command is Go.BACK and not interview.can_go_back:
                tell("This is the first question.")
            elif isinstance(command, Go):
                self._wrong = 0
                return command
            else:
                reply = _read(attribute, line)
                if isinstance(reply, Said):
                    self._wrong = 0
                    return reply
                self._complain(reply)

    def review(self, interview: Interview) -> str | Go | None:
        """Show what was said; give the attribute to change, None to go on to the result.

        Raises:
            EndOfInputError: the input ended.
        """
        lines = list(review_lines(interview))
        click.echo()
        tell("Your answers.")
        for number, (_, words) in enumerate(lines, start=1):
            tell(f"{number}. {words}", indent="  ")
        tell("Type the number of an answer to change it. Enter: show the result.")
        while True:
            line = self._line()
            command = _COMMANDS.get(line.casefold())
            if command is Go.QUIT:
                return Go.QUIT
            if not line or command is Go.STOP:
                return None
            if line.isdecimal() and 1 <= int(line) <= len(lines):
                self._wrong = 0
                return lines[int(line) - 1][0].attribute
            self._complain(f"'{line}' is no number of this list. Type 1 to {len(lines)}, or Enter.")

    def _line(self) -> str:
        click.echo("> ", nl=False)
        # Bytes, so that what is not UTF-8 is a wrong answer and no more than that.
        line = sys.stdin.buffer.readline()
        if not sys.stdin.isatty():
            click.echo()
        if not line:
            raise EndOfInputError
        text = line.decode(errors="replace").replace("\t", " ")
        return "".join(c for c in text if c.isprintable()).strip()

    def _complain(self, problem: str) -> None:
        self._wrong += 1
        if self._wrong >= _WRONG_IN_A_ROW and not sys.stdin.isatty():
            raise InputError(
                Problem(f"{self._wrong} wrong answers in a row", hint=f"The last: {problem}")
            )
        tell(problem)


def _hint(attribute: Attribute) -> str:
    if attribute.kind is Kind.SET:
        return "All that apply: numbers or names, separated by semicolons."
    if attribute.kind is Kind.ROLE:
        return "A number, or any job title."
    if takes_figures(attribute):
        return "A number from the list, or a figure of your own after an equals sign, such as =40."
    return "A number or a name."


def _read(attribute: Attribute, line: str) -> Said | str:
    """Give the answer that a line stands for, or what is wrong with it."""
    if line.casefold() in _DONT_KNOW:
        return Said(None)
    values = [value for value, _ in choices(attribute)]
    figure = _FIGURE.fullmatch(line) if takes_figures(attribute) else None
    if figure:
        line = (figure[1] or figure[2]).strip()
    elif attribute.kind is Kind.SET:
        if _NUMBERS.fullmatch(line):
            line = ";".join(re.split(r"[\s,;]+", line))
        parts = [part.strip() for part in line.split(";") if part.strip()]
        for index, part in enumerate(parts):
            if part.isdecimal():
                if int(part) > len(values):
                    return f"There is no number {part}; choose from 0 to {len(values)}."
                parts[index] = values[int(part) - 1].id if int(part) else NOTHING
        if len(parts) > 1 and NOTHING in parts:
            return f"'{NONE_OF_THESE}' stands alone; leave out 0, or the others."
        line = ";".join(parts)
    elif line.isdecimal():
        if 1 <= int(line) <= len(values):
            line = values[int(line) - 1].id
        elif not takes_figures(attribute):
            return f"There is no number {line}; choose from 1 to {len(values)}."
    try:
        taken = parse_answer(attribute, line)
    except UnreadableAnswerError:
        near = did_you_mean(line, [words for _, words in choices(attribute)])
        hint = near if near.startswith("Did") else "Type a number of the list, or ? for help."
        return f"'{line[:60]}' is no answer to this question. {hint}"
    return Said(taken.answer, taken.note)
