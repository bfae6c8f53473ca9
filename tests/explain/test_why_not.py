"""Why not: the marks are true, and every repair makes its rule fire."""

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain.changes import applied, possible
from fourways.explain.whynot import why_not
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from random_profiles import random_profiles


def test_the_repair_of_each_rule_makes_it_fire_every_time(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    repaired = 0
    for profile in random_profiles(base, 60, seed=11):
        decision = reference.decide(profile)
        for path in base.paths:
            for missing in why_not(decision, compact, path).missing:
                assert missing.repair, (missing.rule.id, profile)
                after = reference.decide(applied(base, profile, missing.repair))
                assert missing.rule in [firing.rule for firing in after.trace]
                repaired += 1
    assert repaired > 1000


def test_a_proposal_has_only_changes_that_can_come_about_and_makes_the_rule_fire(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    proposed = 0
    for profile in random_profiles(base, 60, seed=11):
        decision = reference.decide(profile)
        for path in base.paths:
            for missing in why_not(decision, compact, path).missing:
                for change in missing.proposal or ():
                    assert possible(base.attributes[change.attribute], change)
                after = reference.decide(applied(base, profile, missing.proposal or ()))
                fired = missing.rule in [firing.rule for firing in after.trace]
                assert fired is (missing.proposal is not None)
                assert missing.first == after.recommendation
                standing = next(s for s in after.standings if s.path == path)
                assert missing.certainty == standing.certainty
                proposed += fired
    assert proposed > 100


def test_what_can_come_about_is_proposed_where_the_nearest_change_cannot(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    farther = 0
    for profile in random_profiles(base, 60, seed=15):
        decision = reference.decide(profile)
        for path in base.paths:
            for missing in why_not(decision, compact, path).missing:
                changes = [*(missing.repair or ())]
                attributes = [base.attributes[change.attribute] for change in changes]
                if all(map(possible, attributes, changes)):
                    assert missing.proposal == missing.repair
                else:
                    farther += missing.proposal is not None
    assert farther


def test_no_part_of_a_repair_is_enough(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 40, seed=12):
        decision = reference.decide(profile)
        for path in base.paths:
            for missing in why_not(decision, compact, path).missing:
                for left_out in missing.repair or ():
                    part = [change for change in missing.repair or () if change != left_out]
                    bits = compact.bits(applied(base, profile, part))
                    assert not compact.fires(missing.rule, bits)


def test_the_repair_names_a_condition_that_is_not_met(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 60, seed=13):
        decision = reference.decide(profile)
        for path in base.paths:
            for missing in why_not(decision, compact, path).missing:
                unmet = {
                    part.test.attribute
                    for part in missing.condition.tests()
                    if part.test is not None and part.mark != "met"
                }
                assert {change.attribute for change in missing.repair or ()} <= unmet


def test_every_condition_is_marked_as_the_answers_have_it(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    profile = Profile(
        {"growth_blockers": frozenset({"waiting_for_vacancy"}), "job_search": "not_looking"}
    )

    answer = why_not(reference.decide(profile), compact, "move_out")

    marks = {
        missing.rule.id: [part.mark for part in missing.condition.tests()]
        for missing in answer.missing
    }
    # What is a ground to leave is known, and whether a better title is needed is not.
    assert marks["out.title_or_pay"] == ["failed", "failed", "met", "unknown"]
    assert marks["out.considering"] == ["failed"]
    assert marks["out.no_stretch"] == ["failed"]


def test_a_finding_that_was_not_concluded_is_opened_up_into_its_rules(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    answer = why_not(reference.decide(Profile()), compact, "move_up")

    wish = next(one for one in answer.missing if one.rule.id == "up.wish")
    assert wish.condition.says
    assert [part.mark for part in wish.condition.parts] == ["unknown", "unknown"]


def test_the_nearest_rule_comes_first(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 40, seed=14):
        for path in base.paths:
            missing = why_not(reference.decide(profile), compact, path).missing
            distances = [len(one.repair or ()) for one in missing]
            assert distances == sorted(distances)


def test_what_spoke_for_and_against_the_path_is_there(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    profile = Profile(
        {
            "aspirations": frozenset({"run_a_business_area"}),
            "pnl_appetite": "none",
        }
    )

    answer = why_not(reference.decide(profile), compact, "move_to_the_line")

    assert [firing.rule.id for firing in answer.supporting] == ["line.wish"]
    assert [firing.rule.id for firing in answer.opposing] == ["line.refused"]
