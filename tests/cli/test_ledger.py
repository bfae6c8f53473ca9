"""`fourways advise --record` and `fourways audit` on the ledger, as they are called."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main
from fourways.errors import InputError
from fourways.ledger.batches import record_run
from fourways.ledger.ledger import Ledger
from fourways.rulebase import load_builtin

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


def test_advise_puts_on_record_what_it_says() -> None:
    result = advise("emp7")

    assert result.exit_code == 0
    assert result.stderr == "Saved as record 1.\n"
    shown = call("audit", "show", 1).stdout
    assert "About: emp7" in shown
    assert "current_role: pmo_analyst" in shown
    assert "1. intro.no_dead_end [S0.p1.s1, S0.p1.s3, S0.p1.s4]" in shown


def test_nothing_is_recorded_unless_asked_for(folder: Path) -> None:
    call("advise", "--set", "current_role=pmo_analyst")

    assert not (folder / "ledger").exists()


def test_what_belongs_to_a_record_needs_one() -> None:
    result = call("advise", "--set", "current_role=pmo_analyst", "--subject", "x")

    assert result.exit_code == 2
    assert "--record" in result.stderr


def test_a_ledger_that_cannot_be_written_to_gives_no_advice_and_no_traceback(folder: Path) -> None:
    (folder / "ledger").mkdir()
    result = advise("emp7")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.endswith("ledger is a folder. Name a file in it.\n")


def test_the_list_is_one_line_a_record() -> None:
    advise("emp7")
    advise("emp8")

    lines = call("audit", "list").stdout.splitlines()
    assert [line.split()[2:4] for line in lines] == [["advise", "emp7"], ["advise", "emp8"]]
    assert len(call("audit", "list", "--subject", "emp8").stdout.splitlines()) == 1
    assert len(call("audit", "list", "--path", "move_up").stdout.splitlines()) == 2
    assert call("audit", "list", "--until", "2020-01-01").stdout == ""
    assert call("audit", "list", "--since", "soon").exit_code == 2


def test_every_decision_of_a_rule_is_listed() -> None:
    advise("emp7")

    assert len(call("audit", "rule", "up.wish").stdout.splitlines()) == 1
    assert call("audit", "rule", "up.wis").stdout == ""


def test_replay_says_that_the_same_comes_out() -> None:
    advise("emp7")

    assert call("audit", "replay", 1).stdout == "Record 1: the same comes out, byte for byte.\n"
    assert "1 of 1 decisions are the same" in call("audit", "replay", "--all").stdout
    assert call("audit", "replay").exit_code == 2


def test_a_tampered_ledger_is_told_with_the_first_bad_record(folder: Path) -> None:
    for subject in ("a", "b", "c"):
        advise(subject)
    with closing(sqlite3.connect(folder / "ledger")) as connection:
        connection.execute("UPDATE ledger_records SET content = content || ' ' WHERE number = 2")
        connection.commit()

    result = call("audit", "verify")
    assert result.exit_code == 1
    assert result.stdout == (
        "The ledger was tampered with (edited).\n"
        "First bad record: 2. Record 2 was changed: its text does not have its hash.\n"
        "In order up to there: 1 record.\n"
    )
    assert call("audit", "show", 2).exit_code == 2
    assert "damaged" in call("audit", "list").stderr


def test_a_ledger_is_verified_against_a_signed_checkpoint(folder: Path) -> None:
    advise("emp7")
    assert call("audit", "keygen", "-o", folder / "my.key").exit_code == 0
    point = folder / "point.json"
    made = call("audit", "checkpoint", "-o", point, "--key", folder / "my.key")
    assert "1 record, signed by" in made.stdout

    options = ("--checkpoint", point, "--public-key", folder / "my.pub")
    verified = call("audit", "verify", *options)
    assert verified.exit_code == 0
    assert "It fits the checkpoint" in verified.stdout

    with closing(sqlite3.connect(folder / "ledger")) as connection:
        connection.executescript("DELETE FROM ledger_personal; DELETE FROM ledger_records;")
    cut = call("audit", "verify", *options)
    assert cut.exit_code == 1
    assert "truncated" in cut.stdout


def test_a_key_is_for_its_owner_only_and_never_overwritten(folder: Path) -> None:
    call("audit", "keygen", "-o", folder / "my.key")
    again = call("audit", "keygen", "-o", folder / "my.key")

    assert (folder / "my.key").stat().st_mode & 0o777 == 0o600
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_one_s_own_key_is_used_without_being_named() -> None:
    advise("emp7")
    call("audit", "keygen")

    point = json.loads(call("audit", "checkpoint").stdout)
    assert point["signature"]
    assert call("audit", "verify").exit_code == 0


def test_who_is_erased_is_gone_from_list_export_and_file(folder: Path) -> None:
    advise("emp7")
    advise("emp8")
    asked = call("audit", "erase", "emp7", stdin="n\n")
    assert asked.exit_code == 1
    erased = call("audit", "erase", "emp7", "--yes")

    assert erased.exit_code == 0
    assert "Record 3 says so, and names nobody." in erased.stdout
    assert "emp7" not in call("audit", "list").stdout
    assert "emp7" not in call("audit", "export").stdout
    assert b"emp7" not in (folder / "ledger").read_bytes()
    assert call("audit", "verify").exit_code == 0
    assert call("audit", "erase", "emp7", "--yes").exit_code == 2


def test_a_person_is_told_what_is_held_and_why(folder: Path) -> None:
    advise("emp7")
    report = call("audit", "export", "--subject", "emp7", "-o", folder / "report.txt")

    assert report.exit_code == 0
    text = (folder / "report.txt").read_text()
    assert text.startswith("What is held about 'emp7': 1 record.\n\nIt is kept so that")
    assert "aspirations: promotion" in text
    assert "S1.p1.s1" in text


def test_an_export_can_be_checked_without_fourways() -> None:
    from hashlib import sha256

    advise("emp7")
    record, rules = map(json.loads, call("audit", "export").stdout.splitlines())

    def text(value: object) -> bytes:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    assert sha256(text(record["record"])).hexdigest() == record["hash"]
    case = record["personal"]["case"]
    committed = sha256(bytes.fromhex(case["salt"]) + text(case["content"])).hexdigest()
    assert committed == record["record"]["commitments"]["case"]
    assert rules["rule_base"] == record["record"]["rule_base"]


def test_a_batch_run_is_recorded_with_its_manifest_and_rows(folder: Path) -> None:
    call("batch", EXAMPLE, "-o", folder / "out.csv", "--quiet", "--no-record")
    with Ledger.open() as ledger:
        number, rows = record_run(ledger, load_builtin(), folder / "out.csv", "hr", rows=True)

    assert (number, rows) == (1, 22)
    shown = call("audit", "show", 1).stdout
    assert '"profiles"' in shown
    assert len(call("audit", "list", "--kind", "batch_row").stdout.splitlines()) == 22
    assert "22 of 22 decisions are the same" in call("audit", "replay", "--all").stdout
    assert call("audit", "verify").exit_code == 0


def test_a_column_that_is_not_there_leaves_nothing_on_record(folder: Path) -> None:
    call("batch", EXAMPLE, "-o", folder / "out.csv", "--quiet", "--no-record")
    with Ledger.open() as ledger:
        with pytest.raises(InputError, match="no column"):
            record_run(ledger, load_builtin(), folder / "out.csv", rows=True, subjects="nope")
        assert ledger.head().count == 0


@pytest.mark.parametrize(
    "command", ["list", "show 1", "replay --all", "export", "erase x --yes", "verify", "checkpoint"]
)
def test_where_there_is_no_ledger_that_is_said(command: str, folder: Path) -> None:
    result = call("audit", *command.split())

    assert result.exit_code == 2
    assert "there is no ledger in" in result.stderr
    assert not (folder / "ledger").exists()
