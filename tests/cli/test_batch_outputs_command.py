"""`fourways batch`: report, formats, progress, and runs that are broken off, as they are called."""

import itertools
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.batch.journal import Position
from fourways.batch.unfinished import folder_of, held
from fourways.cli import main
from fourways.cli.batch_progress import Lines, in_words

EXAMPLE = Path(__file__).parents[2] / "examples" / "people.csv"
FOURWAYS = [sys.executable, "-c", "from fourways.cli import main; main()"]
# Blocks of a few rows, and an entry in the journal for each, so that a small file is a long run.
SMALL = """
import dataclasses, sys
import fourways.batch, fourways.batch.run as run
from fourways.cli import main
kept = fourways.batch.Settings
class Settings(kept):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "block": 75, "journal_every": 0})
fourways.batch.Settings = Settings
main()
"""


def call(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["batch", *map(str, arguments)], input=stdin)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def long(tmp_path: Path) -> Path:
    source = tmp_path / "in.csv"
    rows = (f"{n},pmo_analyst,promotion,{n}\n" for n in range(300))
    source.write_text("id,current_role,aspirations,organisation_size\n" + "".join(rows))
    return source


def left_by(source: Path, out: Path, *, size: int = 60_000) -> subprocess.CompletedProcess[str]:
    """Give a run that a disk too small has broken off."""
    limit = (size, resource.RLIM_INFINITY)
    return subprocess.run(
        [sys.executable, "-c", SMALL, "batch", str(source), "-o", str(out), "--no-record"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
        check=False,
    )


def test_a_disk_that_fills_up_keeps_what_is_done_for_a_run_that_goes_on(
    long: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    broken = left_by(long, out)

    assert broken.returncode == 2
    assert broken.stderr == (
        f"fourways: {out}: cannot be written: File too large. What was done is kept: once that is "
        "mended, go on with --resume.\n"
    )
    assert names(tmp_path) == [".out.csv.unfinished", "in.csv"]

    refused = call(long, "-o", out)
    assert refused.exit_code == 2
    assert f"a run to {out} was broken off; what was done, " in refused.stderr
    assert "Go on with it by --resume, or start anew by --force." in refused.stderr

    command = [sys.executable, "-c", SMALL, "batch", long, "-o", out, "--resume"]
    went_on = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Done before, and not again: " in went_on.stdout
    call(long, "-o", tmp_path / "whole.csv")
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert not folder_of(out).exists()


def test_a_broken_run_is_thrown_away_when_forced(long: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    left_by(long, out)

    assert call(long, "-o", out, "--force").exit_code == 0
    assert not folder_of(out).exists()


def test_a_leftover_that_nothing_can_be_done_with_is_cleared_away_and_named(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    folder_of(out).mkdir()
    (folder_of(out) / "results").write_text("half")

    result = call(EXAMPLE, "-o", out)

    assert result.exit_code == 0
    assert f"cleared away what a broken run has left: {folder_of(out)}" in result.stderr
    assert not folder_of(out).exists()


def test_with_nothing_to_go_on_with_a_run_starts_anew_and_says_so(tmp_path: Path) -> None:
    result = call(EXAMPLE, "-o", tmp_path / "out.csv", "--resume")

    assert result.exit_code == 0
    assert "there is no run to go on with; this one starts anew" in result.stderr


def test_standard_input_cannot_be_gone_on_with(tmp_path: Path) -> None:
    result = call("-", "-o", tmp_path / "out.csv", "--resume", stdin="current_role\nother\n")

    assert result.exit_code == 2
    assert "standard input cannot be read again. Save it to a file first." in result.stderr
    assert names(tmp_path) == []


def test_a_run_to_where_another_is_writing_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    with held(out):
        result = call(EXAMPLE, "-o", out)

    assert result.exit_code == 2
    assert f"another run is writing {out} just now. Wait for it" in result.stderr


def test_an_interruption_of_a_long_run_keeps_what_is_done(long: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    long.write_text(long.read_text() + "x,other,,\n" * 4000)
    with subprocess.Popen(
        [sys.executable, "-c", SMALL, "batch", long, "-o", out, "--no-record"],
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 60
        while not (folder_of(out) / "journal.json").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "interrupted; what was done, " in said
    assert " rows, is kept: go on with --resume." in said
    assert names(tmp_path) == [".out.csv.unfinished", "in.csv"]


def test_a_folder_that_vanishes_is_told_without_a_traceback(long: Path, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", SMALL, "batch", "-", "-o", folder / "out.csv", "--no-record"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 60
        while not names(folder) and time.monotonic() < deadline:
            time.sleep(0.01)
        subprocess.run(["rm", "-r", str(folder)], check=True)
        _, said = process.communicate(long.read_text(), timeout=60)

    assert process.returncode == 2
    assert "out.csv: cannot be written: No such file or directory. Nothing was written." in said
    assert "Traceback" not in said
    assert not folder.exists()


# ------------------------------------------------------------------- report and formats


def test_a_report_is_written_and_named(tmp_path: Path) -> None:
    result = call(EXAMPLE, "-o", tmp_path / "out.csv", "--report", tmp_path / "page.html")

    assert result.exit_code == 0
    assert result.stdout.rstrip().splitlines()[-2].endswith("page.html")
    assert "Next steps for 22 people" in (tmp_path / "page.html").read_text()


def test_a_report_needs_a_place_of_its_own(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = call(EXAMPLE, "-o", out, "--report", out)

    assert result.exit_code == 2
    assert "two outputs cannot both be" in result.stderr


def test_without_a_report_its_libraries_are_not_loaded(tmp_path: Path) -> None:
    program = f"""
import sys
from fourways.cli import main
main({["batch", str(EXAMPLE), "-o", str(tmp_path / "out.csv"), "-q"]}, standalone_mode=False)
assert not {{"jinja2", "xlsxwriter", "pyarrow"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("row", [1, 7, 22])
def test_results_without_texts_can_be_audited(tmp_path: Path, row: int) -> None:
    out = tmp_path / "out.csv"
    call(EXAMPLE, "-o", out, "--no-texts")
    result = CliRunner().invoke(main, ["audit", "results", str(out), "--row", str(row)])

    assert result.exit_code == 0
    assert f"Row {row} matches" in result.stdout


def test_the_summary_breaks_people_down_by_role_and_by_size(tmp_path: Path) -> None:
    result = call(EXAMPLE, "-o", tmp_path / "out.csv")

    lines = result.stdout.splitlines()
    role = next(line.split() for line in lines if line.startswith("  project manager"))
    assert role == ["project", "manager", "3", "1", "2", "-", "-", "-"]
    large = next(line.split() for line in lines if line.startswith("  250 people or more"))
    counts = json.loads((tmp_path / "out.manifest.json").read_text())["counts"]
    assert int(large[4]) <= counts["results"]
    assert any(line.startswith("By organisation size") for line in lines)


# ------------------------------------------------------------------------- progress


def test_without_a_terminal_a_long_run_says_a_line_a_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = Lines(1000, every=0)
    told(Position(1, 250, "", 5000))
    said = capsys.readouterr().err

    assert said.startswith("fourways: 5,000 rows, 25%, ")
    assert said.endswith("rows/s, under a minute left\n")
    Lines(1000, every=60)(Position(1, 250, "", 5000))
    assert capsys.readouterr().err == ""


def test_of_standard_input_nobody_knows_how_much_is_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Lines(None, every=0)(Position(1, 250, "", 5000))

    assert "left" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(20, "under a minute"), (61, "about 1 minute"), (3000, "about 50 minutes"),
     (7500, "about 2 h 5 min")],
)  # fmt: skip
def test_the_time_left_is_told_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_a_terminal_sees_rows_a_second_and_when_the_rest_is_done(
    long: Path, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*FOURWAYS, "batch", long, "-o", tmp_path / "out.csv"],
        stderr=theirs, stdout=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as running:  # fmt: skip
        os.close(theirs)
        shown = b""
        # While it runs: a terminal that nobody reads takes only so much.
        for _ in itertools.count():
            try:
                shown += os.read(ours, 100_000)
            except OSError:
                break
    assert running.returncode == 0
    os.close(ours)

    assert "300 rows" in shown.decode()
    assert "rows/s" in shown.decode()
    assert "finishing" in shown.decode()
