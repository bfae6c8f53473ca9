"""A killed writer loses no acknowledged record, and leaves the chain intact."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "ledger" / "crashes.py"


@pytest.mark.parametrize("options", [[], ["--postgresql"]])
def test_no_record_is_lost_when_writers_are_killed(options: list[str]) -> None:
    # In a process of its own: it forks.
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", str(SCRIPT), "--kills", "6", *options],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "lost=0" in ran.stdout
    assert "intact=True" in ran.stdout
