"""Ctrl-C works while another program holds the ledger."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner

from fourways.cli import main

RECORD = ("advise", "--record", "--set", "current_role=other")


@pytest.mark.parametrize("command", [("audit", "verify"), RECORD])
def test_ctrl_c_works_while_another_program_holds_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("FOURWAYS_LEDGER", str(tmp_path / "ledger"))
    assert CliRunner().invoke(main, RECORD).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "ledger", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        waiting = subprocess.Popen(
            [sys.executable, "-c", "from fourways.cli import main; main()", *command],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        sleep(2.5)
        assert waiting.poll() is None
        interrupted = monotonic()
        waiting.send_signal(signal.SIGINT)
        _, output = waiting.communicate(timeout=20)

    assert monotonic() - interrupted < 5
    assert (waiting.returncode, output) == (130, "fourways: interrupted.\n")
    assert CliRunner().invoke(main, ["audit", "verify"]).exit_code == 0
