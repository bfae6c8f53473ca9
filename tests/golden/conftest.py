"""What the golden tests share: a folder to run commands in, and stored outputs to compare with."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from goldens import ROOT, Fourways, Golden

from fourways.cli import main


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with a stored file; no file stands for no text.

    `pytest --update-golden tests/golden` writes the files instead, but for tests that are expected
    to fail: these hold what shall come.
    """
    update = request.config.getoption("--update-golden")
    update = update and not request.node.get_closest_marker("xfail")

    def compare(stored: Path, text: str) -> None:
        expected = stored.read_bytes().decode("utf-8") if stored.exists() else ""
        if text != expected and update:
            stored.unlink(missing_ok=True)
            if text:
                stored.write_bytes(text.encode("utf-8"))
            return
        assert text == expected, f"{stored.name} differs; see --update-golden"

    return compare


@pytest.fixture
def fourways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fourways:
    """Runs a command in a folder that has examples/, with a narrow terminal and its own ledger."""
    monkeypatch.chdir(tmp_path)
    os.symlink(ROOT / "examples", "examples")
    for name, value in {
        "COLUMNS": "88",
        "NO_COLOR": "1",
        "HOME": str(tmp_path),
        "LOGNAME": "auditor",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "FOURWAYS_LEDGER": str(tmp_path / "ledger.db"),
    }.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, stdin: str = "") -> Result:
        result = CliRunner().invoke(main, arguments, input=stdin, prog_name="fourways")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return run
