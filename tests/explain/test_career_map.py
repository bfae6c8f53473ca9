"""The career map: your job, the recommended paths, the next jobs on each; in print and as JSON."""

import json

import pytest
from click.testing import CliRunner

from fourways.cli import main
from fourways.engines.reference import ReferenceEngine
from fourways.explain.careermap import career_map
from fourways.model.base import RuleBase
from random_profiles import random_profiles

COORDINATOR = (
    "--set", "current_role=pmo_coordinator",
    "--set", "aspirations=promotion,run_a_business_area,stay",
    "--set", "growth_blockers=no_clear_path",
)  # fmt: skip


def printed(*arguments: str, columns: int = 80, charset: str = "utf-8") -> str:
    runner = CliRunner(env={"COLUMNS": str(columns)}, charset=charset)
    result = runner.invoke(main, ["explain", "map", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_branches_are_the_ranking_with_its_targets(
    base: RuleBase, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 50, seed=41):
        decision = reference.decide(profile)
        drawn = career_map(decision)

        assert drawn.here == profile.get("current_role")
        assert tuple(branch.standing for branch in drawn.branches) == decision.ranking
        for branch in drawn.branches:
            targets = decision.targets(branch.standing.path)
            assert {job.rule for job in branch.jobs} == {firing.rule for firing in targets}
            times = [job.time.value for job in branch.jobs]
            assert times == sorted(times, reverse=True)  # now before in_time


def test_map_prints_job_paths_and_next_jobs_as_a_tree() -> None:
    assert (
        printed(*COORDINATOR)
        == """\
You are here: PMO coordinator
├── Move to the line  strong support, 0.84
│   └── Next job: operations manager
├── Move up  good support, 0.79
│   ├── Next job: PMO analyst
│   ├── Next job: a management position
│   ├── Later: line manager of project managers
│   └── Later: PMO director
├── Move out  good support, 0.74
│   └── Next job: a more senior job with another employer
└── Stay  good support, 0.60
    └── Next job: your current job
"""
    )


@pytest.mark.parametrize("columns", [40, 132])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    assert max(map(len, printed(*COORDINATOR, columns=columns).splitlines())) <= columns


def test_ascii_terminal_gets_ascii_branches() -> None:
    assert "+-- Move up" in printed(*COORDINATOR, charset="ascii")


def test_unknown_job_and_too_few_answers_are_said() -> None:
    assert printed("--set", "organisation_size=small") == (
        "We don't know your job\n└── Not enough answers to recommend a next step.\n"
    )


def test_json_has_the_same_tree() -> None:
    read = json.loads(printed(*COORDINATOR, "--format", "json"))

    assert (read["job"], read["title"]) == ("pmo_coordinator", "PMO coordinator")
    line = read["paths"][0]
    assert (line["path"], line["certainty"]) == ("move_to_the_line", 0.84)
    assert [(job["job"], job["when"]) for job in line["next_jobs"]] == [
        ("operations_manager", "now")
    ]
