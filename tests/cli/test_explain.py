"""`fourways explain`: every question from the terminal, on a profile and on a row of results."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main

ANSWERS = (
    "--set", "current_role=pmo_analyst",
    "--set", "aspirations=breadth;promotion",
    "--set", "growth_blockers=waiting_for_vacancy",
)  # fmt: skip
QUESTIONS = {
    "how": ("how",),
    "why": ("why", "job_search"),
    "why-not": ("why-not", "stay"),
    "what-if": ("what-if", "job_search=serious"),
    "what-would-it-take": ("what-would-it-take", "move_sideways"),
    "near-misses": ("near-misses",),
    "open": ("open",),
    "map": ("map",),
}


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["explain", *map(str, arguments)])


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_in_words(question: str) -> None:
    result = call(*QUESTIONS[question], *ANSWERS)

    assert result.exit_code == 0, result.output
    assert result.stdout.strip()


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_as_json_the_same_each_time(question: str) -> None:
    first, again = (call(*QUESTIONS[question], *ANSWERS, "--format", "json") for _ in range(2))

    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)
    assert first.stdout == again.stdout


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_row_of_results_is_questioned_like_a_profile(tmp_path: Path, question: str) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "out.csv"
    people.write_text(
        "current_role,aspirations,growth_blockers\nother,stay,none\n"
        "pmo_analyst,breadth;promotion,waiting_for_vacancy\n"
    )
    assert CliRunner().invoke(main, ["batch", str(people), "-o", str(out)]).exit_code == 0

    row = call(*QUESTIONS[question], "--results", out, "--row", "2")

    assert row.exit_code == 0, row.output
    assert row.stdout == call(*QUESTIONS[question], *ANSWERS).stdout


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_profile_is_read_from_a_file(tmp_path: Path, question: str) -> None:
    file = tmp_path / "me.yaml"
    file.write_text(
        "current_role: pmo_analyst\naspirations: [breadth, promotion]\n"
        "growth_blockers: [waiting_for_vacancy]\n"
    )

    result = call(*QUESTIONS[question], file)

    assert result.exit_code == 0, result.output
    assert result.stdout == call(*QUESTIONS[question], *ANSWERS).stdout


def test_what_it_would_take_is_told_in_plain_words() -> None:
    shown = call("what-would-it-take", "move_out", *ANSWERS[:2]).stdout

    assert "Move out would be your top recommendation\n" in shown
    assert "If you started actively looking for another job (not answered yet)." in shown


def test_wishes_are_a_list_of_their_own_where_nothing_else_would_help() -> None:
    result = call("what-would-it-take", "stay", *ANSWERS[:2], "--changes", "1")

    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert " ".join(lines[:2]) == (
        "While you want what you want now, no single change would make Stay your top "
        "recommendation."
    )
    assert "If what you want changed" in lines
    assert any("If you wanted to stay where you are" in line for line in lines)


def test_what_is_kept_is_not_proposed() -> None:
    kept = call(
        "what-would-it-take", "stay", *ANSWERS[:2], "--changes", "1", "--keep", "aspirations"
    )

    assert kept.stdout == "No single change would make Stay your top recommendation.\n"


def test_programs_get_what_each_change_comes_about_by() -> None:
    result = call("what-would-it-take", "stay", *ANSWERS[:2], "--format", "json")

    told = json.loads(result.stdout)
    assert told["wishes"]
    assert {by["by"] for changes in told["sets"] for by in changes} <= {"do", "happens"}
    assert all("wish" in [one["by"] for one in changes] for changes in told["wishes"])


def test_members_of_a_set_are_added_and_taken_away() -> None:
    result = call(
        "what-if", "growth_blockers-=waiting_for_vacancy", "growth_blockers+=no_challenge",
        *ANSWERS, "--format", "json",
    )  # fmt: skip

    assert json.loads(result.stdout)["answers"] == [
        {
            "attribute": "growth_blockers",
            "before": ["waiting_for_vacancy"],
            "after": ["no_challenge"],
        }
    ]


def test_an_answer_is_made_unknown_by_an_empty_value() -> None:
    result = call("what-if", "growth_blockers=", *ANSWERS, "--format", "json")

    assert json.loads(result.stdout)["answers"][0]["after"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why-not", "move_ot", *ANSWERS), "unknown path 'move_ot'. Did you mean 'move_out'"),
        (("open",), "no profile"),
        (("open", *ANSWERS, "--row", "1"), "--results and --row go together"),
        (("what-if", "rank=1", *ANSWERS), "unknown attribute 'rank'"),
        (("what-if", "job_search+=serious", *ANSWERS), "job_search isn't a set"),
        (("near-misses", *ANSWERS, "--keep", "job_serch"), "Did you mean 'job_search'?"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy_and_exit_code_2(
    arguments: tuple[str, ...], said: str
) -> None:
    result = call(*arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert "Traceback" not in result.stderr
