"""`advise --record`, `batch` and `audit` on the ledger, as they are called."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "people.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOURWAYS_LEDGER", str(tmp_path / "ledger"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def call(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)


def advise(subject: str, *more: str) -> Result:
    return call("advise", "--set", "current_role=pmo_analyst", "--set", "aspirations=promotion",
                "--record", "--subject", subject, *more)  # fmt: skip


# ------------------------------------------------------------------ recording


def test_advise_records_what_it_says() -> None:
    result = advise("emp7")

    assert result.exit_code == 0
    assert result.stderr == "Saved as record 1.\n"
    shown = call("audit", "show", 1).stdout
    assert "About: emp7" in shown
    assert "current_role: pmo_analyst" in shown
    assert "1. intro.no_dead_end [S0.p1.s1, S0.p1.s3, S0.p1.s4]" in shown
    case = json.loads(call("audit", "show", 1, "--format", "json").stdout)["personal"]["case"]
    assert case["subject"] == "emp7"


def test_advise_records_nothing_unless_asked(folder: Path) -> None:
    call("advise", "--set", "current_role=pmo_analyst")
    result = call("advise", "--set", "current_role=pmo_analyst", "--subject", "x")

    assert result.exit_code == 2
    assert "--record" in result.stderr
    assert not (folder / "ledger").exists()


def test_without_a_writable_ledger_there_is_no_advice(folder: Path) -> None:
    (folder / "ledger").mkdir()
    result = advise("emp7")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.endswith("ledger is a folder. Name a file in it.\n")


def test_a_batch_run_is_recorded_with_its_manifest_and_people(folder: Path) -> None:
    options = ("--record-rows", "--subject-column", "id")
    ran = call("batch", EXAMPLE, "-o", folder / "out.csv", *options)

    assert ran.stdout.endswith("On record as 1, with 22 rows.\n")
    assert '"profiles"' in call("audit", "show", 1).stdout
    assert len(call("audit", "list", "--kind", "batch_row").stdout.splitlines()) == 22
    assert "About: P-09" in call("audit", "show", 10).stdout
    assert "22 of 22 decisions are the same" in call("audit", "replay", "--all").stdout
    assert call("audit", "verify").exit_code == 0


def test_a_ledger_that_cannot_be_written_is_found_before_the_run(folder: Path) -> None:
    (folder / "ledger").mkdir()
    out = folder / "out"
    out.mkdir()
    result = call("batch", EXAMPLE, "-o", out / "out.csv")

    assert result.exit_code == 2
    assert result.stderr.endswith("ledger is a folder. Name a file in it.\n")
    assert not list(out.iterdir())
    assert call("batch", EXAMPLE, "-o", out / "out.csv", "--no-record").exit_code == 0


def test_a_run_that_cannot_be_recorded_says_so_and_records_nothing(folder: Path) -> None:
    advise("emp7")
    options = ("--record-rows", "--subject-column", "nope")
    result = call("batch", EXAMPLE, "-o", folder / "out.csv", "-q", *options)

    assert result.exit_code == 2
    assert "nope" in result.stderr
    assert "On record" not in result.output
    assert len(call("audit", "list").stdout.splitlines()) == 1


# ------------------------------------------------------------------ reading


def test_list_has_one_line_per_record() -> None:
    advise("emp7")
    advise("emp8")

    lines = call("audit", "list").stdout.splitlines()
    assert [line.split()[2:4] for line in lines] == [["advise", "emp7"], ["advise", "emp8"]]
    assert len(call("audit", "list", "--subject", "emp8").stdout.splitlines()) == 1
    assert len(call("audit", "list", "--path", "move_up").stdout.splitlines()) == 2
    assert call("audit", "list", "--until", "2020-01-01").stdout == ""
    assert len(call("audit", "rule", "up.wish").stdout.splitlines()) == 2
    nothing = call("audit", "list", "--path", "move_out")
    assert (nothing.exit_code, nothing.stdout) == (0, "")


def test_decisions_without_a_path_are_found(tmp_path: Path) -> None:
    call("rules", "init", tmp_path / "own")
    file = tmp_path / "own" / "knowledge" / "certainty.yaml"
    text = file.read_text()
    file.write_text(text.replace("cutoff: 0.20", "cutoff: 0.95"))
    assert file.read_text() != text
    done = call("advise", "--set", "current_role=other", "--record", "--knowledge", file.parent)
    assert done.exit_code == 0, done.output

    assert call("audit", "list", "--path", "none").stdout.split()[0] == "1"


def test_a_name_is_found_however_its_accents_are_encoded() -> None:
    advise("Rene\u0301")

    assert call("audit", "list", "--subject", "Ren\u00e9").stdout.split()[0] == "1"
    assert "1 record" in call("audit", "erase", "Ren\u00e9", "--yes").stdout


def test_replay_gives_the_same_result() -> None:
    advise("emp7")

    replayed = call("audit", "replay", 1).stdout
    assert replayed == "Record 1: replay gives the same result, byte for byte.\n"
    assert "1 of 1 decisions are the same" in call("audit", "replay", "--all").stdout


def test_an_export_can_be_checked_without_fourways() -> None:
    advise("emp7")
    record, rules = map(json.loads, call("audit", "export").stdout.splitlines())

    def text(value: object) -> bytes:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    assert sha256(text(record["record"])).hexdigest() == record["hash"]
    case = record["personal"]["case"]
    committed = sha256(bytes.fromhex(case["salt"]) + text(case["content"])).hexdigest()
    assert committed == record["record"]["commitments"]["case"]
    assert rules["rule_base"] == record["record"]["rule_base"]


def test_a_report_tells_a_person_what_is_held_and_why(folder: Path) -> None:
    advise("emp7")
    report = call("audit", "export", "--subject", "emp7", "-o", folder / "report.txt")

    assert report.exit_code == 0
    text = (folder / "report.txt").read_text()
    assert text.startswith("We hold 1 record about 'emp7'.\n\nIt is kept so that")
    assert "aspirations: promotion" in text
    assert "S1.p1.s1" in text


def test_an_erased_person_is_gone_from_list_export_and_file(folder: Path) -> None:
    advise("emp7")
    advise("emp8")
    assert call("audit", "erase", "emp7", stdin="n\n").exit_code == 1
    erased = call("audit", "erase", "emp7", "--yes")

    assert erased.exit_code == 0
    assert "Record 3 says so without naming anybody." in erased.stdout
    assert "emp7" not in call("audit", "list").stdout
    assert "emp7" not in call("audit", "export").stdout
    assert b"emp7" not in (folder / "ledger").read_bytes()
    assert call("audit", "verify").exit_code == 0
    assert call("audit", "erase", "emp7", "--yes").exit_code == 2


# ------------------------------------------------------------------ verifying


def edit(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "ledger")) as connection:
        connection.executescript(statement)
        connection.commit()


def test_tampering_is_reported_with_the_first_bad_record(folder: Path) -> None:
    for subject in ("a", "b", "c"):
        advise(subject)
    edit(folder, "UPDATE ledger_records SET content = content || ' ' WHERE number = 2")

    result = call("audit", "verify")
    assert result.exit_code == 1
    assert result.stdout == (
        "The ledger was tampered with (edited).\n"
        "First bad record: 2. Record 2 was changed: its text doesn't match its hash.\n"
        "Intact up to there: 1 record.\n"
    )
    assert call("audit", "show", 2).exit_code == 2


def test_a_damaged_record_does_not_hide_the_others(folder: Path) -> None:
    advise("emp7")
    advise("emp8")
    edit(folder, "UPDATE ledger_personal SET content = replace(content, 'analyst', 'other') "
                 "WHERE number = 1")  # fmt: skip

    listed, replayed = call("audit", "list"), call("audit", "replay", "--all")

    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["1", "2"]
    assert "damaged" in listed.stdout.splitlines()[0]
    assert "Record 1 is damaged.\n1 of 1 decisions are the same" in replayed.stdout
    assert (listed.exit_code, replayed.exit_code) == (1, 1)


def test_a_ledger_is_verified_against_a_signed_checkpoint(folder: Path) -> None:
    advise("emp7")
    assert call("audit", "keygen", "-o", folder / "my.key").exit_code == 0
    file = folder / "point.json"
    made = call("audit", "checkpoint", "-o", file, "--key", folder / "my.key")
    assert "1 record, signed by" in made.stdout

    options = ("--checkpoint", file, "--public-key", folder / "my.pub")
    verified = call("audit", "verify", *options)
    assert verified.exit_code == 0
    assert "It fits the checkpoint" in verified.stdout

    edit(folder, "DELETE FROM ledger_personal; DELETE FROM ledger_records;")
    cut = call("audit", "verify", *options)
    assert cut.exit_code == 1
    assert "truncated" in cut.stdout


def test_a_key_is_private_and_never_overwritten(folder: Path) -> None:
    call("audit", "keygen", "-o", folder / "my.key")
    again = call("audit", "keygen", "-o", folder / "my.key")

    assert (folder / "my.key").stat().st_mode & 0o777 == 0o600
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_your_own_key_is_used_by_default() -> None:
    advise("emp7")
    call("audit", "keygen")

    assert json.loads(call("audit", "checkpoint").stdout)["signature"]
    assert call("audit", "verify").exit_code == 0


def test_a_checkpoint_is_not_overwritten_unless_asked(folder: Path) -> None:
    advise("emp7")
    file = folder / "point.json"
    assert call("audit", "checkpoint", "-o", file).exit_code == 0
    before = file.read_bytes()

    again = call("audit", "checkpoint", "-o", file)

    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert file.read_bytes() == before
    assert call("audit", "show", 3).exit_code == 2  # it wasn't recorded either
    assert call("audit", "checkpoint", "-o", file, "--force").exit_code == 0


# ------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", 10**30), "Its records are 1 to 1."),
        (("replay", 2**63), "Its records are 1 to 1."),
        (("replay",), "which record? Give its number, or --all."),
        (("erase", "--record", 10**30, "--yes"), "has no personal data"),
        (("erase", "--yes"), "who? Give a SUBJECT, or --record ID."),
        (("list", "--until", "9999-12-31"), "out of range"),
        (("list", "--since", "0001-01-01T00:00+14:00"), "out of range"),
        (("list", "--since", "soon"), "'soon' isn't a time"),
        (("list", "--kind", "asked"), "is not one of"),
        (("list", "--path", "move_ot"), "Did you mean 'move_out'"),
        (("rule", "up.defalt"), "Did you mean 'up.default'"),
        (("export", "--format", "text"), "Name them with --subject"),
        (("verify", "--checkpoint", "/dev/zero"), "/dev/zero isn't a checkpoint"),
    ],
)
def test_a_mistake_is_explained(arguments: tuple[object, ...], message: str) -> None:
    advise("emp7")
    result = call("audit", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize("count", [-5, 0, float("inf")])
def test_a_checkpoint_with_an_impossible_count_is_refused(folder: Path, count: float) -> None:
    advise("emp7")
    file = folder / "point.json"
    call("audit", "checkpoint", "-o", file)
    content = json.loads(file.read_text())
    content["statement"]["count"] = count
    file.write_text(json.dumps(content))

    assert call("audit", "verify", "--checkpoint", file).exit_code == 2


@pytest.mark.parametrize("command", [("export",), ("checkpoint", "--force")])
def test_the_ledger_itself_is_not_overwritten(folder: Path, command: tuple[str, ...]) -> None:
    advise("emp7")
    before = (folder / "ledger").read_bytes()

    result = call("audit", *command, "-o", folder / "ledger")

    assert result.exit_code == 2
    assert (folder / "ledger").read_bytes() == before


@pytest.mark.parametrize(
    "command", ["list", "show 1", "replay --all", "export", "erase x --yes", "verify", "checkpoint"]
)
def test_a_missing_ledger_is_reported_and_not_created(command: str, folder: Path) -> None:
    result = call("audit", *command.split())

    assert result.exit_code == 2
    assert "there is no ledger in" in result.stderr
    assert not (folder / "ledger").exists()
