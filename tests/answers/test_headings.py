"""Headings of surveys and HR systems, and columns that no rule may read."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourways.answers.columns import is_protected, map_columns
from fourways.answers.headings import Headings, count_recognized
from fourways.errors import InputError
from fourways.model.profile import Attribute
from fourways.rulebase import load_builtin

ATTRIBUTES: Mapping[str, Attribute] = load_builtin().attributes
HEADINGS = Headings(ATTRIBUTES)


def attribute_of(heading: str) -> str | None:
    found = HEADINGS.attribute_of(heading)
    return found[0] if found else None


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


def test_the_question_of_an_attribute_is_a_heading_of_it() -> None:
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
def test_what_only_sounds_like_an_attribute_is_left_alone(heading: str) -> None:
    assert attribute_of(heading) is None


def test_the_plainest_heading_counts() -> None:
    header = ["What is your job title?", "Position", "current_role"]

    assert map_columns(header, ATTRIBUTES).by_name == {"current_role": "current_role"}
    assert map_columns(header[:2], ATTRIBUTES).by_name == {"Position": "current_role"}


def test_columns_that_are_equally_plain_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        map_columns(["Job Title", "Role", "OrgSize", "Position"], ATTRIBUTES)

    assert str(caught.value) == (
        "columns 'Job Title', 'Role' and 'Position' all hold current_role. "
        "Say which one counts: --map 'Position=current_role'."
    )


def test_one_map_settles_any_number_of_them() -> None:
    columns = map_columns(
        ["Job Title", "Role", "OrgSize", "Position"], ATTRIBUTES, {"Role": "current_role"}
    )

    assert columns.by_name == {"Role": "current_role", "OrgSize": "organisation_size"}


def test_each_attribute_of_a_header_is_counted_once() -> None:
    assert (
        count_recognized(["Job title", "Position", "What is your job title?", "Age"], ATTRIBUTES)
        == 1
    )


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
def test_columns_that_no_rule_may_read_are_told_in_many_spellings(name: str) -> None:
    assert is_protected(name)
    assert attribute_of(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "Average", "Stage", "Language", "Manager", "Percentage", "Package", "Agency", "Essex", "Trace",
        "Job Family", "Job Family Group", "Product family", "Family name", "Project health",
        "network-health", "Healthcare industry", "Account disabled", "Engagement", "Message", "Image",
    ],
)  # fmt: skip
def test_names_that_only_look_like_one_are_not_taken_for_one(name: str) -> None:
    assert not is_protected(name)


def test_no_rule_reads_a_protected_column_whatever_it_is_called_besides() -> None:
    columns = map_columns(["role", "Age (organisation_size)"], ATTRIBUTES)

    assert columns.by_name == {"role": "current_role"}
    assert columns.protected == ("Age (organisation_size)",)


@given(st.text(max_size=300))
def test_any_heading_is_looked_at_without_harm(heading: str) -> None:
    assert attribute_of(heading) in {None, *ATTRIBUTES}
