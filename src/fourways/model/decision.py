"""The decision of an engine: the ranked paths, and the full trace of rules that fired."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from fourways.model.base import RuleBase
from fourways.model.certainty import combined
from fourways.model.conditions import (
    Condition,
    Found,
    Recommended,
    Test,
    leaves,
    without_negation,
)
from fourways.model.profile import Answer, Profile
from fourways.model.rules import Action, Caution, Evidence, Finding, Rule, Target


@dataclass(frozen=True, slots=True)
class Match:
    """A fact that a rule matched: an answer with its value, a finding, or a supported path."""

    sort: str
    name: str
    value: Answer | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fired, and the facts that it matched, in the order of its condition."""

    rule: Rule
    matched: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A path and its certainty in hundredths."""

    path: str
    certainty: int


@dataclass(frozen=True)
class Decision:
    """The answer for one profile.

    Attributes:
        base: the rule base that gave it.
        profile: what was known.
        trace: the rules that fired, in order, with the facts that they matched.
        standings: every path with its certainty, best first, ties in the article's order.
    """

    base: RuleBase
    profile: Profile
    trace: tuple[Firing, ...]
    standings: tuple[Standing, ...]

    @cached_property
    def ranking(self) -> tuple[Standing, ...]:
        """The supported paths, best first."""
        return tuple(s for s in self.standings if s.certainty > self.base.certainty.cutoff)

    @property
    def recommendation(self) -> str | None:
        """The first path; None where none is supported."""
        return self.ranking[0].path if self.ranking else None

    @property
    def close(self) -> tuple[str, ...]:
        """The paths that follow the first so closely that the choice is open, best first."""
        close = self.base.certainty.close
        return tuple(
            s.path for s in self.ranking[1:] if self.ranking[0].certainty - s.certainty <= close
        )

    @property
    def only_default(self) -> bool:
        """Whether the usual next step is all that speaks for any path."""
        return len(self.ranking) == 1 and all(
            firing.rule.default for firing in self.evidence(self.ranking[0].path)
        )

    @property
    def would_help(self) -> tuple[str, ...]:
        """The attributes that would help most, where too little is known to recommend a path."""
        if self.ranking:
            return ()
        return tuple(name for name in self.base.key_attributes if name not in self.profile)

    def evidence(self, path: str, against: bool = False) -> tuple[Firing, ...]:
        """Return the rules that fired for a path, or against it, in order."""
        return tuple(
            firing
            for firing in self.trace
            if isinstance(firing.rule.then, Evidence)
            and firing.rule.then.path == path
            and firing.rule.then.against is against
        )

    def targets(self, path: str) -> tuple[Firing, ...]:
        """Return the next jobs on a path: the moves of the role graph that fired."""
        return tuple(
            firing
            for firing in self.trace
            if isinstance(firing.rule.then, Target) and firing.rule.then.path == path
        )

    @cached_property
    def findings(self) -> Mapping[str, tuple[Firing, ...]]:
        """The findings, each with the rules that concluded it."""
        found: dict[str, tuple[Firing, ...]] = {}
        for firing in self.trace:
            if isinstance(firing.rule.then, Finding):
                name = firing.rule.then.id
                found[name] = (*found.get(name, ()), firing)
        return found

    def advice(self, sort: type[Action | Caution], path: str | None) -> tuple[Firing, ...]:
        """Return the rules that advise on a path, most useful first.

        Args:
            sort: actions or cautions.
            path: the path that they are about; None for advice to everyone.
        """
        return tuple(
            firing
            for firing in self.trace
            if isinstance(firing.rule.then, sort) and firing.rule.path == path
        )

    @property
    def unknown(self) -> tuple[str, ...]:
        """The attributes without an answer."""
        return tuple(name for name in self.base.attributes if name not in self.profile)


def standings(base: RuleBase, fired: Iterable[Rule]) -> tuple[Standing, ...]:
    """Rank the paths on the evidence that fired.

    Args:
        base: the rule base.
        fired: the rules that fired, in file order; only evidence counts.

    Returns:
        Every path with its certainty, best first; equal ones in the article's order.
    """
    evidence = [rule.then for rule in fired if isinstance(rule.then, Evidence)]
    certainty = {
        path: combined(
            [e.factor for e in evidence if e.path == path and not e.against],
            [e.factor for e in evidence if e.path == path and e.against],
        )
        for path in base.paths
    }
    order = sorted(base.paths, key=lambda path: -certainty[path])
    return tuple(Standing(path, certainty[path]) for path in order)


def matched(
    condition: Condition, profile: Profile, findings: Iterable[str], supported: Iterable[str]
) -> tuple[Match, ...]:
    """Return the facts that make a condition true, each once, in the condition's order."""
    findings, supported = set(findings), set(supported)
    facts: dict[Match, None] = {}
    for leaf in leaves(without_negation(condition)):
        match leaf:
            case Test(attribute=name):
                if name in profile and leaf.met_by(profile[name]):
                    facts[Match("answer", name, profile[name])] = None
            case Found(finding=name):
                if name in findings:
                    facts[Match("finding", name)] = None
            case Recommended(path=name):
                if name in supported:
                    facts[Match("path", name)] = None
    return tuple(facts)


class Engine(Protocol):
    """Anything that decides a profile."""

    def decide(self, profile: Profile) -> Decision:
        """Return the decision for what is known about one person."""
