"""In which order rules fire, what they build on, and what the trace says of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engines import ALL_ENGINES, profile_of
from fourways.model.base import RuleBase
from fourways.model.decision import Decision, Match
from fourways.rulebase import load
from rule_bases import write_base

Decide = Callable[..., Decision]

# Written backwards on purpose: guidance first, the finding that all rests on last.
CHAIN = """
- {id: advice, title: R, house: true, when: {recommended: alpha}, then: {action: Go.}}
- {id: warning, title: R, house: true, when: {all: [{recommended: alpha}, {finding: second}]},
   then: {caution: Mind.}}
- {id: evidence, title: R, house: true, when: {finding: third}, because: So.,
   then: {path: alpha, certainty: c50}}
- {id: third, title: R, house: true, when: {all: [{finding: second}, {ready: {is: true}}]},
   because: so, then: {finding: third}}
- {id: second, title: R, house: true, when: {finding: first}, because: so, then: {finding: second}}
- {id: first, title: R, house: true, when: {size: {is: low}}, because: so, then: {finding: first}}
"""


def fired(decision: Decision) -> list[str]:
    return [firing.rule.id for firing in decision.trace]


def test_findings_chain_whatever_the_order_in_the_file(decide_by: Decide) -> None:
    decision = decide_by(CHAIN, size="low", ready=True)

    assert fired(decision) == ["first", "second", "third", "evidence", "advice", "warning"]


def test_a_chain_ends_where_an_answer_is_unknown(decide_by: Decide) -> None:
    assert fired(decide_by(CHAIN, size="low")) == ["first", "second"]


def test_a_chain_ends_where_an_answer_is_another(decide_by: Decide) -> None:
    assert fired(decide_by(CHAIN, size="low", ready=False)) == ["first", "second"]


def test_nothing_is_concluded_from_nothing(decide_by: Decide) -> None:
    decision = decide_by(CHAIN)

    assert fired(decision) == []
    assert decision.recommendation is None
    assert decision.unknown == ("post", "size", "colour", "wants", "ready")


def test_guidance_waits_for_a_path_above_the_cutoff(decide_by: Decide) -> None:
    decision = decide_by(CHAIN.replace("c50", "c20"), size="low", ready=True)

    assert fired(decision) == ["first", "second", "third", "evidence"]


def test_the_trace_names_the_facts_that_were_matched_with_their_values(decide_by: Decide) -> None:
    decision = decide_by(CHAIN, size="low", ready=True, wants=["x"])

    matches = {firing.rule.id: firing.matched for firing in decision.trace}
    assert matches == {
        "first": (Match("answer", "size", "low"),),
        "second": (Match("finding", "first"),),
        "third": (Match("finding", "second"), Match("answer", "ready", True)),
        "evidence": (Match("finding", "third"),),
        "advice": (Match("path", "alpha"),),
        "warning": (Match("path", "alpha"), Match("finding", "second")),
    }


def test_a_rule_fires_once_though_several_parts_of_its_any_are_met(decide_by: Decide) -> None:
    rules = """
    - {id: r, title: R, house: true, because: So., then: {path: alpha, certainty: c40},
       when: {any: [{size: {is: low}}, {wants: {includes: x}}, {wants: {includes: y}},
                    {ready: {is: false}}]}}
    """
    decision = decide_by(rules, size="low", wants=["x", "y"], ready=True)

    assert fired(decision) == ["r"]
    assert decision.standings[0].certainty == 40
    assert decision.trace[0].matched == (
        Match("answer", "size", "low"),
        Match("answer", "wants", frozenset({"x", "y"})),
    )


def test_two_rules_can_conclude_one_finding_which_counts_once(decide_by: Decide) -> None:
    rules = """
    - {id: one, title: R, house: true, when: {size: {is: low}}, because: so, then: {finding: f}}
    - {id: two, title: R, house: true, when: {ready: {is: true}}, because: so, then: {finding: f}}
    - {id: e, title: R, house: true, when: {finding: f}, because: So.,
       then: {path: alpha, certainty: c40}}
    """
    both = decide_by(rules, size="low", ready=True)
    either = decide_by(rules, ready=True)

    assert fired(both) == ["one", "two", "e"]
    assert both.standings[0].certainty == 40
    assert fired(either) == ["two", "e"]


def test_within_a_stratum_rules_fire_in_file_order(decide_by: Decide) -> None:
    rules = "".join(
        f"- {{id: {name}, title: R, house: true, when: always, because: So.,"
        " then: {path: alpha, certainty: c30}}\n"
        for name in ("zulu", "alfa", "mike", "bravo")
    )
    assert fired(decide_by(rules)) == ["zulu", "alfa", "mike", "bravo"]


def test_not_of_an_answer_fires_on_another_answer_and_not_on_none(decide_by: Decide) -> None:
    rules = """
    - {id: r, title: R, house: true, when: {not: {wants: {includes: x}}}, because: so,
       then: {finding: f}}
    """
    assert fired(decide_by(rules)) == []
    assert fired(decide_by(rules, wants=[])) == ["r"]
    assert fired(decide_by(rules, wants=["x", "y"])) == []


def test_evidence_against_a_path_takes_its_support_away(decide_by: Decide) -> None:
    rules = """
    - {id: for, title: R, house: true, when: always, because: So.,
       then: {path: alpha, certainty: c50}}
    - {id: against, title: R, house: true, when: {ready: {is: false}}, because: So.,
       then: {against: alpha, certainty: c60}}
    - {id: warn, title: R, house: true, when: {recommended: alpha}, then: {caution: Mind.}}
    """
    assert fired(decide_by(rules, ready=True)) == ["for", "warn"]
    opposed = decide_by(rules, ready=False)
    assert fired(opposed) == ["for", "against"]
    assert opposed.recommendation is None
    assert [f.rule.id for f in opposed.evidence("alpha", against=True)] == ["against"]


MOVES = """
families: {near: the near ones, far: the far ones}
roles:
  clerk: {title: clerk, family: near}
  cook: {title: cook, family: near}
  pilot: {title: pilot, family: far}
