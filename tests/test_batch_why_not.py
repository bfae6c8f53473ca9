"""`fourways batch --why-not`: what the paths lack that did not come out, row by row."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engines import on_built_in
from fourways.batch import Settings, run
from fourways.batch.contract import ALL_COLUMNS, RESULT_COLUMNS, input_width, results_among
from fourways.cli import main
from fourways.engines.reference import ReferenceEngine
from fourways.errors import DisagreementError
from fourways.explain.repairs import Repairs
from fourways.explain.whynot import why_not_cell
from fourways.model.base import RuleBase
from fourways.rulebase import load_builtin
from random_profiles import frame_of, random_profiles

BASE = load_builtin()
ROOT = Path(__file__).parents[1]
PEOPLE = "id,role,wishes,size\n7,pmo_analyst,stay,large\n8,project_manager,promotion,\n"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(PEOPLE)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.csv"


def test_the_column_stands_before_the_notes_and_only_where_it_is_asked_for(
    source: Path, out: Path
) -> None:
    assert call("batch", source, "-o", out, "--why-not", "-q").exit_code == 0
    assert [*read(out)[0]][4:] == [*RESULT_COLUMNS[:-1], "why_not", "notes"]

    assert call("batch", source, "-o", out, "--force", "-q").exit_code == 0
    assert [*read(out)[0]][4:] == [*RESULT_COLUMNS]


def test_each_row_says_what_a_single_decision_says(out: Path) -> None:
    profiles = random_profiles(BASE, 300, seed=51)
    text = io.StringIO()
    frame_of(profiles, BASE).with_row_index("id").write_csv(text)
    judge = on_built_in("experta")

    settings = Settings(out, verify=5, why_not=True)
    report = run(io.BytesIO(text.getvalue().encode()), "in.csv", settings, BASE, judge)

    repairs = Repairs(BASE)
    expected = [why_not_cell(profile, repairs) for profile in profiles]
    assert [row["why_not"] for row in read(out)] == expected
    assert report.verified == 5


def test_the_nearest_rule_is_named_with_what_it_lacks(source: Path, out: Path) -> None:
    call("batch", source, "-o", out, "--why-not", "-q")

    stays, climbs = read(out)
    assert "stay.wish needs aspirations to include stay (failed)" in climbs["why_not"]
    assert "move_to_the_line: line.wish needs aspirations to include" in stays["why_not"]


def test_the_readme_shows_a_cell_of_the_example(out: Path) -> None:
    call("batch", ROOT / "examples" / "people.csv", "-o", out, "--why-not", "-q")

    (cell,) = [row["why_not"] for row in read(out) if row["id"] == "P-13"]
    assert f"For P-13 of the example it is\n`{cell}`" in (ROOT / "README.md").read_text()


def test_an_audit_derives_the_column_again(source: Path, out: Path) -> None:
    call("batch", source, "-o", out, "--why-not", "-q")

    assert call("audit", "results", out, "--all").exit_code == 0


def test_an_audit_tells_where_the_column_was_changed(source: Path, out: Path) -> None:
    call("batch", source, "-o", out, "--why-not", "-q")
    first, second = read(out)
    write(out, [first, {**second, "why_not": "stay: nothing more can speak for it"}])

    result = call("audit", "results", out, "--row", "2")

    assert result.exit_code == 1
    told = result.stdout.split("differs:\n")[1].splitlines()
    assert told[:2] == ["  why_not", "    file     stay: nothing more can speak for it"]


def test_rows_with_the_column_go_on_record_and_are_explained(source: Path, out: Path) -> None:
    recorded = call("batch", source, "-o", out, "--why-not", "--record-rows")
    assert "with 2 rows" in recorded.stdout

    shown = call("explain", "why-not", "stay", "--results", out, "--row", "2")
    assert shown.exit_code == 0


RULES = """
- {{id: a, title: A, when: {{ready: {{is: true}}}}, then: {{path: alpha, certainty: c40}},
   because: so, house: true}}
- {{id: {name}, title: B, when: {{wants: {{includes: x}}}}, then: {{path: beta, certainty: c40}},
   because: so, house: true}}
- {{id: go, title: Go, when: always, then: {{action: Go.}}, house: true}}
"""


def test_a_difference_in_the_column_alone_stops_the_run(
    small_base: Callable[[str], RuleBase], out: Path
) -> None:
    # The rules differ in the name of one that does not fire: in nothing but this column.
    base = small_base(RULES.format(name="b"))
    judge = ReferenceEngine(small_base(RULES.format(name="other")))
    people = b"id,ready\n1,yes\n"

    run(io.BytesIO(people), "in.csv", Settings(out), base, judge)
    out.unlink()
    with pytest.raises(DisagreementError, match="why_not is 'beta: b needs wants to include x"):
        run(io.BytesIO(people), "in.csv", Settings(out, why_not=True), base, judge)
    assert not out.exists()


def test_a_column_of_that_name_in_the_file_is_kept(tmp_path: Path, out: Path) -> None:
    source = tmp_path / "named.csv"
    source.write_text("role,why_not\npmo_analyst,mine\n")

    call("batch", source, "-o", out, "--why-not", "-q")

    (row,) = read(out)
    assert row["why_not"] == "mine"
    assert row["fourways_why_not"].startswith("move_out: ")
    assert call("audit", "results", out, "--all").exit_code == 0


def test_results_are_known_with_the_column_and_without() -> None:
    assert results_among(("role", *ALL_COLUMNS)) == ALL_COLUMNS
    assert results_among(("why_not", *RESULT_COLUMNS)) == RESULT_COLUMNS
    assert input_width(("role", "why_not", *ALL_COLUMNS)) == 2


def test_spark_says_that_it_has_no_such_column(source: Path, out: Path) -> None:
    result = call("batch", source, "-o", out, "--engine", "spark", "--master", "x", "--why-not")

    assert result.exit_code == 2
    assert "--why-not does not go with --engine spark" in result.stderr
