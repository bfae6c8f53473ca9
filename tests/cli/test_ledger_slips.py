"""What an auditor may get wrong with the ledger, and what must not be lost by it."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOURWAYS_LEDGER", str(tmp_path / "ledger"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for subject in ("ann", "ben"):
        done = call("advise", "--set", "current_role=pmo_analyst", "--record", "--subject", subject)
        assert done.exit_code == 0, done.output
    return tmp_path / "ledger"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def damage(place: Path) -> None:
    with closing(sqlite3.connect(place)) as connection:
        connection.execute(
            "UPDATE ledger_personal SET content = replace(content, 'pmo_analyst', 'other') "
            "WHERE number = 1"
        )
        connection.commit()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", 10**30), "Its records are 1 to 2."),
        (("replay", 2**63), "Its records are 1 to 2."),
        (("erase", "--record", 10**30, "--yes"), "has no personal data"),
        (("list", "--until", "9999-12-31"), "out of reach"),
        (("list", "--since", "0001-01-01T00:00+14:00"), "out of reach"),
        (("list", "--kind", "asked"), "is not one of"),
        (("list", "--path", "move_ot"), "Did you mean 'move_out'"),
        (("rule", "up.defalt"), "Did you mean 'up.default'"),
    ],
)
def test_a_slip_of_the_pen_is_told_from_nothing_found(
    arguments: tuple[object, ...], said: str
) -> None:
    result = call("audit", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_what_never_came_out_is_nothing_found() -> None:
    result = call("audit", "list", "--path", "move_out")

    assert (result.exit_code, result.stdout) == (0, "")


def test_decisions_without_any_path_are_found(tmp_path: Path) -> None:
    certainty = call("rules", "init", tmp_path / "own")
    assert certainty.exit_code == 0, certainty.output
    file = tmp_path / "own" / "knowledge" / "certainty.yaml"
    text = file.read_text()
    file.write_text(text.replace("cutoff: 0.20", "cutoff: 0.95"))
    assert file.read_text() != text
    done = call("advise", "--set", "current_role=other", "--record", "--knowledge", file.parent)
    assert done.exit_code == 0, done.output

    assert call("audit", "list", "--path", "none").stdout.split()[0] == "3"


def test_a_name_is_found_however_its_accents_are_written() -> None:
    call("advise", "--set", "current_role=other", "--record", "--subject", "Rene\u0301")

    found = call("audit", "list", "--subject", "Ren\u00e9")

    assert found.stdout.split()[0] == "3"
    assert "1 record" in call("audit", "erase", "Ren\u00e9", "--yes").stdout


def test_a_damaged_record_does_not_hide_the_others(place: Path) -> None:
    damage(place)

    listed, replayed = call("audit", "list"), call("audit", "replay", "--all")

    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["1", "2"]
    assert "damaged" in listed.stdout.splitlines()[0]
    assert listed.exit_code == 1
    assert "Record 1 is damaged.\n1 of 1 decisions are the same" in replayed.stdout
    assert replayed.exit_code == 1


def test_a_checkpoint_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    file = tmp_path / "point.json"
    assert call("audit", "checkpoint", "-o", file).exit_code == 0
    before = file.read_bytes()

    again = call("audit", "checkpoint", "-o", file)

    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert file.read_bytes() == before
    assert call("audit", "show", 4).exit_code == 2  # nothing was put on record for it
    assert call("audit", "checkpoint", "-o", file, "--force").exit_code == 0


@pytest.mark.parametrize("command", [("export",), ("checkpoint", "--force")])
def test_the_ledger_itself_is_not_overwritten(place: Path, command: tuple[str, ...]) -> None:
    before = place.read_bytes()

    result = call("audit", *command, "-o", place)

    assert result.exit_code == 2
    assert place.read_bytes() == before


@pytest.mark.parametrize("count", [-5, 0, float("inf")])
def test_a_checkpoint_of_an_impossible_count_is_none(tmp_path: Path, count: float) -> None:
    import json

    file = tmp_path / "point.json"
    call("audit", "checkpoint", "-o", file)
    content = json.loads(file.read_text())
    content["statement"]["count"] = count
    file.write_text(json.dumps(content))

    assert call("audit", "verify", "--checkpoint", file).exit_code == 2


def test_a_file_that_never_ends_is_no_checkpoint() -> None:
    result = call("audit", "verify", "--checkpoint", "/dev/zero")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "is no checkpoint" in result.stderr


@pytest.mark.parametrize(
    "command", [("audit", "verify"), ("advise", "--record", "--set", "current_role=other")]
)
def test_an_interruption_is_heard_while_another_program_holds_the_ledger(
    place: Path, command: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(place, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        waiting = subprocess.Popen(
            [sys.executable, "-c", "from fourways.cli import main; main()", *command],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        sleep(2.5)
        assert waiting.poll() is None
        asked = monotonic()
        waiting.send_signal(signal.SIGINT)
        _, said = waiting.communicate(timeout=20)

    assert monotonic() - asked < 5
    assert (waiting.returncode, said) == (130, "fourways: interrupted.\n")
    assert call("audit", "verify").exit_code == 0
