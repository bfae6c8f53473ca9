"""The conditions of rules: a closed list of node types under all, any and not.

Every worded operator comes down to one of two questions about a known answer: is it one of the
accepted values (`Among`), and does the set include one of them (`Holds`). The node keeps the
wording for explanations; the engines need only the question.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from fourways.model.profile import Answer, Kind, name_of
from fourways.model.truth import Truth, conjunction, disjunction, negation


@dataclass(frozen=True, slots=True)
class Condition:
    """The base of all conditions."""


@dataclass(frozen=True, slots=True)
class Test(Condition):
    """A condition on an answer.

    Attributes:
        attribute: the name of the attribute that is asked about.
        operator: the worded operator, and `operand` its right side, as the rule has them.
        accepted: the values that make it true.
    """

    attribute: str
    operator: str
    operand: tuple[str, ...]
    accepted: frozenset[str]

    def met_by(self, answer: Answer) -> bool:
        """Return whether a known answer makes the condition true."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Among(Test):
    """The single answer is one of the accepted values."""

    def met_by(self, answer: Answer) -> bool:
        """Return whether the answer is accepted."""
        assert not isinstance(answer, frozenset)
        return name_of(answer) in self.accepted


@dataclass(frozen=True, slots=True)
class Holds(Test):
    """The set includes at least one of the accepted values."""

    def met_by(self, answer: Answer) -> bool:
        """Return whether one of the accepted values applies."""
        assert isinstance(answer, frozenset)
        return not self.accepted.isdisjoint(answer)


@dataclass(frozen=True, slots=True)
class Lacks(Test):
    """The set is known, and includes none of the accepted values."""

    def met_by(self, answer: Answer) -> bool:
        """Return whether none of the accepted values applies."""
        assert isinstance(answer, frozenset)
        return self.accepted.isdisjoint(answer)


@dataclass(frozen=True, slots=True)
class Found(Condition):
    """A finding was concluded."""

    finding: str


@dataclass(frozen=True, slots=True)
class Recommended(Condition):
    """A path came out as supported."""

    path: str


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part is true; with no parts, always true."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Any(Condition):
    """At least one part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part is false; of answers only, for what was not concluded may only be unknown."""

    part: Condition


ALWAYS = All()

Leaf = Test | Found | Recommended
"""What a condition comes down to, below all, any and not."""

Accepts = Callable[[tuple[str, ...], Mapping[str, int]], frozenset[str]]


def _as_named(operand: tuple[str, ...], _: Mapping[str, int]) -> frozenset[str]:
    return frozenset(operand)


def _upwards(operand: tuple[str, ...], order: Mapping[str, int]) -> frozenset[str]:
    return frozenset(name for name in order if order[name] >= order[operand[0]])


def _downwards(operand: tuple[str, ...], order: Mapping[str, int]) -> frozenset[str]:
    return frozenset(name for name in order if order[name] <= order[operand[0]])


@dataclass(frozen=True, slots=True)
class Operator:
    """A worded operator: its meaning, its kinds, one operand or several, and what it accepts."""

    meaning: str
    kinds: frozenset[Kind]
    node: type[Test]
    accepts: Accepts = _as_named
    several: bool = False
    negative: bool = False


_SINGLE = frozenset({Kind.SCALE, Kind.CHOICE, Kind.ROLE, Kind.YES_NO})
_SCALE = frozenset({Kind.SCALE})
_ROLE = frozenset({Kind.ROLE})
_SET = frozenset({Kind.SET})

OPERATORS: Mapping[str, Operator] = {
    "is": Operator("the answer is this one", _SINGLE, Among),
    "one_of": Operator("the answer is one of these", _SINGLE - {Kind.YES_NO}, Among, several=True),
    "at_least": Operator("this one or more", _SCALE, Among, _upwards),
    "at_most": Operator("this one or less", _SCALE, Among, _downwards),
    "family": Operator("the job belongs to one of these families", _ROLE, Among, several=True),
    "includes": Operator("this one was ticked", _SET, Holds),
    "includes_any": Operator("at least one of these was ticked", _SET, Holds, several=True),
    "excludes": Operator(
        "the question was answered, and none of these was ticked", _SET, Lacks, several=True
    ),
}
"""The closed list. For `family` the loader puts the family's roles in as what is accepted."""


