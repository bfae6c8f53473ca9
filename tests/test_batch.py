"""A file of people becomes results, rejects and a manifest: all of it, or nothing."""

import csv
import hashlib
import io
import json
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engines import on_built_in
from fourways.batch import Report, Settings, run
from fourways.batch.contract import (
    NOT_ENOUGH,
    RESULT_COLUMNS,
    input_width,
    neutralised,
    plain,
    result_columns,
    texts,
)
from fourways.batch.outputs import check_places
from fourways.batch.run import output_paths
from fourways.engines.reference import ReferenceEngine
from fourways.errors import DisagreementError, InputError, OutputError
from fourways.explain import wording
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin

BASE = load_builtin()
HEADER = "id,current_role,aspirations,organisation_size\n"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.csv"


def batch(data: str | bytes, out: Path, verify: int | None = 50, **columns: str) -> Report:
    raw = data if isinstance(data, bytes) else data.encode()
    judge = on_built_in("experta")
    return run(io.BytesIO(raw), "in.csv", Settings(out, columns, verify), BASE, judge)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def rejects(out: Path) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in read(out.with_name("out.rejects.csv"))]


def manifest(out: Path) -> dict[str, dict[str, object]]:
    return dict(json.loads(out.with_name("out.manifest.json").read_text()))


def test_each_row_gets_its_input_columns_and_the_results_behind_them(out: Path) -> None:
    batch(HEADER + "7,pmo_analyst,stay,large\n", out)

    (row,) = read(out)
    assert list(row) == ["id", "current_role", "aspirations", "organisation_size", *RESULT_COLUMNS]
    assert [row["id"], row["current_role"]] == ["7", "pmo_analyst"]
    assert (row["recommendation"], row["certainty"]) == ("stay", "0.80")
    assert row["ranking"].startswith("stay:0.80;")
    assert row["targets"].startswith("stay:now:same_post;")


def test_the_rules_stand_in_their_order_of_firing(out: Path) -> None:
    batch(HEADER + "7,pmo_analyst,stay,large\n", out)

    profile = Profile(
        {
            "current_role": "pmo_analyst",
            "aspirations": frozenset({"stay"}),
            "organisation_size": "large",
        }
    )
    trace = on_built_in("experta").decide(profile).trace
    assert read(out)[0]["rules"].split(";") == [firing.rule.id for firing in trace]


def test_a_bad_row_goes_to_the_rejects_and_the_others_are_served(out: Path) -> None:
    report = batch(
        HEADER + "1,pmo_analyst,stay,40\n2,pmo_analyst,fame,huge\n3,pmo_analyst,,\n", out
    )

    assert [row["id"] for row in read(out)] == ["1", "3"]
    assert [(line, column, value) for line, column, value, *_ in rejects(out)] == [
        ("3", "aspirations", "fame"),
        ("3", "organisation_size", "huge"),
    ]
    assert (report.counts.records, report.counts.results, report.counts.rejects) == (3, 2, 1)


def test_a_damaged_record_goes_to_the_rejects_with_its_line(out: Path) -> None:
    batch(HEADER + '1,"pmo_analyst,stay,40\n2,pmo_analyst,stay,40\n3,x\n', out)

    assert [row["id"] for row in read(out)] == ["2"]
    assert [(line, problem) for line, _, _, problem, _ in rejects(out)] == [
        ("2", "a quote is opened and not closed"),
        ("4", "too few fields: 2 where the header has 4"),
    ]


def test_without_rejects_their_file_has_its_header_only(out: Path) -> None:
    batch(HEADER + "1,pmo_analyst,stay,40\n", out)

    text = out.with_name("out.rejects.csv").read_text()
    assert text == "line,column,value,problem,suggestion\n"


def test_a_person_of_whom_nothing_is_known_is_answered_with_what_could_be_known(
    small_base: Callable[[str], RuleBase],
) -> None:
    base = small_base("")
    none = texts(ReferenceEngine(base).decide(Profile()))

    assert none[:3] == ("", "", "")
    labels = [base.attributes[name].label for name in base.key_attributes]
    assert none[5].startswith(wording.NOT_ENOUGH)
    assert none[5].endswith(f": {', '.join(labels)}.")


