"""Makes people up, measures whole processes and decisions in memory, and prints one table.

    ./scripts/bench [--rows 1M,10M] [--repeat N] [--people N] [--write-readme]

Nothing large is imported here: on Linux a process begins with the peak memory of its parent.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SMALL, MILLION = 200, 1_000_000
PACKAGES = ("fourways", "polars", "narwhals", "experta", "clipspy", "zen-engine")
COPY = """
import polars, sys
source, target, added = sys.argv[1:]
if source.endswith(".parquet"):
    polars.scan_parquet(source).sink_parquet(target)
else:
    frame = polars.scan_csv(source, infer_schema=False, truncate_ragged_lines=True)
    if int(added):
        frame = frame.with_columns(added=polars.lit("x" * (int(added) - 1)))
    frame.sink_csv(target)
"""
"""Copies a file as text, streaming, with the library that fourways uses; adds bytes to each row."""


@dataclass(frozen=True)
class Row:
    """A row of the table; `size` is that of the file written, in bytes."""

    title: str
    rows: int
    seconds: float
    peak: int
    size: int = 0
    compared: str = ""

    def against(self, other: "Row", name: str) -> "Row":
        """Return the row with how many times as long as another it took."""
        return replace(self, compared=f"{self.seconds / other.seconds:.2f} × {name}")


class Bench:
    """Measures processes on made-up files.

    Args:
        folder: for the files, which are large.
        repeat: how often files of up to a million rows are measured; the median counts.
        people: how many people other engines decide, and how many results are checked.
    """

    def __init__(self, folder: Path, repeat: int, people: int) -> None:
        self._folder, self._repeat = folder, repeat
        self._sample = [folder, "--people", people]

    def small(self) -> Iterator[Row]:
        """Yield what a small file takes, and importing Polars."""
        self._make(SMALL)
        imported = self._measure("python -c 'import polars'", 1, ["-c", "import polars"])
        yield imported
        yield self._batch("fourways, a small file", SMALL).against(imported, "importing Polars")

    def large(self, rows: int) -> Iterator[Row]:
        """Yield what a large file takes, and copies of it."""
        self._make(rows)
        copy = self._copy("copy, CSV", rows)
        yield copy
        yield self._batch("fourways, CSV, neither sentences nor rules", rows).against(copy, "copy")
        full = self._batch("fourways, CSV, with sentences", rows, options=["--texts"])
        added = full.size - (self._folder / "people.csv").stat().st_size
        copy = self._copy("copy, CSV, as many bytes", rows, added=added // rows)
        yield from (copy, full.against(copy, "copy of as many bytes"))
        copy = self._copy("copy, Parquet", rows, "parquet")
        texts = ["--no-texts"]
        parquet = self._batch("fourways, Parquet, no sentences", rows, "parquet", options=texts)
        yield from (copy, parquet.against(copy, "copy"))

    def distinct(self, rows: int) -> Iterator[Row]:
        """Yield what a file takes in which nearly all people differ."""
        self._make(rows, "--distinct")
        copy = self._copy("copy, CSV, nearly all different", rows)
        different = self._batch("fourways, CSV, nearly all different", rows)
        yield from (copy, different.against(copy, "copy"))

    def memory(self, rows: int) -> Iterator[Row]:
        """Yield how fast engines decide in memory, with the rules loaded."""
        self._make(rows)
        engines = ["fourways", "CLIPS", "GoRules", "experta"]
        commands = [["-m", "benchmarks.decisions", name.lower(), *self._sample] for name in engines]
        measured = [
            self._measure(f"{name}, in memory", 0, command)
            for name, command in zip(engines, commands, strict=True)
        ]
        fastest = max(measured[1:], key=lambda row: row.rows / row.seconds)
        for row in measured:
            times = row.rows / row.seconds / (fastest.rows / fastest.seconds)
            yield replace(row, compared=f"{times:,.3g} × as fast as {fastest.title.split(',')[0]}")

    def _make(self, rows: int, *options: str) -> None:
        _, _, made = run(["-m", "benchmarks.people", self._folder, "--rows", rows, *options])
        say(f"{rows:,} people, {made['distinct'] / rows:.1%} of their profiles distinct")

    def _copy(self, title: str, rows: int, kind: str = "csv", added: int = 0) -> Row:
        target = self._folder / f"copy.{kind}"
        command = ["-c", COPY, self._folder / f"people.{kind}", target, added]
        return self._measure(title, rows, command, target)

    def _batch(
        self, title: str, rows: int, kind: str = "csv", *, options: Sequence[str] = ()
    ) -> Row:
        """Measure fourways as people start it, and check its first results."""
        target = self._folder / f"results.{kind}"
        command = ["fourways", "batch", self._folder / f"people.{kind}", "-o", target, "--force"]
        options = options or ["--no-texts", "--no-trace"]
        return self._measure(title, rows, [*command, "--quiet", *options], target)

    def _measure(
        self, title: str, rows: int, command: Sequence[Any], target: Path | None = None
    ) -> Row:
        """Run a command; the seconds that it prints count more than its own."""
        runs = [run(command) for _ in range(self._repeat if rows <= MILLION else 1)]
        seconds = median(printed.get("seconds", taken) for taken, _, printed in runs)
        say(f"{title}: {seconds:.2f} s")
        size = 0
        if target:
            size = target.stat().st_size
            if command[0] == "fourways":
                run(["-m", "benchmarks.decisions", "check", *self._sample, "--results", target])
            target.unlink()
        rows = runs[0][2].get("decisions", rows)
        return Row(title, rows, seconds, max(peak for _, peak, _ in runs), size)


def run(command: Sequence[Any]) -> tuple[float, int, dict[str, Any]]:
    """Run `fourways`, or Python with arguments, from the root of the repository.

    Returns:
        the seconds, the peak memory in bytes, and what it printed as JSON.

    Raises:
        SystemExit: it failed.
    """
    python = Path(sys.executable)
    program = python.with_name("fourways") if command[0] == "fourways" else python
    arguments = command[1:] if command[0] == "fourways" else command
    # What was written before isn't put on the disk during this run.
    os.sync()
    with TemporaryFile() as out:
        started = perf_counter()
        process = subprocess.Popen([program, *map(str, arguments)], stdout=out, cwd=ROOT)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"bench: {' '.join(map(str, command))} failed")
        out.seek(0)
        text = out.read().decode()
    # Bytes on macOS, kibibytes elsewhere.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return seconds, peak, json.loads(text) if text.startswith("{") else {}


def report(rows: Sequence[Row], people: int, load: float) -> str:
    """Return the measurements as a Markdown table, and how they were made."""
    lines = ["|  | rows | time | rows/s | peak memory | |", "|---|---:|---:|---:|---:|---|"]
    for row in rows:
        rate, peak = f"{row.rows / row.seconds:,.0f}", f"{row.peak / 1e6:,.0f} MB"
        cells = (row.title, f"{row.rows:,}", f"{row.seconds:.2f} s", rate, peak, row.compared)
        lines.append(f"| {' | '.join(cells)} |")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            *lines,
            "",
            "Files: whole processes. In memory: the decisions alone, with the rules loaded. The"
            f" first {people:,} people of every row were compared with the reference engine:"
            " same results.",
            "",
            f"Measured by `./scripts/bench {' '.join(sys.argv[1:])}` on {os.cpu_count()} cores with"
            f" {memory:.0f} GB of memory, load average {load:.1f} before; Python"
            f" {platform.python_version()}, {versions}.",
        ]
    )


def say(text: str) -> None:
    """Print progress."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def numbers(text: str) -> list[int]:
    """Parse numbers of rows such as 100k,1M."""
    units = {"": 1, "k": 1_000, "m": MILLION}
    found = [re.fullmatch(r"([1-9]\d*)([km]?)", one.strip().lower()) for one in text.split(",")]
    if not all(found):
        raise argparse.ArgumentTypeError(f"'{text}' is not like 100k,1M,10M")
    return sorted(int(match[1]) * units[match[2]] for match in found if match)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        prog="./scripts/bench",
        description="Measure how fast fourways is. Files go to a temporary folder (see TMPDIR).",
    )
    parser.add_argument("--rows", type=numbers, default="1M,10M", help="default: %(default)s")
    parser.add_argument("--repeat", type=int, default=3, help="up to a million rows; default: 3")
    parser.add_argument("--people", type=int, default=2000, help="for other engines; default: 2000")
    parser.add_argument("--write-readme", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with TemporaryDirectory(prefix="fourways-bench-") as folder:
        os.environ["FOURWAYS_LEDGER"] = str(Path(folder) / "ledger.db")
        bench = Bench(Path(folder), options.repeat, options.people)
        million = min(options.rows[0], MILLION)
        rows = [*bench.small(), *(row for size in options.rows for row in bench.large(size))]
        rows += [*bench.distinct(million), *bench.memory(million)]
    text = report(rows, options.people, load)
    print(text)
    if options.write_readme:
        before, mark, rest = README.read_text(encoding="utf-8").partition("<!-- speed -->\n")
        after = rest[rest.index("<!-- /speed -->") :]
        README.write_text(f"{before}{mark}\n{text}\n\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
