"""Sorts of titles that were once taken for the wrong role, or for none."""

import pytest

from fourways.answers.titles import TitleMatcher
from fourways.rulebase import load_builtin

MATCHER = TitleMatcher(load_builtin())


def wrong(expected: dict[str, str]) -> dict[str, str]:
    """Give the titles that are not taken for the role that is expected."""
    found = {title: MATCHER.match(title).role for title in expected}
    return {title: role for title, role in found.items() if role != expected[title]}


@pytest.mark.parametrize(
    "title",
    [
        "Former Project Manager", "Ex-Project Manager", "Project Manager (retired)",
        "Aspiring Program Manager", "Unemployed PMO Analyst", "Previously project manager",
    ],
)  # fmt: skip
def test_a_job_that_is_not_held_now_is_none(title: str) -> None:
    found = MATCHER.match(title)

    assert found.role == "other"
    assert "a job that is not held now" in found.note


def test_brackets_say_what_an_abbreviation_stands_for() -> None:
    assert wrong(
        {
            "PM (Product Manager)": "other",
            "PM (Property Manager)": "other",
            "TPM (Technical Product Manager)": "other",
            "PM (Project Manager)": "project_manager",
            "PM (Contract)": "project_manager",
            "PM (IT)": "project_manager",
            "TPM (Technical Program Manager)": "program_manager",
        }
    ) == {}  # fmt: skip


def test_a_rank_may_stand_between_the_field_and_the_post() -> None:
    assert wrong(
        {
            "Project Senior Manager": "senior_project_manager",
            "Project Management Senior Analyst": "pmo_analyst",
            "PMO Senior Analyst": "pmo_analyst",
            "IT Project Junior Manager": "junior_project_manager",
        }
    ) == {}  # fmt: skip


def test_a_rank_before_a_role_and_its_field_is_no_post() -> None:
    assert wrong(
        {
            "Lead Project Manager Infrastructure": "senior_project_manager",
            "Chief Project Manager Logistics": "senior_project_manager",
            "Senior Chief Project Manager Digitalization & IT": "senior_project_manager",
            "Lead PMO Analyst Finance": "pmo_analyst",
        }
    ) == {}  # fmt: skip


def test_whoever_supports_or_learns_is_no_program_manager() -> None:
    assert wrong(
        {
            "Program Management Intern": "pmo_coordinator",
            "Program Management Associate": "pmo_coordinator",
            "Project Support Specialist": "pmo_coordinator",
            "PMO Support Officer": "pmo_coordinator",
            "Vice President Sponsored Programs": "other",
            "Sponsored Projects Administrator": "other",
        }
    ) == {}  # fmt: skip


def test_letters_apart_are_an_abbreviation() -> None:
    assert wrong({"P M": "project_manager", "P M O Manager": "pmo_manager"}) == {}


def test_marks_and_long_texts_around_a_title_do_not_matter() -> None:
    assert wrong(
        {
            "\U0001f680 Project Manager \U0001f680": "project_manager",
            "Sr. PM II (Contract)": "senior_project_manager",
            "PMO Lead / Scrum Master": "pmo_manager",
            "PROJECT MANAGER \u2013 INFRASTRUCTURE": "project_manager",
            "Project Manager\nPMO Analyst": "project_manager",
            "Project Manager (m/w/d)": "project_manager",
            "Project Manager " + "for the renewal of all there is " * 14: "project_manager",
        }
    ) == {}  # fmt: skip
