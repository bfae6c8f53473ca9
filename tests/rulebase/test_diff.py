"""What differs between two rule bases, and which rules make two decisions differ."""

from pathlib import Path

from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.profile import Answer, Profile
from fourways.rulebase import load
from fourways.rulebase.diff import Edit, FiringDiff, KindDiff, compare, rules_behind
from rule_bases import KNOWLEDGE, write_base


def rule(name: str, when: str, then: str) -> str:
    return f"- {{id: {name}, title: T, when: {when}, then: {then}, because: so, house: true}}\n"


X = rule("x", "{wants: {includes: x}}", "{path: alpha, certainty: c50}")
Y = rule("y", "{wants: {includes: y}}", "{path: beta, certainty: c40}")
TALL = rule("tall", "{size: {at_least: middle}}", "{path: gamma, certainty: c30}")


def base(folder: Path, rules: str, **knowledge: str) -> RuleBase:
    return load(
        write_base(folder, rules, {f"{name}.yaml": text for name, text in knowledge.items()})
    )


def behind_of(old: RuleBase, new: RuleBase, **answers: Answer) -> FiringDiff:
    profile = Profile(answers)
    return rules_behind(ReferenceEngine(old).decide(profile), ReferenceEngine(new).decide(profile))


def test_rules_in_another_order_are_a_difference_but_no_changed_rules(tmp_path: Path) -> None:
    changes = compare(base(tmp_path / "a", X + Y), base(tmp_path / "b", Y + X))

    assert changes.settings == [Edit("order of rules", "x, y", "y, x")]
    assert not any(changes.kinds.values())


def test_a_rule_that_comes_between_others_does_not_change_their_order(tmp_path: Path) -> None:
    changes = compare(base(tmp_path / "a", X + Y), base(tmp_path / "b", X + TALL + Y))

    assert not changes.settings
    assert changes.kinds["rules"] == KindDiff({"tall": "for gamma, c30 0.30"}, {}, {})


def test_a_new_value_on_a_scale_changes_no_rule_that_says_at_least(tmp_path: Path) -> None:
    longer = KNOWLEDGE["profile.yaml"].replace(
        "high: {label: high}", "high: {label: high}, top: {label: top}"
    )

    changes = compare(base(tmp_path / "a", TALL), base(tmp_path / "b", TALL, profile=longer))

    assert not changes.kinds["rules"]
    assert changes.kinds["attributes"].changed == {"size": [Edit("values.top.label", "", "top")]}


def test_a_finding_that_is_there_in_both_is_not_behind_it(tmp_path: Path) -> None:
    found = rule("found", "{wants: {includes: x}}", "{finding: keen}")
    again = rule("again", "{size: {is: high}}", "{finding: keen}")
    uses = rule("uses", "{finding: keen}", "{path: beta, certainty: c90}")
    old, new = base(tmp_path / "a", X + found), base(tmp_path / "b", X + found + again + uses)

    assert behind_of(old, new, wants=frozenset("x"), size="high") == FiringDiff(added=("uses",))


def test_a_word_with_another_factor_is_behind_it_through_its_rules(tmp_path: Path) -> None:
    words = KNOWLEDGE["certainty.yaml"].replace("c40: {factor: 0.40", "c40: {factor: 0.60")
    old, new = base(tmp_path / "a", X + Y), base(tmp_path / "b", X + Y, certainty=words)

    assert behind_of(old, new, wants=frozenset("xy")) == FiringDiff(reweighted=("y",))


def test_a_path_that_only_the_new_base_has_can_be_compared(tmp_path: Path) -> None:
    paths = KNOWLEDGE["paths.yaml"] + "delta: {title: Delta, means: the fourth, section: S0}\n"
    more = rule("more", "{wants: {includes: x}}", "{path: delta, certainty: c80}")
    old, new = base(tmp_path / "a", X), base(tmp_path / "b", X + more, paths=paths)

    assert compare(old, new).kinds["paths"] == KindDiff({"delta": ""}, {}, {})
    assert behind_of(old, new, wants=frozenset("x")) == FiringDiff(added=("more",))
