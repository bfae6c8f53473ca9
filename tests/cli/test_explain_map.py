"""The career map in the terminal: every post is there, at any width, with plain signs too."""

import pytest
from click.testing import CliRunner

from fourways.cli import main
from fourways.rulebase import load_builtin

EXECUTIVE = (
    "--set", "current_role=pmo_executive", "--set", "aspirations=run_a_business_area",
    "--set", "pnl_appetite=keen",
)  # fmt: skip


def drawn(*arguments: str, columns: int = 80, charset: str = "utf-8") -> str:
    runner = CliRunner(env={"COLUMNS": str(columns)}, charset=charset)
    result = runner.invoke(main, ["explain", "map", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("columns", [40, 80, 132])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    lines = drawn(*EXECUTIVE, columns=columns).splitlines()

    assert max(map(len, lines)) <= columns


def test_every_role_has_its_box_and_every_other_post_its_line() -> None:
    base = load_builtin()
    words = drawn(*EXECUTIVE, columns=132).replace("│", " ").split()

    for role in base.roles.values():
        if role.id != "other":
            assert set(role.title.split()) <= set(words)
    for title in base.posts.values():
        assert title in " ".join(words)


def test_the_own_post_and_the_advised_ones_have_frames_of_their_own() -> None:
    lines = drawn(*EXECUTIVE).splitlines()

    assert any("┃You are here" in line for line in lines)
    assert any("║Move to the line," in line for line in lines)


def test_a_step_up_is_an_arrow() -> None:
    lines = drawn("--set", "current_role=junior_project_manager").splitlines()

    assert any("↑" in line or "▲" in line for line in lines)


def test_a_terminal_without_those_signs_gets_others() -> None:
    shown = drawn(*EXECUTIVE, charset="ascii")

    assert shown.isascii()
    assert "^" in shown
    assert "+--" in shown


def test_without_a_known_job_the_ladders_are_drawn_all_the_same() -> None:
    shown = drawn("--set", "organisation_size=small")

    assert "your job is not known" in shown
    assert "┃" not in shown
