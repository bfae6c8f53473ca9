"""Changes of answers: one attribute gets another answer, or a set gains or loses one value.

A change always gives an answer: what is known never becomes unknown. A set that was unknown is
known with its first value, and so is one of which nothing applies.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from fourways.model.profile import NOTHING, Answer, Attribute, By, Kind, Possible


class Operation(StrEnum):
    """What a change does."""

    ANSWER = "answer"
    ADD = "add"
    REMOVE = "remove"
    NOTHING = "nothing"


WHOLE = (Operation.ANSWER, Operation.NOTHING)
"""The operations that replace the whole answer."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an answer.

    Attributes:
        attribute: whose answer changes.
        change: what is done.
        value: the new answer, or the value that a set gains or loses.
        by: what can bring it about; None if it is never proposed.
        in_words: a clause that starts with "if"; empty if it is never proposed.
    """

    attribute: str
    change: Operation
    value: str
    by: By | None
    in_words: str


Changes = tuple[Change, ...]


def single_changes(attribute: Attribute, answer: Answer | None) -> Iterator[Change]:
    """Yield every single change of an answer; None is an unknown one."""

    def change(operation: Operation, value: str, possible: Possible | None) -> Change:
        words = f"if {possible.says}" if possible else ""
        return Change(attribute.id, operation, value, possible.by if possible else None, words)

    if attribute.kind is not Kind.SET:
        for value in attribute.values:
            if answer is None or (value.id,) != attribute.members(answer):
                yield change(Operation.ANSWER, value.id, value.if_so)
        return
    if answer is None:
        yield change(Operation.NOTHING, NOTHING, None)
    for value in attribute.values:
        if isinstance(answer, frozenset) and value.id in answer:
            yield change(Operation.REMOVE, value.id, value.if_not)
        else:
            yield change(Operation.ADD, value.id, value.if_so)


def sets_of_changes(changes: Iterable[Change], most: int) -> Iterator[Changes]:
    """Yield the sets of some changes that can be made together, the smallest first.

    Args:
        changes: single changes, of one attribute or several.
        most: how many changes a set has at most.
    """
    listed = tuple(changes)
    for size in range(1, most + 1):
        for chosen in combinations(listed, size):
            # An answer can be given only once; a set can change in several values.
            given = [
                c.attribute for c in chosen if c.change in (Operation.ANSWER, Operation.NOTHING)
            ]
            if len(given) == len(set(given)):
                yield chosen


def changed(
    attribute: Attribute, answer: Answer | None, changes: Iterable[Change]
) -> Answer | None:
    """Return the answer to an attribute after those of some changes that are about it."""
    for one in changes:
        if one.attribute != attribute.id:
            continue
        values = answer if isinstance(answer, frozenset) else frozenset()
        match one.change:
            case Operation.ADD:
                answer = values | {one.value}
            case Operation.REMOVE:
                answer = values - {one.value}
            case Operation.NOTHING:
                answer = frozenset()
            case Operation.ANSWER:
                answer = one.value == "true" if attribute.kind is Kind.YES_NO else one.value
    return answer


def brought_about_by(changes: Iterable[Change]) -> By:
    """Return what brings about changes that go together: a wish if any is one, and so on."""
    order = list(By)
    return max((one.by for one in changes if one.by), key=order.index)


def all_in_words(changes: Iterable[Change]) -> str:
    """Return changes that go together as one clause: "if ..., and if ..."."""
    return ", and ".join(one.in_words for one in changes)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Sets of changes that differ only in the value of one change.

    Attributes:
        common: the changes that all sets have.
        one_of: the changes of one attribute of which each set has one more; empty for one set.
    """

    common: Changes
    one_of: Changes = ()

    @property
    def in_words(self) -> str:
        """One clause: "if ..., or if ...; and in each case if ..."."""
        common = all_in_words(self.common)
        either = ", or ".join(one.in_words for one in self.one_of)
        return "; and in each case ".join(clause for clause in (either, common) if clause)


def grouped(sets: Iterable[Changes]) -> tuple[Alternatives, ...]:
    """Group sets of changes that differ in one value only, so that people needn't read each.

    Returns:
        The same sets, in the order of the first one of each group.
    """
    left = list(sets)
    groups = []
    while left:
        first = left[0]
        # For each change of the first set, the sets that have another value in its place.
        families = [
            [(other, (set(other) - rest).pop()) for other in left if _alike(other, one, rest)]
            for one in first
            for rest in [set(first) - {one}]
        ]
        family = max(families, key=len)
        if len(family) == 1:
            groups.append(Alternatives(first))
        else:
            one_of = tuple(one for _, one in family)
            groups.append(Alternatives(tuple(c for c in first if c not in one_of), one_of))
        left = [other for other in left if other not in [member for member, _ in family]]
    return tuple(groups)


def _alike(other: Changes, one: Change, rest: set[Change]) -> bool:
    different = set(other) - rest
    return (
        len(other) == len(rest) + 1
        and len(different) == 1
        and {(c.attribute, c.change) for c in different} == {(one.attribute, one.change)}
    )
