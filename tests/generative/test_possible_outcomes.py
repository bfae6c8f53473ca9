"""What may still come first is exactly what some answers lead to, on any rules."""

from itertools import product

from hypothesis import HealthCheck, given, settings
from strategies import ATTRIBUTES, profiles, rule_bases

from fourways.engines.fast import CompactEngine, every_answer
from fourways.explain.outcomes import outcomes, settled
from fourways.explain.relevance import Outlook
from fourways.model.base import RuleBase
from fourways.model.profile import Profile


def reached(engine: CompactEngine, profile: Profile) -> set[str | None]:
    """What comes first, over every way of answering what is open, or leaving it."""
    bits = [{engine.bits(profile)}]
    for name, attribute in engine.base.attributes.items():
        if name not in profile:
            given = every_answer(attribute)
            bits.append({0, *(engine.answer_bits(name, answer) for answer in given)})
    return {engine.first(sum(chosen)) for chosen in product(*bits)}


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_bases(), profiles(ATTRIBUTES))
def test_the_outcomes_are_those_that_enumeration_reaches(base: RuleBase, profile: Profile) -> None:
    engine = CompactEngine(base)
    expected = reached(engine, profile)

    answer = outcomes(Outlook(engine, profile))

    assert {*answer.possible} == expected
    assert answer.settled is (len(expected) == 1)
    assert settled(Outlook(engine, profile)) is answer.settled