posts: {elsewhere: a post elsewhere}
moves:
  - {id: M1, from: [near], to: pilot, path: alpha, time: now, certainty: c50, house: true}
  - {id: M2, from: [clerk, far], to: cook, path: alpha, time: in_time, certainty: c40, house: true}
  - {id: M3, from: anyone, to: elsewhere, path: beta, time: now, certainty: c40, house: true,
     when: {size: {at_least: middle}}}
"""


@pytest.mark.parametrize(
    ("answers", "moves"),
    [
        ({"post": "clerk"}, ["M1", "M2"]),
        ({"post": "cook"}, ["M1"]),
        ({"post": "pilot"}, ["M2"]),
        ({}, []),
        ({"size": "high"}, ["M3"]),
        ({"size": "low"}, []),
        ({"post": "pilot", "size": "middle"}, ["M2", "M3"]),
    ],
)
def test_moves_are_shown_for_the_roles_and_conditions_they_start_from(
    tmp_path: Path, engine: str, answers: dict[str, object], moves: list[str]
) -> None:
    rules = "".join(
        f"- {{id: {path}, title: R, house: true, when: always, because: So.,"
        f" then: {{path: {path}, certainty: c50}}}}\n"
        for path in ("alpha", "beta")
    )
    base = load(write_base(tmp_path, rules, {"roles.yaml": MOVES}))

    decision = ALL_ENGINES[engine](base).decide(profile_of(**answers))

    assert fired(decision) == ["alpha", "beta", *moves]


def test_a_move_on_a_path_that_is_not_supported_is_not_shown(tmp_path: Path, engine: str) -> None:
    rules = """
    - {id: r, title: R, house: true, when: always, because: So.,
       then: {path: alpha, certainty: c20}}
    """
    base = load(write_base(tmp_path, rules, {"roles.yaml": MOVES}))

    decision = ALL_ENGINES[engine](base).decide(profile_of(post="clerk", size="high"))

    assert fired(decision) == ["r"]


def test_an_engine_forgets_the_profile_before(
    engine: str, small_base: Callable[[str], RuleBase]
) -> None:
    runner = ALL_ENGINES[engine](small_base(CHAIN))
    first = runner.decide(profile_of(size="low", ready=True))
    between = runner.decide(profile_of())

    assert fired(between) == []
    assert runner.decide(profile_of(size="low", ready=True)) == first
    assert len(first.trace) == 6
