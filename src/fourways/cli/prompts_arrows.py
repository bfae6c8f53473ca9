"""Asks with arrow keys, where the terminal can move the cursor."""

import shutil
import textwrap
from collections.abc import Callable
from typing import Any

import questionary
from prompt_toolkit.application import run_in_terminal
from questionary import Choice, Separator

from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.cli.prompts import (
    DONT_KNOW,
    NONE_OF_THESE,
    Go,
    Said,
    capitalised,
    choices,
    heading,
    review_lines,
    takes_figures,
    tell,
)
from fourways.explain.why import why
from fourways.interview import Interview
from fourways.model.profile import Answer, Attribute, Kind, name_of

_TYPE = "(type it)"
_UNKNOWN = "(unknown)"
_NONE = "(none)"
_GO_ON = "(go on)"
# Values of a rule base are names without brackets, so none of these can be one.

_KEYS = "\n ? explain  w why  d don't know  b back  s stop  q quit"

_LOOK: dict[str, Any] = {
    "qmark": "",
    "erase_when_done": True,
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
    """Shows a list, and moves in it by the arrow keys."""

    stop_by = "Press s"

    def begin(self) -> None:
        """Tell how to answer."""
        tell(
            "Move with the arrow keys and press Enter; mark what applies with the space bar. "
            "Keys: ? explains the question, w says why it is asked, d is for don't know, b goes "
            "back, s stops and shows the result, q keeps your answers and leaves."
        )

    def ask(self, interview: Interview, attribute: Attribute) -> Said | Go:
        """Ask a question until there is a reply."""
        said = interview.said(attribute.id)
        answer = said.answer if said else None
        known = said is not None
        while True:
            reply = (
                self._several(interview, attribute, answer, known)
                if attribute.kind is Kind.SET
                else self._one(interview, attribute, answer, known)
            )
            if reply is Go.BACK and not interview.can_go_back:
                tell("This is the first question.")
            elif isinstance(reply, Said | Go):
                return reply
            elif (typed := self._typed(attribute)) is not None:
                return typed

    def review(self, interview: Interview) -> str | Go | None:
        """Show what was said; give the attribute to change, None to go on to the result."""
        items = [Choice("Show the result", _GO_ON), Separator(" ")]
        items += [
            Choice(_wrapped(f"{number:2}. {words}"), one.attribute)
            for number, (one, words) in enumerate(review_lines(interview), start=1)
        ]
        prompt = questionary.select(
            "\n Your answers. Enter on one to change it.",
            choices=items,
            instruction=" ",
            **_LOOK,
            use_jk_keys=False,
        )
        _on(prompt, "q", lambda event: event.app.exit(result=Go.QUIT))
        _on(prompt, "s", lambda event: event.app.exit(result=_GO_ON))
        reply = _run(prompt)
        return None if reply == _GO_ON else reply

    def _one(
        self, interview: Interview, attribute: Attribute, answer: Answer | None, known: bool
    ) -> Any:
        items = [Choice(capitalised(words), value.id) for value, words in choices(attribute)]
        if attribute.kind is Kind.ROLE:
            items.append(Choice("Type a job title", _TYPE))
        elif takes_figures(attribute):
            items.append(Choice("Type a number", _TYPE))
        items.append(Choice(DONT_KNOW, _UNKNOWN))
        assert not isinstance(answer, frozenset)
        before = name_of(answer) if answer is not None else _UNKNOWN if known else None
        prompt = questionary.select(
            _question(interview, attribute),
            choices=items,
            default=before,
            instruction=_KEYS,
            **_LOOK,
            use_jk_keys=False,
        )
        reply = self._reply(prompt, interview, attribute)
        if reply == _UNKNOWN:
            return Said(None)
        if isinstance(reply, str) and reply != _TYPE:
            return Said(parse_answer(attribute, reply).answer)
        return reply

    def _several(
        self, interview: Interview, attribute: Attribute, answer: Answer | None, known: bool
    ) -> Any:
        marked: frozenset[str] = answer if isinstance(answer, frozenset) else frozenset()
        items: list[Choice] = [
            Choice(capitalised(words), value.id, checked=value.id in marked)
            for value, words in choices(attribute)
        ]
        items.append(
            Choice(capitalised(NONE_OF_THESE), _NONE, checked=answer == frozenset() and known)
        )
        items.append(Choice(DONT_KNOW, _UNKNOWN, checked=answer is None and known))
        prompt = questionary.checkbox(
            _question(interview, attribute),
            choices=items,
            validate=_one_sense,
            instruction=_KEYS,
            **_LOOK,
            use_jk_keys=False,
        )
        for key in "ai":  # they would mark everything, and its opposite with it
            _on(prompt, key, lambda _: None)
        reply = self._reply(prompt, interview, attribute)
        if not isinstance(reply, list):
            return reply
        if _UNKNOWN in reply:
            return Said(None)
        return Said(frozenset(reply) - {_NONE})

    def _reply(
        self, prompt: questionary.Question, interview: Interview, attribute: Attribute
    ) -> Any:
        def above(*paragraphs: str) -> None:
            run_in_terminal(lambda: tell(*paragraphs, ""))

        _on(prompt, "?", lambda _: above(attribute.help))
        _on(prompt, "w", lambda _: above(*why(interview.asking, attribute.id)))
        _on(prompt, "d", lambda event: event.app.exit(result=Said(None)))
        _on(prompt, "b", lambda event: event.app.exit(result=Go.BACK))
        _on(prompt, "s", lambda event: event.app.exit(result=Go.STOP))
        _on(prompt, "q", lambda event: event.app.exit(result=Go.QUIT))
        return _run(prompt)

    def _typed(self, attribute: Attribute) -> Said | None:
        """Read an answer that is typed; None when there is none, to choose from the list again."""

        def readable(text: str) -> bool | str:
            try:
                parse_answer(attribute, text)
            except UnreadableAnswerError as error:
                return str(error)
            return True

        message = f"\n {capitalised(attribute.label)} (Enter alone: back to the list):"
        text = _run(questionary.text(message, validate=readable, **_LOOK))
        if text is Go.QUIT:  # Ctrl-D; where the terminal is gone, the list finds it out
            return None
        taken = parse_answer(attribute, text)
        return Said(taken.answer, taken.note) if taken.answer is not None else None


def _question(interview: Interview, attribute: Attribute) -> str:
    # The empty line is a part of the prompt, and goes with it when it is answered.
    return f"\n {heading(interview)}\n {attribute.question}"


def _wrapped(text: str) -> str:
    # The list cuts what is wider than the terminal; three columns are for its pointer.
    width = max(shutil.get_terminal_size().columns - 4, 20)
    return f"\n{' ' * 7}".join(textwrap.wrap(text, width))


def _one_sense(marked: list[str]) -> bool | str:
    if not marked:
        return "Mark what applies with the space bar, or one of the last two."
    if len(marked) > 1 and (_NONE in marked or _UNKNOWN in marked):
        return "The last two stand alone: take their mark away, or the other marks."
    return True


def _on(prompt: questionary.Question, key: str, act: Callable[[Any], None]) -> None:
    bindings: Any = prompt.application.key_bindings
    bindings.add(key, eager=True)(act)


def _run(prompt: questionary.Question) -> Any:
    try:
        return prompt.unsafe_ask()
    except EOFError:  # the terminal is gone
        return Go.QUIT
