"""Which column holds which attribute."""

from collections.abc import Mapping

import pytest

from fourways.answers.columns import RowReader, count_recognized, map_columns
from fourways.answers.protected import is_protected
from fourways.errors import InputError, did_you_mean
from fourways.model.profile import Attribute
from fourways.rulebase import load_builtin

ATTRIBUTES: Mapping[str, Attribute] = load_builtin().attributes


def by_name(*header: str, **own: str) -> dict[str, str]:
    return map_columns(header, ATTRIBUTES, own).by_name


def problems(*header: str, own: Mapping[str, str] | None = None) -> str:
    with pytest.raises(InputError) as caught:
        map_columns(header, ATTRIBUTES, own)
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["current_role", "Current Role", "CURRENT-ROLE", " Job   title", "Job_Title", "position"],
)
def test_case_spaces_and_punctuation_of_a_column_do_not_matter(name: str) -> None:
    assert by_name("id", name) == {name: "current_role"}


def test_an_attribute_has_a_name_a_label_and_other_columns() -> None:
    for attribute in ATTRIBUTES.values():
        for name in (attribute.id, attribute.label, *attribute.columns):
            assert by_name(name) == {name: attribute.id}


@pytest.mark.parametrize(
    ("header", "own", "read"),
    [
        (["id", "Funktion"], {"Funktion": "current_role"}, {"Funktion": "current_role"}),
        (["role", "position"], {"position": "current_role"}, {"position": "current_role"}),
        (["Job Title", "Role", "Post"], {"Role": "current_role"}, {"Role": "current_role"}),
        (["role", "experience"], {"experience": ""}, {"role": "current_role"}),
    ],
)
def test_the_users_mapping_has_precedence(
    header: list[str], own: dict[str, str], read: dict[str, str]
) -> None:
    assert by_name(*header, **own) == read


def test_the_clearest_heading_is_read() -> None:
    header = ["What is your job title?", "Position", "current_role"]

    assert by_name(*header) == {"current_role": "current_role"}
    assert by_name(*header[:2]) == {"Position": "current_role"}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["Job Title", "headcount", "Position"], "columns 'Job Title' and 'Position' both"),
        (["Job Title", "Role", "Position"], "columns 'Job Title', 'Role' and 'Position' all"),
    ],
)
def test_equally_clear_headings_are_a_problem(header: list[str], said: str) -> None:
    assert problems(*header) == (
        f"{said} hold current_role. Say which one to use: --map 'Position=current_role'."
    )


def test_a_file_without_a_known_column_is_refused() -> None:
    said = problems("foo", "bar")

    assert said.startswith("none of the columns is one we recognize. The file has 'foo', 'bar'.")
    assert all(name in said for name in ATTRIBUTES)


def test_every_problem_of_the_users_mapping_is_reported() -> None:
    said = problems(
        "Title", "Gender", own={"Titel": "current_role", "Title": "rôle", "Gender": "job_search"}
    )

    assert said.splitlines() == [
        "--map: there is no column 'Titel'. Did you mean 'Title'?",
        "--map: unknown attribute 'rôle'. " + did_you_mean("rôle", ATTRIBUTES),
        "--map: column 'Gender' is never read. It looks like age, sex, origin, health, family or belief.",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Age", "age_group", "Date of birth", "DateOfBirth", "DOB", "sex", "Gender (m/f/d)", "Nationality",
        "ethnicity", "country of origin", "Health status", "Disability", "marital-status", "Family",
        "Religion", "belief", "Sick days", "Age (organisation_size)",
    ],
)  # fmt: skip
def test_a_protected_column_is_named_and_never_read(name: str) -> None:
    columns = map_columns(["role", name], ATTRIBUTES)

    assert columns.protected == (name,)
    assert columns.by_name == {"role": "current_role"}


def test_no_attribute_looks_protected() -> None:
    names = [n for a in ATTRIBUTES.values() for n in (a.id, a.label, *a.columns)]

    assert [name for name in names if is_protected(name)] == []


def test_a_row_has_all_its_bad_cells_and_notes() -> None:
    reader = RowReader(
        map_columns(["id", "title", "size", "headcount", "wants"], ATTRIBUTES), ATTRIBUTES
    )

    read = reader.read(["7", "Head of PMO", "x", "plenty", "fame"])

    assert [(bad.column, bad.value) for bad in read.bad] == [
        ("wants", "fame"),
        ("headcount", "plenty"),
    ]
    assert read.notes == ('current_role: "Head of PMO" read as PMO director',)


def test_each_attribute_of_a_header_is_counted_once() -> None:
    header = ["Job title", "Position", "What is your job title?", "Age"]

    assert count_recognized(header, ATTRIBUTES) == 1
