"""`fourways roles` matches job titles and lists the roles."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main
from fourways.rulebase import load_builtin

Roles = Callable[..., Result]


@pytest.fixture
def roles(monkeypatch: pytest.MonkeyPatch) -> Roles:
    """Runs `fourways roles` with some words, and some text on standard input."""
    monkeypatch.delenv("FOURWAYS_BASE", raising=False)
    return lambda *words, stdin="": CliRunner().invoke(main, ["roles", *words], input=stdin)


def test_each_title_has_its_role_and_how_it_was_matched(roles: Roles) -> None:
    result = roles("match", "Project Manager", "Snr PM", "Product Manager")

    assert result.exit_code == 0
    assert result.output == (
        "title            role                    how            score  note\n"
        "Project Manager  project_manager         exact          1.00\n"
        "Snr PM           senior_project_manager  abbreviations  0.95   "
        '"Snr PM" read as senior project manager (abbreviations, 0.95)\n'
        "Product Manager  other                   no match       0.00   "
        '"Product Manager" counts as another job: we don\'t know this job title\n'
    )


def test_titles_come_from_standard_input_one_a_line(roles: Roles) -> None:
    result = roles(
        "match", "-", "--format", "json", stdin="PMO Lead\r\n\n  Head of PMO \nPMO Lead\n"
    )

    assert [(row["title"], row["role"]) for row in json.loads(result.output)] == [
        ("PMO Lead", "pmo_manager"),
        ("Head of PMO", "pmo_director"),
    ]


def test_json_has_the_score_as_a_number(roles: Roles) -> None:
    result = roles("match", "Proj Mgr", "--format", "json")

    assert json.loads(result.output) == [
        {
            "title": "Proj Mgr",
            "role": "project_manager",
            "how": "abbreviations",
            "score": 0.95,
            "note": '"Proj Mgr" read as project manager (abbreviations, 0.95)',
        }
    ]


def test_no_title_is_an_error(roles: Roles) -> None:
    result = roles("match", "-", stdin="\n \n")

    assert result.exit_code == 2
    assert result.stderr == "fourways: there are no titles. Write one on each line.\n"


def test_control_characters_are_not_printed(roles: Roles) -> None:
    result = roles("match", "Project\x1b[2JManager")

    assert result.exit_code == 0
    assert "\x1b" not in result.output


def test_bytes_that_are_not_utf8_are_replaced(roles: Roles) -> None:
    result = CliRunner().invoke(main, ["roles", "match", "-"], input=b"Project Manager \xff\n")

    assert result.exit_code == 0
    assert "project_manager" in result.output


def test_the_roles_are_listed_with_their_other_names(roles: Roles) -> None:
    listed = json.loads(roles("list", "--format", "json").output)

    assert [row["role"] for row in listed] == list(load_builtin().roles)
    assert "head of pmo" in next(row for row in listed if row["role"] == "pmo_director")["names"]


def test_the_list_is_a_table(roles: Roles) -> None:
    lines = roles("list").output.splitlines()

    assert lines[0].split() == ["role", "title", "family", "other", "names"]
    assert len(lines) == 1 + len(load_builtin().roles)


def test_own_knowledge_is_used(roles: Roles, tmp_path: Path) -> None:
    (tmp_path / "titles.yaml").write_text(
        "otherwise: other\nspellings: {gaffer: project manager}\n"
    )

    result = roles("match", "Gaffer", "--format", "json", "--knowledge", str(tmp_path))

    assert json.loads(result.output)[0]["role"] == "project_manager"
