"""`fourways rules diff --on`: long lists are cut short, and say so; JSON and --all have everybody."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main
from fourways.cli.rules.diff import MOST_SHOWN

MANY = MOST_SHOWN + 12


@pytest.fixture
def house(tmp_path: Path) -> Path:
    rules = tmp_path / "house" / "rules"
    rules.mkdir(parents=True)
    (rules / "house.yaml").write_text(
        "- {id: house.out, title: Out, when: {aspirations: {includes: promotion}},\n"
        "   then: {path: move_out, certainty: certainly}, because: so it is, house: true}\n"
        "- {id: house.up, title: Up, when: {aspirations: {includes: promotion}},\n"
        "   then: {against: move_up, certainty: may}, because: so it is, house: true}\n"
    )
    return tmp_path / "house"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    rows = "".join(f"P{n:03},promotion\n" for n in range(MANY))
    file.write_text(f"name,aspirations\n{rows}")
    return file


def diff(*words: object) -> Result:
    return CliRunner().invoke(main, ["rules", "diff", "built-in", *map(str, words)])


def test_a_long_list_ends_with_how_many_more_there_are(house: Path, people: Path) -> None:
    shown = diff(house, "--on", people).stdout

    assert f"Another way first: {MANY} of {MANY}." in shown
    assert f"P{MOST_SHOWN - 1:03}" in shown
    assert f"P{MOST_SHOWN:03}" not in shown
    assert "and 12 more; --all lists them" in shown


def test_all_of_them_are_listed_when_asked(house: Path, people: Path) -> None:
    shown = diff(house, "--on", people, "--all").stdout

    assert f"P{MANY - 1:03}" in shown
    assert "more; --all" not in shown


def test_json_has_everybody(house: Path, people: Path) -> None:
    result = diff(house, "--on", people, "--format", "json")

    assert len(json.loads(result.stdout)["people"]["changed"]) == MANY


def test_all_without_a_file_is_refused(house: Path) -> None:
    result = diff(house, "--all")

    assert result.exit_code == 2
    assert "--all lists the people of a file. Name it with --on." in result.stderr
