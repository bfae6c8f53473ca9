"""What became of the records of a file, counted."""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from fourways.intake.columns import BadCell
from fourways.intake.table import BadRow

REJECTED = tuple[int, tuple[BadCell, ...]]
"""A reject: the line where it starts, and all that is wrong; no column where it is the record."""


@dataclass(slots=True)
class Counts:
    """What became of the records: `records` is the sum of `results` and `rejects`.

    Attributes:
        profiles: how many distinct profiles were decided, each once in a block of rows.
        recommended: the first recommendations.
        problems: what is wrong with the rejects.
    """

    records: int = 0
    results: int = 0
    rejects: int = 0
    profiles: int = 0
    recommended: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def add_results(self, results: pl.DataFrame, profiles: int) -> None:
        """Count the results of a block."""
        self.records += results.height
        self.results += results.height
        self.profiles += profiles
        for path, count in results.get_column("recommendation").value_counts().iter_rows():
            self.recommended[path] += count

    def add_reject(self, problems: tuple[BadCell, ...]) -> None:
        """Count a reject."""
        self.records += 1
        self.rejects += 1
        for bad in problems:
            whole = bad.problem.partition(":")[0]
            self.problems[f"unknown value in '{bad.column}'" if bad.column else whole] += 1


def whole_record(record: BadRow) -> REJECTED:
    """Give the reject for a record that cannot be read."""
    return record.line, (BadCell("", record.text, record.problem, record.suggestion),)
