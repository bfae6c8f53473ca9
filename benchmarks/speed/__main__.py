"""Makes people up, measures every way of answering them, and prints one table.

    ./scripts/bench [--rows 1M,10M] [--large] [--quick] [--distinct] [--only KEYS] [--markdown]

Nothing large is imported here: see `processes`.
"""

import argparse
import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.speed.machine import busy, described
from benchmarks.speed.measuring import Bench, BenchmarkError, Figures
from benchmarks.speed.table import as_markdown, as_text, cells, failures, write_between_marks
from benchmarks.speed.ways import IN_MEMORY, LOOP, WAYS, Way

REPEATED = 1_000_000
"""Files with up to so many rows are measured `--repeat` times, larger ones once."""

_README = Path(__file__).resolve().parents[2] / "README.md"
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


def sizes(text: str) -> list[int]:
    """Read numbers of rows such as `1M,10M`; smallest first."""
    found = [re.fullmatch(r"(\d+)([km]?)", part.strip().lower()) for part in text.split(",")]
    rows = [int(match[1]) * _UNITS[match[2]] for match in found if match]
    if len(rows) < len(found) or not all(rows):
        raise argparse.ArgumentTypeError(f"'{text}' is not like 100k,1M,10M")
    return sorted(set(rows))


def ways(text: str) -> list[Way]:
    """Read the keys of ways, parted by commas."""
    asked = [key.strip() for key in text.split(",")]
    known = [way.key for way in WAYS]
    if not set(asked) <= set(known):
        raise argparse.ArgumentTypeError(f"'{text}': known are {', '.join(known)}")
    return [way for way in WAYS if way.key in asked]


def about(options: argparse.Namespace, files: Sequence[dict], load: str) -> list[str]:
    """Say what the table shows, and how it was measured."""
    people = "all answers at random" if options.distinct else "believable"
    return [
        *(
            f"{file['rows']:,} people ({people}), {file['csv_bytes'] / 1e6:,.0f} MB as CSV, "
            f"{file['distinct'] / file['rows']:.1%} distinct profiles, "
            f"{file['rows'] - file['readable']:,} rows that cannot be read."
            for file in files
        ),
        "Files: from the start of the process to its end. In memory and peers: the deciding alone,"
        " with the rules loaded.",
        "Start-up: a process with one row, from its start to its end. Peak memory is that of the"
        " whole process. Of several runs the median counts; all are in the last column.",
        f"evaluate_frame gets {IN_MEMORY:,} rows at most, the loop {LOOP:,}, peers the first"
        f" {options.profiles:,} readable people. Recommendation, certainty, ranking and the rules"
        " fired of these people were compared with the reference engine: for each figure of a"
        " peer or of a way that writes results they were the same.",
        f"Measured by `{' '.join(['./scripts/bench', *sys.argv[1:]])}`.",
        *described(),
        load,
    ]


def main() -> int:
    """Measure, and print the table."""
    options = _options()
    load = busy()

    def told(text: str) -> None:
        print(f"bench: {text}", file=sys.stderr, flush=True)

    told(load)
    # Ended from outside, it cleans up as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures: list[Figures] = []
    files = []
    try:
        with TemporaryDirectory(prefix="fourways-bench-", dir=options.folder) as folder:
            told(f"files in {folder}, removed at the end")
            bench = Bench(
                Path(folder), options.only, options.distinct, options.profiles, options.seed, told
            )
            bench.trial()
            bench.check_space(options.rows)
            starts = bench.starts(options.repeat)
            for place, rows in enumerate(options.rows):
                repeat = options.repeat if rows <= REPEATED else 1
                measured, file = bench.measure(rows, repeat, smallest=place == 0)
                figures += measured
                files.append(file)
        rows = cells(figures, starts)
        notes = failures(figures) + about(options, files, load)
        markdown = "\n\n".join([as_markdown(rows), *notes])
        if options.write_readme:
            write_between_marks(options.write_readme, markdown)
        print(markdown if options.markdown else "\n".join([as_text(rows), "", *notes]))
    except BenchmarkError as error:
        told(str(error))
        return 2
    except KeyboardInterrupt:
        told("interrupted; nothing is left")
        return 130
    return 1 if any(one.note for one in figures) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./scripts/bench",
        description="Measure how fast whole files are answered. Data goes to a temporary folder "
        "in FOURWAYS_BENCH_DIR, or where temporary files go, and is removed afterwards.",
    )
    parser.add_argument(
        "--rows", type=sizes, default=sizes("1M,10M"), metavar="LIST",
        help="how large the files are (default: 1M,10M)",
    )  # fmt: skip
    parser.add_argument("--large", action="store_true", help="100 million rows besides")
    parser.add_argument("--quick", action="store_true", help="100,000 rows and nothing else")
    parser.add_argument(
        "--distinct", action="store_true",
        help="all answers at random, so that next to nobody answers like another",
    )  # fmt: skip
    parser.add_argument(
        "--only", type=ways, default=list(WAYS), metavar="KEYS",
        help=f"some rows of the table: {', '.join(way.key for way in WAYS)}",
    )  # fmt: skip
    parser.add_argument(
        "--repeat", type=int, default=3, metavar="N",
        help="how often files of up to a million rows are measured (default: 3)",
    )  # fmt: skip
    parser.add_argument(
        "--profiles", type=int, default=3000, metavar="N",
        help="how many people peers decide (default: 3000)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which people")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument(
        "--write-readme", type=Path, nargs="?", const=_README, metavar="FILE",
        help="put it between <!-- speed --> and <!-- /speed --> of README.md",
    )  # fmt: skip
    options = parser.parse_args()
    if options.quick:
        options.rows = [100_000]
    if options.large:
        options.rows = sorted({*options.rows, 100_000_000})
    if options.repeat < 1 or options.profiles < 1:
        parser.error("--repeat and --profiles take 1 or more")
    options.folder = os.environ.get("FOURWAYS_BENCH_DIR") or None
    if options.folder and not Path(options.folder).is_dir():
        parser.error(f"FOURWAYS_BENCH_DIR: there is no folder {options.folder}")
    return options


if __name__ == "__main__":
    sys.exit(main())
