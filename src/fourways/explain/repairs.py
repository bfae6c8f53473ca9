"""Repairs: the fewest changes of answers that make a rule fire."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fourways.engines.fast import CompactEngine
from fourways.explain.changes import (
    WHOLE,
    Changes,
    changed,
    sets_of_changes,
    single_changes,
)
from fourways.model.base import RuleBase
from fourways.model.conditions import Complement, Test
from fourways.model.profile import WISHES, Answer, Attribute, Kind
from fourways.model.rules import Evidence, Rule


@dataclass(frozen=True, slots=True)
class Repair:
    """What makes a rule fire.

    Attributes:
        changes: the fewest changes of answers, in the declared order; none where it fires.
        unmet: the tests that are not met before and are met after them.
    """

    changes: Changes
    unmet: tuple[Test, ...]


@dataclass(frozen=True, eq=False)
class _Demand:
    """What a rule needs of one answer: tests that it must meet together."""

    attribute: Attribute
    tests: tuple[Test, ...]
    cache: dict[tuple[Answer | None, bool], Changes | None] = field(default_factory=dict)

    def unmet(self, answer: Answer | None) -> tuple[Test, ...]:
        """Return the tests that an answer doesn't meet; for an unknown one, all."""
        return tuple(test for test in self.tests if answer is None or not test.met_by(answer))

    def changes(self, answer: Answer | None, proposed: bool) -> Changes | None:
        """Return the fewest changes after which all tests are met, and none if they are already.

        Of equally many, those that stay nearest on a scale. None where no answer meets the tests;
        if `proposed`, where none does that can come about.
        """
        key = answer, proposed
        if key not in self.cache:
            self.cache[key] = self._nearest(answer, proposed) if self.unmet(answer) else ()
        return self.cache[key]

    def _nearest(self, answer: Answer | None, proposed: bool) -> Changes | None:
        # Of a set only the values in the tests can be of use.
        asked = frozenset[str]().union(*(test.accepted for test in self.tests))
        changes = [
            one
            for one in single_changes(self.attribute, answer)
            if (one.change in WHOLE or one.value in asked) and (one.by or not proposed)
        ]
        most = len(asked) if self.attribute.kind is Kind.SET else 1
        meeting = (
            chosen
            for chosen in sets_of_changes(changes, most)
            if not self.unmet(changed(self.attribute, answer, chosen))
        )
        if self.attribute.kind is Kind.SCALE and isinstance(answer, str):
            order = self.attribute.order
            return min(
                meeting, key=lambda one: abs(order[one[0].value] - order[answer]), default=None
            )
        return next(meeting, None)


class Repairs:
    """Finds repairs; what doesn't depend on a person is worked out once.

    Args:
        base: the rules.
    """

    def __init__(self, base: RuleBase) -> None:
        self.engine = CompactEngine(base)
        self._ways: dict[str, tuple[tuple[_Demand, ...], ...]] = {}

    def nearest_first(
        self, profile: Mapping[str, Answer], path: str
    ) -> list[tuple[Rule, Repair | None]]:
        """Return the rules that could support a path and didn't fire, the nearest first.

        The nearest one needs the fewest changes; of equally near ones the stronger comes first,
        then the earlier one. Those that no answers can make fire come last.
        """
        facts = self.engine.facts(self.engine.bits(profile))
        silent = [
            (rule, rule.then.factor, self.of(profile, rule))
            for rule in self.engine.base.evidence[path]
            if isinstance(rule.then, Evidence)
            and not rule.then.against
            and not self.engine.fires(rule, facts)
        ]
        silent.sort(key=lambda one: (len(one[2].changes) if one[2] else 1_000, -one[1]))
        return [(rule, repair) for rule, _, repair in silent]

    def of(
        self, profile: Mapping[str, Answer], rule: Rule, proposed: bool = False
    ) -> Repair | None:
        """Return the fewest changes that make a finding or a piece of evidence fire.

        Of equally many, those that leave the wishes alone and change the fewest known answers.

        Args:
            profile: the known answers.
            rule: the rule.
            proposed: whether only changes count that can come about.

        Returns:
            None where nothing makes it fire.
        """
        best: tuple[tuple[int, int, int], tuple[_Demand, ...], Changes] | None = None
        for way in self._ways_of(rule):
            found: list[Changes] = []
            wishes = known = 0
            for demand in way:
                answer = profile.get(demand.attribute.id)
                changes = demand.changes(answer, proposed)
                if changes is None:
                    break
                found.append(changes)
                wishes += len(changes) if demand.attribute.about == WISHES else 0
                known += len(changes) if answer is not None else 0
            else:
                changes = tuple(change for one in found for change in one)
                cost = len(changes), wishes, known
                if best is None or cost < best[0]:
                    best = cost, way, changes
        if best is None:
            return None
        _, way, changes = best
        unmet = (test for one in way for test in one.unmet(profile.get(one.attribute.id)))
        return Repair(changes, tuple(unmet))

    def _ways_of(self, rule: Rule) -> tuple[tuple[_Demand, ...], ...]:
        """Return the ways to make a rule fire, without those that no answers can meet."""
        if rule.id not in self._ways:
            ways = (self._demands_of(way) for way in self.engine.answer_ways[rule.id])
            self._ways[rule.id] = tuple(
                way for way in ways if all(one.changes(None, False) is not None for one in way)
            )
        return self._ways[rule.id]

    def _demands_of(self, way: int) -> tuple[_Demand, ...]:
        """Return what a way needs of each answer, as declared; the tests in a fixed order."""
        tests = sorted(
            self.engine.tests(way),
            key=lambda test: (test.operator, test.operand, isinstance(test, Complement)),
        )
        together = (
            (attribute, tuple(test for test in tests if test.attribute == name))
            for name, attribute in self.engine.base.attributes.items()
        )
        return tuple(_Demand(attribute, asked) for attribute, asked in together if asked)
