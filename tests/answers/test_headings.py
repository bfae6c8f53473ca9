"""Headings of surveys and HR systems, and columns that no rule may read."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourways.answers.headings import Headings
from fourways.answers.protected import is_protected
from fourways.model.profile import Attribute
from fourways.rulebase import load_builtin

ATTRIBUTES: Mapping[str, Attribute] = load_builtin().attributes
HEADINGS = Headings(ATTRIBUTES)


def attribute_of(heading: str) -> str | None:
    match = HEADINGS.match(heading)
    return match[0] if match else None


@pytest.mark.parametrize(
    "heading",
    [
        "Job Title", "JobTitle", "jobtitle", "JOB_TITLE", "Position Title", "Business Title", "Title",
        "Position ", "Designation", "Employee Title", "Current Role", "DevType", "Job Profile",
        "What is your job title?", "10. Job/Position title", "Q5: Job title", "Q5_Job_Title",
        "Position (without seniority)", "CurrentJobTitleSelect",
        "Select the title most similar to your current role (or most recent title if retired): "
        "- Selected Choice",
        "Which of the following best describes your work position?",
        "What job title best reflects your daily work?",
    ],
)  # fmt: skip
def test_headings_of_job_titles_are_known(heading: str) -> None:
    assert attribute_of(heading) == "current_role"


@pytest.mark.parametrize(
    "heading",
    [
        "OrgSize", "CompanySize", "EmployerSize", "Company Headcount", "no_employees", "# of employees",
        "Number of Employees", "No. of Employees", "8. Company size (global, entire organisation)",
        "How many employees work at your company?", "How big is your company?",
        "How many employees does your company or organization have?",
        "Approximately how many people are employed by the company or organization you currently "
        "work for?",
        "What is the size of the company where you are employed?", "Organization size (employees)",
    ],
)  # fmt: skip
def test_headings_of_the_size_of_an_employer_are_known(heading: str) -> None:
    assert attribute_of(heading) == "organisation_size"


def test_the_question_of_an_attribute_is_a_heading() -> None:
    for attribute in ATTRIBUTES.values():
        assert attribute_of(attribute.question) == attribute.id


@pytest.mark.parametrize(
    "heading",
    [
        "Do you have a job?", "Manager's job title", "Previous job title", "Job title (previous)",
        "Desired position", "Job title - additional context", "Job Family", "Team size", "Size",
        "How many people do you manage?", "How many people work for you?", "Years of experience",
        "Work experience", "Skills", "Project size", "Position ID", "Job title code", "Role in project",
        "If your job title needs additional context, please clarify here:", "Worker", "Name", "", "?",
        "How long have you been in your current role?", "Which job do you want?", "a" * 100_000,
    ],
)  # fmt: skip
def test_headings_that_only_sound_like_an_attribute_match_none(heading: str) -> None:
    assert attribute_of(heading) is None


@pytest.mark.parametrize(
    "name",
    [
        "How old are you?", "AgeGroup", "EmployeeAGE", "age1", "What is your age?", "Year of birth",
        "GenderID", "What is your gender?", "Sexual orientation", "HispanicLatino", "RaceDesc",
        "CitizenDesc", "5. Citizenship", "Native language", "MaritalDesc", "MarriedID", "Number of children",
        "Do you have a family history of mental illness?", "family_history", "Parental leave",
        "Caring responsibilities", "Church tax", "\u00c2ge", "Sexe", "Geschlecht", "Geburtsdatum",
        "Staatsangeh\u00f6rigkeit", "Familienstand", "Situation familiale", "Fecha de nacimiento",
        "G\u00e9nero", "Estado civil", "Leeftijd", "Nazionalit\u00e0", "\uff21\uff27\uff25",
    ],
)  # fmt: skip
def test_protected_headings_have_many_spellings(name: str) -> None:
    assert is_protected(name)
    assert attribute_of(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "Average", "Stage", "Language", "Manager", "Percentage", "Package", "Agency", "Essex", "Trace",
        "page", "Project stage", "Essex office", "Job Family", "Job Family Group", "Product family", "Family name", "Project health",
        "network-health", "Healthcare industry", "Account disabled", "Engagement", "Message", "Image",
    ],
)  # fmt: skip
def test_harmless_headings_are_not_protected(name: str) -> None:
    assert not is_protected(name)


@given(st.text(max_size=300))
def test_any_text_may_be_a_heading(heading: str) -> None:
    assert attribute_of(heading) in {None, *ATTRIBUTES}
