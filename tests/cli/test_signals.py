"""Ctrl-C, SIGTERM and a hang-up end a command with one line and clean up behind it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-c", "from fourways.cli import main; main()")

WAITING = """
import sys, time
import click
import fourways.cli as cli
@click.command
def wait():
    try:
        print("waiting", flush=True)
        time.sleep(60)
    finally:
        print("cleaned up", flush=True)
cli.Commands.get_command = lambda *_: wait
cli.main(["wait"])
"""


@pytest.fixture(params=[signal.SIG_DFL, signal.SIG_IGN], ids=["default", "ignored"])
def sigint_at_start(request: pytest.FixtureRequest) -> signal.Handlers:
    """What a new program is told to do on SIGINT; a script's background job ignores it."""
    return request.param


def ended_by(number: int, sigint_at_start: signal.Handlers) -> tuple[int, str, str]:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, sigint_at_start),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    return process.returncode, out, err


@pytest.mark.parametrize(
    ("number", "code", "line"),
    [
        (signal.SIGINT, 130, "fourways: interrupted.\n"),
        (signal.SIGTERM, 143, "fourways: terminated.\n"),
    ],
)
def test_signal_ends_command_with_one_line(
    number: int, code: int, line: str, sigint_at_start: signal.Handlers
) -> None:
    assert ended_by(number, sigint_at_start) == (code, "cleaned up\n", line)


def test_hangup_ends_command_silently() -> None:
    assert ended_by(signal.SIGHUP, signal.SIG_DFL) == (129, "", "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_questionnaire_saves_the_answers(
    tmp_path: Path, number: int, code: int, sigint_at_start: signal.Handlers
) -> None:
    with subprocess.Popen(
        [*COMMAND, "ask"], env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, sigint_at_start),
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("pmo analyst\n")
        process.stdin.flush()
        while not process.stdout.readline().startswith("Question 2"):
            pass
        process.send_signal(number)
        out, _ = process.communicate(timeout=20)

    assert out.endswith("fourways ask --resume\n")
    assert process.returncode == code
    assert (tmp_path / "fourways" / "interview.json").exists()