def test_too_little_to_go_on_leaves_no_recommendation_but_a_note(out: Path) -> None:
    batch(HEADER + "1,,,\n2,Astronaut,,\n3,pmo_analyst,,\n", out)

    none, noted, known = read(out)
    assert [row["recommendation"] for row in (none, noted, known)] == ["", "", "move_up"]
    assert none["notes"] == NOT_ENOUGH
    assert noted["notes"].startswith('current_role: "Astronaut"')
    assert noted["notes"].endswith(f"; {NOT_ENOUGH}")
    assert known["notes"] == ""


def test_what_was_inferred_is_noted(out: Path) -> None:
    batch(HEADER + "1,Head of PMO,stay,40\n", out)

    assert read(out)[0]["notes"] == 'current_role: "Head of PMO" read as PMO director'


def test_equal_profiles_are_decided_once(out: Path) -> None:
    report = batch(HEADER + "".join(f"{n},pmo_analyst,stay,{n % 3 + 1}\n" for n in range(30)), out)

    assert (report.counts.results, report.counts.profiles, report.verified) == (30, 1, 1)


@pytest.mark.parametrize(("verify", "expected"), [(0, 0), (2, 2), (50, 4), (None, 4)])
def test_as_many_profiles_are_verified_as_asked_for(
    out: Path, verify: int | None, expected: int
) -> None:
    data = HEADER + "1,pmo_analyst,,\n2,pmo_manager,,\n3,other,,\n4,pmo_director,,\n"

    assert batch(data, out, verify).verified == expected
    assert manifest(out)["agreement"]["verified"] == expected


@pytest.mark.parametrize("verify", [1, None])
def test_a_second_engine_that_differs_stops_the_run(
    out: Path, small_base: Callable[[str], RuleBase], verify: int | None
) -> None:
    other = ReferenceEngine(small_base(""))
    source = io.BytesIO(f"{HEADER}1,pmo_analyst,stay,40\n".encode())

    with pytest.raises(DisagreementError, match="aspirations=stay, current_role=pmo_analyst"):
        run(source, "in.csv", Settings(out, verify=verify), BASE, other)
    assert list(out.parent.glob("*out*")) == []


def test_the_manifest_says_what_was_read_by_which_rules_and_what_became_of_it(out: Path) -> None:
    data = HEADER.replace("id", "id,Gender") + "1,f,pmo_analyst,stay,40\n2,f,other,fame,40\n"
    batch(data, out)

    told = manifest(out)
    assert told["input"] == {
        "name": "in.csv",
        "sha256": hashlib.sha256(data.encode()).hexdigest(),
        "bytes": len(data),
    }
    assert told["rule_base"]["sha256"] == BASE.digest
    assert told["columns"]["read"] == {
        "current_role": "current_role",
        "aspirations": "aspirations",
        "organisation_size": "organisation_size",
    }
    assert told["columns"]["passed"] == ["id", "Gender"]
    assert told["columns"]["protected"] == ["Gender"]
    counts = told["counts"]
    assert (counts["in"], counts["results"], counts["rejects"]) == (2, 1, 1)
    assert set(told["versions"]) == {"fourways", "python", "experta"}
    results = told["outputs"]["results"]
    assert isinstance(results, dict)
    assert results["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()


def test_the_same_file_gives_the_same_results_byte_for_byte(out: Path, tmp_path: Path) -> None:
    data = HEADER + "1,pmo_analyst,promotion;breadth,40\n2,Head of PMO,,\n"
    batch(data, out)
    batch(data, tmp_path / "again.csv")

    assert out.read_bytes() == (tmp_path / "again.csv").read_bytes()


def test_the_outputs_are_written_as_the_input_was(out: Path) -> None:
    batch("\ufeffid;current_role\r\n1;pmo_analyst\r\n", out)

    text = out.read_bytes().decode()
    assert text.startswith("\ufeffid;current_role;recommendation;")
    assert text.count("\r\n") == text.count("\n") == 2


def test_a_column_with_the_name_of_a_result_is_kept_and_the_result_gets_a_prefix(out: Path) -> None:
    report = batch("notes,current_role\nmine,Head of PMO\n", out)

    (row,) = read(out)
    assert row["notes"] == "mine"
    assert row["fourways_notes"].endswith("read as PMO director")
    assert report.result_columns[-1] == "fourways_notes"


def test_a_file_that_has_the_name_with_the_prefix_as_well_is_refused() -> None:
    with pytest.raises(InputError, match="columns named fourways_notes"):
        result_columns(["notes", "fourways_notes"])


def test_the_input_columns_of_results_are_told_from_the_results() -> None:
    header = ("notes", "role")

    assert input_width((*header, *result_columns(header))) == 2
    assert input_width(("role", *RESULT_COLUMNS)) == 1
    assert input_width(("role", "recommendation")) is None


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]  # noqa: RUF001
HARMLESS = ["", "x", "1", "'", "'x", "a=b", "x\n=1", "''"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert neutralised(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS, "'=1", "''=1", "'''@x"])
def test_what_was_neutralised_can_be_read_back(text: str) -> None:
    assert plain(neutralised(text)) == text


