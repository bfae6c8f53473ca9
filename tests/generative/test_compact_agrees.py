"""The certainties of the compact engine stay within the bounds that it says, on any rules."""

from hypothesis import HealthCheck, given, settings
from strategies import ATTRIBUTES, profiles, rule_bases

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.profile import Profile


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_bases(), profiles(ATTRIBUTES), profiles(ATTRIBUTES))
def test_certainties_stay_within_the_bounds_whatever_is_answered_besides(
    base: RuleBase, known: Profile, other: Profile
) -> None:
    engine = CompactEngine(base)
    answered = Profile({**other, **known})
    sure, possible = engine.bits(known), engine.bits(known) | engine.bits(answered)
    decision = ReferenceEngine(base).decide(answered)

    after = engine.certainties(engine.bits(answered))

    assert engine.first(engine.bits(answered)) == decision.recommendation
    assert after == {standing.path: standing.certainty for standing in decision.standings}
    for path, interval in engine.bounds(sure, possible).items():
        assert interval.least <= after[path] <= interval.most
