"""The fast engine: the rules as bit masks, for questions that take thousands of decisions.

Each test of an answer is a bit, and so is each finding and each supported path. A condition
becomes its disjunctive normal form: a list of masks, and it is true when all bits of one of them
are set. More bits never stop a rule from firing. So running the rules on what is sure, and again
on all that is possible, shows what is still open: no third truth value is needed.

The engine says which rules fire and how the paths rank, not which facts matched. Decisions that
people see come from the other engines.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from fourways.model.base import RuleBase
from fourways.model.certainty import combined
from fourways.model.conditions import Found, Leaf, Recommended, Test, disjuncts, leaves
from fourways.model.decision import Standing, standings
from fourways.model.profile import Answer, Attribute, Kind, Profile
from fourways.model.rules import Evidence, Finding, Rule, Stratum

_CACHE_SIZE = 200_000

Masks = tuple[int, ...]


class Interval(NamedTuple):
    """The lowest and the highest certainty that a path can still reach, in hundredths."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class _Side:
    """The evidence for a path, or against it: each rule with its factor; the tests behind them."""

    rules: tuple[tuple[Rule, int], ...]
    tests: int


class CompactEngine:
    """Decides with bit masks, compiled once for a rule base.

    Args:
        base: the rules.

    Attributes:
        ways: for each rule id the masks of its condition.
        answer_ways: the same with every finding replaced by the answers that lead to it.
        tested: the bits of all answers that affect the ranking.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self._bits: dict[Leaf, int] = {}
        self._answers: dict[tuple[str, Answer], int] = {}
        self._distinct: dict[str, dict[int, Answer]] = {}
        self.ways: dict[str, Masks] = {}
        self.answer_ways: dict[str, Masks] = {}
        for rule in base.rules:
            # Bits are numbered in the order of the rules; the sets have no order.
            for leaf in leaves(base.conditions[rule.id]):
                self.bit(leaf)
            self.ways[rule.id] = self._masks(disjuncts(rule.when))
            self.answer_ways[rule.id] = self._masks(base.disjuncts(rule))
        self._tests = {bit: leaf for leaf, bit in self._bits.items() if isinstance(leaf, Test)}
        self._all_tests = sum(self._tests)
        self._sides = {
            path: (self._side(path, False), self._side(path, True)) for path in base.paths
        }
        self._certainties: dict[str, dict[tuple[int, int], int]] = {path: {} for path in base.paths}
        self.facts = lru_cache(_CACHE_SIZE)(self._facts)
        self._first = lru_cache(_CACHE_SIZE)(self._first_of)
        self.tested = self.tests_about(base.paths)

    # ------------------------------------------------------------- decisions

    def bits(self, profile: Mapping[str, Answer]) -> int:
        """Return the bits of the tests that a profile meets."""
        bits = 0
        for attribute, answer in profile.items():
            bits |= self.answer_bits(attribute, answer)
        return bits

    def answer_bits(self, attribute: str, answer: Answer | None) -> int:
        """Return the bits of the tests that one answer meets; attributes never share a bit."""
        if answer is None:
            return 0
        if (attribute, answer) not in self._answers:
            self._answers[attribute, answer] = sum(
                bit
                for bit, test in self._tests.items()
                if test.attribute == attribute and test.met_by(answer)
            )
        return self._answers[attribute, answer]

    def first(self, bits: int) -> str | None:
        """Return the first recommendation; None where no path is supported."""
        return self._first(bits & self.tested)

    def bounds(self, sure: int, possible: int) -> dict[str, Interval]:
        """Return the lowest and the highest certainty that each path can reach.

        Args:
            sure: the bits that are set in any case.
            possible: those, and all that may still be set.
        """
        return {
            path: Interval(
                self._certainty(path, sure, possible), self._certainty(path, possible, sure)
            )
            for path in self.base.paths
        }

    def certainties(self, bits: int) -> dict[str, int]:
        """Return the certainty of each path in hundredths, in the article's order."""
        return {path: self._certainty(path, bits, bits) for path in self.base.paths}

    def fires(self, rule: Rule, facts: int) -> bool:
        """Return whether a rule fires on bits that include its findings and paths (`facts`)."""
        return any(way & facts == way for way in self.ways[rule.id])

    def with_paths(self, bits: int, paths: Iterable[str]) -> int:
        """Return `facts` of some bits, with some paths supported."""
        return self.facts(bits) | sum(self.bit(Recommended(path)) for path in paths)

    def fired(self, profile: Profile) -> tuple[Rule, ...]:
        """Return the rules that fire, in order."""
        bits, cutoff = self.bits(profile), self.base.certainty.cutoff
        supported = [path for path, number in self.certainties(bits).items() if number > cutoff]
        facts = self.with_paths(bits, supported)
        return tuple(rule for rule in self.base.rules if self.fires(rule, facts))

    def standings(self, profile: Profile) -> tuple[Standing, ...]:
        """Return every path with its certainty, best first."""
        return standings(self.base, self.fired(profile))

    # ----------------------------------------------------------------- tests

    def tests(self, bits: int) -> tuple[Test, ...]:
        """Return the tests whose bits are set, in the order of the rules."""
        return tuple(test for bit, test in self._tests.items() if bit & bits)

    def tests_on(self, attributes: Collection[str]) -> int:
        """Return the bits of the tests of some attributes."""
        return union(bit for bit, test in self._tests.items() if test.attribute in attributes)

    def tests_behind(self, rule: Rule) -> int:
        """Return the bits of the tests that a rule depends on, also through findings."""
        return union(self.answer_ways[rule.id]) & self._all_tests

    def tests_about(self, paths: Collection[str]) -> int:
        """Return the bits of the tests that the certainty of some paths depends on."""
        return union(side.tests for path in paths for side in self._sides[path])

    def distinct_answers(self, attribute: str) -> dict[int, Answer]:
        """Return the answers that affect the ranking in different ways, by their bits."""
        if attribute not in self._distinct:
            distinct: dict[int, Answer] = {}
            for answer in every_answer(self.base.attributes[attribute]):
                distinct.setdefault(self.answer_bits(attribute, answer) & self.tested, answer)
            self._distinct[attribute] = distinct
        return self._distinct[attribute]

    # ---------------------------------------------------------------- inside

    def _facts(self, bits: int) -> int:
        """Return some bits with those of the findings; what a finding builds on runs before it."""
        for rule in self.base.stratum(Stratum.FINDINGS):
            assert isinstance(rule.then, Finding)
            if self.fires(rule, bits):
                bits |= self.bit(Found(rule.then.id))
        return bits

    def _first_of(self, bits: int) -> str | None:
        best, first = self.base.certainty.cutoff, None
        for path, certainty in self.certainties(bits).items():
            if certainty > best:
                best, first = certainty, path
        return first

    def _certainty(self, path: str, supporting: int, opposing: int) -> int:
        support, opposition = self._sides[path]
        key = supporting & support.tests, opposing & opposition.tests
        cache = self._certainties[path]
        if key not in cache:
            if len(cache) >= _CACHE_SIZE:
                cache.clear()
            # The findings of all bits are cached for every path.
            cache[key] = combined(
                self._factors(support, self.facts(supporting)),
                self._factors(opposition, self.facts(opposing)),
            )
        return cache[key]

    def _factors(self, side: _Side, facts: int) -> list[int]:
        return [factor for rule, factor in side.rules if self.fires(rule, facts)]

    # ----------------------------------------------------------- compilation

    def _masks(self, sets: Iterable[Iterable[Leaf]]) -> Masks:
        return tuple(union(self.bit(leaf) for leaf in leaves) for leaves in sets)

    def bit(self, leaf: Leaf) -> int:
        """Return the bit of a test, a finding or a supported path."""
        return self._bits.setdefault(leaf, 1 << len(self._bits))

    def _side(self, path: str, against: bool = False) -> _Side:
        rules = tuple(
            (rule, rule.then.factor)
            for rule in self.base.evidence[path]
            if isinstance(rule.then, Evidence) and rule.then.against is against
        )
        return _Side(rules, union(self.tests_behind(rule) for rule, _ in rules))


def every_answer(attribute: Attribute) -> Iterator[Answer]:
    """Yield every answer to a question; for a set every combination of its values, fewest first."""
    values = tuple(attribute.by_id)
    match attribute.kind:
        case Kind.SET:
            for size in range(len(values) + 1):
                yield from map(frozenset, combinations(values, size))
        case Kind.YES_NO:
            yield from (value == "true" for value in values)
        case _:
            yield from values


def minimal(masks: Iterable[int]) -> Masks:
    """Return the masks that contain no other one, each once, in their order."""
    distinct = tuple(dict.fromkeys(masks))
    return tuple(
        mask
        for mask in distinct
        if not any(other & mask == other for other in distinct if other != mask)
    )


def union(masks: Iterable[int]) -> int:
    """Return the bits that any of the masks has."""
    bits = 0
    for mask in masks:
        bits |= mask
    return bits
