"""What became of the records of a file, counted: a block by itself, and blocks together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np
import polars as pl

from fourways.answers.columns import BadCell
from fourways.batch.answers import FileAnswers
from fourways.batch.blocks import Found
from fourways.intake.table import BadRow

REJECTED = tuple[int, tuple[BadCell, ...]]
"""A reject: the line where it starts, and all that is wrong; no column where it is the record."""

_PEOPLE = "people"


@dataclass(slots=True)
class Counts:
    """What became of the records: `records` is the sum of `results` and `rejects`.

    Attributes:
        noted: the rows with a note on how something was read.
        blocks: of how many rows at once the results are.
        profiles: how many distinct profiles were decided.
        recommended: the first recommendations.
        also: the paths that are supported, but not first.
        certainties: of the first recommendations, as they are written.
        fired: the rules that fired, where that was asked for.
        breakdowns: attribute to value, empty where unknown, to first recommendations.
        problems: what is wrong with the rejects.
    """

    records: int = 0
    results: int = 0
    rejects: int = 0
    noted: int = 0
    blocks: int = 0
    profiles: int = 0
    recommended: Counter[str] = field(default_factory=Counter)
    also: Counter[str] = field(default_factory=Counter)
    certainties: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    breakdowns: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        """Add the counts of other records."""
        for one in fields(self):
            here, there = getattr(self, one.name), getattr(other, one.name)
            if isinstance(here, int):
                setattr(self, one.name, here + there)
            elif isinstance(here, Counter):
                here.update(there)
        for attribute, groups in other.breakdowns.items():
            own = self.breakdowns.setdefault(attribute, {})
            for group, paths in groups.items():
                own.setdefault(group, Counter()).update(paths)

    def as_json(self) -> dict[str, Any]:
        """Give the counts as they are kept in a file."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Give the counts that were kept."""
        read: dict[str, Any] = {
            name: value if isinstance(value, int) else Counter(value)
            for name, value in kept.items()
            if name != "breakdowns"
        }
        read["breakdowns"] = {
            attribute: {group: Counter(paths) for group, paths in groups.items()}
            for attribute, groups in kept["breakdowns"].items()
        }
        return cls(**read)


def count_rejects(rejects: Sequence[REJECTED]) -> Counts:
    """Count rejects, by what is wrong with them; a record can have several problems."""
    counts = Counts(records=len(rejects), rejects=len(rejects))
    for _, problems in rejects:
        for bad in problems:
            whole = bad.problem.partition(":")[0]
            counts.problems[f"unknown value in '{bad.column}'" if bad.column else whole] += 1
    return counts


class Tally:
    """Counts results by their profiles: which there are, and how many people have each.

    Args:
        answers: what the codes of a profile mean.
        rules: whether to count the rules that fired as well.
    """

    def __init__(self, answers: FileAnswers, rules: bool) -> None:
        self._answers = answers
        self._read = ["recommendation", "certainty", "ranking"] + ["rules"] * rules
        self._read += (c.attribute.id for c in answers.columns if c.attribute.breakdown)
        self._profiles: list[pl.DataFrame] = []
        self._people = np.zeros(0, dtype=np.int64)
        self._counted = Counts()

    def add(self, found: Found, people: bool = True) -> None:
        """Add the rows of a block, or only take note of its new profiles."""
        if not found.known:
            # Numbers begin anew: what they stood for is forgotten.
            self._counted = self.counts()
            self._profiles.clear()
            self._people = np.zeros(0, dtype=np.int64)
        if found.new.height:
            self._profiles.append(found.new.select(self._read))
            self._people = np.append(self._people, np.zeros(found.new.height, dtype=np.int64))
        if people:
            self._counted.profiles += found.new.height
            self._people += np.bincount(found.numbers, minlength=len(self._people))

    def counts(self) -> Counts:
        """Count what was added so far."""
        counts = Counts()
        counts.add(self._counted)
        if not self._profiles:
            return counts
        people = pl.concat(self._profiles).with_columns(pl.Series(_PEOPLE, self._people))
        people = people.filter(pl.col(_PEOPLE) > 0)
        some = Counts()
        some.recommended = _counted(people, "recommendation")
        some.certainties = _counted(people.filter(pl.col("certainty") != ""), "certainty")
        some.also = _counted(_exploded(people, "ranking", 1), "ranking", until=":")
        if "rules" in self._read:
            some.fired = _counted(_exploded(people, "rules", 0), "rules")
        for column in self._answers.columns:
            if column.attribute.breakdown:
                some.breakdowns[column.attribute.id] = _broken_down(
                    people, column.attribute.id, column.forms
                )
        counts.add(some)
        return counts


def whole_record(record: BadRow) -> REJECTED:
    """Give the reject for a record that cannot be read."""
    return record.line, (BadCell("", record.text, record.problem, record.suggestion),)


def _broken_down(
    people: pl.DataFrame, attribute: str, forms: Sequence[str | None]
) -> dict[str, Counter[str]]:
    groups: dict[str, Counter[str]] = {}
    summed = people.group_by(attribute, "recommendation").agg(pl.col(_PEOPLE).sum())
    for code, path, number in summed.iter_rows():
        groups.setdefault(forms[code] or "", Counter())[path] += number
    return groups


def _counted(people: pl.DataFrame, column: str, until: str = "") -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, number in people.group_by(column).agg(pl.col(_PEOPLE).sum()).iter_rows():
        counts[text.partition(until)[0] if until else text] += number
    return counts


def _exploded(people: pl.DataFrame, column: str, start: int) -> pl.DataFrame:
    """Give the items of lists such as `a;b`, from one on, each distinct list taken apart once."""
    lists = people.group_by(column).agg(pl.col(_PEOPLE).sum())
    items = pl.col(column).cast(pl.String).str.split(";").list.slice(start)
    return (
        lists.select(items, _PEOPLE)
        .filter(pl.col(column).list.len() > 0)
        .explode(column)
        .filter(pl.col(column) != "")
    )
