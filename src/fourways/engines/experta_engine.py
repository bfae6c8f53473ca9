"""The experta engine: asserts the answers as facts, and lets the rules chain in working memory.

The facts are `Asked` and `Answer` for the answers, then `Concluded`, `Weighed` and `Supported` as
rules fire. Each rule of the base is an experta rule with its own salience, so that rules fire in
the order of the base. One more rule, between evidence and targets, ranks the paths.
"""

from collections.abc import Iterator
from typing import Any

from fourways.engines.experta_compat import ReteMatcher, experta
from fourways.model.base import RuleBase
from fourways.model.conditions import (
    All,
    Among,
    Complement,
    Condition,
    Found,
    Holds,
    Recommended,
    Test,
)
from fourways.model.conditions import Any as AnyOf
from fourways.model.decision import Decision, Firing, Standing, matched, standings
from fourways.model.profile import Profile, name_of
from fourways.model.rules import Evidence, Finding, Rule, Stratum


class Answer(experta.Fact):
    """A value that applies: one fact for a single answer, one per member of a set."""


class Asked(experta.Fact):
    """A set that was asked for, with the values that apply; empty if none does."""


class Concluded(experta.Fact):
    """A finding."""


class Weighed(experta.Fact):
    """Evidence that fired for or against a path."""


class Supported(experta.Fact):
    """A path that is supported, with its certainty in hundredths."""


class _Matcher(ReteMatcher):
    """The Rete matcher, asking only the rules that changed.

    experta asks every rule after every firing, which takes a third of the time of a decision.
    """

    def changes(self, adding: Any = None, deleting: Any = None) -> tuple[list[Any], list[Any]]:
        for fact in deleting or ():
            self.root_node.remove(fact)
        for fact in adding or ():
            self.root_node.add(fact)
        added: list[Any] = []
        removed: list[Any] = []
        for node in self._get_conflict_set_nodes():
            if node.added or node.removed:
                activated, deactivated = node.get_activations()
                added += activated
                removed += deactivated
        return added, removed


class ExpertaEngine:
    """Decides by running the rules in an experta knowledge engine.

    Args:
        base: the rules; their network is built once.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self._engine = _engine_class(base)()

    def decide(self, profile: Profile) -> Decision:
        """Return the decision for the known answers of one person."""
        engine = self._engine
        engine.reset()
        engine.begin(profile)
        for fact in facts_of(profile):
            engine.declare(fact)
        engine.run()
        return Decision(self.base, profile, tuple(engine.trace), engine.standings)


def facts_of(profile: Profile) -> Iterator[Any]:
    """Yield the experta facts for a profile."""
    for attribute, answer in profile.items():
        if isinstance(answer, frozenset):
            yield Asked(attribute=attribute, applies=answer)
            for member in sorted(answer):
                yield Answer(attribute=attribute, value=member)
        else:
            yield Answer(attribute=attribute, value=name_of(answer))


class _Deciding(experta.KnowledgeEngine):
    """The network, and the results of the rules that fired."""

    __matcher__ = _Matcher

    base: RuleBase
    profile: Profile
    trace: list[Firing]
    standings: tuple[Standing, ...]
    findings: set[str]
    supported: set[str]
    fired: set[str]

    def begin(self, profile: Profile) -> None:
        """Start on another profile."""
        self.profile = profile
        self.trace, self.standings = [], ()
        self.findings, self.supported, self.fired = set(), set(), set()

    def fire(self, rule: Rule) -> None:
        """Add a rule to the trace, and assert its conclusion."""
        # A rule with an `any` is activated once for each part that is met.
        if rule.id in self.fired:
            return
        self.fired.add(rule.id)
        found = matched(rule.when, self.profile, self.findings, self.supported)
        self.trace.append(Firing(rule, found))
        match rule.then:
            case Finding(id=name):
                self.findings.add(name)
                self.declare(Concluded(finding=name))
            case Evidence():
                self.declare(Weighed(rule=rule.id))

    def rank(self) -> None:
        """Combine the evidence into certainties, and assert the supported paths."""
        weighed = {fact["rule"] for fact in self.facts.values() if isinstance(fact, Weighed)}
        fired = (rule for rule in self.base.stratum(Stratum.EVIDENCE) if rule.id in weighed)
        self.standings = standings(self.base, fired)
        for standing in self.standings:
            if standing.certainty > self.base.certainty.cutoff:
                self.supported.add(standing.path)
                self.declare(Supported(path=standing.path, certainty=standing.certainty))


def _engine_class(base: RuleBase) -> type[_Deciding]:
    """Return an engine class with the rules of a base, and one rule that ranks the paths."""
    order: list[Rule | None] = [r for r in base.rules if r.stratum <= Stratum.EVIDENCE]
    order += [None, *(rule for rule in base.rules if rule.stratum > Stratum.EVIDENCE)]
    members: dict[str, Any] = {"base": base}
    for salience, rule in enumerate(reversed(order)):
        name = f"rule_{rule.id}" if rule else "rank_paths"
        members[name] = _experta_rule(base, rule, name, salience)
    return type("Deciding", (_Deciding,), members)


def _experta_rule(base: RuleBase, rule: Rule | None, name: str, salience: int) -> Any:
    """Return the experta rule of a rule; without one, the rule that ranks the paths."""

    def body(engine: _Deciding) -> None:
        if rule:
            engine.fire(rule)
        else:
            engine.rank()

    body.__name__ = name
    patterns = [_pattern(base.conditions[rule.id])] if rule else []
    return experta.Rule(*patterns, salience=salience)(body)


def _pattern(condition: Condition) -> Any:
    """Return the experta pattern of a condition without `not`."""
    match condition:
        case All(parts=()):
            return experta.InitialFact()
        case All():
            return experta.AND(*(_pattern(part) for part in condition.parts))
        case AnyOf():
            return experta.OR(*(_pattern(part) for part in condition.parts))
        case Found():
            return Concluded(finding=condition.finding)
        case Recommended():
            return Supported(path=condition.path)
        case Among() | Holds() if len(condition.accepted) == 1:
            return Answer(attribute=condition.attribute, value=next(iter(condition.accepted)))
        case Among() | Complement(test=Among()):
            return Answer(attribute=condition.attribute, value=experta.P(condition.met_by))
        case Test():
            return Asked(attribute=condition.attribute, applies=experta.P(condition.met_by))
    raise TypeError(f"no pattern for {type(condition).__name__}")
