"""The interview as a value: what was answered, what to ask next, the way back and on.

Nothing is read or printed here; the terminal asks the questions, and whoever else may.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.engines.fast import CompactEngine
from fourways.errors import InputError, Problem
from fourways.explain import outcomes
from fourways.explain.relevance import Outlook
from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, Profile

FORM = 1
"""The form of a record; a change that older ones cannot be read with gives it a new number."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was said to one question.

    Attributes:
        attribute: what was asked.
        answer: the answer; None for "I don't know".
        preset: whether it was there before the interview began.
    """

    attribute: str
    answer: Answer | None
    preset: bool = False


@dataclass(frozen=True)
class Interview:
    """The state of an interview; every operation gives a new one.

    Attributes:
        base: the rules, which decide what is worth asking.
        given: what was said, each attribute once, in the order of the questions.
        reopened: the attribute of an earlier question that is asked again.
        compiled: the rules for the search, when they are there already; one state hands them on to
            the next.
    """

    base: RuleBase
    given: tuple[Given, ...] = ()
    reopened: str | None = None
    compiled: CompactEngine | None = field(default=None, repr=False, compare=False)

    @staticmethod
    def of(base: RuleBase, preset: Profile) -> "Interview":
        """Give the beginning of an interview with some answers there already."""
        given = (
            Given(name, preset[name], preset=True) for name in base.attributes if name in preset
        )
        return Interview(base, tuple(given))

    @cached_property
    def applying(self) -> tuple[Given, ...]:
        """What was said and still applies, in the order of the questions.

        When an earlier answer changes, a later one may have lost its question; it is left aside,
        and is back as soon as its question is.
        """
        kept: tuple[Given, ...] = ()
        for one in self.given:
            if one.preset or one.attribute in _outlook(self.base, kept).attributes:
                kept = (*kept, one)
        return kept

    @cached_property
    def outlook(self) -> Outlook:
        """What can still come out."""
        return _outlook(self.base, self.applying)

    @property
    def profile(self) -> Profile:
        """What is known."""
        return self.outlook.profile

    @cached_property
    def question(self) -> Attribute | None:
        """What to ask now; None when nothing that matters is left.

        First one question of each group, in the order in which the groups are declared: the job,
        the wishes, the circumstances. Then whatever tells the paths apart best, until the first
        recommendation is settled. Then the rest, group by group. Of several the one that tells most
        comes first, but the first group is opened with the question that is declared first.
        """
        if self.reopened is not None:
            return self.base.attributes[self.reopened]
        candidates = self.outlook.attributes
        if not candidates:
            return None
        attributes = self.base.attributes
        groups = list(dict.fromkeys(attribute.about for attribute in attributes.values()))
        about = {name: groups.index(attributes[name].about) for name in attributes}
        begun = {about[one.attribute] for one in self.applying}
        unopened = [name for name in candidates if about[name] not in begun]
        if unopened and not self.settled:
            candidates = _of_first_group(unopened, about)
            if about[candidates[0]] == 0:
                return attributes[candidates[0]]
        elif self.settled:
            candidates = _of_first_group(candidates, about)
        if len(candidates) == 1:
            return attributes[candidates[0]]
        telling = outcomes.telling(self._engine, self.profile, self.outlook.never, candidates)
        return attributes[next(iter(telling), candidates[0])]

    @property
    def number(self) -> int:
        """The number of the question that is asked now, from 1; presets do not count."""
        asked = [one.attribute for one in self._asked]
        return asked.index(self.reopened) + 1 if self.reopened in asked else len(asked) + 1

    @cached_property
    def asking(self) -> Outlook:
        """What can still come out, leaving aside what was said before to what is asked now."""
        return _outlook(
            self.base, tuple(one for one in self.applying if one.attribute != self.reopened)
        )

    @cached_property
    def at_most_more(self) -> int:
        """How many questions may follow the one that is asked now, at most."""
        said = {one.attribute for one in self.given}
        now = {self.question.id} if self.question else set()
        return len(set(self.asking.attributes) - said - now)

    @cached_property
    def settled(self) -> bool:
        """Whether no answer can change the first recommendation any more."""
        return self.outlook.settled or outcomes.settled(
            self._engine, self.profile, self.outlook.never
        )

    @property
    def first(self) -> str | None:
        """The first recommendation with what is known; None where no path is supported."""
        return self._engine.first(self._engine.bits(self.profile))

    def said(self, attribute: str) -> Given | None:
        """Give what was said to a question; None when it was not asked yet."""
        return next((one for one in self.given if one.attribute == attribute), None)

    def answered(self, answer: Answer | None) -> "Interview":
        """Give the interview after an answer to the question asked now; None for "don't know".

        Raises:
            ValueError: there is no question.
        """
        if self.question is None:
            raise ValueError("nothing is asked")
        name = self.question.id
        said = self.said(name)
        if said is None:
            return self._then(given=(*self.given, Given(name, answer)), reopened=None)
        changed = tuple(replace(one, answer=answer) if one is said else one for one in self.given)
        return self._then(given=changed, reopened=None)

    @property
    def can_go_back(self) -> bool:
        """Whether there is a question before the one that is asked now."""
        return self.number > 1

    def back(self) -> "Interview":
        """Give the interview with the question before asked again; at the first, the same."""
        if not self.can_go_back:
            return self
        return self._then(reopened=self._asked[self.number - 2].attribute)

    def reopen(self, attribute: str) -> "Interview":
        """Give the interview with an earlier question asked again.

        Raises:
            ValueError: nothing was said to it yet.
        """
        if self.said(attribute) is None:
            raise ValueError(f"nothing was said about {attribute}")
        return self._then(reopened=attribute)

    def as_it_was(self) -> "Interview":
        """Give the interview with what was said left alone, and no earlier question reopened."""
        return self._then(reopened=None)

    def _then(
        self, *, given: tuple[Given, ...] | None = None, reopened: str | None = None
    ) -> "Interview":
        return Interview(
            self.base, self.given if given is None else given, reopened, compiled=self._engine
        )

    @cached_property
    def _engine(self) -> CompactEngine:
        return self.compiled or CompactEngine(self.base)

    @property
    def _asked(self) -> tuple[Given, ...]:
        return tuple(one for one in self.applying if not one.preset)


def _of_first_group(names: Iterable[str], about: Mapping[str, int]) -> tuple[str, ...]:
    """Give the names that belong to the first group of those that there are."""
    names = tuple(names)
    first = min(about[name] for name in names)
    return tuple(name for name in names if about[name] == first)


def _outlook(base: RuleBase, given: tuple[Given, ...]) -> Outlook:
    known = {one.attribute: one.answer for one in given if one.answer is not None}
    never = frozenset(one.attribute for one in given if one.answer is None)
    return Outlook(base, Profile(known), never)


def as_record(interview: Interview) -> dict[str, object]:
    """Give an interview as plain data, to go on with another time."""
    attributes = interview.base.attributes
    return {
        "form": FORM,
        "rule_base": interview.base.digest,
        "answers": [
            {
                "attribute": one.attribute,
                "answer": _written(attributes[one.attribute], one.answer),
                "preset": one.preset,
            }
            for one in interview.given
        ],
    }


def from_record(base: RuleBase, record: object) -> Interview:
    """Give the interview that was put down as plain data.

    Raises:
        InputError: the data are no interview, or one under other rules.
    """
    match record:
        case {"form": int() as form, "rule_base": str() as digest, "answers": list() as answers}:
            pass
        case _:
            raise InputError("the saved answers cannot be read")
    if form != FORM:
        raise InputError("the saved answers were written by another version of fourways")
    if digest != base.digest:
        raise InputError(
            Problem(
                "the saved answers belong to other rules than those in use now",
                hint="Begin anew, or name the same rules as then.",
            )
        )
    given = tuple(_given(base, one) for one in answers)
    if len({one.attribute for one in given}) < len(given):
        raise InputError("the saved answers cannot be read")
    return Interview(base, given)


def _written(attribute: Attribute, answer: Answer | None) -> str | None:
    if answer is None:
        return None
    return ";".join(attribute.members(answer)) or NOTHING


def _given(base: RuleBase, one: object) -> Given:
    match one:
        case {
            "attribute": str() as name,
            "answer": str() | None as text,
            "preset": bool() as preset,
        }:
            attribute = base.attributes.get(name)
            if attribute is not None:
                try:
                    answer = None if text is None else parse_answer(attribute, text).answer
                except UnreadableAnswerError:
                    answer = None
                # What was read must be what was written: nothing is inferred from a save.
                if _written(attribute, answer) == text:
                    return Given(name, answer, preset)
    raise InputError("the saved answers cannot be read")
