"""The compact engine: the rules as masks over bits, for questions that take thousands of decisions.

Each test of an answer is a bit, and so is each finding and each path that came out. A condition
without `not` is then a list of masks, one for each way of meeting it: it is true when all bits of
one of them are set. Bits only ever add rules, which gives the least and the most that a path can
come to for free. It tells what fired and how the paths stand, not which facts matched: decisions
that people see come from the other engines.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from fourways.model.base import RuleBase
from fourways.model.certainty import combined
from fourways.model.conditions import (
    All,
    Any,
    Condition,
    Found,
    Recommended,
    Test,
    leaves,
    without_negation,
)
from fourways.model.decision import Standing, standings
from fourways.model.profile import Answer, Profile
from fourways.model.rules import Evidence, Finding, Rule, Stratum

_REMEMBERED = 200_000
"""How many decisions are kept at most; then they are forgotten, all at once."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule as masks: it fires when all bits of one of `ways` are set; `sets` is the bit then."""

    rule: Rule
    ways: tuple[int, ...]
    sets: int = 0

    def fires(self, bits: int) -> bool:
        return any(way & bits == way for way in self.ways)


@dataclass(frozen=True, slots=True)
class _Path:
    """A path: the rules for and against it with their factors, and the tests they come down to."""

    id: str
    supporting: tuple[tuple[_Compiled, int], ...]
    opposing: tuple[tuple[_Compiled, int], ...]
    supporting_tests: int
    opposing_tests: int


