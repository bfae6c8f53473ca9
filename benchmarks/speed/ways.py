"""The ways of answering a file that are measured, and what each is compared with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.speed.processes import fourways, module

LOOP = 200_000
"""Rows for the loop by hand; its cost for each does not hang on how many there are."""
IN_MEMORY = 1_000_000
"""Rows that `evaluate_frame` takes at most."""


@dataclass(frozen=True, slots=True)
class Case:
    """A file to be answered.

    Attributes:
        folder: where the files of `data` are.
        rows: how many.
        profiles: how many of them peers get.
        added: bytes that a copy has to add to each row to write as much as another way did, by the
            key of that way.
    """

    folder: Path
    rows: int
    profiles: int
    added: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """One row of the table.

    Attributes:
        key: its name for --only.
        title: its name in the table.
        command: what runs it.
        output: the file that it writes; empty where it writes none.
        limit: the key of the copy that it is compared with.
        like: the key of the way that it writes as many bytes as.
        most: rows that it takes at most, where it is too slow or too large for more.
        answers: whether its output has results, which are compared with the reference engine.
        peer: whether it is another rule engine.
    """

    key: str
    title: str
    command: Callable[[Case], Sequence[str]]
    output: str = ""
    limit: str = ""
    like: str = ""
    most: int | None = None
    answers: bool = False
    peer: bool = False

    @property
    def once(self) -> bool:
        """Whether it is measured on the smallest file only."""
        return self.peer or self.most is not None

    def rows(self, case: Case) -> int:
        """Give how many rows of a file it takes."""
        return min(case.rows, self.most or case.rows)

    def target(self, case: Case) -> Path:
        """Give where it writes to."""
        return case.folder / self.output


def _copy(source: str, target: str) -> Callable[[Case], Sequence[str]]:
    return lambda case: module("limit", case.folder / source, case.folder / target)


def _fourways(source: str, target: str, *options: str) -> Callable[[Case], Sequence[str]]:
    return lambda case: fourways(
        "batch", case.folder / source, "-o", case.folder / target, "--quiet", *options
    )


def _copy_like(key: str, target: str) -> Callable[[Case], Sequence[str]]:
    return lambda case: module(
        "limit", case.folder / "people.csv", case.folder / target, "--added", case.added.get(key, 0)
    )


def _peer(name: str) -> Callable[[Case], Sequence[str]]:
    return lambda case: module("peers", name, case.folder, "--profiles", case.profiles)


WAYS = (
    Way("copy", "copy, CSV to CSV", _copy("people.csv", "copy.csv"), "copy.csv", "copy"),
    Way(
        "brief", "fourways, CSV to CSV, neither sentences nor rules",
        _fourways("people.csv", "brief.csv", "--no-texts", "--no-trace"), "brief.csv", "copy",
        answers=True,
    ),
    Way(
        "csv", "fourways, CSV to CSV, no sentences",
        _fourways("people.csv", "results.csv", "--no-texts"), "results.csv", "copy", answers=True,
    ),
    Way(
        "copy-csv", "copy that writes as many bytes as that",
        _copy_like("csv", "long.csv"), "long.csv", "copy-csv", like="csv",
    ),
    Way(
        "texts", "fourways, CSV to CSV, with sentences",
        _fourways("people.csv", "texts.csv", "--texts"), "texts.csv", "copy-texts", answers=True,
    ),
    Way(
        "copy-texts", "copy that writes as many bytes as that",
        _copy_like("texts", "longer.csv"), "longer.csv", "copy-texts", like="texts",
    ),
    Way(
        "copy-parquet", "copy, Parquet to Parquet",
        _copy("people.parquet", "copy.parquet"), "copy.parquet", "copy-parquet",
    ),
    Way(
        "parquet", "fourways, Parquet to Parquet, no sentences",
        _fourways("people.parquet", "results.parquet", "--no-texts"), "results.parquet",
        "copy-parquet", answers=True,
    ),
    Way(
        "frame", "in memory: evaluate_frame on Polars",
        lambda case: module("inmemory", "frame", case.folder, "--rows", IN_MEMORY),
        most=IN_MEMORY,
    ),
    Way(
        "blocks", "in memory: as files are decided",
        lambda case: module("inmemory", "blocks", case.folder, "--rows", case.rows),
    ),
    Way(
        "loop", "loop in plain Python, CSV to CSV",
        lambda case: module(
            "plainpython", case.folder / "people.csv", case.folder / "loop.csv", "--rows", LOOP
        ),
        "loop.csv", "copy", most=LOOP, answers=True,
    ),
    Way("clips", "CLIPS, in memory", _peer("clips"), peer=True),
    Way("gorules", "GoRules zen-engine, in memory", _peer("gorules"), peer=True),
    Way("experta", "experta, in memory", _peer("experta"), peer=True),
)  # fmt: skip
"""In the order in which they are run: what writes as many bytes as another comes behind it."""
