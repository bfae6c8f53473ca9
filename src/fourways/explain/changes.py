"""Changes of answers: one attribute gets another answer, or a set one member more or less.

A change always gives an answer: what is known never becomes unknown. The first member that an
unknown set gets makes it known, and so does "none of these".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, By, Kind, Possible, Profile


class Sort(StrEnum):
    """What a change does."""

    ANSWER = "answer"
    ADD = "add"
    REMOVE = "remove"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: an attribute, what is done to its answer, and the value that it is done with."""

    attribute: str
    sort: Sort
    value: str

    def __str__(self) -> str:
        sign = {Sort.ADD: "+=", Sort.REMOVE: "-="}.get(self.sort, "=")
        return f"{self.attribute}{sign}{self.value}"


@dataclass(frozen=True, slots=True)
class Step:
    """Changes of one attribute, and the answer that they lead to."""

    changes: tuple[Change, ...]
    answer: Answer


def steps(attribute: Attribute, answer: Answer | None, most: int) -> Iterator[Step]:
    """Give all that can become of an answer with a number of changes, the fewest first.

    Args:
        attribute: what is asked.
        answer: the answer now; None where it is unknown.
        most: how many changes at most.
    """
    if attribute.kind is not Kind.SET:
        for value in attribute.values if most else ():
            new: Answer = value.id == "true" if attribute.kind is Kind.YES_NO else value.id
            if new != answer:
                yield Step((Change(attribute.id, Sort.ANSWER, value.id),), new)
        return
    held = answer if isinstance(answer, frozenset) else frozenset()
    if answer is None and most:
        yield Step((Change(attribute.id, Sort.NOTHING, NOTHING),), held)
    toggles = [
        Change(attribute.id, Sort.REMOVE if value.id in held else Sort.ADD, value.id)
        for value in attribute.values
    ]
    for size in range(1, most + 1):
        for changes in combinations(toggles, size):
            yield Step(changes, held.symmetric_difference(change.value for change in changes))


def applied(base: RuleBase, profile: Profile, changes: Iterable[Change]) -> Profile:
    """Give the profile after some changes."""
    for change in changes:
        held = profile.get(change.attribute)
        members = held if isinstance(held, frozenset) else frozenset()
        new: Answer
        match change.sort:
            case Sort.ADD:
                new = members | {change.value}
            case Sort.REMOVE:
                new = members - {change.value}
            case Sort.NOTHING:
                new = frozenset()
            case Sort.ANSWER:
                yes_no = base.attributes[change.attribute].kind is Kind.YES_NO
                new = change.value == "true" if yes_no else change.value
        profile = profile.having(change.attribute, new)
    return profile


def possible(attribute: Attribute, change: Change) -> Possible | None:
    """Return how a change can come about, as declared; None where it is never proposed."""
    if change.sort is Sort.NOTHING:
        return None
    value = attribute.by_id[change.value]
    return value.if_not if change.sort is Sort.REMOVE else value.if_so


def can_be_proposed(attribute: Attribute, changes: Iterable[Change]) -> bool:
    """Return whether each change of an attribute is one that can come about."""
    return all(possible(attribute, change) for change in changes)


def comes_about_by(base: RuleBase, changes: Iterable[Change]) -> By:
    """Return what changes that go together come about by: wishes if any is one, and so on."""
    order = list(By)
    return max((_possible(base, change).by for change in changes), key=order.index)


def _possible(base: RuleBase, change: Change) -> Possible:
    found = possible(base.attributes[change.attribute], change)
    assert found, f"{change} is never proposed"
    return found


def in_words(base: RuleBase, change: Change) -> str:
    """Return a change that can be proposed as a clause that starts with "if"."""
    return f"if {_possible(base, change).says}"


def all_in_words(base: RuleBase, changes: Iterable[Change]) -> str:
    """Return changes that go together as one clause: "if ..., and if ..."."""
    return ", and ".join(in_words(base, change) for change in changes)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Sets of changes that are alike but for the value of one change.

    Attributes:
        common: the changes that all of them have.
        one_of: the changes of one attribute of which each set has one more; empty for one set.
    """

    common: tuple[Change, ...]
    one_of: tuple[Change, ...] = ()


def gathered(sets: Iterable[tuple[Change, ...]]) -> tuple[Alternatives, ...]:
    """Gather sets of changes that differ in one value only, so that people need not read each.

    Args:
        sets: of changes that go together.

    Returns:
        The same sets, in the same order by their first ones.
    """
    left = list(sets)
    found = []
    while left:
        first = left[0]
        families: list[list[tuple[Change, tuple[Change, ...]]]] = []
        for change in first:
            rest = tuple(other for other in first if other is not change)
            families.append(
                [
                    (one, other)
                    for other in left
                    if len(other) == len(first)
                    for one in other
                    if _alike(one, change) and {*other} - {one} == {*rest}
                ]
            )
        if not families or max(map(len, families)) == 1:
            found.append(Alternatives(first))
            left.remove(first)
            continue
        largest = max(families, key=len)
        (one, _), *_ = largest
        found.append(
            Alternatives(
                tuple(change for change in first if change != one), tuple(one for one, _ in largest)
            )
        )
        taken = {other for _, other in largest}
        left = [other for other in left if other not in taken]
    return tuple(found)


def _alike(one: Change, other: Change) -> bool:
    return one.attribute == other.attribute and one.sort == other.sort


def alternatives_in_words(base: RuleBase, alternatives: Alternatives) -> str:
    """Return gathered sets as one clause: "if ..., or if ...; and if ..."."""
    either = [in_words(base, change) for change in alternatives.one_of]
    common = all_in_words(base, alternatives.common)
    if not either:
        return common
    joined = ", or ".join(either)
    return f"{joined}; and in each case {common}" if common else joined
