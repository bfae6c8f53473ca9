"""The JSON Schema accepts what the loader accepts, and refuses what an editor should mark."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from fourways.errors import FourwaysError
from fourways.model.base import RuleBase
from fourways.rulebase import builtin_folders, load, load_builtin
from fourways.rulebase.cases import load_cases
from fourways.rulebase.nodes import Listing, Mapping, Node, Scalar, parse
from fourways.rulebase.schema import KINDS, modeline, schema_files, schema_of
from rule_bases import write_base

FOLDERS = builtin_folders()
FILES = {file.name: file.text() for file in (*FOLDERS.files(), *FOLDERS.cases())}
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def as_an_editor_sees(node: Node | None) -> Any:
    """Return YAML as JSON, with the types of YAML 1.2."""
    match node:
        case Mapping():
            return {entry.key: as_an_editor_sees(entry.value) for entry in node.entries}
        case Listing():
            return [as_an_editor_sees(item) for item in node.items]
        case Scalar() if node.quoted:
            return node.text
        case Scalar() if node.text in ("true", "false"):
            return node.text == "true"
        case Scalar() if NUMBER.fullmatch(node.text):
            return float(node.text) if "." in node.text else int(node.text)
        case Scalar() if node.text:
            return node.text
    return None


def editor(base: RuleBase) -> Registry[Any]:
    """Return the schema files of a base as an editor loads them."""
    files = {f"schema/{name}": json.loads(text) for name, text in schema_files(base).items()}
    resources = ((name, Resource(one, DRAFT7)) for name, one in files.items())
    return Registry().with_resources(resources)


BUILT_IN = editor(load_builtin())


def marked(name: str, text: str, schemas: Registry[Any] = BUILT_IN) -> list[str]:
    """Return what an editor marks in a file whose first line names its schema."""
    _, _, schema = modeline(name).strip().partition("=")
    validator: Any = Draft7Validator({"$ref": schema.replace("../", "")}, registry=schemas)
    return [error.message for error in validator.iter_errors(as_an_editor_sees(parse(text, name)))]


def test_schema_is_a_valid_draft_7_schema() -> None:
    Draft7Validator.check_schema(schema_of(load_builtin()))


@pytest.mark.parametrize("name", FILES)
def test_built_in_file_is_valid(name: str) -> None:
    assert marked(name, FILES[name]) == []
    assert Draft7Validator(schema_of(load_builtin())).is_valid(
        as_an_editor_sees(parse(FILES[name], name))
    )


def test_files_of_another_kind_are_refused() -> None:
    names = ("rules/move_up.yaml", "rules/cases/move_up.yaml", *(n for n in FILES if n[0] == "k"))
    assert len(names) == len(KINDS)

    for name in names:
        accepting = [other for other in names if not marked(other, FILES[name])]
        assert accepting == [name]


def test_names_come_from_the_base_in_use(tmp_path: Path) -> None:
    small = load(write_base(tmp_path, ""))
    file = "- {id: r, title: T, when: {colour: {is: red}}, then: {action: Go.}, house: true}"

    assert marked("rules/ours.yaml", file, editor(small)) == []
    assert marked("rules/ours.yaml", file) != []


def test_editor_shows_what_a_name_means() -> None:
    known = schema_of(load_builtin())["definitions"]

    for name, meaning in (
        ("path", "Move out: a job with another employer"),
        ("word", "0.30: one option among others"),
        ("role", "PMO analyst"),
        ("value_of_organisation_size", "50 to 249 people"),
        ("rule", "A small employer may have no way up"),
    ):
        assert meaning in known[name]["enumDescriptions"]
        assert len(known[name]["enum"]) == len(known[name]["enumDescriptions"])


# ------------------------------------------------------------------------- rules and cases

WHEN = "{aspirations: {includes: promotion}}"
THEN = "{path: move_up, certainty: may}"
RIGHT = {"id": "ours", "title": "T", "when": WHEN, "then": THEN, "because": "So.", "house": "true"}
GO = {"then": "{action: Go.}", "because": None}
CITING: dict[str, str | None] = {"house": None, "cites": "[S2.p1.s3]"}


def rule(**changes: str | None) -> str:
    """Return a sound rule with some keys changed; None leaves a key out."""
    written = {key: text for key, text in {**RIGHT, **changes}.items() if text is not None}
    return f"- {{{', '.join(f'{key}: {text}' for key, text in written.items())}}}\n"


ACCEPTED = {
    "nothing changed": rule(),
    "a rule for everyone": rule(when="always"),
    "a new finding": rule(then="{finding: brand_new}"),
    "a number as a title": rule(title="2024"),
    "quoted yes and no": rule(when='{manager_informed: {is: "true"}}', house='"true"'),
    "one operand where several may stand": rule(when="{current_role: {family: pmo}}"),
    "a recommended path in guidance": rule(when="{recommended: move_up}", **GO),
    "a finding below two nots": rule(when="{not: {not: {finding: ladder_closed}}}"),
    "a rule of the article": rule(**CITING, reading="[Q-2a]"),
    "no cites of a rule of one's own": rule(cites="[]"),
}
REFUSED = {
    "unknown attribute": rule(when="{aspiration: {includes: promotion}}"),
    "unknown attribute further in": rule(when=f"{{all: [{WHEN}, {{any: [{{wish: {{is: a}}}}]}}]}}"),
    "unknown value": rule(when="{aspirations: {includes: promotions}}"),
    "unknown value among several": rule(when="{growth_blockers: {excludes: [no_path]}}"),
    "unknown role": rule(when="{current_role: {is: pmo_boss}}"),
    "unknown family": rule(when="{current_role: {family: [pmo, projects]}}"),
    "unknown operator": rule(when="{aspirations: {contains: promotion}}"),
    "operator of another kind": rule(when="{aspirations: {is: promotion}}"),
    "two operators": rule(when="{job_search: {is: serious, at_least: serious}}"),
    "several operands where one may stand": rule(when="{job_search: {is: [serious]}}"),
    "unknown finding": rule(when="{finding: ladder_shut}"),
    "not on a finding": rule(when="{not: {finding: ladder_closed}}"),
    "not on a recommended path": rule(when="{not: {any: [{recommended: move_up}]}}", **GO),
    "a recommended path in evidence": rule(when="{recommended: move_up}"),
    "two keys in a condition": rule(when="{finding: ladder_closed, aspirations: {includes: stay}}"),
    "all of nothing": rule(when="{all: []}"),
    "always within a condition": rule(when="{all: [always]}"),
    "another word than always": rule(when="never"),
    "unknown path": rule(then="{path: move_on, certainty: may}"),
    "unknown word": rule(then="{path: move_up, certainty: maybe}"),
    "no word": rule(then="{path: move_up}"),
    "two conclusions": rule(then="{path: move_up, against: move_out, certainty: may}"),
    "no conclusion": rule(then="{}"),
    "a finding that is no name": rule(then="{finding: Brand New}"),
    "no reason": rule(because=None),
    "an empty reason": rule(because='" "'),
    "neither cites nor house": rule(house=None),
    "house: false without cites": rule(house="false"),
    "cites and house": rule(cites="[S2.p1.s3]"),
    "unknown statement": rule(house=None, cites="[S2.p1.s9]"),
    "a statement twice": rule(house=None, cites="[S2.p1.s3, S2.p1.s3]"),
    "a sense that is not taken": rule(**CITING, reading="[Q-2b]"),
    "misspelt key": rule(becuase="So."),
    "an id that is no name": rule(id="our rule"),
    "no title": rule(title=None),
}
CASES = {
    "unknown attribute": "{case: T, profile: {wish: a}, first: none}",
    "unknown value": "{case: T, profile: {job_search: seriously}, first: none}",
    "one value of a set": "{case: T, profile: {aspirations: stay}, first: none}",
    "neither yes nor no": "{case: T, profile: {manager_informed: maybe}, first: none}",
    "no expectation": "{case: T, profile: {}}",
    "misspelt expectation": "{case: T, profile: {}, first: none, finding: [driven]}",
    "unknown path": "{case: T, profile: {}, ranking: [move_on]}",
    "unknown rule": "{case: T, profile: {}, fires: [out.nothing]}",
    "unknown finding": "{case: T, profile: {}, findings: [ladder_shut]}",
    "unknown next job": "{case: T, profile: {}, targets: [boss]}",
    "certainty of one": "{case: T, profile: {}, certainty: {move_up: 1}}",
}


def loads(tmp_path: Path, name: str, text: str) -> bool:
    """Return whether the loader accepts a file on top of the built-in ones."""
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    (tmp_path / "rules" / "empty.yaml").write_text("")
    folders = FOLDERS.with_own(rules=tmp_path / "rules")
    try:
        load_cases(folders, load(folders))
    except FourwaysError:
        return False
    return True


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_sound_rule_is_valid(tmp_path: Path, text: str) -> None:
    assert loads(tmp_path, "rules/ours.yaml", text)
    assert marked("rules/ours.yaml", text) == []


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_wrong_rule_is_refused(tmp_path: Path, text: str) -> None:
    assert not loads(tmp_path, "rules/ours.yaml", text)
    assert marked("rules/ours.yaml", text) != []


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_wrong_case_is_refused(tmp_path: Path, text: str) -> None:
    assert not loads(tmp_path, "rules/cases/ours.yaml", f"- {text}\n")
    assert marked("rules/cases/ours.yaml", f"- {text}\n") != []


# ------------------------------------------------------------------------------- knowledge

KNOWLEDGE = [
    ("roles", "family: project", "family: projects"),
    ("roles", "from: [pmo_coordinator]", "from: [pmo_coordinators]"),
    ("roles", "to: project_manager", "to: project_boss"),
    ("roles", "time: now", "time: soon"),
    ("roles", "    cites: [S1.p1.s3]\n", ""),
    ("profile", "kind: role", "kind: job"),
    ("profile", "kind: choice", "kind: role"),
    ("profile", "kind: scale", "kind: yes_no"),
    ("profile", "  breakdown: true", "  breakdown: sometimes"),
    ("profile", "    managing_people:", "    none:"),
    ("profile", "  about: job\n", ""),
    ("profile", "pmo_scope:", "PMO scope:"),
    ("paths", "section: S1", "section: S9"),
    ("certainty", "factor: 0.80", "factor: 1.80"),
    ("certainty", "class: M1", "class: M9"),
    ("article", "sort: layout", "sort: title"),
    ("article", "place: S2.p1.s3", "place: S9.p1.s3"),
    ("titles", "otherwise: other", "otherwise: none"),
    ("titles", "role: project_manager", "role: manager"),
    ("titles", "likeness: 0.88", "likelihood: 0.88"),
]


@pytest.mark.parametrize(("stem", "right", "wrong"), KNOWLEDGE)
def test_wrong_knowledge_is_refused(stem: str, right: str, wrong: str) -> None:
    name = f"knowledge/{stem}.yaml"
    assert right in FILES[name]

    assert marked(name, FILES[name].replace(right, wrong, 1)) != []


# ------------------------------------------------------------------- whatever is loaded

LINES = {name: text.splitlines(keepends=True) for name, text in FILES.items()}
WORDS = sorted({word for text in FILES.values() for word in re.findall(r"[A-Za-z_][\w.-]*", text)})


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """Return a file of our own with a line left out, or a word in a line replaced."""
    name = draw(st.sampled_from(sorted(FILES)))
    lines = list(LINES[name])
    index = draw(st.integers(0, len(lines) - 1))
    words = list(re.finditer(r"[A-Za-z_][\w.-]*", lines[index]))
    line, new = lines[index], ""
    if words and draw(st.booleans()):
        word = draw(st.sampled_from(words))
        new = line[: word.start()] + draw(st.sampled_from(WORDS)) + line[word.end() :]
    return name, "".join([*lines[:index], new, *lines[index + 1 :]])


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(edited())
def test_whatever_the_loader_accepts_is_valid(tmp_path_factory, file: tuple[str, str]) -> None:
    name, text = file
    folder = tmp_path_factory.mktemp("base")
    for part in ("knowledge", "rules/cases"):
        (folder / part).mkdir(parents=True)
    (folder / "rules" / "empty.yaml").write_text("")
    (folder / "knowledge" / "paths.yaml").write_text(FILES["knowledge/paths.yaml"])
    (folder / name).write_text(text)
    folders = FOLDERS.with_own(folder / "knowledge", folder / "rules")
    try:
        base = load(folders)
        load_cases(folders, base)
    except FourwaysError:
        return
    assert marked(name, text, editor(base)) == []
