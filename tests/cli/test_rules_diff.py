"""`fourways rules diff`: what changed in the rules, and for whom."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main
from fourways.cli.rules.diff import MOST_SHOWN
from rule_bases import KNOWLEDGE

Diff = Callable[..., Result]

RULES = """\
- id: x
  title: X leads to alpha
  when: {wants: {includes: x}}
  then: {path: alpha, certainty: c50}
  because: so
  house: true
- id: high
  title: High leads to beta
  when: {size: {is: high}}
  then: {path: beta, certainty: c40}
  because: so
  house: true
"""
PEOPLE = """\
Age,name,wants,size
30,Ann,x,high
40,Bob,x,low
50,Cy,,high
60,Di,x,high
"""


@pytest.fixture
def diff() -> Diff:
    """Runs `fourways rules diff` with some words."""
    return lambda *words: CliRunner().invoke(main, ["rules", "diff", *map(str, words)])


@pytest.fixture
def base(tmp_path: Path) -> Callable[..., Path]:
    """Writes a folder with rules and knowledge that replace all built-in ones."""
    builtin = Path(__file__).resolve().parents[2] / "rules"

    def written(name: str, rules: str = RULES, **knowledge: str) -> Path:
        for file in builtin.glob("*.yaml"):
            write(tmp_path / name / "rules" / file.name, "")
        write(tmp_path / name / "rules" / "rules.yaml", rules)
        for file_name, text in KNOWLEDGE.items():
            own = knowledge.get(file_name.removesuffix(".yaml"), text)
            write(tmp_path / name / "knowledge" / file_name, own)
        return tmp_path / name

    return written


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return write(tmp_path / "people.csv", PEOPLE)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def found(result: Result) -> dict[str, Any]:
    assert result.exit_code == 1, result.output
    read: dict[str, Any] = json.loads(result.stdout)
    return read


# ------------------------------------------------------------------------ rules


def test_a_base_does_not_differ_from_itself(diff: Diff) -> None:
    result = diff("built-in", "built-in")

    assert (result.exit_code, result.stdout) == (0, "No differences.\n")


def test_comments_and_layout_are_no_differences(diff: Diff, base: Callable[..., Path]) -> None:
    result = diff(base("old"), base("new", "# a comment\n" + RULES))

    assert (result.exit_code, result.stdout) == (
        0,
        "No differences except in layout or comments.\n",
    )


def test_a_house_rule_counts_as_added(diff: Diff, tmp_path: Path) -> None:
    own = RULES.replace("{wants: {includes: x}}", "{aspirations: {includes: promotion}}")
    own = own.partition("- id: high")[0].replace("alpha", "move_up").replace("c50", "should")
    write(tmp_path / "house" / "rules" / "house.yaml", own)

    there = diff("built-in", tmp_path / "house")
    back = diff(tmp_path / "house", "built-in")

    assert (
        there.stdout == "Rules: 1 added, 0 removed, 0 changed.\n  + x  for move_up, should 0.70\n"
    )
    assert back.stdout == "Rules: 0 added, 1 removed, 0 changed.\n  - x  for move_up, should 0.70\n"
    assert (there.exit_code, back.exit_code) == (1, 1)


@pytest.mark.parametrize(
    ("part", "old", "new", "was", "now"),
    [
        ("title", "X leads to alpha", "X is alpha", "X leads to alpha", "X is alpha"),
        ("when", "includes: x", "includes: y", "{wants: {includes: x}}", "{wants: {includes: y}}"),
        (
            "then",
            "certainty: c50",
            "certainty: c60",
            "{path: alpha, certainty: c50}",
            "{path: alpha, certainty: c60}",
        ),
        (
            "then",
            "{path: alpha",
            "{against: alpha",
            "{path: alpha, certainty: c50}",
            "{against: alpha, certainty: c50}",
        ),
        ("because", "because: so", "because: see", "so", "see"),
    ],
)
def test_a_changed_rule_says_which_part_was_what_and_is_what(
    diff: Diff, base: Callable[..., Path], part: str, old: str, new: str, was: str, now: str
) -> None:
    result = diff(base("old"), base("new", RULES.replace(old, new, 1)))

    assert result.stdout.splitlines() == [
        "Rules: 0 added, 0 removed, 1 changed.",
        f"  ~ x: {part}",
        f"      was  {was}",
        f"      is   {now}",
    ]


def test_changed_cites_and_readings_are_listed(diff: Diff, tmp_path: Path) -> None:
    builtin = (Path(__file__).resolve().parents[2] / "rules" / "move_out.yaml").read_text()
    rule, changed = (
        "cites: [S2.p1.s1, S2.p1.s2]\n  reading: [Q-1b, Q-2a]",
        ("cites: [S2.p1.s2]\n  reading: [Q-2a]"),
    )
    assert builtin.count(rule) == 1
    write(tmp_path / "new" / "rules" / "move_out.yaml", builtin.replace(rule, changed))

    data = found(diff("built-in", tmp_path / "new", "--format", "json"))

    assert data["rules"]["kinds"]["rules"] == {
        "added": {},
        "removed": {},
        "changed": {
            "out.no_path.closed": [
                {"key": "cites", "before": "S2.p1.s1, S2.p1.s2", "after": "S2.p1.s2"},
                {"key": "reading", "before": "Q-1b, Q-2a", "after": "Q-2a"},
            ]
        },
    }


def test_a_renamed_rule_counts_as_removed_and_added(diff: Diff, base: Callable[..., Path]) -> None:
    data = found(
        diff(base("old"), base("new", RULES.replace("id: x", "id: z")), "--format", "json")
    )

    brief = "for alpha, c50 0.50"
    kind = {"added": {"z": brief}, "removed": {"x": brief}, "changed": {}}
    assert data["rules"]["kinds"]["rules"] == kind


def test_another_factor_changes_the_word_and_not_the_rules_that_name_it(
    diff: Diff, base: Callable[..., Path]
) -> None:
    words = KNOWLEDGE["certainty.yaml"].replace("c50: {factor: 0.50", "c50: {factor: 0.55")

    result = diff(base("old"), base("new", certainty=words))

    assert result.stdout.splitlines() == [
        "Words: 0 added, 0 removed, 1 changed.",
        "  ~ c50: factor",
        "      was  0.50",
        "      is   0.55",
    ]


def test_another_value_changes_the_attribute(diff: Diff, base: Callable[..., Path]) -> None:
    profile = KNOWLEDGE["profile.yaml"].replace("high: {label: high}", "high: {label: big}")

    result = diff(base("old"), base("new", profile=profile))

    assert result.stdout.splitlines() == [
        "Attributes: 0 added, 0 removed, 1 changed.",
        "  ~ size: values.high.label",
        "      was  high",
        "      is   big",
    ]


def test_a_changed_move_shows_where_it_starts(diff: Diff, base: Callable[..., Path]) -> None:
    move = "moves:\n  - {{id: M, from: {}, to: elsewhere, path: alpha, time: now, certainty: c40, house: true}}\n"
    old, new = (
        KNOWLEDGE["roles.yaml"].replace("moves: []\n", move.format(start))
        for start in ("[clerk]", "anyone")
    )

    result = diff(base("old", roles=old), base("new", roles=new))

    assert result.stdout.splitlines() == [
        "Moves: 0 added, 0 removed, 1 changed.",
        "  ~ M: from",
        "      was  clerk",
        "      is   anyone",
    ]


def test_the_cutoff_and_the_order_of_paths_are_differences(
    diff: Diff, base: Callable[..., Path]
) -> None:
    certainty = KNOWLEDGE["certainty.yaml"].replace("cutoff: 0.20", "cutoff: 0.30")
    first, *others = KNOWLEDGE["paths.yaml"].strip().splitlines()

    result = diff(
        base("old"), base("new", certainty=certainty, paths="\n".join([*others, first]) + "\n")
    )

    assert result.stdout.splitlines() == [
        "Cutoff changed.",
        "      was  0.20",
        "      is   0.30",
        "Order of paths changed.",
        "      was  alpha, beta, gamma",
        "      is   beta, gamma, alpha",
    ]


def test_the_words_of_job_titles_are_a_difference(diff: Diff, base: Callable[..., Path]) -> None:
    result = diff(base("old"), base("new", titles="otherwise: cook\nnoise: [deputy, head]\n"))

    assert result.stdout == ("Job titles: 1 added, 0 removed, 0 changed.\n  + noise\n")


# ----------------------------------------------------------------------- people


def test_people_with_another_recommendation_are_listed_with_the_rule(
    diff: Diff, base: Callable[..., Path], people: Path
) -> None:
    stronger = RULES.replace("certainty: c40", "certainty: c60")

    result = diff(base("old"), base("new", stronger), "--on", people)

    assert result.exit_code == 1
    _, told = result.stdout.split("\n\n", 1)
    assert (
        told
        == f"""\
{people}: 4 rows, 4 compared, 0 rejected. Different profiles: 3.
Different first recommendation: 2 of 4.

  from   to    people
  alpha  beta  2

