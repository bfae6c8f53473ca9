"""The docs: their examples are current, and what they name exists."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from engines import ENGINES
from fourways.cli import _COMMANDS, main
from fourways.model.base import RuleBase
from fourways.model.conditions import OPERATORS
from fourways.model.rules import Rule, Target
from fourways.rulebase import BaseFolders, builtin_folders, load, load_builtin
from fourways.rulebase.cases import load_cases
from fourways.rulebase.run_cases import run_cases

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
GENERATED = [file for file in DOCUMENTS if "[[[cog" in file.read_text()]


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


# ------------------------------------------------------------------ generated parts


@pytest.mark.parametrize("file", GENERATED, ids=named)
def test_generated_parts_of_a_document_are_current(file: Path) -> None:
    pytest.importorskip("cogapp")
    checked = subprocess.run(
        [sys.executable, "-m", "cogapp", "-P", "--check", "--diff", named(file)],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, (
        f"{checked.stdout}{checked.stderr}Update it: python -m cogapp -P -r {named(file)}"
    )


@pytest.mark.parametrize("file", DOCUMENTS, ids=named)
def test_links_of_a_document_lead_to_files(file: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text())

    assert [link for link in links if not (file.parent / link).exists()] == []


# ------------------------------------------------------------------------- commands


def commands() -> Iterator[tuple[str, click.Command]]:
    def below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for one in command.list_commands(context):
                part = command.get_command(context, one)
                assert part is not None
                yield from below(f"{name} {one}", part)

    return below("fourways", main)


@pytest.mark.parametrize(("name", "command"), [pytest.param(*c, id=c[0]) for c in commands()])
def test_every_command_has_help_and_a_section_in_the_docs(
    name: str, command: click.Command
) -> None:
    assert command.help
    assert f"\n## {name}\n" in (ROOT / "docs" / "cli.md").read_text()
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.help, f"{parameter.opts[-1]} has no help"


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_list_of_commands_begins_like_their_help(name: str) -> None:
    line = _COMMANDS[name][1]
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help
    first, own_first = line.split()[0].strip(","), command.help.split()[0].strip(",")

    assert first == own_first  # the list may be shorter, and begins the same way
    assert line.endswith(".")
    assert len(line) <= 65  # fits beside the name on a narrow screen


# ----------------------------------------------------------- the page on writing rules

RULES = (ROOT / "docs" / "rules.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n# (\S+\.yaml)(, at the end)?\n(.*?)^```", RULES, re.M | re.S)


def written(folder: Path, rules: str) -> BaseFolders:
    """Write the additions of the page to knowledge files, and rules; return the folders."""
    for name, addition, text in EXAMPLES:
        if addition:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text((ROOT / name).read_text() + text)
    (folder / "rules" / "cases").mkdir(parents=True)
    (folder / "rules" / "ours.yaml").write_text(rules)
    return builtin_folders().with_own(folder / "knowledge", folder / "rules")


def examples(name: str) -> list[str]:
    return [text for file, addition, text in EXAMPLES if file == name and not addition]


@pytest.mark.parametrize("rules", examples("rules/ours.yaml"), ids=lambda text: text.split()[2])
def test_each_example_of_rules_fits_the_built_in_base(tmp_path: Path, rules: str) -> None:
    base = load(written(tmp_path, rules))

    assert any(rule.house for rule in base.rules)


def test_the_cases_of_the_page_pass_with_its_rules(tmp_path: Path) -> None:
    folders = written(tmp_path, "\n".join(examples("rules/ours.yaml")))
    (file,) = examples("rules/cases/ours.yaml")
    (tmp_path / "rules" / "cases" / "ours.yaml").write_text(file)
    base = load(folders)
    own = [c for c in load_cases(folders, base) if str(tmp_path) in c.location.file]

    outcome = run_cases(base, own, {name: engine(base) for name, engine in ENGINES.items()})

    assert len(own) == file.count("- case:")
    assert outcome.failures == ()


def test_every_example_of_the_page_is_tried() -> None:
    tried = {"rules/ours.yaml", "rules/cases/ours.yaml"}

    assert {name for name, addition, _ in EXAMPLES if not addition} == tried
    assert {name for name, addition, _ in EXAMPLES if addition} == {
        "knowledge/profile.yaml",
        "knowledge/roles.yaml",
    }


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_example_of_each_operator_is_a_condition(tmp_path: Path, operator: str) -> None:
    (example,) = re.findall(rf"^\| `{operator}` \|.*\| `(.*)` \|$", RULES, re.M)
    (tmp_path / "ours.yaml").write_text(
        f"- id: ours\n  title: T\n  when: {{{example}}}\n"
        "  then: {finding: ours}\n  because: so\n  house: true\n"
    )

    load(builtin_folders().with_own(rules=tmp_path))

    assert f"{operator}:" in example


# ------------------------------------------------------ the page on what was read

READING = (ROOT / "docs" / "reading.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in READING.splitlines()
    if re.match(r"\| [RFCAGK]\d+ \|", line)
]
NUMBERED = {"R": 61, "F": 18, "C": 11, "A": 13, "G": 18, "K": 17}
CARRIED = [row for row in ROWS if row[0][0] != "K"]


@cache
def base() -> RuleBase:
    return load_builtin()


def in_code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_every_step_of_the_reading_has_a_row() -> None:
    expected = [f"{sort}{n}" for sort, last in NUMBERED.items() for n in range(1, last + 1)]

    assert [row[0] for row in ROWS] == expected


def carrying(name: str) -> tuple[Rule, ...]:
    """Return the rule of a name, or the rules that conclude a finding of that name."""
    return (base().by_id[name],) if name in base().by_id else base().concluding.get(name, ())


@pytest.mark.parametrize("sort", "RFCAG")
def test_rules_of_a_step_exist_and_cite_its_sentences(sort: str) -> None:
    wrong = [said for row in CARRIED if row[0][0] == sort for said in complaints(row)]

    assert not wrong, "\n".join(wrong)


def complaints(row: list[str]) -> Iterator[str]:
    number, places, names = row[0], row[-2].split(", "), in_code(row[-1])
    cited = {name: {place for rule in carrying(name) for place in rule.cites} for name in names}
    for name in names:
        if not carrying(name):
            yield f"{number}: {name} is neither a rule nor a finding"
        # A rule may rest on a sentence beside the one that is meant; not on another paragraph only.
        elif not paragraphs(cited[name]) & paragraphs(places):
            yield f"{number}: {name} rests on {sorted(cited[name])}"
    for place in set(places).difference(*cited.values()):
        yield f"{number}: nothing in the row rests on {place}"


def paragraphs(places: Iterable[str]) -> set[str]:
    return {place.rpartition(".")[0] for place in places}


def test_every_rule_and_every_move_is_on_the_page() -> None:
    named = set(in_code("\n".join(row[-1] for row in CARRIED)))

    missing = [rule.id for rule in base().rules if rule.id not in named]
    assert not missing, ", ".join(missing)


def test_every_finding_is_on_the_page() -> None:
    named = set(in_code("\n".join(row[-1] for row in CARRIED if row[0][0] == "F")))

    assert [name for name in base().concluding if name not in named] == []


def test_every_move_of_the_role_graph_has_the_row_of_its_name() -> None:
    moves = {rule.id for rule in base().rules if isinstance(rule.then, Target)}

    assert {row[0] for row in ROWS if row[0][0] == "G"} == moves
    assert all(in_code(row[-1]) == [row[0]] for row in ROWS if row[0][0] == "G")


def test_every_conflict_has_cases_under_its_number() -> None:
    cases = (ROOT / "rules" / "cases" / "conflicts.yaml").read_text()
    numbers = [f"K{n}" for n in range(1, NUMBERED["K"] + 1)]

    assert [in_code(row[-1]) for row in ROWS if row[0][0] == "K"] == [[name] for name in numbers]
    assert re.findall(r"^# (K\d+): .*\n- case: ", cases, re.M) == numbers


# ---------------------------------------------------------------------- the repository


def files() -> list[Path]:
    """Return the files of the repository; without git, those that a checkout has."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    folders = ("benchmarks", "docs", "examples", "knowledge", "rules", "scripts", "src", "tests")
    found = [file for folder in folders for file in (ROOT / folder).rglob("*")]
    return [f for f in (*found, *ROOT.glob("*.*")) if f.is_file() and "__pycache__" not in f.parts]


