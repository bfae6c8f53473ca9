"""The commands on rules, as a rule author calls them."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main
from fourways.cli.rules.show import lines_of
from fourways.explain.conditions import WORDS, in_words
from fourways.model.conditions import OPERATORS
from fourways.rulebase import builtin_folders, load, load_builtin
from fourways.rulebase.coverage import coverage_of, fingerprint, words_of
from rule_bases import write_base

Rules = Callable[..., Result]

HOUSE = """\
- id: house.reports
  title: Reporting leads to the PMO here
  when:
    transferable_skills: {includes: reporting}
  then: {path: move_sideways, certainty: should}
  because: You can report, and our project office reports.
  house: true
"""


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    """Runs `fourways rules` with some words."""
    monkeypatch.delenv("FOURWAYS_BASE", raising=False)
    return lambda *words: CliRunner().invoke(main, ["rules", *(str(word) for word in words)])


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with a rule of the house, on top of the built-in ones."""
    return with_rules(tmp_path / "house", HOUSE)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with the small base in place of the whole built-in one, without cases."""
    write_base(
        tmp_path / "small",
        "- {id: only, title: T, when: {wants: {includes: x}}, "
        "then: {path: alpha, certainty: c50}, because: so, house: true}\n",
    )
    return without_builtin_rules(tmp_path / "small")


def without_builtin_rules(folder: Path) -> Path:
    """Put an empty file in the place of each built-in one of rules and cases."""
    (folder / "rules" / "cases").mkdir(parents=True, exist_ok=True)
    builtin = builtin_folders()
    for file in (*builtin.files(), *builtin.cases()):
        if file.name.startswith("rules/"):
            (folder / file.name).write_text("")
    return folder


def with_rules(folder: Path, text: str) -> Path:
    (folder / "rules" / "cases").mkdir(parents=True, exist_ok=True)
    (folder / "rules" / "house.yaml").write_text(text)
    return folder


# ------------------------------------------------------------------------------------ check


def test_check_counts_what_a_sound_base_holds(rules: Rules) -> None:
    base = load_builtin()
    moves = sum(rule.id.startswith("G") for rule in base.rules)

    result = rules("check")

    assert result.exit_code == 0
    assert result.stdout == (
        f"No problems: {len(base.rules) - moves} rules, {len(base.concluding)} findings, "
        f"{moves} moves, {len(base.statements)} statements. Rule base {base.digest}.\n"
    )


def test_check_counts_the_rules_of_a_folder_on_top_of_the_built_in_ones(
    rules: Rules, house: Path
) -> None:
    before = json.loads(rules("check", "--format", "json").stdout)

    after = json.loads(rules("check", house, "--format", "json").stdout)

    assert after["rules"] == before["rules"] + 1
    assert after["digest"] != before["digest"]


def test_check_says_all_that_is_wrong_and_ends_with_1(rules: Rules, tmp_path: Path) -> None:
    wrong = HOUSE.replace("transferable_skills", "transferable_skill").replace("should", "shoud")
    folder = with_rules(tmp_path, wrong)

    result = rules("check", folder)

    place = folder / "rules" / "house.yaml"
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"fourways: {place}:4:5: unknown attribute 'transferable_skill'. "
        "Did you mean 'transferable_skills'?\n"
        f"fourways: {place}:5:42: unknown certainty 'shoud'. Did you mean 'should' or 'would'?\n"
    )


def test_check_gives_its_problems_to_programs(rules: Rules, tmp_path: Path) -> None:
    folder = with_rules(tmp_path, HOUSE.replace("  house: true\n", ""))

    result = rules("check", folder, "--format", "json")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "problems": [
            {
                "file": str(folder / "rules" / "house.yaml"),
                "line": 1,
                "column": 3,
                "message": "a rule without a citation",
                "hint": "Name the statements it is based on under `cites`, or mark it `house: true`.",
            }
        ]
    }


def test_check_refuses_a_folder_that_holds_no_base(rules: Rules, tmp_path: Path) -> None:
    result = rules("check", tmp_path)

    assert result.exit_code == 2
    assert result.stderr == (
        f"fourways: {tmp_path} has neither knowledge/ nor rules/. "
        "To start from a copy, run `fourways rules init DIR`.\n"
    )


# ------------------------------------------------------------------------------------- test


def test_the_built_in_cases_pass_from_the_command_line(rules: Rules) -> None:
    result = rules("test")

    assert result.stdout.splitlines()[-1].endswith(" passed, 0 failed")
    assert result.exit_code == 0


def test_a_failed_case_shows_its_place_what_was_expected_and_what_came(
    rules: Rules, small: Path
) -> None:
    cases = small / "rules" / "cases" / "closing.yaml"
    cases.write_text(
        "# ours\n- case: Wanting X leads nowhere\n  profile:\n    wants: [x]\n  silent: [only]\n"
    )

    result = rules("test", small)

    assert result.exit_code == 1
    assert result.stdout == (
        f"{cases}:2: Wanting X leads nowhere\n"
        "  expected  only is silent\n"
        "  actual    it fires\n"
        "  engines   reference, experta\n"
        "\n"
        f"{small}/rules/rules.yaml:1: notice: only: no case expects it to fire\n"
        "0 passed, 1 failed\n"
    )


def test_an_own_rule_without_cases_is_a_notice_and_no_failure(rules: Rules, small: Path) -> None:
    result = rules("test", small)

    place = f"{small}/rules/rules.yaml:1"
    assert result.exit_code == 0
    assert result.stdout == (
        f"{place}: notice: only: no case expects it to fire\n"
        f"{place}: notice: only: no case expects it to stay silent\n"
        "0 passed, 0 failed\n"
    )


def test_a_built_in_rule_without_cases_fails(rules: Rules, house: Path) -> None:
    for file in builtin_folders().cases():
        (house / file.name).write_text("")

    result = rules("test", house)

    place = load_builtin().by_id["close.stop_waiting"].location
    assert place is not None
    assert result.exit_code == 1
    assert (
        f"rules/closing.yaml:{place.line}: close.stop_waiting: no case expects it to fire\n"
        in result.stdout
    )


def test_a_broken_case_ends_with_1_and_its_place(rules: Rules, small: Path) -> None:
    cases = small / "rules" / "cases" / "closing.yaml"
    cases.write_text("- {case: One, profile: {}, fires: [onyl]}\n")

    result = rules("test", small)

    assert result.exit_code == 1
    assert result.stderr == (f"fourways: {cases}:1:36: unknown rule 'onyl'. Did you mean 'only'?\n")


def test_the_outcome_of_the_cases_can_be_had_as_json(rules: Rules, small: Path) -> None:
    cases = small / "rules" / "cases" / "closing.yaml"
    cases.write_text(
        "- {case: One, profile: {wants: [x]}, fires: [only]}\n"
        "- {case: Two, profile: {wants: [y]}, first: alpha}\n"
    )

    assert json.loads(rules("test", small, "--format", "json").stdout) == {
        "passed": 1,
        "failed": 1,
        "failures": [
            {
                "case": "Two",
                "location": {"file": str(cases), "line": 2, "column": 3},
                "engines": ["reference", "experta"],
                "mismatches": [{"expected": "first: alpha", "actual": "first: none (none)"}],
            }
        ],
        "untested": [
            {
                "rule": "only",
                "location": {"file": f"{small}/rules/rules.yaml", "line": 1, "column": 3},
                "never": "stay silent",
                "built_in": False,
            }
        ],
    }


def test_the_help_on_cases_shows_an_example_line_by_line(rules: Rules) -> None:
    lines = rules("test", "--help").stdout.splitlines()

    assert "      first: move_out                # the recommendation, or none" in lines


# ------------------------------------------------------------------------------------- init


def test_init_makes_a_copy_that_checks_as_the_built_in_base(rules: Rules, tmp_path: Path) -> None:
    own = tmp_path / "own"

    result = rules("init", own)

    assert result.exit_code == 0
    assert f"fourways rules check {own}\n" in result.stdout
    copy, built_in = (rules("check", *folder).stdout for folder in ([own], []))
    # The digest covers the first line, too, which names the schema.
    assert copy.partition(" Rule base ")[0] == built_in.partition(" Rule base ")[0]
    assert len(list((own / "rules" / "cases").iterdir())) == 9
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own"]


def test_init_takes_an_empty_folder_that_is_there(rules: Rules, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()

    assert rules("init", own).exit_code == 0
    assert (own / "knowledge" / "article.yaml").is_file()


def test_init_refuses_a_folder_that_holds_something(rules: Rules, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    result = rules("init", tmp_path)

    assert result.exit_code == 2
    assert result.stderr == (
        f"fourways: {tmp_path} exists and isn't empty. Name a new or empty folder.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_init_refuses_a_folder_within_one_that_is_not_there(rules: Rules, tmp_path: Path) -> None:
    result = rules("init", tmp_path / "far" / "away")

    assert result.exit_code == 2
    assert result.stderr == f"fourways: {tmp_path / 'far'} doesn't exist. Create it first.\n"
    assert list(tmp_path.iterdir()) == []


def test_init_leaves_nothing_behind_when_a_file_cannot_be_copied(
    rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, text: str, **_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)

    result = rules("init", tmp_path / "own")

    assert result.exit_code == 2
    assert result.stderr == "fourways: No space left on device\n"
    assert list(tmp_path.iterdir()) == []


def test_init_makes_a_folder_with_the_usual_permissions(rules: Rules, tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()

    rules("init", tmp_path / "own")

    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("usual", "own")}
    assert len(modes) == 1


def test_init_names_a_schema_in_each_file(rules: Rules, tmp_path: Path) -> None:
    own = tmp_path / "own"

    result = rules("init", own)

    assert f"    fourways rules schema {own} --write\n" in result.stdout
    for file in own.rglob("*.yaml"):
        line = file.read_text().splitlines()[0]
        schema = (file.parent / line.removeprefix("# yaml-language-server: $schema=")).resolve()
        kind = file.parent.name if file.parent.name in ("rules", "cases") else file.stem
        assert schema == own / "schema" / f"{kind}.json"
        assert json.loads(schema.read_text()) == {"$ref": f"base.json#/definitions/{kind}"}


def test_a_copy_passes_its_cases_as_the_built_in_base_does(rules: Rules, tmp_path: Path) -> None:
    rules("init", tmp_path / "own")

    assert rules("test", tmp_path / "own").stdout == rules("test").stdout


# ----------------------------------------------------------------------------------- schema


def test_schema_prints_the_names_in_the_base(rules: Rules, house: Path) -> None:
    built_in, own = (json.loads(rules("schema", *folder).stdout) for folder in ([], [house]))

    assert built_in["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "out.outgrown" in built_in["definitions"]["rule"]["enum"]
    assert "house.reports" not in built_in["definitions"]["rule"]["enum"]
    assert "house.reports" in own["definitions"]["rule"]["enum"]


def test_schema_update_adds_a_new_finding(rules: Rules, tmp_path: Path) -> None:
    own = tmp_path / "own"
    rules("init", own)
    schema = own / "schema" / "base.json"
    new = HOUSE.replace("{path: move_sideways, certainty: should}", "{finding: reports}")
    with_rules(own, new)
    assert "reports" not in json.loads(schema.read_text())["definitions"]["finding"]["enum"]

    result = rules("schema", own, "--write")

    assert result.stdout.startswith(f"Wrote 9 files to {own / 'schema'}.\n")
    assert "reports" in json.loads(schema.read_text())["definitions"]["finding"]["enum"]


def test_schema_of_a_broken_base_leaves_the_files_alone(rules: Rules, tmp_path: Path) -> None:
    own = tmp_path / "own"
    rules("init", own)
    before = (own / "schema" / "base.json").read_text()
    with_rules(own, HOUSE.replace("should", "shoud"))

    result = rules("schema", own, "--write")

    assert result.exit_code == 1
    assert "unknown certainty 'shoud'" in result.stderr
    assert (own / "schema" / "base.json").read_text() == before


def test_schema_is_written_to_a_named_folder_only(rules: Rules) -> None:
    result = rules("schema", "--write")

    assert result.exit_code == 2
    assert "--write needs a DIR" in result.stderr


# ---------------------------------------------------------------------------- list and show


def test_list_has_every_rule_in_firing_order(rules: Rules) -> None:
    header, *lines = rules("list").stdout.splitlines()

    assert header.split() == ["rule", "concludes", "cites"]
    assert [line.split()[0] for line in lines] == [rule.id for rule in load_builtin().rules]


def test_list_can_be_narrowed_to_a_path_and_a_kind(rules: Rules) -> None:
    lines = rules("list", "--path", "stay", "--kind", "move").stdout.splitlines()

    assert lines == [
        "rule  concludes             cites",
        "G18   stay: same_post, now  SC.p1.s1",
    ]


def test_list_marks_a_rule_of_the_house(rules: Rules, house: Path) -> None:
    result = rules("list", "--kind", "evidence", "--rules", house / "rules")

    last = result.stdout.splitlines()[-1]
    assert last.split() == [
        "house.reports",
        "for",
        "move_sideways,",
        "should",
        "0.70",
        "house",
        "rule",
    ]


def test_list_does_not_know_a_misspelt_path(rules: Rules) -> None:
    result = rules("list", "--path", "move_upp")

    assert result.exit_code == 2
    assert result.stderr == (
        "fourways: unknown path 'move_upp'. Did you mean 'move_up' or 'move_out'?\n"
    )


def test_show_tells_a_rule_in_plain_words(rules: Rules) -> None:
    lines = rules("show", "side.enterprise_office").stdout.splitlines()

    place = load_builtin().by_id["side.enterprise_office"].location
    assert place is not None
    assert lines == [
        "side.enterprise_office",
        "From an IT PMO to an enterprise-wide PMO.",
        "",
        'If          who your PMO supports is "IT"',
        'then        it counts towards "Move sideways" with 0.30 (may: one option among others).',
        "Because     From an IT PMO, you could move to the same kind of work in an enterprise-wide PMO.",
        "Based on    S3.p1.s2: An IT PMO executive, for instance, might go on to run the same areas of an",
        "            enterprise-wide PMO.",
        "Reading     Q-15c: How senior is an IT PMO executive? We leave that open.",
        "Reading     Q-18b: Do you stay with the same employer when you move sideways? Not necessarily,",
        "            you may also move to another one.",
        f"Defined in  {place.file}, line {place.line}",
    ]


def test_show_says_which_rules_build_on_a_finding_and_what_it_builds_on(rules: Rules) -> None:
    finding = json.loads(rules("show", "line.attracted.keen", "--format", "json").stdout)
    built = json.loads(rules("show", "line.skills", "--format", "json").stdout)

    assert "line.skills" in finding["used_by"]
    assert built["builds_on"] == {
        "attracted_to_the_line": ["line.attracted.wish", "line.attracted.keen"]
    }


def test_show_puts_alternatives_in_brackets_within_a_condition(rules: Rules) -> None:
    shown = json.loads(rules("show", "up.waiting", "--format", "json").stdout)

    assert " and (" in shown["when"]
    assert shown["when"].endswith("you need a better title or more pay)")


def test_show_asks_whether_another_rule_was_meant(rules: Rules) -> None:
    result = rules("show", "side.enterprise")

    assert result.exit_code == 2
    assert result.stderr == (
        "fourways: unknown rule 'side.enterprise'. "
        "Did you mean 'side.enterprise_office' or 'side.no_promise'?\n"
    )


def test_every_rule_says_when_it_fires_what_follows_and_what_it_rests_on() -> None:
    base = load_builtin()
    for rule in base.rules:
        lines = dict(lines_of(rule, base))

        assert {"If", "then", "Based on", "Defined in"} <= lines.keys(), rule.id
        assert all(lines.values()), rule.id


OPERATORS_IN_WORDS = {
    "size: {is: low}": ('the size is "low"', 'the size is not "low"'),
    "size: {one_of: [low, high]}": (
        'the size is "low" or "high"',
        'the size is neither "low" nor "high"',
    ),
    "size: {one_of: [low]}": ('the size is "low"', 'the size is not "low"'),
    "size: {at_least: middle}": ('the size is at least "middle"', 'the size is less than "middle"'),
    "size: {at_most: middle}": ('the size is at most "middle"', 'the size is more than "middle"'),
    "post: {family: near}": (
        'the post is in "the near ones"',
        'the post is not in "the near ones"',
    ),
    "wants: {includes: x}": ('the wants includes "X"', 'the wants does not include "X"'),
    "wants: {includes_any: [x, y]}": (
        'the wants includes "X" or "Y"',
        'the wants includes neither "X" nor "Y"',
    ),
    "wants: {excludes: [x, y]}": (
        'the wants includes neither "X" nor "Y"',
        'the wants includes "X" or "Y"',
    ),
    "ready: {is: true}": ("ready", "not ready"),
}


@pytest.mark.parametrize("condition", OPERATORS_IN_WORDS)
def test_a_condition_and_its_opposite_are_said_in_plain_words(
    rules: Rules, tmp_path: Path, condition: str
) -> None:
    rule = "- {{id: r, title: T, when: {}, then: {{path: alpha, certainty: c50}}, because: so, house: true}}\n"
    said = []
    for index, when in enumerate((f"{{{condition}}}", f"{{not: {{{condition}}}}}")):
        base = load(write_base(tmp_path / str(index), rule.format(when)))
        said.append(in_words(base.rules[0].when, base))

    assert tuple(said) == OPERATORS_IN_WORDS[condition]


def test_every_operator_has_words() -> None:
    assert WORDS.keys() == OPERATORS.keys()
    assert {line.split("{")[1].split(":")[0] for line in OPERATORS_IN_WORDS} == OPERATORS.keys()


# ------------------------------------------------------------------------ coverage, sources


def test_coverage_goes_both_ways_and_has_no_gap(rules: Rules) -> None:
    result = rules("coverage", "--format", "json")
    found = json.loads(result.stdout)

    assert result.exit_code == 0
    assert found["gaps"] == []
    for name, statement in found["statements"].items():
        assert bool(statement["rules"]) is not bool(statement["no_rule"])
        assert all(name in found["rules"][rule]["cites"] for rule in statement["rules"])
    for name, rule in found["rules"].items():
        assert all(name in found["statements"][cited]["rules"] for cited in rule["cites"])


def test_coverage_shows_the_reason_why_a_statement_carries_no_rule(rules: Rules) -> None:
    text = rules("coverage").stdout

    assert "no rule: A heading makes no claim of its own.\n" in text
    assert text.endswith("Gaps: 0.\n")


def test_coverage_ends_with_1_where_a_statement_has_neither_rule_nor_reason(
    rules: Rules, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    rules("init", own)
    opening = own / "rules" / "introduction.yaml"
    opening.write_text(opening.read_text().replace("[S0.p2.s1]", "[S0.p1.s5]"))

    result = rules("coverage", "--knowledge", own / "knowledge", "--rules", own / "rules")

    assert result.exit_code == 1
    assert "no rule is based on statement 'S0.p2.s1'" in result.stderr


def test_a_rule_of_the_house_is_no_gap(tmp_path: Path) -> None:
    rule = "- {id: r, title: T, when: always, then: {finding: f}, because: so, house: true}\n"

    found = coverage_of(load(write_base(tmp_path, rule)))

    assert (found.rules["r"].house, found.gaps) == (True, ())


ARTICLE = "A Title\n\nIt’s the ﬁrst — one.\nThe second\nfollows!\n"


def sourced(folder: Path, *sentences: str) -> Path:
    """Write an own article.yaml whose statements are these sentences."""
    statements = "".join(
        f"  S{index}: {{says: so, sort: claim, modality: M1, no_rule: a test, "
        f"words: {len(words_of(text))}, fingerprint: '{fingerprint(words_of(text))}'}}\n"
        for index, text in enumerate(sentences, start=1)
    )
    article = (
        "title: A text\nsections:\n  - {id: S0, title: The only section, rules: rules.yaml}\n"
        f"statements:\n{statements}readings: {{}}\n"
    )
    rule = "- {id: r, title: T, when: always, then: {finding: f}, because: so, house: true}\n"
    write_base(folder, rule, {"article.yaml": article})
    return folder


def own_sources(rules: Rules, folder: Path, *words: object) -> Result:
    without_builtin_rules(folder)
    return rules(
        "sources", *words, "--knowledge", folder / "knowledge", "--rules", folder / "rules"
    )


def test_every_statement_is_found_in_the_article_whatever_its_case_and_punctuation(
    rules: Rules, tmp_path: Path
) -> None:
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    folder = sourced(tmp_path / "base", "it's the first one", "THE SECOND FOLLOWS")

    result = own_sources(rules, folder, article)

    assert (result.exit_code, result.stdout) == (0, f"2 of 2 statements found in {article}\n")


def test_a_statement_that_the_article_does_not_hold_is_named(rules: Rules, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    folder = sourced(tmp_path / "base", "the second follows", "the third follows")

    result = own_sources(rules, folder, article)

    assert result.exit_code == 1
    assert result.stdout == (f"missing: S2, 3 words: so\n1 of 2 statements found in {article}\n")


def test_an_article_shorter_than_a_statement_lacks_it(rules: Rules, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Short.", encoding="utf-8")
    folder = sourced(tmp_path / "base", "the second follows")

    found = json.loads(own_sources(rules, folder, article, "--format", "json").stdout)

    assert found == {"found": 0, "of": 1, "missing": ["S1"]}


def test_an_article_that_is_not_there_is_named(rules: Rules, tmp_path: Path) -> None:
    result = rules("sources", tmp_path / "article.txt")

    assert result.exit_code == 2
    assert result.stderr == (
        f"fourways: {tmp_path}/article.txt:1:1: cannot be read: No such file or directory\n"
    )
