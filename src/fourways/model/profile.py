"""Attributes, which can be known about a person, and profiles, which are known about one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from fourways.model.titles import Titles

Answer = str | bool | frozenset[str]
"""A known answer: a value, yes or no, or the set of what applies (empty: asked, nothing does)."""

NOTHING = "none"
"""Written for a set that was asked for, where nothing applies."""

WISHES = "wishes"
"""The group of attributes that say what a person wants."""


class Kind(StrEnum):
    """The kind of answer to an attribute's question."""

    SCALE = "scale"
    CHOICE = "choice"
    ROLE = "role"
    SET = "set"
    YES_NO = "yes_no"


class By(StrEnum):
    """What a change comes about by, in the order in which changes are proposed."""

    DO = "do"
    HAPPENS = "happens"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Possible:
    """A change that can be proposed: what it comes about by, and a clause to follow "if"."""

    by: By
    says: str


@dataclass(frozen=True, slots=True)
class Value:
    """A possible answer.

    Attributes:
        id: its name in rules and files.
        label: the answer as it appears on the screen.
        names: other spellings.
        start: on a scale of numbers, the least number that counts as this value.
        if_so: how it can become the answer or, in a set, come to apply; None: never proposed.
        if_not: of a set, how it can cease to apply; None: never proposed.
        in_sentence: the answer inside a sentence about "you", where the label does not fit.
    """

    id: str
    label: str
    names: tuple[str, ...] = ()
    start: int | None = None
    if_so: Possible | None = None
    if_not: Possible | None = None
    in_sentence: str = ""

    @property
    def words(self) -> str:
        """The answer inside a sentence."""
        return self.in_sentence or self.label


@dataclass(frozen=True)
class Attribute:
    """What is asked, checked and explained about one side of a person.

    Attributes:
        id: its name in rules and files.
        kind: the kind of answer.
        about: the group of questions that it belongs to.
        question: the question in plain words; `help` explains it.
        label: the attribute in plain words.
        columns: other names of its column in a file.
        values: the answers, in order; a scale goes from least to most.
        titles: what is known about job titles, where the answer is a role.
        breakdown: whether summaries of many people are broken down by it.
        units: words that may stand beside a number, on a scale that takes numbers.
        alike: groups of values that stand for numbers and that no rule tells apart.
    """

    id: str
    kind: Kind
    about: str
    question: str
    label: str
    help: str
    columns: tuple[str, ...]
    values: tuple[Value, ...] = field(repr=False)
    titles: Titles | None = field(default=None, repr=False, compare=False)
    breakdown: bool = False
    units: tuple[str, ...] = ()
    alike: tuple[frozenset[str], ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def by_id(self) -> Mapping[str, Value]:
        """The values by their names."""
        return {value.id: value for value in self.values}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The index of each value in the declared order."""
        return {value.id: index for index, value in enumerate(self.values)}

    def members(self, answer: Answer) -> tuple[str, ...]:
        """Return the names of the values in an answer, in the declared order."""
        if isinstance(answer, frozenset):
            return tuple(sorted(answer, key=self.order.__getitem__))
        return (name_of(answer),)

    def in_words(self, answer: Answer) -> str:
        """Return an answer for use in a sentence, such as "tracking budgets and reporting"."""
        words = [self.by_id[name].words for name in self.members(answer)]
        if len(words) > 1:
            return f"{', '.join(words[:-1])} and {words[-1]}"
        return words[0] if words else "none of these"


def name_of(answer: str | bool) -> str:
    """Return the name of a single answer; yes and no are written true and false."""
    return answer if isinstance(answer, str) else str(answer).lower()


class Profile(Mapping[str, Answer]):
    """What is known about one person: attribute to answer, nothing where it is unknown.

    Hashable, and in one order, so that equal profiles give equal traces.

    Args:
        answers: the known answers, valid for their attributes.
    """

    __slots__ = ("_answers", "_hash")

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self._answers = dict(sorted((answers or {}).items()))
        self._hash = hash(tuple(self._answers.items()))

    def __getitem__(self, attribute: str) -> Answer:
        return self._answers[attribute]

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and self._answers == other._answers

    def __repr__(self) -> str:
        return f"Profile({self._answers!r})"

    def having(self, attribute: str, answer: Answer | None) -> "Profile":
        """Return the profile with one answer changed; None makes it unknown."""
        answers = {**self._answers, attribute: answer}
        return Profile({name: value for name, value in answers.items() if value is not None})
