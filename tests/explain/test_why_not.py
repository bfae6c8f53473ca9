"""Why not: the marks are true, proposals make their rule fire, and the cell says the same."""

from collections.abc import Callable, Iterator

import pytest

from fourways.engines.fast import every_answer
from fourways.engines.reference import ReferenceEngine
from fourways.explain.repairs import Repairs
from fourways.explain.whynot import Part, applied, why_not, why_not_cell
from fourways.model.base import RuleBase
from fourways.model.profile import Kind, Profile
from random_profiles import random_profiles


def leaves(part: Part) -> Iterator[Part]:
    if not part.parts:
        yield part
    for one in part.parts:
        yield from leaves(one)


def test_no_fewer_changes_than_a_repair_make_a_rule_fire(base: RuleBase, repairs: Repairs) -> None:
    engine = repairs.engine
    for profile in random_profiles(base, 20, seed=34):
        facts = engine.bits(profile)
        for path in base.paths:
            for rule, repair in repairs.nearest_first(profile, path):
                if repair is None or len(repair.changes) < 2:
                    continue
                for name, attribute in base.attributes.items():
                    before = profile.get(name)
                    for answer in every_answer(attribute):
                        known = before if isinstance(before, frozenset) else frozenset()
                        changed = 1
                        if attribute.kind is Kind.SET and isinstance(answer, frozenset):
                            changed = len(answer ^ known)
                        if changed < len(repair.changes):
                            bits = facts ^ engine.answer_bits(name, before)
                            after = engine.facts(bits | engine.answer_bits(name, answer))
                            assert not engine.fires(rule, after)


def test_a_proposal_can_come_about_and_makes_the_rule_fire(
    base: RuleBase, reference: ReferenceEngine, repairs: Repairs
) -> None:
    proposed = farther = 0
    for profile in random_profiles(base, 60, seed=11):
        decision = reference.decide(profile)
        for path in base.paths:
            nearest = dict(repairs.nearest_first(profile, path))
            for missing in why_not(decision, repairs, path).missing:
                if missing.proposal is None:
                    continue
                changes = missing.proposal.changes
                after = reference.decide(applied(base, profile, changes))
                standing = next(s for s in after.standings if s.path == path)
                repair = nearest[base.by_id[missing.rule]]
                assert repair
                assert all(change.by for change in changes)
                assert missing.rule in [firing.rule.id for firing in after.trace]
                assert missing.proposal.recommendation == after.recommendation
                assert missing.proposal.certainty == standing.certainty / 100
                if all(change.by for change in repair.changes):
                    assert changes == repair.changes
                else:
                    farther += 1
                proposed += 1
    assert proposed > 100
    assert farther


def test_every_condition_is_marked(reference: ReferenceEngine, repairs: Repairs) -> None:
    profile = Profile(
        {"growth_blockers": frozenset({"waiting_for_vacancy"}), "job_search": "not_looking"}
    )

    answer = why_not(reference.decide(profile), repairs, "move_out")

    marks = {one.rule: [part.mark for part in leaves(one.condition)] for one in answer.missing}
    # A reason to leave is known, but not whether a better title is needed.
    assert marks["out.title_or_pay"] == ["failed", "failed", "met", "unknown"]
    assert marks["out.considering"] == ["failed"]
    assert marks["out.no_stretch"] == ["failed"]


def test_a_missing_finding_is_opened_up_into_its_rules(
    reference: ReferenceEngine, repairs: Repairs
) -> None:
    answer = why_not(reference.decide(Profile()), repairs, "move_up")

    wish = next(one for one in answer.missing if one.rule == "up.wish")
    assert wish.condition.says
    assert [part.mark for part in wish.condition.parts] == ["unknown", "unknown"]


def test_what_supports_the_path_and_counts_against_it(
    reference: ReferenceEngine, repairs: Repairs
) -> None:
    profile = Profile({"aspirations": frozenset({"run_a_business_area"}), "pnl_appetite": "none"})

    answer = why_not(reference.decide(profile), repairs, "move_to_the_line")

    assert [one.rule for one in answer.supporting] == ["line.wish"]
    assert [one.rule for one in answer.opposing] == ["line.refused"]


def test_the_cell_names_the_nearest_rule_of_each_unsupported_path(
    base: RuleBase, reference: ReferenceEngine, repairs: Repairs
) -> None:
    for profile in random_profiles(base, 150, seed=31):
        decision = reference.decide(profile)
        supported = {standing.path for standing in decision.ranking}
        cell = why_not_cell(profile, repairs)
        parts = dict(part.split(": ", 1) for part in cell.split("; ") if part)
        assert [*parts] == [path for path in base.paths if path not in supported]
        for path, text in parts.items():
            nearest = why_not(decision, repairs, path).missing[0]
            rule, _, tests = text.partition(" needs ")
            assert rule == nearest.rule
            unmet = [test.partition(" ")[0] for test in tests.split(" and ")]
            assert unmet == [clause.attribute for clause in nearest.unmet]


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
EITHER = """
- {id: a, title: A, when: {any: [{size: {is: high}}, {colour: {is: red}}]},
   then: {path: alpha, certainty: c40}, because: so, house: true}
"""
ALWAYS = "- {{id: {0}, title: T, when: always, then: {{path: {0}, certainty: c40}}, because: so, house: true}}\n"


@pytest.mark.parametrize(
    ("rules", "profile", "cell"),
    [
        (
            RULES,
            {"colour": "red", "wants": frozenset({"y"}), "ready": True},
            "alpha: a.many needs size to be at least high (unknown) and colour not to be red "
            "(failed) and wants not to include x or y (failed); "
            "beta: no answers can meet b.never; gamma: nothing more can speak for it",
        ),
        # Of two ways as short, an unknown answer is nearer than a known one.
        (EITHER, {"size": "low"}, "alpha: a needs colour to be red (unknown); "),
        (EITHER, {"colour": "blue"}, "alpha: a needs size to be high (unknown); "),
        ("".join(map(ALWAYS.format, ("alpha", "beta", "gamma"))), {}, ""),
    ],
)
def test_the_cell_says_what_each_path_lacks(
    small_base: Callable[[str], RuleBase], rules: str, profile: dict[str, object], cell: str
) -> None:
    said = why_not_cell(
        Profile(profile),
        Repairs(small_base(rules)),  # type: ignore[arg-type]
    )

    assert said.startswith(cell)
    assert bool(said) is bool(cell)
