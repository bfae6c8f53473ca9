"""The compact engine agrees with the reference engine, on any rules and any answers."""

from hypothesis import HealthCheck, given, settings
from strategies import ATTRIBUTES, profiles, rule_bases

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin

BUILT_IN = load_builtin()
ON_BUILT_IN = CompactEngine(BUILT_IN)


def agree(engine: CompactEngine, base: RuleBase, profile: Profile) -> None:
    decision = ReferenceEngine(base).decide(profile)

    assert engine.first(engine.bits(profile)) == decision.recommendation
    assert engine.standings(profile) == decision.standings
    assert engine.certainties(engine.bits(profile)) == {
        standing.path: standing.certainty for standing in decision.standings
    }
    assert engine.fired(profile) == tuple(firing.rule for firing in decision.trace)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_bases(), profiles(ATTRIBUTES))
def test_it_agrees_with_the_reference_on_random_rules(base: RuleBase, profile: Profile) -> None:
    agree(CompactEngine(base), base, profile)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(profiles(BUILT_IN.attributes))
def test_it_agrees_with_the_reference_on_the_built_in_rules(profile: Profile) -> None:
    agree(ON_BUILT_IN, BUILT_IN, profile)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_bases(), profiles(ATTRIBUTES), profiles(ATTRIBUTES))
def test_certainties_stay_within_the_bounds_whatever_is_answered_besides(
    base: RuleBase, known: Profile, other: Profile
) -> None:
    engine = CompactEngine(base)
    answered = Profile({**other, **known})
    sure, possible = engine.bits(known), engine.bits(known) | engine.bits(answered)

    after = engine.certainties(engine.bits(answered))

    for path, interval in engine.bounds(sure, possible).items():
        assert interval.least <= after[path] <= interval.most
