"""Which column holds which attribute."""

from collections.abc import Mapping

import pytest

from fourways.answers.columns import RowReader, is_protected, map_columns
from fourways.errors import InputError
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
def test_a_column_is_known_whatever_its_case_spaces_and_punctuation(name: str) -> None:
    assert by_name("id", name) == {name: "current_role"}


def test_every_attribute_is_known_by_its_name_its_label_and_its_other_columns() -> None:
    for attribute in ATTRIBUTES.values():
        for name in (attribute.id, attribute.label, *attribute.columns):
            assert by_name(name) == {name: attribute.id}


def test_the_user_can_say_what_a_column_holds() -> None:
    assert by_name("id", "Funktion", Funktion="current_role") == {"Funktion": "current_role"}


def test_the_users_word_settles_which_of_two_columns_counts() -> None:
    found = by_name("role", "position", position="current_role")

    assert found == {"position": "current_role"}


def test_the_user_can_leave_a_column_unread() -> None:
    assert by_name("role", "experience", experience="") == {"role": "current_role"}


def test_two_columns_for_one_attribute_are_a_problem() -> None:
    assert (
        problems("Job Title", "headcount", "Position")
        == "columns 'Job Title' and 'Position' both hold current_role. "
        "Say which one counts: --map 'Position=current_role'."
    )


def test_a_file_without_any_known_column_is_told_what_it_has_and_what_was_looked_for() -> None:
    said = problems("foo", "bar")

    assert "The file has 'foo', 'bar'." in said
    assert all(name in said for name in ATTRIBUTES)


def test_all_that_is_wrong_with_the_users_words_is_said_at_once() -> None:
    said = problems(
        "Title", "Gender", own={"Titel": "current_role", "Title": "rôle", "Gender": "job_search"}
    )

    assert said.splitlines() == [
        "--map: there is no column 'Titel'. Did you mean 'Title'?",
        "--map: unknown attribute 'rôle'. Use "
        + " or ".join(", ".join(ATTRIBUTES).rsplit(", ", 1))
        + ".",
        "--map: column 'Gender' is never read. It looks like age, sex, origin, health, family or belief.",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Age", "age_group", "Date of birth", "DateOfBirth", "DOB", "sex", "Gender (m/f/d)", "Nationality",
        "ethnicity", "country of origin", "Health status", "Disability", "marital-status", "Family",
        "Religion", "belief", "Sick days",
    ],
)  # fmt: skip
def test_a_column_about_what_no_rule_may_read_is_named_and_never_read(name: str) -> None:
    columns = map_columns(["role", name], ATTRIBUTES)

    assert columns.protected == (name,)
    assert columns.by_name == {"role": "current_role"}


@pytest.mark.parametrize(
    "name", ["page", "Manager", "average", "Project stage", "language", "Essex office"]
)
def test_a_name_that_only_contains_such_a_word_is_not_taken_for_one(name: str) -> None:
    assert not is_protected(name)


def test_no_attribute_and_no_column_name_of_one_looks_protected() -> None:
    names = [n for a in ATTRIBUTES.values() for n in (a.id, a.label, *a.columns)]

    assert [name for name in names if is_protected(name)] == []


def test_a_row_tells_all_its_bad_cells_and_keeps_what_was_inferred() -> None:
    reader = RowReader(
        map_columns(["id", "title", "size", "headcount", "wants"], ATTRIBUTES), ATTRIBUTES
    )

    read = reader.read(["7", "Head of PMO", "x", "plenty", "fame"])

    assert [(bad.column, bad.value) for bad in read.bad] == [
        ("wants", "fame"),
        ("headcount", "plenty"),
    ]
    assert read.notes == ("current_role: 'Head of PMO' taken as PMO director",)


def test_a_number_with_thousands_of_digits_is_no_headcount() -> None:
    reader = RowReader(map_columns(["headcount"], ATTRIBUTES), ATTRIBUTES)

    assert len(reader.read(["9" * 5000]).bad) == 1
