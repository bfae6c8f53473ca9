"""What is wrong with a rule base is said all at once, each with its place and a remedy."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from fourways.errors import RuleBaseError
from fourways.rulebase import load
from rule_bases import KNOWLEDGE, write_base

ARTICLE = """\
title: A text
sections:
  - {id: S0, title: The only section, rules: rules.yaml}
statements:
  S0.p1.s1: {says: one, sort: claim, modality: M1, words: 5, fingerprint: a}
  S0.p1.s2: {says: two, sort: claim, modality: M1, words: 5, fingerprint: b}
readings:
  Q-1: {place: S0.p1.s1, question: which, options: {a: this, b: that}, takes: [a], why: so}
"""
GOOD = "- {id: good, title: R, when: always, then: {finding: good}, because: so, cites: [S0.p1.s1, S0.p1.s2]}\n"


def problems(folder: Path, rules: str, knowledge: Mapping[str, str] | None = None) -> list[str]:
    """Return the problems of a rule base."""
    folders = write_base(folder, rules, {"article.yaml": ARTICLE, **(knowledge or {})})
    with pytest.raises(RuleBaseError) as refused:
        load(folders)
    return str(refused.value).splitlines()


def rule(**parts: str | None) -> str:
    """Return a valid rule in a line, with some parts changed; None leaves one out."""
    whole: dict[str, str | None] = {
        "id": "r", "title": "R", "when": "always", "then": "{action: Go.}", "because": None,
        "cites": None, "house": "true",
    } | parts  # fmt: skip
    return f"{{{', '.join(f'{key}: {text}' for key, text in whole.items() if text is not None)}}}"


def citing(name: str, when: str, then: str, because: str | None = "so") -> str:
    """Return a rule of the article in a line."""
    return rule(id=name, when=when, then=then, because=because, cites="[S0.p1.s1]", house=None)


GO, MAYBE = "{action: Go.}", "{path: alpha, certainty: c40}"
MIXED = "{any: [{colour: {is: red}}, {all: [{size: {is: low}}, {finding: f5}]}]}"
KINDS = "{all: [{colour: {at_least: red}}, {wants: {is: x}}, {size: {includes: low}}]}"
NOT_BOTH = "{not: {all: [{finding: f5}, {colour: {is: red}}]}}"

EVERYTHING: list[tuple[str, list[str]]] = [
    (citing("attribute", "{colours: {is: red}}", "{finding: f1}"), [
        "36: unknown attribute 'colours'. Did you mean 'colour'?",
    ]),
    (citing("value", "{colour: {is: rad}}", "{finding: f2}", '"{colour}"'), [
        "45: unknown value of colour 'rad'. Did you mean 'red'?",
    ]),
    (citing("role", "{all: [{post: {is: clark}}, {post: {family: [nearby]}}]}", "{finding: f3}"), [
        "49: unknown value of post 'clark'. Did you mean 'clerk'?",
        "75: unknown family 'nearby'. Did you mean 'near'?",
    ]),
    (citing("path", "always", "{path: alfa, certainty: c40}"), [
        "51: unknown path 'alfa'. Did you mean 'alpha'?",
    ]),
    (citing("path_of_guidance", "{recommended: gama}", GO, None), [
        "56: unknown path 'gama'. Did you mean 'gamma'?",
    ]),
    (citing("finding", "{finding: f10}", "{finding: f4}"), [
        "43: unknown finding 'f10'. Did you mean 'f1'?",
    ]),
    (rule(id="statement", then="{finding: f5}", because="so", cites="[S0.p1.s3]", house=None), [
        "85: unknown statement 'S0.p1.s3'. Did you mean 'S0.p1.s2' or 'S0.p1.s1'?",
    ]),
    (citing("operator", "{colour: {iz: red}}", "{finding: f6}"), [
        "44: unknown operator 'iz'. Use is or one_of.",
    ]),
    (citing("kind", KINDS, "{finding: f7}"), [
        "47: 'at_least' is not for a choice such as 'colour'. Use is or one_of.",
        "73: 'is' is not for a set such as 'wants'. Use includes, includes_any or excludes.",
        "90: 'includes' is not for a scale such as 'size'. "
        "Use is, one_of, at_least or at_most.",
    ]),
    (citing("placeholder", "{colour: {is: red}}", MAYBE, '"{color}, {f5.becaus} and }."'), [
        "3: a brace outside a placeholder",
        "3: unknown placeholder '{color}'. Did you mean 'colour'?",
        "3: unknown placeholder '{f5.becaus}'. Did you mean 'f5.because' or 'f9.because'?",
    ]),
    (citing("uncertain", MIXED, MAYBE, '"{colour}, {size}, {f5.because}."'), [
        f"3: '{{{name}}}' may be unknown where 'uncertain' fires. "
        "Name only what is known in every way of meeting the condition."
        for name in ("colour", "size", "f5.because")
    ]),
    (citing("uncertain_advice", "{recommended: alpha}", '{caution: "{colour}"}', None), [
        "3: '{colour}' may be unknown where 'uncertain_advice' fires. "
        "Name only what is known in every way of meeting the condition.",
    ]),
    (citing("circle_1", "{finding: c3}", "{finding: c1}"), [
        "3: findings build on each other in a circle: "
        "circle_3 -> circle_2 -> circle_1 -> circle_3",
    ]),
    (citing("circle_2", "{finding: c1}", "{finding: c2}"), []),
    (citing("circle_3", "{any: [{finding: c2}, {finding: f5}]}", "{finding: c3}"), []),
    (citing("negated", NOT_BOTH, "{finding: f8}"), [
        "47: 'not' on 'finding'. "
        "What was not concluded may only be unknown. Use `not` on answers.",
    ]),
    (citing("negated_path", "{not: {recommended: alpha}}", GO, None), [
        "45: 'not' on 'recommended'. "
        "What was not concluded may only be unknown. Use `not` on answers.",
    ]),
    (citing("too_early", "{recommended: alpha}", "{path: beta, certainty: c40}"), [
        "36: 'recommended' is only for actions, cautions and moves",
    ]),
    (rule(id="uncited", then="{finding: f9}", because="so", house=None), [
        "3: a rule without a citation. "
        "Name the statements it is based on under `cites`, or mark it `house: true`.",
    ]),
    (rule(id="own_and_cited", cites="[S0.p1.s1]"), [
        "3: a house rule does not cite the article. Remove `cites` or `house`.",
    ]),
    (citing("value", "always", GO, None), [
        "3: duplicate id 'value', first at rules/rules.yaml:2:3",
    ]),
    (citing("key", "always, title: S", GO, None), [
        "37: duplicate key 'title', first in line 22",
    ]),
    (citing("word", "always", "{against: alpha, certainty: c100}"), [
        "72: unknown certainty 'c100'. Did you mean 'c10'?",
    ]),
    (rule(cites="[S0.p1.s1]", house=None, reading="[Q-1b, Q-2a]"), [
        "85: unknown reading 'Q-1b'. Use Q-1a.",
        "91: unknown reading 'Q-2a'. Use Q-1a.",
    ]),
]  # fmt: skip
"""A rule in each line, and what is said of it, from its column on."""


def test_every_problem_is_named_at_once_with_its_place_and_a_remedy(tmp_path: Path) -> None:
    rules = "".join(f"- {text}\n" for text, _ in EVERYTHING)

    assert problems(tmp_path, rules) == [
        f"rules/rules.yaml:{line}:{said}"
        for line, (_, every) in enumerate(EVERYTHING, 1)
        for said in every
    ]


NO_CITATION = (
    "3: a rule without a citation. "
    "Name the statements it is based on under `cites`, or mark it `house: true`."
)
MISSHAPEN = {
    "3": ["3: expected keys with values, found a single value"],
    "[a]": ["3: expected keys with values, found a list"],
    rule(then=None): ["3: 'then' is missing"],
    rule(when=None): ["3: 'when' is missing"],
    rule(id=None): ["3: 'id' is missing"],
    rule(title=None): ["3: 'title' is missing"],
    rule(id="r, titel: R"): ["11: unknown key 'titel'. Did you mean 'title' or 'cites'?"],
    rule(id="'a b;'"): [
        "8: 'a b;' isn't a valid name for a rule. Use letters, digits, '_', '-' and '.'."
    ],
    rule(then="{finding: a.b}", because="so"): [
        "51: 'a.b' isn't a valid name for a finding. Use lower-case letters and '_'."
    ],
    rule(then="{finding: f}"): ["3: 'because' is missing. Give the reason in a sentence."],
    rule(then="{path: alpha}", because="So."): ["41: 'certainty' is missing. Name a modal word."],
    rule(then="{action: Go., certainty: c40}"): ["55: 'certainty' is only for paths"],
    rule(then="{action: Go., caution: Mind.}"): [
        "41: a rule concludes one thing. Use one of finding, path, against, action or caution."
    ],
    rule(then="{advice: Go.}"): [
        "42: unknown key 'advice'. Use finding, path, against, action, caution or certainty."
    ],
    rule(house="yes"): ["63: 'house' must be true or false, not 'yes'", NO_CITATION],
    rule(when="[]"): ["27: expected a condition. Such as `finding: NAME`."],
    rule(when="{all: []}"): ["28: 'all' needs at least one condition"],
    rule(when="{not: always}"): ["33: 'always' must be the whole condition. Leave it out here."],
    rule(when="{colour: {is: red}, size: {is: low}}"): [
        "27: a condition has one key, this one has 2. Put several below `all` or `any`."
    ],
    rule(when="{size: {at_least: low, at_most: high}}"): ["28: 'size' needs one operator, not 2"],
    rule(when="{colour: red}"): ["36: expected keys with values, found a single value"],
    rule(when="{colour: {one_of: [red, red]}}"): ["51: 'red' is named twice"],
    rule(when="{colour: {one_of: []}}"): ["37: 'one_of' needs at least one value"],
    rule(when="{colour: {is: [red]}}"): ["41: expected a single value, found a list"],
}
"""A rule, and what is said of it, from its column on."""


@pytest.mark.parametrize("text", MISSHAPEN)
def test_a_rule_of_the_wrong_shape_is_said_once(tmp_path: Path, text: str) -> None:
    assert sorted(problems(tmp_path, f"- {text}\n")) == sorted(
        f"rules/rules.yaml:1:{said}" for said in MISSHAPEN[text]
    )


def test_a_statement_that_no_rule_rests_on_needs_a_reason(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.replace(", S0.p1.s2", "")) == [
        "knowledge/article.yaml:6:3: no rule is based on statement 'S0.p1.s2'. "
        "Cite it in a rule, or say under `no_rule` why there is none."
    ]


def test_a_reason_for_having_no_rule_is_wrong_where_there_is_one(tmp_path: Path) -> None:
    article = ARTICLE.replace("fingerprint: b", "fingerprint: b, no_rule: so")
    assert problems(tmp_path, GOOD, {"article.yaml": article}) == [
        "knowledge/article.yaml:6:3: statement 'S0.p1.s2' is cited and has a `no_rule`. Remove one."
    ]


def test_a_section_whose_rules_are_not_there_is_a_problem(tmp_path: Path) -> None:
    article = ARTICLE.replace("rules: rules.yaml", "rules: other.yaml")
    assert problems(tmp_path, GOOD, {"article.yaml": article}) == [
        "knowledge/article.yaml:3:5: rules/other.yaml is missing"
    ]


def test_problems_of_all_files_come_together(tmp_path: Path) -> None:
    knowledge = {
        "paths.yaml": KNOWLEDGE["paths.yaml"].replace("section: S0", "section: S9", 1),
        "certainty.yaml": KNOWLEDGE["certainty.yaml"].replace("0.40", "4"),
        "roles.yaml": KNOWLEDGE["roles.yaml"].replace("title: cook", "title: clerk"),
        "profile.yaml": KNOWLEDGE["profile.yaml"].replace("kind: scale", "kind: scales")
        + "any: {kind: set, about: b, question: Q?, label: l, values: {none: {label: none}}}\n",
    }
    assert problems(tmp_path, GOOD.replace("S0.p1.s1", "S0"), knowledge) == [
        "knowledge/certainty.yaml:42:17: 'factor' must be a number from 0.00 to 0.99, not '4'",
        "knowledge/paths.yaml:2:50: unknown section 'S9'. Use S0.",
        "knowledge/profile.yaml:4:9: unknown kind 'scales'. Did you mean 'scale'?",
        "knowledge/profile.yaml:27:1: 'any' is a word of the conditions",
        "knowledge/profile.yaml:27:1: 'none' in a set means that nothing applies. Remove it.",
        "knowledge/roles.yaml:5:3: 'clerk' already names clerk",
        "rules/rules.yaml:1:82: unknown statement 'S0'. Use S0.p1.s1 or S0.p1.s2.",
    ]


@pytest.mark.parametrize("said", ["{}", "you aged", "{wish: so}", "{do: so, happens: so}"])
def test_a_change_that_can_be_proposed_comes_about_by_one_thing(tmp_path: Path, said: str) -> None:
    profile = KNOWLEDGE["profile.yaml"].replace(
        "high: {label: high}", f"high: {{label: high, if_so: {said}}}"
    )
    assert problems(tmp_path, GOOD, {"profile.yaml": profile}) == [
        "knowledge/profile.yaml:8:83: 'if_so' needs exactly one key, do or happens. "
        "Write {do: you ...} or {happens: ...}. wish is for attributes about wishes."
    ]


def test_wishes_come_about_by_wishing_and_single_answers_do_not_cease(tmp_path: Path) -> None:
    profile = KNOWLEDGE["profile.yaml"].replace("about: all", "about: wishes")
    profile = profile.replace("high: {label: high}", "high: {label: high, if_not: {do: so}}")
    assert problems(tmp_path, GOOD, {"profile.yaml": profile}) == [
        "knowledge/profile.yaml:8:76: only a value of a set can cease to apply. Use if_so.",
        "knowledge/profile.yaml:8:84: 'if_not' needs exactly one key, wish. Write {wish: you ...}.",
    ]


@pytest.mark.parametrize(
    "number",
    ["1", "1.00", "-0.1", "0.123", "nan", "sNaN", "inf", "1e999999999", "1e-9", "x", "\u0660"],
)
def test_a_factor_is_a_number_below_one_with_two_decimals(tmp_path: Path, number: str) -> None:
    certainty = KNOWLEDGE["certainty.yaml"].replace("0.40", number)
    assert problems(tmp_path, GOOD, {"certainty.yaml": certainty}) == [
        f"knowledge/certainty.yaml:42:17: 'factor' must be a number from 0.00 to 0.99, not '{number}'"
    ]


@pytest.mark.parametrize("number", ["-1", "1.5", "many", "9" * 5000])
def test_a_number_of_words_is_whole(tmp_path: Path, number: str) -> None:
    article = ARTICLE.replace("words: 5", f"words: {number}", 1)
    shown = number if len(number) < 60 else "9" * 57 + "..."
    assert problems(tmp_path, GOOD, {"article.yaml": article}) == [
        f"knowledge/article.yaml:5:59: 'words' must be a whole number of up to 9 digits, not '{shown}'"
    ]


def test_a_move_of_the_role_graph_is_checked_like_a_rule(tmp_path: Path) -> None:
    roles = KNOWLEDGE["roles.yaml"].replace(
        "moves: []",
        "moves:\n"
        "  - {id: M1, from: [clark], to: cook, path: alpha, time: now, certainty: c40, house: true}\n"
        "  - {id: M2, from: [], to: coook, path: alpa, time: soon, certainty: c40, house: true,\n"
        "     when: {finding: nothing}}\n"
        "  - {id: M3, from: clerk, to: cook, path: alpha, time: now, certainty: c40}",
    )
    assert problems(tmp_path, GOOD, {"roles.yaml": roles}) == [
        "knowledge/roles.yaml:9:21: unknown role or family 'clark'. Did you mean 'clerk'?",
        "knowledge/roles.yaml:10:14: 'from' is empty. Write `anyone`, or name roles.",
        "knowledge/roles.yaml:10:28: unknown next job 'coook'. Did you mean 'cook'?",
        "knowledge/roles.yaml:10:41: unknown path 'alpa'. Did you mean 'alpha'?",
        "knowledge/roles.yaml:10:53: unknown time 'soon'. Use now or in_time.",
        "knowledge/roles.yaml:11:22: unknown finding 'nothing'. Use good.",
        "knowledge/roles.yaml:12:5: a rule without a citation. "
        "Name the statements it is based on under `cites`, or mark it `house: true`.",
        "knowledge/roles.yaml:12:20: expected a list, found a single value",
    ]


def test_a_condition_with_too_many_ways_to_meet_it_is_refused(tmp_path: Path) -> None:
    either = "{any: [{colour: {is: red}}, {size: {is: low}}]}"
    rule = "- {{id: r, title: R, when: {{all: [{}]}}, then: {{action: Go.}}, house: true}}\n"
    fits, exceeds = (rule.format(", ".join([either] * times)) for times in (6, 7))

    assert problems(tmp_path / "a", GOOD + exceeds) == [
        "rules/rules.yaml:2:27: a condition that can be met in more than 64 ways. "
        "Split it over several rules, or name several values in one `includes_any` or `one_of`."
    ]
    load(write_base(tmp_path / "b", GOOD + fits, {"article.yaml": ARTICLE}))


def test_a_condition_of_too_many_tests_is_refused(tmp_path: Path) -> None:
    tests = ", ".join(["{colour: {is: red}}"] * 101)
    rule = f"- {{id: r, title: R, when: {{all: [{tests}]}}, then: {{action: Go.}}, house: true}}\n"

    assert problems(tmp_path, GOOD + rule) == [
        "rules/rules.yaml:2:27: a condition of more than 100 tests. "
        "Let rules conclude findings, and test those."
    ]


def test_a_hundred_problems_are_enough_at_once(tmp_path: Path) -> None:
    said = problems(tmp_path, "- a\n" * 20_000)

    assert len(said) == 101
    assert said[0] == "rules/rules.yaml:1:3: expected keys with values, found a single value"
    assert said[-1] == "there may be more. Fix these first, then check again."
