"""The experta engine: answers asserted into working memory, findings and evidence chaining there.

Facts: `Asked` and `Answer` for what is known, then `Concluded`, `Weighed`, `Supported` as the
rules fire. One experta rule per rule of the base, each with a salience of its own, so that the
order of firing is the order of the rules; between evidence and targets stands one rule that
ranks the paths.
"""

from collections.abc import Callable, Iterator
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
    Lacks,
    Recommended,
    Test,
    without_negation,
)
from fourways.model.conditions import (
    Any as AnyOf,
)
from fourways.model.decision import Decision, Firing, Standing, matched, standings
from fourways.model.profile import Profile, name_of
from fourways.model.rules import Evidence, Finding, Rule, Stratum


class Answer(experta.Fact):
    """A value that applies: one fact for a single answer, one per member of a set."""


class Asked(experta.Fact):
    """A set that was asked for, with all that applies; empty when nothing does."""


class Concluded(experta.Fact):
    """A finding."""


class Weighed(experta.Fact):
    """Evidence that fired for or against a path."""


class Supported(experta.Fact):
    """A path that came out, with its certainty in hundredths."""


class _Matcher(ReteMatcher):
    """The Rete matcher, asking for changes only where there are some.

    experta asks every rule after every firing, which was a third of the time of a decision.
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
        base: the rules; the network is built once, and used for one profile after the other.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self._engine = _engine_class(base)()

    def decide(self, profile: Profile) -> Decision:
        """Give the decision for what is known about one person."""
        engine = self._engine
        engine.reset()
        engine.begin(profile)
        facts = tuple(facts_of(profile))
        if facts:
            engine.declare(*facts)
        engine.run()
        return Decision(self.base, profile, tuple(engine.trace), engine.standings)


def facts_of(profile: Profile) -> Iterator[Any]:
    """Give the facts that a profile is asserted as."""
    for attribute, answer in profile.items():
        if isinstance(answer, frozenset):
            yield Asked(attribute=attribute, applies=answer)
            for member in sorted(answer):
                yield Answer(attribute=attribute, value=member)
        else:
            yield Answer(attribute=attribute, value=name_of(answer))


class _Deciding(experta.KnowledgeEngine):
    """Keeps what the right sides of the rules leave behind."""

    __matcher__ = _Matcher

    base: RuleBase
    profile: Profile
    trace: list[Firing]
    standings: tuple[Standing, ...]
    findings: set[str]
    supported: set[str]
    fired: set[str]

    def begin(self, profile: Profile) -> None:
        """Forget the profile before."""
        self.profile = profile
        self.trace, self.standings = [], ()
        self.findings, self.supported, self.fired = set(), set(), set()

    def fire(self, rule: Rule) -> None:
        """Take note of a rule and assert what it concludes."""
        # An `any` activates its rule once for each part that is met.
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
        """Combine the evidence in working memory into certainties, and assert what came out."""
        weighed = {fact["rule"] for fact in self.facts.values() if isinstance(fact, Weighed)}
        fired = (rule for rule in self.base.stratum(Stratum.EVIDENCE) if rule.id in weighed)
        self.standings = standings(self.base, fired)
        for standing in self.standings:
            if standing.certainty > self.base.certainty.cutoff:
                self.supported.add(standing.path)
                self.declare(Supported(path=standing.path, certainty=standing.certainty))


def _engine_class(base: RuleBase) -> type[_Deciding]:
    """Give an engine class with one experta rule per rule, and the one that ranks."""
    evidence_done = [rule.stratum <= Stratum.EVIDENCE for rule in base.rules].count(True)
    rules: dict[str, Any] = {"base": base}
    for index, rule in enumerate(base.rules):
        before_ranking = index < evidence_done
        salience = len(base.rules) - index + (1 if before_ranking else 0)
        body = _fires(rule)
        rules[body.__name__] = experta.Rule(left_side(rule.when), salience=salience)(body)
    ranks = experta.Rule(salience=len(base.rules) - evidence_done + 1)
    rules["rank_paths"] = ranks(lambda engine: engine.rank())
    return type("Deciding", (_Deciding,), rules)


def _fires(rule: Rule) -> Callable[[_Deciding], None]:
    def body(engine: _Deciding) -> None:
        engine.fire(rule)

    body.__name__ = f"rule_{rule.id}"
    return body


def left_side(condition: Condition) -> Any:
    """Give the patterns that match when a condition is true."""
    return _pattern(without_negation(condition))


def _pattern(condition: Condition) -> Any:
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
        case Test():
            return _test_pattern(condition)
    raise TypeError(f"no pattern for {type(condition).__name__}")


def _test_pattern(test: Test) -> Any:
    match test:
        case Among() if len(test.accepted) == 1:
            return Answer(attribute=test.attribute, value=next(iter(test.accepted)))
        case Among():
            return Answer(attribute=test.attribute, value=experta.P(test.accepted.__contains__))
        case Holds() if len(test.accepted) == 1:
            return Answer(attribute=test.attribute, value=next(iter(test.accepted)))
        case Holds() | Lacks():
            return Asked(attribute=test.attribute, applies=experta.P(test.met_by))
        case Complement(test=Among()):
            return Answer(
                attribute=test.attribute, value=experta.P(lambda name: name not in test.accepted)
            )
        case Complement():
            return Asked(attribute=test.attribute, applies=experta.P(test.met_by))
    raise TypeError(f"no pattern for {type(test).__name__}")