Same first, different certainty or other paths: 1 of 4.
Same paths, different next jobs: 0 of 4.
Same result, different rules behind it: 0 of 4.

  row  name  from   to    why
  1    Ann   alpha  beta  ~high
  4    Di    alpha  beta  ~high

+ fires now, - no longer fires, ~ still fires but counts differently.
"""
    )


def test_only_rules_about_the_two_paths_are_named(
    diff: Diff, base: Callable[..., Path], people: Path
) -> None:
    finding = (
        "- {id: found, title: T, when: {wants: {includes: x}}, then: {finding: keen}, "
        "because: so, house: true}\n"
        "- {id: keen, title: T, when: {finding: keen}, then: {path: beta, certainty: c70}, "
        "because: so, house: true}\n"
        "- {id: aside, title: T, when: {wants: {includes: x}}, then: {path: gamma, certainty: c30}, "
        "because: so, house: true}\n"
    )
    new = RULES.replace("size: {is: high}", "size: {is: middle}") + finding

    data = found(diff(base("old"), base("new", new), "--on", people, "--format", "json"))

    assert [
        (p["name"], p["before"], p["after"], p["rules"]) for p in data["people"]["changed"]
    ] == [
        (
            "Ann",
            "alpha",
            "beta",
            {"added": ["found", "keen"], "removed": ["high"], "reweighted": []},
        ),
        ("Bob", "alpha", "beta", {"added": ["found", "keen"], "removed": [], "reweighted": []}),
        ("Cy", "beta", "none", {"added": [], "removed": ["high"], "reweighted": []}),
        (
            "Di",
            "alpha",
            "beta",
            {"added": ["found", "keen"], "removed": ["high"], "reweighted": []},
        ),
    ]
    assert data["people"]["moves"] == [["alpha", "beta", 3], ["beta", "none", 1]]


def test_where_no_rule_is_behind_it_the_cutoff_is_named(
    diff: Diff, base: Callable[..., Path], people: Path
) -> None:
    certainty = KNOWLEDGE["certainty.yaml"].replace("cutoff: 0.20", "cutoff: 0.45")

    result = diff(base("old"), base("new", certainty=certainty), "--on", people)

    assert "  3    Cy    beta  none  cutoff changed" in result.stdout.splitlines()


def test_the_cutoff_is_named_beside_a_rule_where_no_path_is_left(
    diff: Diff, base: Callable[..., Path], people: Path
) -> None:
    certainty = KNOWLEDGE["certainty.yaml"].replace("cutoff: 0.20", "cutoff: 0.45")
    renamed = RULES.replace("id: high", "id: tall")

    result = diff(base("old"), base("new", renamed, certainty=certainty), "--on", people)

    assert "  3    Cy    beta  none  +tall -high, cutoff changed" in [
        *map(str.rstrip, result.stdout.splitlines())
    ]


def test_an_answer_that_is_read_differently_is_named(
    diff: Diff, base: Callable[..., Path], tmp_path: Path
) -> None:
    people = write(tmp_path / "people.csv", "name,size\nAnn,big\n")
    named = "{label: low, names: [big]}", "{label: high, names: [big]}"
    old = KNOWLEDGE["profile.yaml"].replace("{label: low}", named[0])
    new = KNOWLEDGE["profile.yaml"].replace("{label: high}", named[1])

    result = diff(base("old", profile=old), base("new", profile=new), "--on", people)

    assert "  1    Ann   none  beta  +high, size is read differently" in result.stdout.splitlines()


def test_rows_that_a_base_cannot_read_are_counted(
    diff: Diff, base: Callable[..., Path], people: Path
) -> None:
    people.write_text(PEOPLE + "1,Ed,x,tiny\n1,Flo,x,huge\n1,Gus\n")
    profile = KNOWLEDGE["profile.yaml"].replace("{label: low}", "{label: low, names: [tiny]}")

    result = diff(base("old"), base("new", profile=profile), "--on", people)

    assert f"{people}: 7 rows, 4 compared, 3 rejected. Different profiles: 3." in result.stdout
    told = result.stdout.partition("can't read:\n")[2].splitlines()[:3]
    assert sorted(told) == [
        "  1  too few fields: 2 where the header has 4 (both)",
        "  1  unknown value in 'size' (both)",
        "  1  unknown value in 'size' (old rules only)",
    ]


def test_a_column_is_read_as_the_user_says(
    diff: Diff, base: Callable[..., Path], tmp_path: Path
) -> None:
    people = write(tmp_path / "people.csv", "height\nhigh\n")
    new = base("new", RULES.replace("id: high", "id: tall").replace("path: beta", "path: gamma"))

    result = diff(base("old"), new, "--on", people, "--map", "height=size")

    assert "  1    beta  gamma  +tall -high" in result.stdout.splitlines()


def test_everyone_is_compared_as_both_bases_decide(diff: Diff, tmp_path: Path) -> None:
    from fourways.engines.reference import ReferenceEngine
    from fourways.rulebase import builtin_folders, load, load_builtin
    from random_profiles import random_profiles

    root = Path(__file__).resolve().parents[2]
    text = (root / "knowledge" / "certainty.yaml").read_text()
    for name in ("article", "paths", "profile", "roles", "titles"):
        write(
            tmp_path / "new" / "knowledge" / f"{name}.yaml",
            (root / "knowledge" / f"{name}.yaml").read_text(),
        )
    write(
        tmp_path / "new" / "knowledge" / "certainty.yaml",
        text.replace("probably:\n    factor: 0.70", "probably:\n    factor: 0.20"),
    )
    before = load_builtin()
    after = load(builtin_folders().with_own(tmp_path / "new" / "knowledge"))
    profiles = random_profiles(before, 300, seed=4)
    cells = [
        ",".join(
            ";".join(attribute.members(profile[name])) or "none" if name in profile else ""
            for name, attribute in before.attributes.items()
        )
        for profile in profiles
    ]
    people = write(tmp_path / "p.csv", "\n".join([",".join(before.attributes), *cells]) + "\n")
    engines = ReferenceEngine(before), ReferenceEngine(after)
    expected = [
        (row, one or "none", other or "none")
        for row, profile in enumerate(profiles, 1)
        for one, other in [[engine.decide(profile).recommendation for engine in engines]]
        if one != other
    ]

    data = found(diff("built-in", tmp_path / "new", "--on", people, "--format", "json"))

    assert len(expected) > 5
    changed = data["people"]["changed"]
    assert [(p["row"], p["before"], p["after"]) for p in changed] == expected
    assert all(p["rules"]["reweighted"] for p in changed)


# ----------------------------------------------------------------------- faults


def test_problems_of_both_bases_are_reported_together(
    diff: Diff, base: Callable[..., Path]
) -> None:
    old = base("old", RULES.replace("path: alpha", "path: alfa"))
    new = base("new", RULES.replace("path: beta", "path: betta"))

    result = diff(old, new)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{old}/rules/rules.yaml:4:16: unknown path 'alfa'" in result.stderr
    assert f"{new}/rules/rules.yaml:10:16: unknown path 'betta'" in result.stderr


def test_a_missing_folder_or_file_is_reported(
    diff: Diff, base: Callable[..., Path], tmp_path: Path
) -> None:
    no_base = diff("built-in", tmp_path / "nowhere")
    no_file = diff("built-in", "built-in", "--on", tmp_path / "nobody.csv")

    assert "nowhere has neither knowledge/ nor rules/" in no_base.stderr
    assert "nobody.csv does not exist" in no_file.stderr
    assert (no_base.exit_code, no_file.exit_code) == (2, 2)


# ------------------------------------------------------------------------ lists


MANY = MOST_SHOWN + 12


@pytest.fixture
def many(diff: Diff, base: Callable[..., Path], people: Path) -> Callable[..., Result]:
    """Compares two bases on a file of people who all get another recommendation."""
    people.write_text("name,wants\n" + "".join(f"P{n:03},x\n" for n in range(MANY)))
    old, new = base("old"), base("new", RULES.replace("path: alpha", "path: gamma"))
    return lambda *words: diff(old, new, "--on", people, *words)


def test_a_long_list_ends_with_how_many_more_there_are(many: Callable[..., Result]) -> None:
    shown = many().stdout

    assert f"Different first recommendation: {MANY} of {MANY}." in shown
    assert f"P{MOST_SHOWN - 1:03}" in shown
    assert f"P{MOST_SHOWN:03}" not in shown
    assert "and 12 more; --all lists them" in shown


def test_all_and_json_list_everyone(many: Callable[..., Result]) -> None:
    shown = many("--all").stdout

    assert f"P{MANY - 1:03}" in shown
    assert "more; --all" not in shown
    assert len(found(many("--format", "json"))["people"]["changed"]) == MANY


def test_all_without_a_file_is_refused(diff: Diff) -> None:
    result = diff("built-in", "built-in", "--all")

    assert result.exit_code == 2
    assert "--all is about a file of people. Name it with --on." in result.stderr
