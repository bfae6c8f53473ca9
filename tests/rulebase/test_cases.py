"""Cases in YAML: how they are read, run and reported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engines import ENGINES, on_built_in
from fourways.errors import RuleBaseError
from fourways.model.base import RuleBase
from fourways.rulebase import builtin_folders, load, load_builtin
from fourways.rulebase.cases import Case, load_cases
from fourways.rulebase.run_cases import CasesReport, Mismatch, run_cases
from rule_bases import write_base

RULES = """
- id: keen
  title: Keen ones
  when:
    wants: {includes: x}
  then: {finding: keenness}
  because: X is wanted
  house: true
- id: up
  title: Up
  when:
    finding: keenness
  then: {path: alpha, certainty: c60}
  because: so
  house: true
- id: down
  title: Down
  when:
    size: {at_most: low}
  then: {against: beta, certainty: c50}
  because: so
  house: true
"""


@pytest.fixture
def outcome(tmp_path: Path) -> Callable[[str], CasesReport]:
    """Runs the cases of a text on the small base, on every engine."""

    def ran(text: str) -> CasesReport:
        base, cases = read(tmp_path, text)
        return run_cases(base, cases, {name: engine(base) for name, engine in ENGINES.items()})

    return ran


def read(folder: Path, text: str) -> tuple[RuleBase, tuple[Case, ...]]:
    folders = write_base(folder, RULES)
    (folder / "rules" / "cases").mkdir()
    (folder / "rules" / "cases" / "some.yaml").write_text(text)
    base = load(folders)
    return base, load_cases(folders, base)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(RuleBaseError) as caught:
        read(folder, text)
    return [
        str(problem).removeprefix("rules/cases/some.yaml:") for problem in caught.value.problems
    ]


def test_every_case_of_the_built_in_base_comes_out_as_expected() -> None:
    base = load_builtin()
    cases = load_cases(builtin_folders(), base)

    outcome = run_cases(base, cases, {name: on_built_in(name) for name in ENGINES})

    assert [(f.case, f.mismatches) for f in outcome.failures] == []
    assert outcome.passed == len(cases)


def test_every_built_in_rule_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    base = load_builtin()
    cases = load_cases(builtin_folders(), base)

    outcome = run_cases(base, cases, {"reference": on_built_in("reference")})

    assert outcome.untested == ()


def test_a_case_with_everything_that_can_be_expected_passes(
    outcome: Callable[[str], CasesReport],
) -> None:
    found = outcome("""
- case: All of it
  profile:
    wants: [x]
    size: low
    ready: true
    post: cook
  first: alpha
  ranking: [alpha]
  supported: [alpha]
  unsupported: [beta, gamma]
  fires: [keen, down]
  always: [up]
  findings: [keenness]
  certainty: {alpha: 0.60, beta: -0.5, gamma: 0.00}
""")

    assert found.failures == ()
    assert (found.passed, found.failed) == (1, 0)


def test_each_expectation_that_is_not_met_says_what_was_expected_and_what_came(
    outcome: Callable[[str], CasesReport],
) -> None:
    found = outcome("""
- case: None of it
  profile:
    wants: [x]
  first: none
  ranking: [beta, alpha]
  supported: [beta]
  unsupported: [alpha]
  fires: [down]
  silent: [keen]
  targets: [elsewhere]
  certainty: {alpha: 0.61}
""")

    (failure,) = found.failures
    assert failure.engines == ("reference", "experta")
    assert failure.mismatches == (
        Mismatch("first: none", "first: alpha (alpha 0.60)"),
        Mismatch("ranking: beta, alpha", "ranking: alpha 0.60"),
        Mismatch("beta is supported", "supported: alpha 0.60"),
        Mismatch("down fires", "it is silent"),
        Mismatch("elsewhere is a next job", "next jobs: none"),
        Mismatch("alpha is not supported", "supported: alpha 0.60"),
        Mismatch("keen is silent", "it fires"),
        Mismatch("alpha 0.61", "alpha 0.60"),
    )
    assert (found.passed, found.failed) == (0, 1)


def test_where_no_path_is_supported_the_first_is_none(
    outcome: Callable[[str], CasesReport],
) -> None:
    found = outcome("- {case: Nothing, profile: {}, first: none, ranking: []}")

    assert found.failures == ()


def test_a_rule_that_is_to_fire_always_fails_every_case_in_which_it_is_silent(
    outcome: Callable[[str], CasesReport],
) -> None:
    found = outcome("""
