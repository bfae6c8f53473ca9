"""Measures ways on files: makes the files, repeats the runs in turn, keeps what each took."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from benchmarks.speed.processes import Ran, module, run
from benchmarks.speed.ways import Case, Way

TRIAL = 20_000
"""Rows of the trial that says how many bytes each way writes."""
SPARE = 1 << 30
"""Bytes that are left free on the disk."""

Told = Callable[[str], None]


class BenchmarkError(Exception):
    """The benchmark cannot go on, and why."""


@dataclass
class Figures:
    """What a way took on a file.

    Attributes:
        way: the way.
        rows: how many rows the file has.
        decided: the rows that count for each run, and `seconds` what they took.
        peak: the most memory that a run had, in bytes.
        start: seconds of a run with one row, from start to end.
        note: why there are no figures.
    """

    way: Way
    rows: int
    decided: int = 0
    seconds: list[float] = field(default_factory=list)
    peak: int = 0
    start: float | None = None
    note: str = ""

    @property
    def rate(self) -> float | None:
        """Rows a second, of the median run."""
        return self.decided / median(self.seconds) if self.seconds else None

    def add(self, ran: Ran, case: Case) -> None:
        """Take note of a run."""
        if ran.error:
            self.note = self.note or ran.error
            return
        self.decided = ran.told.get("rows", self.way.rows(case))
        self.seconds.append(ran.told.get("seconds", ran.seconds))
        self.peak = max(self.peak, ran.peak)


class Bench:
    """Runs ways in a folder of its own.

    Args:
        folder: for files, which are large.
        ways: what is measured.
        distinct: which people.
        profiles: how many peers get.
        seed: which people.
        told: told what is going on.
    """

    def __init__(
        self,
        folder: Path,
        ways: Sequence[Way],
        distinct: bool,
        profiles: int,
        seed: int,
        told: Told,
    ) -> None:
        self._folder = folder
        self._ways = ways
        self._told = told
        self._profiles = profiles
        self._options = ["--seed", str(seed), *(["--distinct"] if distinct else [])]
        self._environment = {"FOURWAYS_LEDGER": str(folder / "ledger.db")}
        self._bytes: dict[str, float] = {}
        self._input_bytes = 0.0

    def trial(self) -> None:
        """Find out how many bytes each way reads and writes for a row."""
        self._told(f"a trial with {TRIAL:,} rows")
        case, _ = self._made(TRIAL)
        held = sum(path.stat().st_size for path in case.folder.iterdir())
        self._input_bytes = held / TRIAL
        for way in self._ways:
            if way.output:
                case, _ = self._run(way, case, keep=True)
                if way.target(case).exists():
                    self._bytes[way.key] = way.target(case).stat().st_size / way.rows(case)
        shutil.rmtree(case.folder)

    def check_space(self, sizes: Iterable[int]) -> None:
        """Check that every file fits on the disk.

        Raises:
            BenchmarkError: one does not.
        """
        needed, free = max(sizes) * self._input_bytes + SPARE, self._free()
        if needed > free:
            raise BenchmarkError(
                f"{max(sizes):,} rows need {needed / 1e9:.0f} GB in {self._folder}, where "
                f"{free / 1e9:.0f} GB are free. Name a larger folder in FOURWAYS_BENCH_DIR, or "
                "ask for fewer rows by --rows."
            )

    def starts(self, repeat: int) -> dict[str, float]:
        """Give what each way takes for a single row, from start to end: median seconds."""
        self._told("one row, for the start-up")
        case, _ = self._made(1)
        case = replace(case, profiles=1)
        taken: dict[str, list[float]] = {way.key: [] for way in self._ways}
        for _ in range(repeat):
            for way in self._ways:
                case, ran = self._run(way, case)
                if not ran.error:
                    taken[way.key].append(ran.seconds)
        shutil.rmtree(case.folder)
        return {key: median(seconds) for key, seconds in taken.items() if seconds}

    def measure(self, rows: int, repeat: int, smallest: bool) -> tuple[list[Figures], dict]:
        """Measure every way on a file of so many rows.

        Args:
            rows: how many.
            repeat: how many times; the ways take turns, so that a busy hour strikes all of them.
            smallest: whether ways that are measured once only are among them.

        Returns:
            The figures, and what `data` says of the file.
        """
        self._told(f"making {rows:,} rows")
        case, described = self._made(rows)
        figures = [Figures(way, rows) for way in self._ways if smallest or not way.once]
        for turn in range(repeat):
            for one in figures:
                if one.note:
                    continue
                if one.way.like and one.way.like not in case.added:
                    one.note = "not run: nothing wrote what it is to write as many bytes as"
                    continue
                needed = self._bytes.get(one.way.key, 0) * one.way.rows(case) * 1.05 + SPARE
                if needed > self._free():
                    one.note = (
                        f"not run: it would write {needed / 1e9:.0f} GB, "
                        f"{self._free() / 1e9:.0f} GB are free"
                    )
                    continue
                case, ran = self._run(one.way, case, check=turn == 0)
                one.add(ran, case)
                said = ran.error[:200] or f"{one.seconds[-1]:.2f} s"
                self._told(f"{rows:,} rows, run {turn + 1}: {one.way.title}: {said}")
        shutil.rmtree(case.folder)
        return figures, described

    def _made(self, rows: int) -> tuple[Case, dict]:
        case = Case(self._folder / str(rows), rows, self._profiles)
        made = run(
            module(
                "data", case.folder, "--rows", rows, "--profiles", self._profiles, *self._options
            ),
            self._environment,
        )
        if made.error:
            raise BenchmarkError(f"the data could not be made: {made.error}")
        return case, dict(made.told)

    def _run(
        self, way: Way, case: Case, check: bool = False, keep: bool = False
    ) -> tuple[Case, Ran]:
        """Run a way once; give what it took, and the case with what it taught."""
        ran = run(way.command(case), self._environment)
        target = way.target(case)
        if way.output and target.exists():
            if any(other.like == way.key for other in self._ways):
                more = target.stat().st_size - (case.folder / "people.csv").stat().st_size
                added = {**case.added, way.key: max(0, round(more / case.rows))}
                case = replace(case, added=added)
            if way.answers and check and not ran.error:
                compared = run(module("outcomes", case.folder, target), self._environment)
                if compared.error:
                    raise BenchmarkError(f"{way.title}: {compared.error}")
            if not keep:
                for path in case.folder.glob(f"{target.name.split('.')[0]}.*"):
                    path.unlink()
        return case, ran

    def _free(self) -> int:
        return shutil.disk_usage(self._folder).free
