"""Asks the questions with arrow keys, where the terminal can move the cursor."""

import shutil
import textwrap
from collections.abc import Callable
from typing import Any

import questionary
from prompt_toolkit.application import run_in_terminal
from questionary import Choice, Separator

from fourways.answers.values import ParsedAnswer, UnreadableAnswerError, parse_answer
from fourways.cli.prompts import FIRST_QUESTION, Go, accepts_number
from fourways.cli.terminal import tell
from fourways.explain.why import why, why_text
from fourways.interview import (
    DONT_KNOW,
    NONE_OF_THESE,
    Interview,
    Reply,
    capitalized,
    choices,
    progress,
    review,
)
from fourways.model.profile import Attribute, Kind, name_of

# Values in a rule base are names without brackets, so none of them is one of these.
_TYPE = "(type)"
_UNKNOWN = "(unknown)"
_NONE = "(none)"
_SHOW = "(show)"

_KEYS = (
    "\n Up/Down to move, Space to tick, Enter to confirm"
    "\n ? help   w why we ask   d don't know   b back   s see result   q save and quit"
)

_LOOK: dict[str, Any] = {
    "qmark": "",
    "erase_when_done": True,
    "use_jk_keys": False,
    "style": questionary.Style(
        [
            ("question", "bold"),
            ("instruction", "noinherit"),
            ("pointer", "fg:ansigreen bold"),
            ("highlighted", "fg:ansigreen bold"),
            ("selected", "fg:ansigreen"),
        ]
    ),
}


class ArrowPrompter:
    """Shows a list to move in with the arrow keys."""

    stop_by = "Press s"

    def begin(self) -> None:
        """Explain nothing: the keys are below each question."""

    def ask(self, interview: Interview, attribute: Attribute) -> ParsedAnswer | Go:
        """Ask a question until there is a valid reply."""
        list_of = _checkboxes if attribute.kind is Kind.SET else _radio_buttons
        while True:
            # The empty line is part of the prompt, and is erased with it.
            text = f"\n {progress(interview)}\n {attribute.question}"
            prompt = list_of(text, attribute, interview.reply_to(attribute.id))
            _bind_keys(prompt, interview, attribute)
            reply = _run(prompt)
            if reply is Go.BACK and not interview.can_go_back:
                tell(FIRST_QUESTION)
            elif isinstance(reply, Go):
                return reply
            elif reply == _TYPE:
                if (typed := _typed(attribute)) is not None:
                    return typed
            elif _UNKNOWN in reply:
                return ParsedAnswer(None)
            elif isinstance(reply, list):
                return ParsedAnswer(frozenset(reply) - {_NONE})
            else:
                return parse_answer(attribute, reply)

    def review(self, interview: Interview) -> str | Go | None:
        """Show the replies; return the attribute to change, or None to show the result."""
        items = [Choice("Show the result", _SHOW), Separator(" ")]
        items += [
            Choice(_wrapped(f"{number:2}. {words}"), attribute)
            for number, (attribute, words) in enumerate(review(interview), start=1)
        ]
        prompt = questionary.select(
            "\n Check your answers. To change one, select it and press Enter.",
            choices=items,
            instruction=" ",
            **_LOOK,
        )
        _on(prompt, "q", lambda event: event.app.exit(result=Go.QUIT))
        _on(prompt, "s", lambda event: event.app.exit(result=_SHOW))
        reply = _run(prompt)
        return None if reply == _SHOW else reply


def _radio_buttons(text: str, attribute: Attribute, reply: Reply | None) -> questionary.Question:
    items = [Choice(words, value) for value, words in choices(attribute)]
    if attribute.kind is Kind.ROLE:
        items.append(Choice("Type a job title", _TYPE))
    elif accepts_number(attribute):
        items.append(Choice("Type a number", _TYPE))
    items.append(Choice(DONT_KNOW, _UNKNOWN))
    before = None
    if reply is not None:
        assert not isinstance(reply.answer, frozenset)
        before = _UNKNOWN if reply.answer is None else name_of(reply.answer)
    return questionary.select(text, choices=items, default=before, instruction=_KEYS, **_LOOK)


def _checkboxes(text: str, attribute: Attribute, reply: Reply | None) -> questionary.Question:
    ticked: set[str] = set()
    if reply is not None and reply.answer is None:
        ticked = {_UNKNOWN}
    elif reply is not None and reply.answer is not None:
        ticked = set(attribute.members(reply.answer)) or {_NONE}
    listed = [*choices(attribute), (_NONE, NONE_OF_THESE), (_UNKNOWN, DONT_KNOW)]
    items = [Choice(words, value, checked=value in ticked) for value, words in listed]
    prompt = questionary.checkbox(
        text, choices=items, validate=_consistent, instruction=_KEYS, **_LOOK
    )
    for key in "ai":  # questionary's keys to tick and invert everything make no sense here
        _on(prompt, key, lambda _: None)
    return prompt


def _consistent(ticked: list[str]) -> bool | str:
    # Questionary cuts a message that is wider than the terminal.
    if not ticked:
        return f'Tick at least one answer, or "{NONE_OF_THESE}" or "{DONT_KNOW}".'
    if len(ticked) > 1 and (_NONE in ticked or _UNKNOWN in ticked):
        return f'"{NONE_OF_THESE}" and "{DONT_KNOW}" can\'t be combined with other answers.'
    return True


def _bind_keys(prompt: questionary.Question, interview: Interview, attribute: Attribute) -> None:
    def above(*paragraphs: str) -> None:
        run_in_terminal(lambda: tell(*paragraphs, ""))

    def ends_with(result: object) -> Callable[[Any], None]:
        return lambda event: event.app.exit(result=result)

    _on(prompt, "?", lambda _: above(attribute.help))
    _on(
        prompt,
        "w",
        lambda _: above(*why_text(interview.base, why(interview.outlook_before, attribute.id))),
    )
    for key, result in (("d", _UNKNOWN), ("b", Go.BACK), ("s", Go.STOP), ("q", Go.QUIT)):
        _on(prompt, key, ends_with(result))


def _typed(attribute: Attribute) -> ParsedAnswer | None:
    """Return an answer that is typed; None to go back to the list."""

    def valid(text: str) -> bool | str:
        try:
            parse_answer(attribute, text)
        except UnreadableAnswerError as error:
            return str(error)
        return True

    message = f"\n {capitalized(attribute.label)} (press Enter to go back to the list):"
    text = _run(questionary.text(message, validate=valid, qmark="", style=_LOOK["style"]))
    if text is Go.QUIT:  # Ctrl-D; if the terminal is gone, the list finds out
        return None
    parsed = parse_answer(attribute, text)
    return parsed if parsed.answer is not None else None


def _wrapped(text: str) -> str:
    # The list cuts what is wider than the terminal; its pointer takes three columns.
    width = max(shutil.get_terminal_size().columns - 4, 20)
    return f"\n{' ' * 7}".join(textwrap.wrap(text, width))


def _on(prompt: questionary.Question, key: str, act: Callable[[Any], None]) -> None:
    bindings: Any = prompt.application.key_bindings
    bindings.add(key, eager=True)(act)


def _run(prompt: questionary.Question) -> Any:
    try:
        return prompt.unsafe_ask()
    except EOFError:  # the terminal is gone
        return Go.QUIT