- {case: With the wish, profile: {wants: [x]}, always: [keen]}
- {case: Without it, profile: {wants: [y]}, first: none}
""")

    (failure,) = found.failures
    assert failure.case == "Without it"
    assert failure.mismatches == (Mismatch("keen fires always", "it is silent"),)


def test_rules_without_a_case_that_expects_them_to_fire_or_to_be_silent_are_named(
    outcome: Callable[[str], CasesReport],
) -> None:
    found = outcome("""
- {case: With the wish, profile: {wants: [x]}, always: [keen], fires: [up]}
- {case: With the size, profile: {wants: [x], size: low}, first: alpha}
""")

    assert [(one.rule, one.never) for one in found.untested] == [
        ("down", "fire"),
        ("up", "stay silent"),
        ("down", "stay silent"),
    ]


def test_engines_that_differ_fail_the_case(tmp_path: Path) -> None:
    base, cases = read(tmp_path / "one", "- {case: One, profile: {wants: [x]}, first: alpha}")
    other = load(write_base(tmp_path / "other", RULES.replace("c60", "c70")))

    found = run_cases(
        base, cases, {"one": ENGINES["reference"](base), "two": ENGINES["experta"](other)}
    )

    (failure,) = found.failures
    assert failure.mismatches == (Mismatch("one and two agree", "they differ"),)
    assert failure.engines == ("one", "two")


def test_a_set_of_which_nothing_applies_is_not_an_unknown_one(tmp_path: Path) -> None:
    _, cases = read(
        tmp_path,
        """
- {case: A word, profile: {wants: none}, first: none}
- {case: An empty list, profile: {wants: []}, first: none}
- {case: Left out, profile: {}, first: none}
""",
    )

    assert [dict(case.profile) for case in cases] == [
        {"wants": frozenset()},
        {"wants": frozenset()},
        {},
    ]


def test_all_problems_of_a_case_come_at_once_with_place_and_hint(tmp_path: Path) -> None:
    assert problems(
        tmp_path,
        """\
- case: Wrong in many ways
  profile:
    sise: low
    size: lowest
    wants: [x, w]
    ready: maybe
    post: [cook]
  frist: alpha
  first: alfa
  fires: [keen, upp]
  silent: [keen]
  findings: [keeness]
  targets: [elsewere]
  certainty: {alpha: 1, beta: high}
""",
    ) == [
        "3:5: unknown attribute 'sise'. Did you mean 'size'?",
        "4:11: unknown value of size 'lowest'. Did you mean 'low'?",
        "5:16: unknown value of wants 'w'. Use x, y or z.",
        "6:12: unknown value of ready 'maybe'. Use true or false.",
        "7:11: expected a single value, found a list",
        "8:3: unknown key 'frist'. Did you mean 'first' or 'fires'?",
        "9:10: unknown path 'alfa'. Did you mean 'alpha'?",
        "10:17: unknown rule 'upp'. Did you mean 'up'?",
        "11:3: 'keen' is under both `fires` and `silent`",
        "12:14: unknown finding 'keeness'. Did you mean 'keenness'?",
        "13:13: unknown next job 'elsewere'. Did you mean 'elsewhere'?",
        "14:22: 'alpha' must be a number from -0.99 to 0.99, not '1'",
        "14:31: 'beta' must be a number from -0.99 to 0.99, not 'high'",
    ]


def test_a_case_that_expects_nothing_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "- {case: Idle, profile: {}}\n") == [
        "1:3: the case expects nothing. Add one of first, ranking, supported, unsupported, fires, "
        "silent, always, findings, targets, certainty."
    ]


def test_two_cases_of_the_same_title_are_a_problem(tmp_path: Path) -> None:
    assert problems(
        tmp_path,
        "- {case: One, profile: {}, first: none}\n- {case: One, profile: {}, first: none}\n",
    ) == ["2:3: same case as at rules/cases/some.yaml:1:3"]


def test_a_file_of_cases_that_is_no_list_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "case: One\n") == ["1:1: expected a list, found keys with values"]


def test_a_key_that_stands_twice_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "- case: One\n  case: Two\n  profile: {}\n  first: none\n") == [
        "2:3: duplicate key 'case', first in line 1"
    ]
