"""Repairs: the fewest changes that make a rule fire, on our rules and on random ones."""

from hypothesis import HealthCheck, given, settings
from strategies import ATTRIBUTES, profiles, rule_bases

from fourways.explain.changes import Change
from fourways.explain.repairs import Repairs
from fourways.explain.whynot import applied
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.model.rules import Evidence, Rule
from fourways.rulebase import load_builtin
from random_profiles import random_profiles


def check(repairs: Repairs, profile: Profile) -> None:
    """Check that each repair makes its rule fire and no part of it does; and the order."""
    engine = repairs.engine

    def fires(rule: Rule, *changes: Change) -> bool:
        bits = engine.bits(applied(engine.base, profile, changes))
        return engine.fires(rule, engine.facts(bits))

    for path in engine.base.paths:
        order = []
        for rule, repair in repairs.nearest_first(profile, path):
            assert isinstance(rule.then, Evidence)
            order.append((len(repair.changes) if repair else 1_000, -rule.then.factor))
            if repair:
                assert fires(rule, *repair.changes)
                for left_out in repair.changes:
                    assert not fires(rule, *(one for one in repair.changes if one != left_out))
                changed = {change.attribute for change in repair.changes}
                assert changed == {test.attribute for test in repair.unmet}
        assert order == sorted(order)


def test_repairs_are_minimal_and_the_nearest_comes_first() -> None:
    repairs = Repairs(load_builtin())
    for profile in random_profiles(repairs.engine.base, 60, seed=11):
        check(repairs, profile)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_bases(), profiles(ATTRIBUTES))
def test_repairs_are_minimal_for_any_rules(base: RuleBase, profile: Profile) -> None:
    check(Repairs(base), profile)