def test_formulas_are_neutralised_wherever_the_input_has_them(out: Path) -> None:
    batch("=id,current_role\n@x,+title\n", out)
    batch_lines = out.read_text().splitlines()
    assert batch_lines[0].startswith("'=id,")
    assert batch_lines[1].startswith("'@x,'+title,")


def test_formulas_are_neutralised_in_the_rejects(out: Path) -> None:
    batch("=id,aspirations\n1,=cmd\n=a,b,c\n", out)

    assert [value for _, _, value, *_ in rejects(out)] == ["'=cmd", "'=a,b,c"]


def test_odd_cells_come_through_unchanged(out: Path) -> None:
    odd = ['say "hi"', "a,b", "x\ny", "x\ry", " spaced ", "😀", "\u202eabc", "'", "None"]
    data = io.StringIO()
    writer = csv.writer(data, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([["text", "current_role"], *([text, "other"] for text in odd)])
    batch(data.getvalue(), out)

    assert [row["text"] for row in read(out)] == odd


def test_a_file_with_a_header_only_leaves_nothing(out: Path) -> None:
    with pytest.raises(InputError, match=r"in.csv:1:1: there is no row below the header"):
        batch(HEADER, out)
    assert list(out.parent.iterdir()) == []


def test_a_column_named_by_the_user_is_read(out: Path) -> None:
    batch("Funktion\nPMO Manager\n", out, Funktion="current_role")

    assert manifest(out)["columns"]["read"] == {"Funktion": "current_role"}


# ---------------------------------------------------------------- whole or not at all


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 100, 5000, 100_000])
def test_a_disk_that_is_full_leaves_nothing(out: Path, size: int) -> None:
    data = HEADER + "1,pmo_analyst,stay,40\n" * 200
    with largest_file(size), pytest.raises(OutputError, match="cannot be written: File too large"):
        batch(data, out)
    assert list(out.parent.iterdir()) == []


def test_an_interruption_leaves_nothing(out: Path) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    source = io.BytesIO((HEADER + "1,pmo_analyst,stay,40\n" * 200).encode())
    with pytest.raises(KeyboardInterrupt):
        run(source, "in.csv", Settings(out), BASE, on_built_in("experta"), interrupted)
    assert list(out.parent.iterdir()) == []


def test_a_run_that_fails_leaves_the_old_results_as_they_are(out: Path) -> None:
    out.write_text("old")
    with pytest.raises(InputError):
        batch(HEADER, out)
    assert [path.name for path in out.parent.iterdir()] == ["out.csv"]
    assert out.read_text() == "old"


def test_outputs_that_exist_are_refused_unless_forced(out: Path) -> None:
    for path in output_paths(out):
        path.touch()

    with pytest.raises(InputError) as caught:
        check_places(output_paths(out), None, force=False)
    assert len(caught.value.problems) == 3
    check_places(output_paths(out), None, force=True)


@pytest.mark.parametrize("name", ["in.csv", "link.csv", "in.rejects.csv"])
def test_the_input_is_never_overwritten(tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    (tmp_path / "in.csv").touch()
    if name == "link.csv":
        os.link(tmp_path / "in.csv", source)
    source.touch()

    with pytest.raises(InputError, match="would overwrite the input"):
        check_places(output_paths(tmp_path / "in.csv"), source, force=True)


def test_an_output_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder .*missing does not exist"):
        check_places(output_paths(tmp_path / "missing" / "out.csv"), None, force=False)


def test_an_output_that_is_a_folder_is_refused_even_when_forced(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(InputError, match="exists and is no file"):
        check_places(output_paths(tmp_path / "out.csv"), None, force=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written: Permission denied"):
        batch(HEADER + "1,pmo_analyst,stay,40\n", folder / "out.csv")
