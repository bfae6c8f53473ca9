"""What is wrong with a rule base is said all at once, each with its place and a remedy."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from fourways.errors import RuleBaseError
from fourways.loading import load
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
    """Give what is said of a rule base, with the files named as in the base."""
    folders = write_base(folder, rules, {"article.yaml": ARTICLE, **(knowledge or {})})
    with pytest.raises(RuleBaseError) as refused:
        load(folders)
    return str(refused.value).splitlines()


EVERYTHING = """\
- id: attribute
  title: R
  when: {colours: {is: red}}
  then: {finding: f1}
  because: so
  cites: [S0.p1.s1]
- id: value
  title: R
  when: {colour: {is: rad}}
  then: {finding: f2}
  because: "{colour}"
  cites: [S0.p1.s1]
- id: role
  title: R
  when: {all: [{post: {is: clark}}, {post: {family: [nearby]}}]}
  then: {finding: f3}
  because: so
  cites: [S0.p1.s1]
- id: path
  title: R
  when: always
  then: {path: alfa, certainty: c40}
  because: So.
  cites: [S0.p1.s1]
- id: path_of_guidance
  title: R
  when: {recommended: gama}
  then: {action: Go.}
  cites: [S0.p1.s1]
- id: finding
  title: R
  when: {finding: f10}
  then: {finding: f4}
  because: so
  cites: [S0.p1.s1]
- id: statement
  title: R
  when: always
  then: {finding: f5}
  because: so
  cites: [S0.p1.s3]
- id: operator
  title: R
  when: {colour: {iz: red}}
  then: {finding: f6}
  because: so
  cites: [S0.p1.s1]
- id: kind
  title: R
  when: {all: [{colour: {at_least: red}}, {wants: {is: x}}, {size: {includes: low}}]}
  then: {finding: f7}
  because: so
  cites: [S0.p1.s1]
- id: placeholder
  title: R
  when: {colour: {is: red}}
  then: {path: alpha, certainty: c40}
  because: "{color}, {f5.becaus} and }."
  cites: [S0.p1.s1]
- id: uncertain
  title: R
  when: {any: [{colour: {is: red}}, {all: [{size: {is: low}}, {finding: f5}]}]}
  then: {path: alpha, certainty: c40}
  because: "{colour}, {size}, {f5.because}."
  cites: [S0.p1.s1]
- id: uncertain_advice
  title: R
  when: {recommended: alpha}
  then: {caution: "{colour}"}
  cites: [S0.p1.s1]
- id: circle_1
  title: R
  when: {finding: c3}
  then: {finding: c1}
  because: so
  cites: [S0.p1.s1]
- id: circle_2
  title: R
  when: {finding: c1}
  then: {finding: c2}
  because: so
  cites: [S0.p1.s1]
- id: circle_3
  title: R
  when: {any: [{finding: c2}, {finding: f5}]}
  then: {finding: c3}
  because: so
  cites: [S0.p1.s1]
- id: negated
  title: R
  when: {not: {all: [{finding: f5}, {colour: {is: red}}]}}
  then: {finding: f8}
  because: so
  cites: [S0.p1.s1]
- id: negated_path
  title: R
  when: {not: {recommended: alpha}}
  then: {action: Go.}
  cites: [S0.p1.s1]
- id: too_early
  title: R
  when: {recommended: alpha}
  then: {path: beta, certainty: c40}
  because: So.
  cites: [S0.p1.s1]
- id: uncited
  title: R
  when: always
  then: {finding: f9}
  because: so
- id: own_and_cited
  title: R
  when: always
  then: {action: Go.}
  cites: [S0.p1.s1]
  house: true
- id: value
  title: R
  when: always
  then: {action: Go.}
  cites: [S0.p1.s1]
- id: key
  title: R
  title: S
  when: always
  then: {action: Go.}
  cites: [S0.p1.s1]
- id: word
  title: R
  when: always
  then: {against: alpha, certainty: c100}
  because: So.
  cites: [S0.p1.s1]
- id: readings
  title: R
  when: always
  then: {action: Go.}
  cites: [S0.p1.s1]
  reading: [Q-1b, Q-2a]