# Written with brackets so that this file does not hold what it looks for.
MACHINE = re.compile(
    r"(?<![\w.])/(?:[w]ork|[r]oot|[h]ome)/|[p]ythonhosted|(?:[e]xtra-)?[i]ndex-url"
)
TEMPORARY_FOLDER = re.compile(r"(?<![\w.])/[t]mp\b")


def test_no_file_names_a_machine_path_or_a_package_index() -> None:
    found = []
    for file in files():
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        in_tests = "tests" in file.relative_to(ROOT).parts
        patterns = [MACHINE] if in_tests else [MACHINE, TEMPORARY_FOLDER]
        found += [f"{named(file)}: {m[0]}" for p in patterns for m in p.finditer(text)]

    assert found == []


# ------------------------------------------------------------------- decision records

ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


@pytest.mark.parametrize("adr", ADRS, ids=named)
def test_a_decision_record_is_in_the_index_and_says_what_supersedes_it(adr: Path) -> None:
    index = (adr.parent / "README.md").read_text()
    title, _, status = adr.read_text().splitlines()[:3]
    entry = f"- [{title.removeprefix('# ')}]({adr.name})"
    if superseded := re.fullmatch(r"Superseded by \[(\d+)\]\((.+)\)\.", status):
        number, later = superseded.groups()
        entry += f" (superseded by {number})"
        later_status = (adr.parent / later).read_text().splitlines()[2]
        assert adr.name < later
        assert later_status.startswith("Supersedes ")
        assert f"[{int(adr.name[:4])}]({adr.name})" in later_status
    else:
        assert "uperseded" not in adr.read_text()
    assert f"{entry}\n" in index


# --------------------------------------------------------------------------- glossary


def test_the_glossary_names_files_that_exist() -> None:
    rows = re.findall(r"^\| .+ \| .+ \| (.+) \|$", (ROOT / "docs/glossary.md").read_text(), re.M)
    files = {file for where in rows for file in re.findall(r"`([^`]+)`", where)}

    folders = (ROOT, ROOT / "src/fourways")
    assert [f for f in files if not any((folder / f).exists() for folder in folders)] == []


# ------------------------------------------------------------------------- docstrings


@pytest.mark.xfail(strict=False, reason="not every package is rewritten yet")
def test_no_docstring_begins_with_give_tell_or_have() -> None:
    found = [
        f"{named(file)}:{line}: {first}"
        for file in sorted((ROOT / "src").rglob("*.py"))
        for line, first in first_words(file)
        if re.match(r"(Give|Tell|Have|Has)s?$", first)
    ]

    assert not found, "\n".join(found)


def first_words(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the line of each module, class and function, and the first word of its docstring."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node) or ""
            yield getattr(node, "lineno", 1), docstring.partition(" ")[0]
