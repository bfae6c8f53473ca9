"""`fourways audit results`: a file is compared with what the rules produce."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.batch.contract import RESULT_COLUMNS
from fourways.cli import main

PEOPLE = """\
id,title,wishes,size,headcount,P&L
=a,PMO Analyst,stay,x,40,
b,"Head
of PMO",promotion;breadth,-,8,keen
c,@project manager,,,,
c,other,none,,,
"""


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["audit", "results", *map(str, arguments)])


@pytest.fixture
def results(tmp_path: Path) -> Path:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(PEOPLE)
    done = CliRunner().invoke(main, ["batch", str(source), "-o", str(out)])
    assert done.exit_code == 0, done.output
    return out


@pytest.fixture
def altered(results: Path) -> Callable[[int, str, str], Path]:
    """Changes a cell of a row, counted from 1."""

    def change(row: int, column: str, text: str) -> Path:
        with results.open(newline="") as file:
            lines = list(csv.reader(file))
        lines[row][lines[0].index(column)] = text
        with results.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
        return results

    return change


@pytest.mark.parametrize("row", [1, 2, 3, 4])
def test_an_unchanged_row_matches(results: Path, row: int) -> None:
    result = call(results, "--row", str(row))

    assert result.exit_code == 0
    assert f"Row {row} matches" in result.stdout


def test_the_justification_tree_is_shown_with_its_statements(results: Path) -> None:
    shown = call(results, "--row", "1").stdout

    assert "stay.wish" in shown
    assert "SC.p1.s1" in shown
    assert "Rules: unchanged since this file was written" in shown


@pytest.mark.parametrize("column", RESULT_COLUMNS)
def test_a_changed_result_is_shown_with_both_texts(
    altered: Callable[[int, str, str], Path], column: str
) -> None:
    result = call(altered(2, column, "forged"), "--row", "2")

    assert result.exit_code == 1
    shown = result.stdout.split("Row 2 (line 3) differs:\n")[1].splitlines()
    assert shown[:2] == [f"  {column}", "    file     forged"]
    assert shown[2].startswith("    derived  ")
    assert len(shown) == 3


def test_a_changed_input_shows_in_the_results(
    altered: Callable[[int, str, str], Path],
) -> None:
    result = call(altered(1, "wishes", "promotion"), "--row", "1")

    assert result.exit_code == 1
    assert "    file     stay\n    derived  move_up\n" in result.stdout


def test_an_invalid_input_cannot_be_decided(
    altered: Callable[[int, str, str], Path],
) -> None:
    result = call(altered(1, "wishes", "fame"), "--row", "1")

    assert result.exit_code == 1
    assert "can't be decided:\n  wishes: \"fame\" isn't a valid aspirations." in result.stdout


def test_a_row_is_found_by_its_neutralized_id(results: Path) -> None:
    assert "Row 1 matches" in call(results, "--id", "=a").stdout


def test_a_row_is_found_by_another_column(results: Path) -> None:
    assert "Row 2 matches" in call(results, "--id", "8", "--id-column", "headcount").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--id", "z"], "no row has 'z' in column 'id'."),
        (["--id", "c"], "2 rows have 'c' in column 'id': 3, 4. Name one with --row."),
        (["--id", "c", "--id-column", "idd"], "has no column 'idd'. Did you mean 'id'?"),
        (["--row", "5"], "has no row 5. Its rows are 1 to 4."),
        ([], "which row? Use --row N, --id VALUE or --all."),
        (["--row", "1", "--all"], "which row?"),
        (["--row", "1", "--id-column", "id"], "--id-column needs --id"),
    ],
)
def test_an_ambiguous_row_is_explained(results: Path, arguments: list[str], message: str) -> None:
    result = call(results, *arguments)

    assert result.exit_code == 2
    assert message in result.stderr


def test_all_rows_of_an_unchanged_file_match(results: Path) -> None:
    result = call(results, "--all")

    assert result.exit_code == 0
    assert result.stdout.endswith("4 of 4 rows match.\n")


def test_the_rows_that_differ_are_shown(altered: Callable[[int, str, str], Path]) -> None:
    result = call(altered(3, "certainty", "0.99"), "--all")

    assert result.exit_code == 1
    assert "Row 3 (line 5) differs:\n  certainty\n    file     0.99\n" in result.stdout
    assert "3 of 4 rows match.\n" in result.stdout


def test_a_removed_row_is_noticed(results: Path) -> None:
    lines = results.read_text().splitlines(keepends=True)
    results.write_text("".join(lines[:-1]))

    result = call(results, "--all")

    assert result.exit_code == 1
    assert "3 of 3 rows match.\nThe file has been altered since it was written" in result.stdout


def test_changed_rules_are_reported(results: Path) -> None:
    path = results.with_name("out.manifest.json")
    told = json.loads(path.read_text())
    told["rule_base"]["sha256"] = "0" * 64
    path.write_text(json.dumps(told))

    assert (
        "Rules: changed since this file was written.\n  Their digest was 000000000000"
        in call(results, "--row", "1").stdout
    )


def test_columns_are_read_as_the_manifest_says(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,Funktion,position\n1,PMO Manager,left\n")
    CliRunner().invoke(
        main, ["batch", str(source), "-o", str(out), "--map", "Funktion=current_role"]
    )

    assert call(out, "--row", "1").exit_code == 0


def test_without_a_manifest_columns_are_found_by_their_names(results: Path) -> None:
    results.with_name("out.manifest.json").unlink()

    result = call(results, "--row", "2")

    assert result.exit_code == 0
    assert "There is no manifest beside the file" in result.stdout


def test_an_invalid_manifest_is_refused(results: Path) -> None:
    results.with_name("out.manifest.json").write_text("[1]")

    result = call(results, "--row", "1")

    assert result.exit_code == 2
    assert "out.manifest.json:1:1: this is no manifest." in result.stderr


def test_a_file_without_result_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(PEOPLE)

    result = call(path, "--row", "1")

    assert result.exit_code == 2
    assert "this isn't a results file: it has no column recommendation, certainty" in result.stderr


def test_results_may_follow_a_column_of_the_same_name(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,notes,title\n1,mine,Head of PMO\n")
    CliRunner().invoke(main, ["batch", str(source), "-o", str(out)])

    assert "1 of 1 rows match." in call(out, "--all").stdout
