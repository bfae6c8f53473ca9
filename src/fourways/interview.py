"""The interview as a value: the replies so far, the next question, the way back.

It neither reads nor prints: whatever asks the questions gets them, and their words, from here.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.engines.fast import CompactEngine
from fourways.errors import InputError, Problem
from fourways.explain import outcomes
from fourways.explain.relevance import Outlook
from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, Kind, Profile

FORMAT = 1
"""The version of a saved interview; it grows when older ones can no longer be read."""

DONT_KNOW = "I don't know"
NONE_OF_THESE = "None of these"


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to one question.

    Attributes:
        attribute: what was asked.
        answer: the answer; None for "I don't know".
        preset: whether it was known before the interview, so that it isn't asked.
    """

    attribute: str
    answer: Answer | None
    preset: bool = False


@dataclass(frozen=True)
class Interview:
    """The state of an interview; every operation returns a new one.

    Attributes:
        base: the rules, which decide what is worth asking.
        replies: the replies, one per attribute, in the order of the questions.
        reopened: the attribute of an earlier question that is asked again.
        compiled: the rules for the search, passed from one state to the next.
    """

    base: RuleBase
    replies: tuple[Reply, ...] = ()
    reopened: str | None = None
    compiled: CompactEngine | None = field(default=None, repr=False, compare=False)

    @staticmethod
    def of(base: RuleBase, preset: Profile) -> "Interview":
        """Return the beginning of an interview in which some answers are known."""
        names = (name for name in base.attributes if name in preset)
        return Interview(base, tuple(Reply(name, preset[name], preset=True) for name in names))

    @cached_property
    def applicable(self) -> tuple[Reply, ...]:
        """The replies whose questions still matter, in the order of the questions.

        When an earlier answer changes, a later question may no longer matter. Its reply is ignored
        until it matters again.
        """
        replies: tuple[Reply, ...] = ()
        for reply in self.replies:
            if reply.preset or reply.attribute in _outlook(self._engine, replies).attributes:
                replies = (*replies, reply)
        return replies

    @cached_property
    def outlook(self) -> Outlook:
        """What can still come out."""
        return _outlook(self._engine, self.applicable)

    @cached_property
    def outlook_before(self) -> Outlook:
        """What could still come out if the question asked now had no reply yet."""
        others = (reply for reply in self.applicable if reply.attribute != self.reopened)
        return _outlook(self._engine, tuple(others))

    @property
    def profile(self) -> Profile:
        """The answers that count."""
        return self.outlook.profile

    @cached_property
    def question(self) -> Attribute | None:
        """The question to ask now; None if no question matters any more.

        First one question of each group, in declared order: the job, the wishes, the
        circumstances. Then the question that separates the paths best, until the first
        recommendation is settled. Then the rest, group by group. The first group opens with its
        first declared question; otherwise the one that separates the paths best comes first.
        """
        if self.reopened is not None:
            return self.base.attributes[self.reopened]
        candidates = self.outlook.attributes
        if not candidates:
            return None
        attributes = self.base.attributes
        groups = list(dict.fromkeys(attribute.about for attribute in attributes.values()))
        opened = {attributes[reply.attribute].about for reply in self.applicable}
        unopened = [name for name in candidates if attributes[name].about not in opened]
        if unopened and not self.settled:
            candidates = self._of_first_group(unopened)
            if attributes[candidates[0]].about == groups[0]:
                return attributes[candidates[0]]
        elif self.settled:
            candidates = self._of_first_group(candidates)
        if len(candidates) == 1:
            return attributes[candidates[0]]
        telling = outcomes.telling(self.outlook, candidates)
        return attributes[next(iter(telling), candidates[0])]

    def _of_first_group(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names in the group that is declared first."""
        about = {name: self.base.attributes[name].about for name in names}
        first = next(a.about for a in self.base.attributes.values() if a.about in about.values())
        return tuple(name for name in about if about[name] == first)

    @property
    def number(self) -> int:
        """The number of the question asked now, from 1; presets don't count."""
        asked = self._asked
        return asked.index(self.reopened) + 1 if self.reopened in asked else len(asked) + 1

    @cached_property
    def at_most_more(self) -> int:
        """The greatest number of questions that can follow the one asked now."""
        asked = {reply.attribute for reply in self.replies}
        now = {self.question.id} if self.question else set()
        return len(set(self.outlook_before.attributes) - asked - now)

    @cached_property
    def settled(self) -> bool:
        """Whether no answer can change the first recommendation any more."""
        return outcomes.settled(self.outlook)

    @property
    def best_match(self) -> str | None:
        """The first recommendation on the answers so far; None if no path is supported."""
        return self._engine.first(self._engine.bits(self.profile))

    def reply_to(self, attribute: str) -> Reply | None:
        """Return the reply to a question; None if it wasn't asked yet."""
        return next((reply for reply in self.replies if reply.attribute == attribute), None)

    def answered(self, answer: Answer | None) -> "Interview":
        """Return the interview after a reply to the question asked now; None: "I don't know".

        Raises:
            ValueError: there is no question.
        """
        if self.question is None:
            raise ValueError("there is no question to answer")
        before = self.reply_to(self.question.id)
        if before is None:
            return self._with((*self.replies, Reply(self.question.id, answer)))
        changed = replace(before, answer=answer)
        return self._with(tuple(changed if one is before else one for one in self.replies))

    @property
    def can_go_back(self) -> bool:
        """Whether there is a question before the one asked now."""
        return self.number > 1

    def back(self) -> "Interview":
        """Return the interview with the previous question asked again; the same at the first."""
        return self.reopen(self._asked[self.number - 2]) if self.can_go_back else self

    def reopen(self, attribute: str) -> "Interview":
        """Return the interview with an earlier question asked again.

        Raises:
            ValueError: it wasn't asked yet.
        """
        if self.reply_to(attribute) is None:
            raise ValueError(f"{attribute} wasn't asked yet")
        return self._with(self.replies, reopened=attribute)

    def without_reopening(self) -> "Interview":
        """Return the interview with its replies unchanged and no earlier question reopened."""
        return self._with(self.replies)

    def _with(self, replies: tuple[Reply, ...], reopened: str | None = None) -> "Interview":
        return Interview(self.base, replies, reopened, compiled=self._engine)

    @cached_property
    def _engine(self) -> CompactEngine:
        return self.compiled or CompactEngine(self.base)

    @property
    def _asked(self) -> tuple[str, ...]:
        return tuple(reply.attribute for reply in self.applicable if not reply.preset)


def _outlook(engine: CompactEngine, replies: tuple[Reply, ...]) -> Outlook:
    known = {reply.attribute: reply.answer for reply in replies if reply.answer is not None}
    never = frozenset(reply.attribute for reply in replies if reply.answer is None)
    return Outlook(engine, Profile(known), never)


# ---------------------------------------------------------------------- in words


def progress(interview: Interview) -> str:
    """Return how far the interview is: "Question 3 of at most 9"."""
    number, more = interview.number, interview.at_most_more
    if interview.reopened is not None:
        return f"Question {number} again" + (f" (up to {more} left)" if more else "")
    return f"Question {number} of at most {number + more}" if more else "Last question"


def choices(attribute: Attribute) -> tuple[tuple[str, str], ...]:
    """Return the answers to choose from, each as value and words."""
    if attribute.kind is Kind.YES_NO:
        return tuple((v.id, "Yes" if v.id == "true" else "No") for v in attribute.values)
    return tuple((value.id, capitalized(value.label)) for value in attribute.values)


def answer_line(attribute: Attribute, answer: Answer | None) -> str:
    """Return an answer with what it answers: "Your job: PMO analyst"."""
    if attribute.kind is Kind.YES_NO:
        words = DONT_KNOW if answer is None else "Yes" if answer else "No"
        return f"{attribute.question} {words}"
    words = DONT_KNOW if answer is None else attribute.in_words(answer)
    return f"{capitalized(attribute.label)}: {words}"


def review(interview: Interview) -> tuple[tuple[str, str], ...]:
    """Return the replies to check, each as attribute and words, in the declared order."""
    answers = {reply.attribute: reply.answer for reply in interview.applicable}
    attributes = interview.base.attributes.items()
    return tuple(
        (name, answer_line(one, answers[name])) for name, one in attributes if name in answers
    )


def capitalized(text: str) -> str:
    """Return a text with its first letter capitalized and the rest unchanged."""
    return text[:1].upper() + text[1:]


# ------------------------------------------------------------------------- saved


def as_record(interview: Interview) -> dict[str, object]:
    """Return an interview as plain data, to be continued later."""
    attributes = interview.base.attributes
    return {
        "format": FORMAT,
        "rule_base": interview.base.digest,
        "answers": {
            reply.attribute: _text(attributes[reply.attribute], reply.answer)
            for reply in interview.replies
        },
        "preset": [reply.attribute for reply in interview.replies if reply.preset],
    }


def from_record(base: RuleBase, record: object) -> Interview:
    """Return the interview that `as_record` made a record of.

    Raises:
        InputError: the record is invalid, or was made under other rules.
    """
    match record:
        case {
            "format": int() as version,
            "rule_base": str() as digest,
            "answers": dict() as answers,
            "preset": list() as preset,
        }:
            pass
        case _:
            raise InputError(_INVALID)
    if version != FORMAT:
        raise InputError("the saved answers were written by another version of fourways")
    if digest != base.digest:
        raise InputError(
            Problem(
                "the saved answers belong to other rules",
                hint="Start again, or use the same rules as then.",
            )
        )
    return Interview(
        base,
        tuple(Reply(n, _answer(base, n, text), n in preset) for n, text in answers.items()),
    )


_INVALID = "the saved answers can't be read"


def _answer(base: RuleBase, name: str, text: object) -> Answer | None:
    if name in base.attributes:
        if text is None:
            return None
        with suppress(UnreadableAnswerError):
            answer = parse_answer(base.attributes[name], str(text)).answer
            # Only the text that was saved is valid: nothing is inferred here.
            if _text(base.attributes[name], answer) == text:
                return answer
    raise InputError(_INVALID)


def _text(attribute: Attribute, answer: Answer | None) -> str | None:
    return None if answer is None else ";".join(attribute.members(answer)) or NOTHING
