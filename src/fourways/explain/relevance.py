"""What is still open: which rules can still fire, and which answers can still change the result.

A rule is decided when it fires in any case, or can no longer fire; otherwise it is open. Every test
of an unanswered question counts as possible on its own. So what is called decided is decided, and
something that is called open may turn out not to be.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from fourways.engines.fast import CompactEngine, Interval, minimal, union
from fourways.model.base import RuleBase
from fourways.model.conditions import Found
from fourways.model.profile import Profile
from fourways.model.rules import Action, Caution, Evidence, Finding, Rule
from fourways.model.truth import Truth

_QUOTED_FINDING = re.compile(r"\{([^{}.]+)\.because\}")


@dataclass(frozen=True)
class Outlook:
    """What can still come out for a person.

    Attributes:
        engine: the rules.
        profile: the known answers.
        never: attributes that stay unknown, because the person was asked and doesn't know.
    """

    engine: CompactEngine
    profile: Profile
    never: frozenset[str] = frozenset()

    @property
    def base(self) -> RuleBase:
        """The rules."""
        return self.engine.base

    @cached_property
    def unanswered(self) -> tuple[str, ...]:
        """The attributes that are unknown and may still be answered."""
        return tuple(
            name
            for name in self.base.attributes
            if name not in self.profile and name not in self.never
        )

    @cached_property
    def sure(self) -> int:
        """The engine's bits of the tests that are met."""
        return self.engine.bits(self.profile)

    @cached_property
    def possible(self) -> int:
        """Those, and the bits of all tests that may still be met."""
        return self.sure | self.engine.tests_on(self.unanswered)

    @cached_property
    def bounds(self) -> Mapping[str, Interval]:
        """For each path the lowest and the highest certainty that it can still reach."""
        return self.engine.bounds(self.sure, self.possible)

    @cached_property
    def truths(self) -> Mapping[str, Truth]:
        """Each rule: true if it fires in any case, false if it can no longer fire, None if open."""
        sure, possible = self._facts

        def truth(rule: Rule) -> Truth:
            if self.engine.fires(rule, sure):
                return True
            return None if self.engine.fires(rule, possible) else False

        return {rule.id: truth(rule) for rule in self.base.rules}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The open rules that can still change what the person sees, in firing order.

        Findings count where another rule builds on them or quotes them; evidence counts where its
        path can still be recommended.
        """
        relevant: list[Rule] = []
        wanted = 0
        # A rule runs after the findings it builds on: going backwards, it comes before them.
        for rule in reversed(self.base.rules):
            if self.truths[rule.id] is False or not self._visible(rule, wanted):
                continue
            for finding in quoted_findings(rule):
                wanted |= self.engine.bit(Found(finding))
            if self.truths[rule.id] is None:
                relevant.append(rule)
                wanted |= self._missing[rule.id]
        return tuple(reversed(relevant))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The attributes whose answer can still change what the person sees, as declared."""
        tests = (t for rule in self.rules for t in self.engine.tests(self._missing[rule.id]))
        relevant = {test.attribute for test in tests}
        return tuple(name for name in self.base.attributes if name in relevant)

    def waiting_for(self, attribute: str) -> tuple[Rule, ...]:
        """Return the open rules that depend on an answer, directly or through findings."""
        rules = []
        affected = self.engine.tests_on([attribute])
        for rule in self.rules:
            if not self._missing[rule.id] & affected:
                continue
            if isinstance(rule.then, Finding):
                affected |= self.engine.bit(Found(rule.then.id))
            else:
                rules.append(rule)
        return tuple(rules)

    def _visible(self, rule: Rule, wanted: int) -> bool:
        match rule.then:
            case Finding(id=name):
                return bool(wanted & self.engine.bit(Found(name)))
            case Evidence(path=path):
                return self.bounds[path].most > self.base.certainty.cutoff
        return True

    @cached_property
    def _facts(self) -> tuple[int, int]:
        """The bits of tests, findings and paths that are sure, and those that are possible."""
        cutoff = self.base.certainty.cutoff
        sure = [path for path, interval in self.bounds.items() if interval.least > cutoff]
        possible = [path for path, interval in self.bounds.items() if interval.most > cutoff]
        return (
            self.engine.with_paths(self.sure, sure),
            self.engine.with_paths(self.possible, possible),
        )

    @cached_property
    def _missing(self) -> Mapping[str, int]:
        """The bits that can still make each open rule fire."""
        sure, possible = self._facts
        return {
            name: union(
                minimal(way & ~sure for way in self.engine.ways[name] if way & possible == way)
            )
            for name, truth in self.truths.items()
            if truth is None
        }


def quoted_findings(rule: Rule) -> set[str]:
    """Return the findings whose reason a rule quotes."""
    text = rule.then.text if isinstance(rule.then, Action | Caution) else rule.because
    return set(_QUOTED_FINDING.findall(text))