"""


SAID = """\
3:10: unknown attribute 'colours'. Did you mean 'colour'?
9:23: unknown value of colour 'rad'. Did you mean 'red'?
15:28: unknown value of post 'clark'. Did you mean 'clerk'?
15:54: unknown family 'nearby'. Did you mean 'near'?
22:16: unknown path 'alfa'. Did you mean 'alpha'?
27:23: unknown path 'gama'. Did you mean 'gamma'?
32:19: unknown finding 'f10'. Did you mean 'f1'?
41:11: unknown statement 'S0.p1.s3'. Did you mean 'S0.p1.s2' or 'S0.p1.s1'?
44:19: unknown operator 'iz'. Known are is, one_of.
50:26: 'at_least' is not for a choice such as 'colour'. Known are is, one_of.
50:52: 'is' is not for a set such as 'wants'. Known are includes, includes_any, excludes.
50:69: 'includes' is not for a scale such as 'size'. Known are is, one_of, at_least, at_most.
54:3: a brace that belongs to no placeholder
54:3: unknown placeholder '{color}'. Did you mean 'colour'?
54:3: unknown placeholder '{f5.becaus}'. Did you mean 'f5.because' or 'f9.because'?
60:3: '{colour}' need not be known where 'uncertain' fires. Name only what every way of meeting the condition makes known.
60:3: '{size}' need not be known where 'uncertain' fires. Name only what every way of meeting the condition makes known.
60:3: '{f5.because}' need not be known where 'uncertain' fires. Name only what every way of meeting the condition makes known.
66:3: '{colour}' need not be known where 'uncertain_advice' fires. Name only what every way of meeting the condition makes known.
71:3: findings build on each other in a circle: circle_3 -> circle_2 -> circle_1 -> circle_3
91:23: 'not' on a finding. What was not concluded may only be unknown; `not` is for answers.
97:16: 'not' on a recommended path. What was not concluded may only be unknown; `not` is for answers.
102:10: 'recommended' is for actions, cautions and moves only
106:3: a rule without citation. Name the statements it rests on under `cites`, or mark it `house: true`.
111:3: a rule of the house does not cite the article. Take away `cites` or `house`.
117:3: duplicate id 'value', first at rules/rules.yaml:7:3
124:3: duplicate key 'title', first in line 123
131:37: unknown certainty 'c100'. Did you mean 'c10'?
139:13: 'Q-1b' is not how Q-1 is read. article.yaml takes Q-1a.
139:19: unknown reading 'Q-2'. Known are Q-1.
"""


def test_every_problem_is_named_at_once_with_its_place_and_a_remedy(tmp_path: Path) -> None:
    assert problems(tmp_path, EVERYTHING) == [
        f"rules/rules.yaml:{line}" for line in SAID.splitlines()
    ]


MISSHAPEN = {
    "3": ["1:3: expected keys with values, found a single value"],
    "[a]": ["1:3: expected keys with values, found a list"],
    "{id: r, title: R, when: always, house: true}": ["1:3: 'then' is missing"],
    "{id: r, title: R, then: {action: Go.}, house: true}": ["1:3: 'when' is missing"],
    "{title: R, when: always, then: {action: Go.}, house: true}": ["1:3: 'id' is missing"],
    "{id: r, when: always, then: {action: Go.}, house: true}": ["1:3: 'title' is missing"],
    "{id: r, titel: R, title: R, when: always, then: {action: Go.}, house: true}": [
        "1:11: unknown key 'titel'. Did you mean 'title' or 'cites'?"
    ],
    "{id: 'a b;', title: R, when: always, then: {action: Go.}, house: true}": [
        "1:8: 'a b;' is no name for a rule. Use letters, digits, '_', '-' and '.'."
    ],
    "{id: r, title: R, when: always, then: {finding: a.b}, because: so, house: true}": [
        "1:51: 'a.b' is no name for a finding. Use lower-case letters and '_'."
    ],
    "{id: r, title: R, when: always, then: {finding: f}, house: true}": [
        "1:3: 'because' is missing. Give the reason in a sentence."
    ],
    "{id: r, title: R, when: always, then: {path: alpha}, because: So., house: true}": [
        "1:41: 'certainty' is missing. Name a modal word."
    ],
    "{id: r, title: R, when: always, then: {action: Go., certainty: c40}, house: true}": [
        "1:55: 'certainty' is for paths only"
    ],
    "{id: r, title: R, when: always, then: {action: Go., caution: Mind.}, house: true}": [
        "1:41: a rule concludes one thing. One of finding, path, against, action or caution."
    ],
    "{id: r, title: R, when: always, then: {advice: Go.}, house: true}": [
        "1:42: unknown key 'advice'. Known are finding, path, against, action, caution, certainty."
    ],
    "{id: r, title: R, when: always, then: {action: Go.}, house: yes}": [
        "1:63: 'house' is true or false, not 'yes'",
        "1:3: a rule without citation. Name the statements it rests on under `cites`, or mark it `house: true`.",
    ],
    "{id: r, title: R, when: [], then: {action: Go.}, house: true}": [
        "1:27: expected a condition. Such as `finding: NAME`."
    ],
    "{id: r, title: R, when: {all: []}, then: {action: Go.}, house: true}": [
        "1:28: 'all' of nothing"
    ],
    "{id: r, title: R, when: {not: always}, then: {action: Go.}, house: true}": [
        "1:33: 'always' is a condition of its own. Leave it out."
    ],
    "{id: r, title: R, when: {colour: {is: red}, size: {is: low}}, then: {action: Go.}, house: true}": [
        "1:27: a condition has one key, this one has 2. Put several below `all` or `any`."
    ],
    "{id: r, title: R, when: {size: {at_least: low, at_most: high}}, then: {action: Go.}, house: true}": [
        "1:28: one operator is needed for 'size', not 2"
    ],
    "{id: r, title: R, when: {colour: red}, then: {action: Go.}, house: true}": [
        "1:36: expected keys with values, found a single value"
    ],
    "{id: r, title: R, when: {colour: {one_of: [red, red]}}, then: {action: Go.}, house: true}": [
        "1:51: 'red' is named twice"
    ],
    "{id: r, title: R, when: {colour: {one_of: []}}, then: {action: Go.}, house: true}": [
        "1:37: 'one_of' of nothing"
    ],
    "{id: r, title: R, when: {colour: {is: [red]}}, then: {action: Go.}, house: true}": [
        "1:41: expected a single value, found a list"
    ],
}


@pytest.mark.parametrize("rule", MISSHAPEN)
def test_a_rule_of_the_wrong_shape_is_said_once(tmp_path: Path, rule: str) -> None:
    assert sorted(problems(tmp_path, f"- {rule}\n")) == sorted(
        f"rules/rules.yaml:{line}" for line in MISSHAPEN[rule]
    )


def test_a_statement_that_no_rule_rests_on_needs_a_reason(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.replace(", S0.p1.s2", "")) == [
        "knowledge/article.yaml:6:3: no rule rests on statement 'S0.p1.s2'. "
        "Cite it in a rule, or say under `no_rule` why none does."
    ]


def test_a_reason_for_having_no_rule_is_wrong_where_there_is_one(tmp_path: Path) -> None:
    article = ARTICLE.replace("fingerprint: b", "fingerprint: b, no_rule: so")
    assert problems(tmp_path, GOOD, {"article.yaml": article}) == [
        "knowledge/article.yaml:6:3: statement 'S0.p1.s2' is cited, yet has a `no_rule`. Drop one."
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
        "knowledge/certainty.yaml:42:17: 'factor' is a number from 0.00 to 0.99, not '4'",
        "knowledge/paths.yaml:2:50: unknown section 'S9'. Known are S0.",
        "knowledge/profile.yaml:4:9: unknown kind 'scales'. Did you mean 'scale'?",
        "knowledge/profile.yaml:27:1: 'any' is a word of the conditions",
        "knowledge/profile.yaml:27:1: 'none' in a set says that nothing applies. Take it away.",
        "knowledge/roles.yaml:5:3: 'clerk' names clerk already",
        "rules/rules.yaml:1:82: unknown statement 'S0'. Known are S0.p1.s1, S0.p1.s2.",
    ]


@pytest.mark.parametrize(
    "number",
    ["1", "1.00", "-0.1", "0.123", "nan", "sNaN", "inf", "1e999999999", "1e-9", "x", "\u0660"],
)
def test_a_factor_is_a_number_below_one_with_two_decimals(tmp_path: Path, number: str) -> None:
    certainty = KNOWLEDGE["certainty.yaml"].replace("0.40", number)
    assert problems(tmp_path, GOOD, {"certainty.yaml": certainty}) == [
        f"knowledge/certainty.yaml:42:17: 'factor' is a number from 0.00 to 0.99, not '{number}'"
    ]


@pytest.mark.parametrize("number", ["-1", "1.5", "many", "9" * 5000])
def test_a_number_of_words_is_whole(tmp_path: Path, number: str) -> None:
    article = ARTICLE.replace("words: 5", f"words: {number}", 1)
    shown = number if len(number) < 60 else "9" * 57 + "..."
    assert problems(tmp_path, GOOD, {"article.yaml": article}) == [
        f"knowledge/article.yaml:5:59: 'words' is a whole number of up to 9 digits, not '{shown}'"
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
        "knowledge/roles.yaml:10:14: 'from' of nothing. Write `anyone`, or name roles.",
        "knowledge/roles.yaml:10:28: unknown to 'coook'. Did you mean 'cook'?",
        "knowledge/roles.yaml:10:41: unknown path 'alpa'. Did you mean 'alpha'?",
        "knowledge/roles.yaml:10:53: unknown time 'soon'. Known are now, in_time.",
        "knowledge/roles.yaml:11:22: unknown finding 'nothing'. Known are good.",
        "knowledge/roles.yaml:12:5: a rule without citation. "
        "Name the statements it rests on under `cites`, or mark it `house: true`.",
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
    assert said[-1] == "more may follow. Mend these first, then check again."
