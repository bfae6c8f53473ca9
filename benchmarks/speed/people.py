"""Makes people up, in chunks of arrays: the same seed gives the same people in the same order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl

from benchmarks.speed.population import UNKNOWN, Population, codes_of
from fourways.model.base import RuleBase

Part = TypeVar("Part")

CHUNK = 250_000
"""People that are made up at a time; a shorter file is the beginning of a longer one."""


@dataclass(frozen=True)
class People:
    """Some people.

    Attributes:
        codes: per attribute a column with the codes of the answers.
        employers: the number of each one's organisation.
    """

    codes: pl.DataFrame
    employers: np.ndarray


class Crowd:
    """All people that there could be.

    Args:
        base: says what can be known.
        population: who they are.
        distinct: whether every answer is drawn by itself, all as likely as being unknown, so that
            next to nobody answers like another.
        seed: which crowd.
    """

    def __init__(self, base: RuleBase, population: Population, distinct: bool, seed: int) -> None:
        self._base = base
        self._population = population
        self._distinct = distinct
        self._seed = seed
        self._employers = population.organisations.attribute
        chance = np.random.default_rng([seed])
        self.sizes = population.organisations.sizes.drawn(chance, population.organisations.count)
        self.headcounts = self._headcounts(chance)
        self._models = [
            {
                name: weights.drawn(chance, population.likeness.models)
                for name, weights in group.answers.items()
            }
            for group in population.groups
        ]
        people = np.cumsum(np.sqrt(self.headcounts))
        self._people = people / people[-1]

    def chunk(self, number: int) -> People:
        """Give the people of a chunk."""
        chance = np.random.default_rng([self._seed, number])
        codes = self._uniform(chance) if self._distinct else self._believable(chance)
        if self._distinct:
            employers = self._of_sizes(codes[self._employers], chance)
        else:
            employers = np.searchsorted(self._people, chance.random(CHUNK))
            known = codes[self._employers] != UNKNOWN
            codes[self._employers] = np.where(known, self.sizes[employers], UNKNOWN)
        return People(pl.DataFrame(codes, schema=dict.fromkeys(codes, pl.Int16)), employers)

    def _headcounts(self, chance: np.random.Generator) -> np.ndarray:
        attribute = self._base.attributes[self._employers]
        starts = [value.start or 1 for value in attribute.values]
        ends = [*starts[1:], self._population.organisations.largest]
        low, high = np.log(starts)[self.sizes], np.log(ends)[self.sizes]
        return np.exp(low + (high - low) * chance.random(len(self.sizes))).astype(np.int64)

    def _of_sizes(self, sizes: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """Give a random organisation of each size; any where it is unknown."""
        by_size = np.argsort(self.sizes, kind="stable")
        starts = np.searchsorted(self.sizes[by_size], sizes)
        counts = np.searchsorted(self.sizes[by_size], sizes, side="right") - starts
        unknown = sizes == UNKNOWN
        starts, counts = np.where(unknown, 0, starts), np.where(unknown, len(by_size), counts)
        return by_size[starts + (chance.random(CHUNK) * counts).astype(np.int64)]

    def _uniform(self, chance: np.random.Generator) -> dict[str, np.ndarray]:
        return {
            name: chance.integers(UNKNOWN, len(codes_of(attribute)), CHUNK, dtype=np.int16)
            for name, attribute in self._base.attributes.items()
        }

    def _believable(self, chance: np.random.Generator) -> dict[str, np.ndarray]:
        groups, likeness = self._population.groups, self._population.likeness
        codes = {name: np.zeros(CHUNK, dtype=np.int16) for name in self._base.attributes}
        shares = [group.share for group in groups]
        for members, (group, models) in _parted(
            shares, list(zip(groups, self._models, strict=True)), chance
        ):
            size = len(members)
            # Squared, so that the first are taken after more often.
            after = (chance.random(size) ** 2 * likeness.models).astype(np.int64)
            for name, weights in group.answers.items():
                like = chance.random(size) < likeness.like
                own = weights.drawn(chance, size)
                codes[name][members] = np.where(like, models[name][after], own)
        sorts = self._population.completeness
        for members, sort in _parted([sort.share for sort in sorts], sorts, chance):
            stops = chance.integers(1, len(codes), len(members)) if sort.stops else len(codes)
            for place, name in enumerate(codes):
                known = (chance.random(len(members)) < sort.known) & (place < stops)
                if sort.only:
                    known &= name in sort.only
                codes[name][members[~known]] = UNKNOWN
        return codes


def _parted(
    shares: Sequence[float], parts: Sequence[Part], chance: np.random.Generator
) -> Iterator[tuple[np.ndarray, Part]]:
    """Give the places of the people who fall to each part, and the part."""
    ends = np.cumsum(shares) / sum(shares)
    fallen = np.searchsorted(ends, chance.random(CHUNK), side="right")
    for number, part in enumerate(parts):
        yield np.flatnonzero(fallen == number), part
