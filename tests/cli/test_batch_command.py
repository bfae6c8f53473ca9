"""`fourways batch`, as it is called."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "people.csv"
FOURWAYS = [sys.executable, "-c", "from fourways.cli import main; main()"]


def call(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["batch", *map(str, arguments)], input=stdin)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_example_is_served_with_its_two_bad_rows_rejected(tmp_path: Path) -> None:
    result = call(EXAMPLE, "-o", tmp_path / "out.csv")

    assert result.exit_code == 0
    assert "24 rows in = 22 results + 2 rejects" in result.stdout
    assert names(tmp_path) == ["out.csv", "out.manifest.json", "out.rejects.csv"]


def test_every_way_comes_out_for_someone_in_the_example(tmp_path: Path) -> None:
    call(EXAMPLE, "-o", tmp_path / "out.csv")

    counts = json.loads((tmp_path / "out.manifest.json").read_text())["counts"]["recommended"]
    assert set(counts) >= {"move_up", "move_out", "move_sideways", "move_to_the_line", "stay"}


def test_the_summary_says_what_was_detected_and_what_became_of_the_rows(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(
        "id;Job Title;Gender;notes;wishes\n1;PMO Analyst;f;x;stay\n\n2;PMO Analyst;m;y;fame\n3;a\n"
    )
    result = call(source, "-o", tmp_path / "out.csv")

    folder = tmp_path
    assert result.stdout.splitlines() == [
        "Read: UTF-8, cells parted by a semicolon.",
        "Columns read: 'Job Title' as current_role, 'wishes' as aspirations.",
        "No column for: pmo_scope, largest_project, transferable_skills, pnl_appetite, "
        "needs_title_or_pay, growth_blockers, organisation_size, job_search, manager_informed. "
        "They count as unknown.",
        "Never read by a rule: Gender.",
        "The file has such columns already, so results are in: fourways_notes.",
        "Passed over: 1 empty line.",
        "",
        "3 rows in = 1 result + 2 rejects",
        "  0  Move up",
        "  0  Move out",
        "  0  Move sideways",
        "  0  Move to the line",
        "  1  Stay",
        "Problems in the rejects:",
        "  1  unknown value in 'wishes'",
        "  1  too few fields",
        "1 distinct profile decided; 1 decided again in experta, with the same outcome.",
        "",
        f"Written: {folder}/out.csv, {folder}/out.rejects.csv, {folder}/out.manifest.json",
        "On record as 1.",
    ]


def test_quiet_says_nothing(tmp_path: Path) -> None:
    result = call(EXAMPLE, "-o", tmp_path / "out.csv", "-q")

    assert (result.exit_code, result.output) == (0, "")


def test_the_input_can_come_from_standard_input(tmp_path: Path) -> None:
    result = call("-", "-o", tmp_path / "out.csv", stdin="current_role\npmo_analyst\n")

    assert result.exit_code == 0
    told = json.loads((tmp_path / "out.manifest.json").read_text())
    assert told["input"]["name"] == "standard input"


def test_a_column_can_be_mapped_by_the_user(tmp_path: Path) -> None:
    result = call(
        "-", "-o", tmp_path / "out.csv", "--map", "a=b=current_role", stdin="a=b\nother\n"
    )

    assert "Columns read: 'a=b' as current_role." in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.csv", "-o", "out.csv"], "missing.csv does not exist"),
        ([".", "-o", "out.csv"], ". is a folder. Name a file in it."),
        (["in.csv", "-o", "no/out.csv"], "the folder no does not exist. Make it first."),
        (["in.csv", "-o", "in.csv", "--force"], "in.csv would overwrite the input."),
        (["in.csv", "-o", "-"], "the results need the name of a file."),
        (["in.csv", "-o", "there.csv"], "there.csv exists already. Replace it with --force"),
        (
            ["in.csv", "-o", "out.csv", "--map", "x"],
            "--map 'x' isn't COLUMN=ATTRIBUTE",
        ),
        (["in.csv", "-o", "out.csv", "--verify", "-1"], "'-1' is neither a number nor 'all'"),
        (["empty.csv", "-o", "out.csv"], "empty.csv:1:1: the file is empty."),
        (["other.csv", "-o", "out.csv"], "none of the columns is one we recognize."),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("current_role\npmo_analyst\n")
    Path("empty.csv").touch()
    Path("other.csv").write_text("a,b\n1,2\n")
    Path("there.csv").write_text("mine")
    before = names(tmp_path)

    result = call(*arguments)

    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert names(tmp_path) == before
    assert Path("there.csv").read_text() == "mine"


def test_existing_outputs_are_replaced_when_forced(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")

    assert call(EXAMPLE, "-o", tmp_path / "out.csv", "--force").exit_code == 0
    assert (tmp_path / "out.csv").read_text().startswith("id,team,")


def test_an_interruption_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    read, write = os.pipe()
    out = tmp_path / "out.csv"
    with subprocess.Popen(
        [*FOURWAYS, "batch", "-", "-o", out], stdin=read, stderr=subprocess.PIPE, text=True
    ) as process:
        os.write(write, b"id,current_role\n1,pmo_analyst\n")
        deadline = time.monotonic() + 20
        while not names(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert names(tmp_path)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        os.close(read)
        os.close(write)

    assert said == "fourways: interrupted; nothing was written.\n"
    assert process.returncode == 130
    assert names(tmp_path) == []


def test_an_interruption_while_the_next_rows_are_waited_for_ends_at_once(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*FOURWAYS, "batch", "-", "-o", tmp_path / "out.csv"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(b"id,current_role\n" + b"1,pmo_analyst\n" * 400_000)
        process.stdin.flush()
        # All of it was taken, so that more than the start is waited for.
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b"fourways: interrupted; nothing was written.\n"
        process.stdin.close()

    assert names(tmp_path) == []


def test_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    subprocess.run(
        [*FOURWAYS, "batch", EXAMPLE, "-o", tmp_path / "out.csv"],
        stderr=theirs, stdout=subprocess.DEVNULL, check=True, env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    shown = os.read(ours, 100_000).decode(errors="replace")
    os.close(ours)

    assert "Deciding" in shown


def test_without_a_terminal_there_is_no_progress(tmp_path: Path) -> None:
    result = call(EXAMPLE, "-o", tmp_path / "out.csv")

    assert result.stderr == ""
