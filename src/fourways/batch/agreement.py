"""A sample of the distinct profiles of a run, decided again in experta, cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import polars as pl

from fourways.batch.answers import FileAnswers
from fourways.batch.contract import ALL_COLUMNS
from fourways.batch.contract import cells as cells_of
from fourways.errors import DisagreementError, Problem
from fourways.explain.repairs import Repairs
from fourways.model.decision import Engine
from fourways.model.profile import Answer, Profile

# A multiplier that spreads whole numbers over 64 bits; what comes out has nothing to do with
# what the profile says, and is the same in every run.
_SPREAD = 0x9E3779B97F4A7C15
_PLACE = "place"


@dataclass(slots=True)
class Sample:
    """The distinct profiles with the smallest places in an order by chance.

    The same file gives the same sample, in whatever order and blocks its rows come.

    Attributes:
        answers: what the codes of a profile mean.
        size: how many profiles; None for all.
        verified: how many were decided again, and came out the same.
    """

    answers: FileAnswers
    judge: Engine
    size: int | None
    verified: int = 0
    _kept: dict[Profile, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    _cells: list[str] = field(default_factory=list)
    _repairs: Repairs | None = None

    def offer(self, distinct: pl.DataFrame) -> None:
        """Consider the profiles of a block, each with its result cells."""
        codes = [column.attribute.id for column in self.answers.columns]
        cells = [name for name in ALL_COLUMNS if name in distinct.columns]
        if self.size is None:
            for row in distinct.select(*codes, *cells).iter_rows():
                profile = self.answers.profile(row[: len(codes)])
                self._compare(profile, cells, row[len(codes) :])
            return
        if not self.size or distinct.is_empty():
            return
        places = self._places(distinct)
        placed = distinct.with_columns(places).filter(places <= places.bottom_k(self.size).max())
        if len(self._kept) == self.size:
            placed = placed.filter(pl.col(_PLACE) < max(place for place, _ in self._kept.values()))
        for row in placed.select(*codes, *cells, _PLACE).iter_rows():
            profile = self.answers.profile(row[: len(codes)])
            self._kept[profile] = (row[-1], row[len(codes) : -1])
        smallest = sorted(self._kept, key=lambda profile: self._kept[profile][0])[: self.size]
        self._kept = {profile: self._kept[profile] for profile in smallest}
        self._cells = cells

    def verify(self) -> None:
        """Decide the sample again.

        Raises:
            DisagreementError: the judge gives another cell; names the profile.
        """
        for profile, (_, row) in self._kept.items():
            self._compare(profile, self._cells, row)
        self._kept.clear()

    def as_json(self) -> dict[str, Any]:
        """Give the sample as it is kept in a file."""
        kept = [
            (place, {name: _written(answer) for name, answer in profile.items()}, cells)
            for profile, (place, cells) in self._kept.items()
        ]
        return {"verified": self.verified, "columns": self._cells, "kept": kept}

    def go_on(self, kept: Mapping[str, Any]) -> None:
        """Go on with a sample that was kept."""
        self.verified = kept["verified"]
        self._cells = kept["columns"]
        self._kept = {
            Profile({name: _read(answer) for name, answer in answers.items()}): (
                place, tuple(cells),
            )
            for place, answers, cells in kept["kept"]
        }  # fmt: skip

    def _places(self, distinct: pl.DataFrame) -> pl.Series:
        """Give the places of profiles, from the contract forms of their answers."""
        # Step by step: as one expression it would name each step twice, and double with each.
        places = pl.repeat(0, distinct.height, dtype=pl.UInt64, eager=True)
        for column in self.answers.columns:
            marks = pl.Series([_mark(form) for form in column.forms], dtype=pl.UInt64)
            places = (places + marks.gather(distinct.get_column(column.attribute.id))) * _SPREAD
            places = places ^ (places // (1 << 29))
        return places.alias(_PLACE)

    def _compare(self, profile: Profile, names: Sequence[str], cells: Sequence[str]) -> None:
        decision = self.judge.decide(profile)
        self._repairs = self._repairs or Repairs(decision.base)
        derived = cells_of(decision, names, self._repairs)
        for name, cell in zip(names, cells, strict=True):
            if derived[name] != cell:
                answers = ", ".join(
                    f"{name}={';'.join(sorted(a)) if isinstance(a, frozenset) else a}"
                    for name, a in profile.items()
                )
                raise DisagreementError(
                    Problem(
                        f"two engines differ on the profile {answers or 'without answers'}: "
                        f"{name} is '{cell}' or '{derived[name]}'",
                        hint="This is a fault of fourways; please report it with that profile.",
                    )
                )
        self.verified += 1


def _written(answer: Answer) -> str | bool | list[str]:
    return sorted(answer) if isinstance(answer, frozenset) else answer


def _read(answer: str | bool | list[str]) -> Answer:
    return frozenset(answer) if isinstance(answer, list) else answer


def _mark(form: str | None) -> int:
    """Give a number for an answer that is the same in every run."""
    return int.from_bytes(sha256((form or "").encode()).digest()[:8], "big")