class CompactEngine:
    """Decides with bit masks; compiled once for a rule base.

    Args:
        base: the rules.

    Attributes:
        tested: the bits of the answers that bear on how the paths stand.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self._bits: dict[object, int] = {}
        self._answers: dict[tuple[str, Answer], int] = {}
        self._tests: dict[str, list[tuple[Test, int]]] = {name: [] for name in base.attributes}
        self._behind: dict[int, int] = {}
        self._rules = {rule.id: self._compiled(rule) for rule in base.rules}
        self._findings = [self._rules[rule.id] for rule in base.stratum(Stratum.FINDINGS)]
        self._paths = [self._path(path) for path in base.paths]
        self._certainties: list[dict[tuple[int, int], int]] = [{} for _ in self._paths]
        self._conclusions: dict[int, int] = {}
        self._firsts: dict[int, str | None] = {}
        self.tested = self.bearing(base.paths)

    # ------------------------------------------------------------- decisions

    def bits(self, profile: Profile) -> int:
        """Give the bits of what is known: one for each test that is met."""
        bits = 0
        for attribute, answer in profile.items():
            bits |= self.answer_bits(attribute, answer)
        return bits

    def answer_bits(self, attribute: str, answer: Answer) -> int:
        """Give the bits of one answer; those of two attributes never meet."""
        known = self._answers.get((attribute, answer))
        if known is None:
            known = sum(bit for test, bit in self._tests[attribute] if test.met_by(answer))
            self._answers[attribute, answer] = known
        return known

    def first(self, bits: int) -> str | None:
        """Give the first recommendation; None where no path is supported."""
        bits &= self.tested
        if bits in self._firsts:
            return self._firsts[bits]
        best, first = self.base.certainty.cutoff, None
        for path, certainty in self.certainties(bits):
            if certainty > best:
                best, first = certainty, path
        if len(self._firsts) >= _REMEMBERED:
            self._firsts.clear()
        self._firsts[bits] = first
        return first

    def certainties(self, bits: int) -> Iterator[tuple[str, int]]:
        """Give each path with its certainty in hundredths, in the article's order."""
        for index, path in enumerate(self._paths):
            yield path.id, self._certainty(index, bits, bits)

    def bounds(self, sure: int, possible: int) -> Iterator[tuple[str, int, int]]:
        """Give each path with the least and the most that its certainty can come to.

        Args:
            sure: the bits that are set whatever comes.
            possible: those, and all that may be set.
        """
        for index, path in enumerate(self._paths):
            least = self._certainty(index, sure, possible)
            yield path.id, least, self._certainty(index, possible, sure)

    def bearing(self, paths: Collection[str]) -> int:
        """Give the bits of the answers that bear on how some paths stand."""
        bits = 0
        for path in self._paths:
            if path.id in paths:
                bits |= path.supporting_tests | path.opposing_tests
        return bits

    def fires(self, rule: Rule, bits: int) -> bool:
        """Tell whether a rule fires that does not ask which paths came out."""
        return self._rules[rule.id].fires(self._concluded(bits))

    def fired(self, profile: Profile) -> tuple[Rule, ...]:
        """Give the rules that fire, in order."""
        known = self._concluded(self.bits(profile))
        for standing in self.standings(profile):
            if standing.certainty > self.base.certainty.cutoff:
                known |= self._bit(("path", standing.path))
        return tuple(one.rule for one in self._rules.values() if one.fires(known))

    def standings(self, profile: Profile) -> tuple[Standing, ...]:
        """Give every path with its certainty, best first."""
        known = self._concluded(self.bits(profile))
        return standings(self.base, (one.rule for one in self._rules.values() if one.fires(known)))

    def _certainty(self, index: int, supporting: int, opposing: int) -> int:
        path = self._paths[index]
        key = (supporting & path.supporting_tests, opposing & path.opposing_tests)
        remembered = self._certainties[index]
        if key not in remembered:
            # The findings of all that is known serve every path; what others test changes nothing.
            known = (self._known(supporting), self._known(opposing))
            if len(remembered) >= _REMEMBERED:
                remembered.clear()
            remembered[key] = combined(
                [factor for rule, factor in path.supporting if rule.fires(known[0])],
                [factor for rule, factor in path.opposing if rule.fires(known[1])],
            )
        return remembered[key]

    def _known(self, bits: int) -> int:
        """Give the same as `_concluded`, remembered: the paths ask for it one after the other."""
        known = self._conclusions.get(bits)
        if known is None:
            if len(self._conclusions) >= _REMEMBERED:
                self._conclusions.clear()
            known = self._conclusions[bits] = self._concluded(bits)
        return known

    def _concluded(self, bits: int) -> int:
        """Give the bits with those of the findings; their rules stand in the order of building."""
        for one in self._findings:
            if one.fires(bits):
                bits |= one.sets
        return bits

    # ------------------------------------------------------------ compilation

    def _compiled(self, rule: Rule) -> _Compiled:
        condition = without_negation(rule.when)
        ways = self._ways(condition)
        if not isinstance(rule.then, Finding):
            return _Compiled(rule, ways)
        bit = self._bit(("finding", rule.then.id))
        self._behind[bit] = self._behind.get(bit, 0) | self._tests_behind(condition)
        return _Compiled(rule, ways, bit)

    def _path(self, path: str) -> _Path:
        sides = []
        for against in (False, True):
            rules = []
            tests = 0
            for rule in self.base.evidence[path]:
                if isinstance(rule.then, Evidence) and rule.then.against is against:
                    rules.append((self._rules[rule.id], rule.then.factor))
                    tests |= self._tests_behind(without_negation(rule.when))
            sides.append((tuple(rules), tests))
        (supporting, for_it), (opposing, against_it) = sides
        return _Path(path, supporting, opposing, for_it, against_it)

    def _tests_behind(self, condition: Condition) -> int:
        """Give the bits of the tests of a condition and of the findings that it builds on."""
        bits = 0
        for leaf in leaves(condition):
            bit = self._leaf(leaf)
            bits |= self._behind.get(bit, 0) if isinstance(leaf, Found) else bit
        return bits

    def _ways(self, condition: Condition) -> tuple[int, ...]:
        match condition:
            case All():
                ways: tuple[int, ...] = (0,)
                for part in condition.parts:
                    ways = tuple(way | more for way in ways for more in self._ways(part))
            case Any():
                ways = tuple(way for part in condition.parts for way in self._ways(part))
            case Test() | Found() | Recommended():
                return (self._leaf(condition),)
            case _:
                raise TypeError(f"no masks for {type(condition).__name__}")
        return shortest(ways)

    def _leaf(self, leaf: Test | Found | Recommended) -> int:
        match leaf:
            case Found():
                return self._bit(("finding", leaf.finding))
            case Recommended():
                return self._bit(("path", leaf.path))
        if leaf not in self._bits:
            self._tests[leaf.attribute].append((leaf, self._bit(leaf)))
        return self._bit(leaf)

    def _bit(self, what: object) -> int:
        return self._bits.setdefault(what, 1 << len(self._bits))


def shortest(masks: Iterable[int]) -> tuple[int, ...]:
    """Give the masks that hold no other one, each once."""
    kept: list[int] = []
    for mask in sorted(set(masks), key=int.bit_count):
        if not any(other & mask == other for other in kept):
            kept.append(mask)
    return tuple(kept)
