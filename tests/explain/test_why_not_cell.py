"""The `why_not` cell: the nearest rule of each path that did not come out, and what it lacks."""

import re
from collections.abc import Callable

import pytest

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain.changes import applied, steps
from fourways.explain.repairs import Repairs
from fourways.explain.whynot import nearest_first, why_not
from fourways.explain.whynotcell import why_not_cell
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.model.rules import Evidence
from random_profiles import random_profiles

PART = re.compile(r"(?P<path>\w+): (?P<rule>\S+) needs (?P<tests>.+)")
TEST = re.compile(r"(?P<attribute>\w+) (not )?to (be|include) .+ \((?P<mark>failed|unknown)\)")


@pytest.fixture(scope="module")
def repairs(base: RuleBase) -> Repairs:
    return Repairs(base)


def test_the_cell_names_the_first_rule_that_why_not_names_and_what_its_repair_changes(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine, repairs: Repairs
) -> None:
    for profile in random_profiles(base, 150, seed=31):
        decision = reference.decide(profile)
        supported = {standing.path for standing in decision.ranking}
        cell = why_not_cell(decision, repairs)
        parts = [part for part in map(PART.fullmatch, cell.split("; ")) if part]
        assert [p["path"] for p in parts] == [p for p in base.paths if p not in supported]
        for part in parts:
            nearest = why_not(decision, compact, part["path"], repairs).missing[0]
            tests = [t for t in map(TEST.fullmatch, part["tests"].split(" and ")) if t]
            assert part["rule"] == nearest.rule.id
            assert {t["attribute"] for t in tests} == {c.attribute for c in nearest.repair or ()}
            for test in tests:
                assert test["mark"] == ("failed" if test["attribute"] in profile else "unknown")


def test_no_fewer_changes_than_those_of_a_repair_make_a_rule_fire(
    base: RuleBase, compact: CompactEngine, repairs: Repairs
) -> None:
    compared = 0
    for profile in random_profiles(base, 15, seed=32):
        single = [
            step.changes
            for name in base.attributes
            for step in steps(base.attributes[name], profile.get(name), 1)
        ]
        for path in base.paths:
            for rule in base.evidence[path]:
                repair = repairs.of(profile, rule)
                if repair is not None and len(repair.changes) == 2:
                    compared += 1
                    for changes in single:
                        bits = compact.bits(applied(base, profile, changes))
                        assert not compact.fires(rule, bits)
    assert compared > 20


def test_a_failed_and_an_unknown_condition_are_told_apart(
    base: RuleBase, reference: ReferenceEngine, repairs: Repairs
) -> None:
    decision = reference.decide(Profile({"aspirations": frozenset({"bigger_projects"})}))

    cell = why_not_cell(decision, repairs)

    assert "stay: stay.wish needs aspirations to include stay (failed)" in cell
    assert "growth_blockers to include no_clear_path (unknown)" in cell


RULES = """
- {id: a.many, title: Many, when: {all: [{size: {at_least: high}}, {not: {colour: {is: red}}},
   {wants: {excludes: [x, y]}}]}, then: {path: alpha, certainty: c30}, because: so, house: true}
- {id: b.never, title: Never, when: {all: [{colour: {is: red}}, {colour: {is: blue}}]},
   then: {path: beta, certainty: c40}, because: so, house: true}
- {id: c.always, title: Always, when: always, then: {path: gamma, certainty: c40},
   because: so, house: true}
- {id: c.against, title: Against, when: {ready: {is: true}}, then: {against: gamma, certainty: c40},
   because: so, house: true}
"""


def test_what_each_path_lacks_is_said_also_where_nothing_can_be_done(
    small_base: Callable[[str], RuleBase],
) -> None:
    base = small_base(RULES)
    decision = ReferenceEngine(base).decide(
        Profile({"colour": "red", "wants": frozenset({"y"}), "ready": True})
    )

    parts = why_not_cell(decision, Repairs(base)).split("; ")

    assert parts == [
        "alpha: a.many needs size to be at least high (unknown) and colour not to be red (failed)"
        " and wants not to include x or y (failed)",
        "beta: no answers can meet b.never",
        "gamma: nothing more can speak for it",
    ]


def test_the_cell_is_empty_where_every_path_came_out(
    small_base: Callable[[str], RuleBase],
) -> None:
    always = (
        "- {{id: {0}, title: T, when: always, then: {{path: {0}, certainty: c40}},"
        " because: so, house: true}}\n"
    )
    base = small_base("".join(always.format(path) for path in ("alpha", "beta", "gamma")))

    assert why_not_cell(ReferenceEngine(base).decide(Profile()), Repairs(base)) == ""


def test_the_stronger_of_two_equally_near_rules_is_the_nearest(
    base: RuleBase, reference: ReferenceEngine, repairs: Repairs
) -> None:
    for profile in random_profiles(base, 50, seed=33):
        for path in base.paths:
            listed = nearest_first(reference.decide(profile), path, repairs)
            order = [
                (len(repair.changes), -rule.then.factor)
                for rule, repair in listed
                if repair and isinstance(rule.then, Evidence)
            ]
            assert order == sorted(order)
