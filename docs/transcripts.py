"""Runs the commands that the documents show, so that what they show is what comes.

Used from cog blocks: `python -m cogapp -r README.md docs/*.md` writes the outputs, `--check` tells
whether they are still true.
"""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 88


def shell(command: str, lines: int | None = None, only: str = "") -> None:
    """Print a command and its output as a block; `lines` cuts, `only` keeps lines with a word.

    The command runs in a folder of its own that has examples/, so that it leaves nothing behind.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(ROOT / "examples", Path(folder, "examples"))
        output = ""
        for one in command.split(" && "):
            output = _run(one, folder)
    shown = [line.rstrip() for line in output.splitlines()]
    while shown and not shown[0]:
        shown.pop(0)
    if only:
        shown = [line for line in shown if only in line]
    if lines is not None and len(shown) > lines:
        shown = [*shown[:lines], "..."]
    print("```console")
    for one in command.split(" && "):
        print(f"$ {one}")
    print("\n".join(shown))
    print("```")


def _run(command: str, folder: str) -> str:
    program, *arguments = shlex.split(command)
    # With its own src/, so that the documents show this checkout and no other.
    path = Path(sys.executable).with_name(program)
    done = subprocess.run(
        [str(path), *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "src"),
            "HOME": folder,
            "COLUMNS": str(WIDTH),
            "NO_COLOR": "1",
            "FOURWAYS_LEDGER": str(Path(folder, "ledger.db")),
            "LC_ALL": "C.UTF-8",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def file(name: str, start: str, end: str) -> None:
    """Print a part of a file as a block: from the line that starts with one text to another."""
    lines = (ROOT / name).read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(start))
    last = next(i for i, line in enumerate(lines) if i > first and line.startswith(end))
    print("```yaml")
    print("\n".join(lines[first:last]).rstrip())
    print("```")
