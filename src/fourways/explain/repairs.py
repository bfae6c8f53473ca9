"""Repairs: the fewest changes of answers that make a rule fire."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from fourways.explain.changes import Change, Step, can_be_proposed, steps
from fourways.model.base import RuleBase
from fourways.model.conditions import All, Any, Complement, Condition, Found, Test
from fourways.model.profile import WISHES, Answer, Attribute, Kind
from fourways.model.rules import Rule

_Tests = frozenset[Test]


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What changes cost: how many they are, how many are of wishes, how many of known answers."""

    changes: int = 0
    wished: int = 0
    known: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.changes + other.changes, self.wished + other.wished, self.known + other.known
        )


class Demand:
    """What a way of firing asks of one attribute.

    Args:
        attribute: the attribute.
        tests: those that its answer must meet together.

    Attributes:
        possible: whether any answer meets them all.
    """

    def __init__(self, attribute: Attribute, tests: tuple[Test, ...]) -> None:
        self.attribute = attribute
        self.tests = tests
        # Of a set only the members that are asked for matter: no other change can be of use.
        asked = frozenset[str]().union(*(test.accepted for test in tests))
        self._relevant = (
            replace(attribute, values=tuple(v for v in attribute.values if v.id in asked))
            if attribute.kind is Kind.SET
            else attribute
        )
        self._changes: dict[tuple[Answer | None, bool], tuple[Change, ...] | None] = {}
        self.possible = self.changes(None) is not None

    def changes(self, answer: Answer | None, proposed: bool = False) -> tuple[Change, ...] | None:
        """Return the fewest changes after which the tests are met, none of them where they are.

        Of equally many, those that stay nearest on a scale. None where no answer meets them; if
        proposed, where none does that can come about.
        """
        key = answer, proposed
        if key not in self._changes:
            self._changes[key] = self._nearest(answer, proposed)
        return self._changes[key]

    def cost(self, answer: Answer | None, proposed: bool = False) -> Cost:
        """Return what the changes cost, where there are any that meet the tests."""
        count = len(self.changes(answer, proposed) or ())
        wished = self.attribute.about == WISHES
        return Cost(count, count if wished else 0, count if answer is not None else 0)

    def unmet(self, answer: Answer | None) -> tuple[Test, ...]:
        """Give the tests that an answer does not meet; of an unknown one, all."""
        return tuple(test for test in self.tests if answer is None or not test.met_by(answer))

    def _nearest(self, answer: Answer | None, proposed: bool) -> tuple[Change, ...] | None:
        if not self.unmet(answer):
            return ()
        meeting = (
            step
            for step in steps(self._relevant, answer, len(self._relevant.values))
            if all(test.met_by(step.answer) for test in self.tests)
            and (not proposed or can_be_proposed(self.attribute, step.changes))
        )
        # The steps of a set come the fewest changes first, those of a scale in its own order.
        if self.attribute.kind is Kind.SCALE and isinstance(answer, str):
            nearest = min(meeting, key=lambda step: self._farness(step, answer), default=None)
        else:
            nearest = next(meeting, None)
        return None if nearest is None else nearest.changes

    def _farness(self, step: Step, answer: str) -> int:
        place = self.attribute.order
        return abs(place[str(step.answer)] - place[answer])


Way = tuple[Demand, ...]
"""A way of making a rule fire: its demands, in the order of the attributes."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What makes a rule fire.

    Attributes:
        changes: the fewest changes of answers, in the declared order; none where it fires.
        unmet: the tests that are not met before and are met after them.
    """

    changes: tuple[Change, ...]
    unmet: tuple[Test, ...]


class Repairs:
    """Finds repairs; what does not depend on a person is worked out once.

    Args:
        base: the rules.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self._demands: dict[tuple[str, _Tests], Demand] = {}
        self._ways: dict[str, tuple[Way, ...]] = {}

    def of(
        self, profile: Mapping[str, Answer], rule: Rule, proposed: bool = False
    ) -> Repair | None:
        """Return the fewest changes that make a finding or a piece of evidence fire.

        Of equally many, those that leave the wishes alone and stay near the answers given. None
        where no answers make it fire.

        Args:
            profile: what is known.
            rule: the rule that does not fire yet.
            proposed: whether only changes count that can come about.
        """

        def answer_to(demand: Demand) -> Answer | None:
            return profile.get(demand.attribute.id)

        def cost(way: Way) -> Cost:
            return sum((one.cost(answer_to(one), proposed) for one in way), Cost())

        ways = (
            way
            for way in self.ways(rule)
            if all(one.changes(answer_to(one), proposed) is not None for one in way)
        )
        way = min(ways, key=cost, default=None)
        if way is None:
            return None
        asked = [(demand, answer_to(demand)) for demand in way]
        return Repair(
            tuple(
                change for one, answer in asked for change in one.changes(answer, proposed) or ()
            ),
            tuple(test for one, answer in asked for test in one.unmet(answer)),
        )

    def ways(self, rule: Rule) -> tuple[Way, ...]:
        """Give the ways of making a rule fire, without those that ask for the impossible."""
        if rule.id not in self._ways:
            ways = (self._way(tests) for tests in _ways(self.base, self.base.conditions[rule.id]))
            self._ways[rule.id] = tuple(way for way in ways if all(one.possible for one in way))
        return self._ways[rule.id]

    def _way(self, tests: _Tests) -> Way:
        asked = [
            (name, _Tests(test for test in tests if test.attribute == name))
            for name in self.base.attributes
        ]
        return tuple(self._demand(name, together) for name, together in asked if together)

    def _demand(self, name: str, tests: _Tests) -> Demand:
        if (name, tests) not in self._demands:
            self._demands[name, tests] = Demand(
                self.base.attributes[name], tuple(sorted(tests, key=_wording))
            )
        return self._demands[name, tests]


def _wording(test: Test) -> tuple[str, tuple[str, ...], bool]:
    return test.operator, test.operand, isinstance(test, Complement)


def _ways(base: RuleBase, condition: Condition) -> tuple[_Tests, ...]:
    """Give the ways of meeting a condition: the tests that must be met together."""
    match condition:
        case Test():
            return (frozenset({condition}),)
        case All(parts=parts):
            ways: tuple[_Tests, ...] = (frozenset(),)
            for part in parts:
                more = _ways(base, part)
                ways = _shortest(one | other for one, other in product(ways, more))
            return ways
        case Any(parts=parts):
            return _shortest(way for part in parts for way in _ways(base, part))
        case Found(finding=name):
            rules = base.concluding[name]
            return _shortest(way for rule in rules for way in _ways(base, base.conditions[rule.id]))
    raise TypeError(f"no ways for {type(condition).__name__}")


def _shortest(ways: Iterable[_Tests]) -> tuple[_Tests, ...]:
    """Give the ways that hold no other one, each once, in their order."""
    listed = list(dict.fromkeys(ways))
    return tuple(way for way in listed if not any(other < way for other in listed))