def truth_of(
    condition: Condition,
    answers: Mapping[str, Answer],
    finding: Callable[[str], Truth],
    recommended: Callable[[str], Truth],
) -> Truth:
    """Return the three-valued truth of a condition.

    Args:
        condition: the condition.
        answers: the known answers.
        finding: returns whether a finding was concluded.
        recommended: returns whether a path is supported.
    """

    def truth(node: Condition) -> Truth:
        match node:
            case Test():
                answer = answers.get(node.attribute)
                return None if answer is None else node.met_by(answer)
            case Found():
                return finding(node.finding)
            case Recommended():
                return recommended(node.path)
            case All():
                return conjunction(truth(part) for part in node.parts)
            case Any():
                return disjunction(truth(part) for part in node.parts)
            case Not():
                return negation(truth(node.part))
        raise TypeError(f"no truth for {type(node).__name__}")

    return truth(condition)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield the tests, findings and paths that a condition names, in its order."""
    match condition:
        case All() | Any():
            for part in condition.parts:
                yield from leaves(part)
        case Not():
            yield from leaves(condition.part)
        case Test() | Found() | Recommended():
            yield condition


def without_negation(condition: Condition, negated: bool = False) -> Condition:
    """Return an equivalent condition without `not`, which becomes part of the tests.

    The complement of a test on a known answer is a test again. So engines that match facts need
    nothing for facts that are absent.
    """
    match condition:
        case Not():
            return without_negation(condition.part, not negated)
        case All() if negated:
            return Any(tuple(without_negation(part, True) for part in condition.parts))
        case All():
            return All(tuple(without_negation(part) for part in condition.parts))
        case Any() if negated:
            return All(tuple(without_negation(part, True) for part in condition.parts))
        case Any():
            return Any(tuple(without_negation(part) for part in condition.parts))
        case Test() if negated:
            return Complement.of(condition)
    return condition


def disjuncts(
    condition: Condition,
    concluding: Callable[[str], Iterable[Condition]] | None = None,
) -> tuple[frozenset[Leaf], ...]:
    """Return the disjunctive normal form: the sets of leaves that each make a condition true.

    Args:
        condition: the condition.
        concluding: returns the conditions of the rules that conclude a finding, by its name. They
            replace the finding. Without it, findings stay leaves.

    Returns:
        Each set once, in the condition's order, without those that contain another one.
    """

    def minimal(sets: Iterable[frozenset[Leaf]]) -> tuple[frozenset[Leaf], ...]:
        distinct = list(dict.fromkeys(sets))
        return tuple(one for one in distinct if not any(other < one for other in distinct))

    def expand(node: Condition) -> tuple[frozenset[Leaf], ...]:
        match node:
            case All():
                sets: tuple[frozenset[Leaf], ...] = (frozenset(),)
                for part in node.parts:
                    sets = minimal(one | other for one, other in product(sets, expand(part)))
                return sets
            case Any():
                return minimal(one for part in node.parts for one in expand(part))
            case Found() if concluding:
                rules = map(without_negation, concluding(node.finding))
                return minimal(one for rule in rules for one in expand(rule))
            case Test() | Found() | Recommended():
                return (frozenset({node}),)
        raise TypeError(f"no normal form for {type(node).__name__}")

    return expand(without_negation(condition))


def count_disjuncts(condition: Condition) -> int:
    """Return the number of disjuncts before any is dropped: what an engine that matches facts has.

    It is counted, not built, because nested `any`s multiply.
    """
    match condition:
        case Not():
            return count_disjuncts(without_negation(condition))
        case All():
            return prod(map(count_disjuncts, condition.parts))
        case Any():
            return sum(map(count_disjuncts, condition.parts))
    return 1


@dataclass(frozen=True, slots=True)
class Complement(Test):
    """The answer is known, and the test that is negated is not met."""

    test: Test

    @staticmethod
    def of(test: Test) -> Test:
        """Return the complement of a test; of a complement, the test that it negates."""
        if isinstance(test, Complement):
            return test.test
        return Complement(test.attribute, test.operator, test.operand, test.accepted, test)

    def met_by(self, answer: Answer) -> bool:
        """Return whether the answer fails the test."""
        return not self.test.met_by(answer)
