"""What may still come out: which answers can matter yet, and what can no longer change.

Three-valued, over the rule base and what is known. A rule is decided when it fired, or when its
condition cannot become true any more; otherwise it is open. Nothing here guesses how answers go
together, so that what is called decided is decided; what is called open may turn out not to be.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from fourways.model.base import RuleBase
from fourways.model.certainty import combined
from fourways.model.conditions import (
    All,
    Any,
    Condition,
    Found,
    Recommended,
    Test,
    leaves,
)
from fourways.model.profile import Profile
from fourways.model.rules import Action, Caution, Evidence, Finding, Rule, Stratum, Target
from fourways.model.truth import Truth, conjunction, disjunction

_QUOTED_FINDING = re.compile(r"\{([^{}.]+)\.because\}")


@dataclass(frozen=True, slots=True)
class Interval:
    """The least and the most that the certainty of a path can come to, in hundredths."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Awaited:
    """A rule that an answer can decide, or help to decide.

    Attributes:
        rule: the rule.
        known: the tests that are met already, also those of the findings that it builds on.
        needed: the tests that are still open.
    """

    rule: Rule
    known: tuple[Test, ...]
    needed: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Bearing:
    """What an answer bears on: rules in firing order, and the paths that they speak of."""

    rules: tuple[Awaited, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """What can still come out for a person.

    Attributes:
        base: the rules.
        profile: what is known.
        never: the attributes that will not be known: the person was asked and does not know.
    """

    base: RuleBase
    profile: Profile
    never: frozenset[str] = frozenset()

    @cached_property
    def truths(self) -> Mapping[str, Truth]:
        """Each rule: true when it fires whatever comes, false when it never can, None if open."""
        later = (*self.base.stratum(Stratum.TARGETS), *self.base.stratum(Stratum.GUIDANCE))
        return {**self._early, **{rule.id: self._rule_truth(rule) for rule in later}}

    @cached_property
    def bounds(self) -> Mapping[str, Interval]:
        """For each path the least and the most that its certainty can come to."""

        def factors(path: str, against: bool, fired_only: bool) -> list[int]:
            return [
                rule.then.factor
                for rule in self.base.evidence[path]
                if isinstance(rule.then, Evidence)
                and rule.then.against is against
                and (self._early[rule.id] or (self._early[rule.id] is None and not fired_only))
            ]

        # Evidence for a path only ever adds to its certainty, evidence against only takes away.
        return {
            path: Interval(
                least=combined(factors(path, False, True), factors(path, True, False)),
                most=combined(factors(path, False, False), factors(path, True, True)),
            )
            for path in self.base.paths
        }

    @cached_property
    def leading(self) -> str | None:
        """The path that is sure of the most; None where none is sure to be supported."""
        # max() keeps the first of equals, as the article's order settles ties.
        first = max(self.bounds, key=lambda path: self.bounds[path].least)
        return first if self.bounds[first].least > self.base.certainty.cutoff else None

    @cached_property
    def settled(self) -> bool:
        """Whether `leading` is the first recommendation, or stays none, whatever comes."""
        if self.leading is None:
            cutoff = self.base.certainty.cutoff
            return all(interval.most <= cutoff for interval in self.bounds.values())
        least = self.bounds[self.leading].least
        order = list(self.base.paths)
        later = order[order.index(self.leading) + 1 :]
        return all(
            interval.most < least or (interval.most == least and path in later)
            for path, interval in self.bounds.items()
            if path != self.leading
        )

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The open rules that can still change what the person sees, in firing order.

        A finding is seen where something builds on it or quotes it; evidence on a path that
        cannot come out any more is not seen.
        """
        mattering: list[Rule] = []
        wanted: set[str] = set()
        # What builds on a finding runs after it: backwards, all that want it come before it.
        for rule in reversed(self.base.rules):
            truth = self.truths[rule.id]
            if truth is False or not self._seen(rule, wanted):
                continue
            wanted |= _quoted(rule)
            if truth is None:
                mattering.append(rule)
                wanted |= {
                    leaf.finding for leaf in self._waiting[rule.id] if isinstance(leaf, Found)
                }
        return tuple(reversed(mattering))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The attributes whose answer can still change what the person sees, as declared."""
        asked_for = {
            leaf.attribute
            for rule in self.rules
            for leaf in self._waiting[rule.id]
            if isinstance(leaf, Test)
        }
        return tuple(name for name in self.base.attributes if name in asked_for)

    def bearing(self, attribute: str) -> Bearing:
        """Give what the answer to a question bears on, directly or through findings."""
        reached: list[Rule] = []
        findings: set[str] = set()
        for rule in self.rules:
            for leaf in self._waiting[rule.id]:
                if (isinstance(leaf, Test) and leaf.attribute == attribute) or (
                    isinstance(leaf, Found) and leaf.finding in findings
                ):
                    if isinstance(rule.then, Finding):
                        findings.add(rule.then.id)
                    else:
                        reached.append(rule)
                    break
        paths = {rule.then.path for rule in reached if isinstance(rule.then, Evidence | Target)}
        return Bearing(
            rules=tuple(self._awaited(rule) for rule in reached),
            paths=tuple(path for path in self.base.paths if path in paths),
        )

    def _awaited(self, rule: Rule) -> Awaited:
        tests = tuple(dict.fromkeys(self._tests(self.base.conditions[rule.id])))
        return Awaited(
            rule,
            known=tuple(test for test in tests if self._truth(test) is True),
            needed=tuple(test for test in tests if self._truth(test) is None),
        )

    def _tests(self, condition: Condition) -> Iterator[Test]:
        """Give the tests of a condition, and those of the findings that it names."""
        for leaf in leaves(condition):
            if isinstance(leaf, Test):
                yield leaf
            elif isinstance(leaf, Found):
                for concluding in self.base.concluding.get(leaf.finding, ()):
                    yield from self._tests(self.base.conditions[concluding.id])

    def _seen(self, rule: Rule, wanted: set[str]) -> bool:
        match rule.then:
            case Finding(id=name):
                return name in wanted
            case Evidence(path=path):
                return self.bounds[path].most > self.base.certainty.cutoff
        return True

    @cached_property
    def _waiting(self) -> Mapping[str, tuple[Test | Found | Recommended, ...]]:
        """The open leaves of each open rule."""
        return {
            name: tuple(self._open(self.base.conditions[name]))
            for name, truth in self.truths.items()
            if truth is None
        }

    @cached_property
    def _early(self) -> Mapping[str, Truth]:
        """The truth of the rules that run before the paths are ranked."""
        rules = (*self.base.stratum(Stratum.FINDINGS), *self.base.stratum(Stratum.EVIDENCE))
        return {rule.id: self._rule_truth(rule) for rule in rules}

    @cached_property
    def _concluded(self) -> Mapping[str, Truth]:
        """Each finding: true when it is concluded, false when it never can be, None if open."""
        concluded: dict[str, Truth] = {}
        for rule in self.base.stratum(Stratum.FINDINGS):
            if isinstance(rule.then, Finding):
                before = concluded.get(rule.then.id, False)
                truth = self._truth(self.base.conditions[rule.id], concluded)
                concluded[rule.then.id] = disjunction((before, truth))
        return concluded

    def _rule_truth(self, rule: Rule) -> Truth:
        return self._truth(self.base.conditions[rule.id])

    def _truth(self, condition: Condition, concluded: Mapping[str, Truth] | None = None) -> Truth:
        """Tell whether a condition without `not` is true, can never be, or is open."""
        match condition:
            case Test(attribute=name):
                if name in self.profile:
                    return condition.met_by(self.profile[name])
                return False if name in self.never else None
            case Found(finding=name):
                return (self._concluded if concluded is None else concluded).get(name, False)
            case Recommended(path=path):
                interval, cutoff = self.bounds[path], self.base.certainty.cutoff
                if interval.least > cutoff:
                    return True
                return None if interval.most > cutoff else False
            case All():
                return conjunction(self._truth(part, concluded) for part in condition.parts)
            case Any():
                return disjunction(self._truth(part, concluded) for part in condition.parts)
        raise TypeError(f"no outlook for {type(condition).__name__}")

    def _open(self, condition: Condition) -> Iterator[Test | Found | Recommended]:
        """Give the open leaves of the parts that are open themselves."""
        if self._truth(condition) is not None:
            return
        match condition:
            case All() | Any():
                for part in condition.parts:
                    yield from self._open(part)
            case Test() | Found() | Recommended():
                yield condition


def _quoted(rule: Rule) -> set[str]:
    """Give the findings whose reason a rule repeats."""
    text = rule.then.text if isinstance(rule.then, Action | Caution) else rule.because
    return set(_QUOTED_FINDING.findall(text))
