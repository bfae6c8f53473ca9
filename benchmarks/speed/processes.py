"""Runs a process and takes its time and its peak of memory.

The process that starts others stays small: on Linux a new process begins with the peak of the one
that started it. So nothing large is imported here, nor by whoever uses this.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process took.

    Attributes:
        seconds: from its start to its end.
        peak: the most memory that it had, in bytes.
        told: what it printed as JSON in its last line; empty where it printed nothing.
        error: the last line of what went wrong; empty where nothing did.
    """

    seconds: float
    peak: int
    told: Mapping[str, Any]
    error: str


def run(command: Sequence[str], environment: Mapping[str, str]) -> Ran:
    """Run a command to its end, from the root of the repository."""
    # What the runs before have written shall not be put on the disk during this one.
    os.sync()
    with TemporaryFile() as out, TemporaryFile() as err:
        started = perf_counter()
        process = subprocess.Popen(
            command, stdout=out, stderr=err, cwd=_ROOT, env={**os.environ, **environment}
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        error = _last_line(err) or f"exit code {process.returncode}"
        return Ran(
            seconds,
            # Bytes on macOS, kibibytes elsewhere.
            usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
            _object(_last_line(out)),
            error if process.returncode else "",
        )


def module(name: str, *arguments: object) -> list[str]:
    """Give the command that runs a module of this package."""
    return [sys.executable, "-m", f"benchmarks.speed.{name}", *map(str, arguments)]


def fourways(*arguments: object) -> list[str]:
    """Give the command that runs fourways as people do."""
    return [str(Path(sys.executable).with_name("fourways")), *map(str, arguments)]


def _last_line(file: Any) -> str:
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def _object(line: str) -> Mapping[str, Any]:
    return json.loads(line) if line.startswith("{") else {}
