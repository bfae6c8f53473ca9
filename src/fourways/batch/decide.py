"""From rows to results and rejects: each distinct profile decided once, a sample of them twice."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from fourways.batch.contract import noted, texts
from fourways.engines import Engine
from fourways.errors import DisagreementError, Problem
from fourways.intake.columns import BadCell, RowReader
from fourways.intake.table import BadRow, Row
from fourways.model.decision import Decision
from fourways.model.profile import Profile, name_of


@dataclass(frozen=True, slots=True)
class Result:
    """A row that was answered: its cells, then those of the result columns."""

    cells: tuple[str, ...]
    recommendation: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not: the line where it starts, and all that is wrong with it.

    `problems` have an empty column where the record as a whole could not be read.
    """

    line: int
    problems: tuple[BadCell, ...]


@dataclass(slots=True)
class Counts:
    """What became of the records: `records` is the sum of `results` and `rejects`."""

    records: int = 0
    results: int = 0
    rejects: int = 0
    recommended: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)


def decide_rows(
    records: Iterable[Row | BadRow], reader: RowReader, outcomes: "Outcomes", counts: Counts
) -> Iterator[Result | Reject]:
    """Give the result or the reject of each record, in their order, and count them."""
    for record in records:
        counts.records += 1
        if isinstance(record, BadRow):
            whole = BadCell("", record.text, record.problem, record.suggestion)
            counts.rejects += 1
            counts.problems[record.problem.partition(":")[0]] += 1
            yield Reject(record.line, (whole,))
            continue
        row = reader.read(record.cells)
        if row.bad:
            counts.rejects += 1
            counts.problems.update(f"unknown value in '{bad.column}'" for bad in row.bad)
            yield Reject(record.line, row.bad)
            continue
        outcome = outcomes.of(row.profile)
        counts.results += 1
        counts.recommended[outcome[0]] += 1
        yield Result((*record.cells, *outcome, noted(row.notes)), outcome[0])


class Outcomes:
    """The texts of each distinct profile, and a sample to be decided by a second engine.

    The sample holds the profiles with the smallest digests, so that the same file gives the same
    sample, in whatever order its rows stand.

    Args:
        engine: decides.
        judge: decides the sample again.
        sample: how many profiles; None for all.
    """

    def __init__(self, engine: Engine, judge: Engine, sample: int | None) -> None:
        self._engine = engine
        self._judge = judge
        self._sample = sample
        self._texts: dict[Profile, tuple[str, ...]] = {}
        self._chosen: list[tuple[int, int, Decision]] = []
        self.verified = 0

    @property
    def distinct(self) -> int:
        """How many distinct profiles were decided."""
        return len(self._texts)

    def of(self, profile: Profile) -> tuple[str, ...]:
        """Give the cells of a profile's decision."""
        if profile not in self._texts:
            decision = self._engine.decide(profile)
            self._texts[profile] = texts(decision)
            if self._sample is None:
                self._verify(decision)
            elif self._sample:
                self._choose(decision)
        return self._texts[profile]

    def verify(self) -> None:
        """Decide the sample again.

        Raises:
            DisagreementError: the second engine decides otherwise; names the profile.
        """
        for *_, decision in sorted(self._chosen, key=lambda chosen: chosen[:2], reverse=True):
            self._verify(decision)
        self._chosen.clear()

    def _choose(self, decision: Decision) -> None:
        entry = (-_place(decision.profile), self.distinct, decision)
        if self._sample is not None and len(self._chosen) < self._sample:
            heapq.heappush(self._chosen, entry)
        else:
            heapq.heappushpop(self._chosen, entry)

    def _verify(self, decision: Decision) -> None:
        again = self._judge.decide(decision.profile)
        if again != decision:
            answers = ", ".join(f"{name}={text}" for name, text in _answers(decision.profile))
            raise DisagreementError(
                Problem(
                    f"two engines differ on the profile {answers or 'without answers'}: "
                    f"{_difference(decision, again)}",
                    hint="This is a fault of fourways; please report it with that profile.",
                )
            )
        self.verified += 1


def _answers(profile: Profile) -> Iterator[tuple[str, str]]:
    for name, answer in profile.items():
        if isinstance(answer, frozenset):
            yield name, ";".join(sorted(answer)) or "none"
        else:
            yield name, name_of(answer)


def _place(profile: Profile) -> int:
    """Give the place of a profile in an order that has nothing to do with what it says."""
    return int.from_bytes(sha256(repr(list(_answers(profile))).encode()).digest()[:8], "big")


def _difference(one: Decision, other: Decision) -> str:
    if one.standings != other.standings:
        ranked = [
            ", ".join(f"{s.path} {s.certainty}" for s in decision.standings)
            for decision in (one, other)
        ]
        return f"certainties {ranked[0]} or {ranked[1]}"
    fired = [[firing.rule.id for firing in decision.trace] for decision in (one, other)]
    if fired[0] != fired[1]:
        return f"rules fired {' '.join(fired[0])} or {' '.join(fired[1])}"
    return "facts matched"
