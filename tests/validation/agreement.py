"""How far fourways agrees with blind readers of the article, and they with each other.

Run it with `./scripts/validate`. docs/validation.md shows the same tables.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path

from fourways.answers.profiles import profile_of
from fourways.engines.fast import CompactEngine
from fourways.model.certainty import combined, shown
from fourways.model.profile import Profile
from fourways.model.rules import Evidence
from fourways.rulebase import load_builtin

SETS = ("V", "W", "X", "T", "U")
FOLDER = Path(__file__).parent
READERS = ("reader_1", "reader_2", "reader_3")
NONE = "none"
STEP = 5
"""Factors are refitted in steps of as many hundredths."""


@dataclass(frozen=True)
class Person:
    """Someone whom every reader ranked.

    Attributes:
        id: the set and a number.
        known: the answers, as the file has them.
        readings: the paths as each reader ranked them, best first.
        words: for each path the words of the rules that fired for it, and against it.
    """

    id: str
    known: Mapping[str, str]
    readings: tuple[tuple[str, ...], ...]
    words: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

    @cached_property
    def majority(self) -> str:
        """The first path of most readers; of the first reader where all differ."""
        return Counter(reading[0] for reading in self.readings).most_common(1)[0][0]

    @cached_property
    def unanimous(self) -> bool:
        """Whether all readers have the same first path."""
        return len({reading[0] for reading in self.readings}) == 1

    def ranking(self, factors: Mapping[str, int]) -> list[tuple[str, int]]:
        """Return the supported paths with their certainty, best first, for factors of the words."""
        cutoff = load_builtin().certainty.cutoff
        certainty = {
            path: _combined(tuple(factors[w] for w in words), tuple(factors[w] for w in against))
            for path, (words, against) in self.words.items()
        }
        supported = [path for path in certainty if certainty[path] > cutoff]
        supported.sort(key=lambda path: -certainty[path])
        return [(path, certainty[path]) for path in supported] or [(NONE, 0)]


_combined = cache(combined)


@cache
def people(name: str) -> tuple[Person, ...]:
    """Read the people of a set."""
    base = load_builtin()
    engine = CompactEngine(base)
    found = []
    with (FOLDER / f"{name}.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            known = {a: row[a] for a in base.attributes if row[a]}
            profile = profile_of((f"{a}={v}" for a, v in known.items()), base.attributes).profile
            readings = tuple(tuple(row[reader].split(">")) for reader in READERS)
            found.append(Person(row["id"], known, readings, _words(engine, profile)))
    return tuple(found)


def _words(
    engine: CompactEngine, profile: Profile
) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    fired = [r.then for r in engine.fired(profile) if isinstance(r.then, Evidence)]

    def words(path: str, *, against: bool) -> tuple[str, ...]:
        return tuple(e.word for e in fired if e.path == path and e.against is against)

    return {p: (words(p, against=False), words(p, against=True)) for p in engine.base.paths}


@dataclass(frozen=True)
class Agreement:
    """How many people of some have as their first path that of the majority of the readers.

    Attributes:
        people: how many there are.
        first: for whom fourways has the majority's first path.
        unanimous: for whom all readers have the same first path, and `agreed` fourways as well.
        among_two: for whom the majority's first path is one of the first two of fourways.
    """

    people: int
    first: int
    unanimous: int
    agreed: int
    among_two: int


def today() -> dict[str, int]:
    """Return the factor of each word, in hundredths."""
    return {name: word.factor for name, word in load_builtin().certainty.words.items()}


def agreement(some: Sequence[Person], factors: Mapping[str, int]) -> Agreement:
    """Return how far fourways agrees with the readers, for factors of the words."""
    firsts = [[path for path, _ in person.ranking(factors)][:2] for person in some]
    right = [first[0] == person.majority for person, first in zip(some, firsts, strict=True)]
    return Agreement(
        people=len(some),
        first=sum(right),
        unanimous=sum(person.unanimous for person in some),
        agreed=sum(r and p.unanimous for r, p in zip(right, some, strict=True)),
        among_two=sum(p.majority in first for p, first in zip(some, firsts, strict=True)),
    )


def pairs(some: Sequence[Person]) -> tuple[int, ...]:
    """Return for each pair of readers for how many people they have the same first path."""
    return tuple(
        sum(person.readings[one][0] == person.readings[other][0] for person in some)
        for one, other in combinations(range(len(READERS)), 2)
    )


def refitted(some: Sequence[Person]) -> dict[str, int]:
    """Return factors that agree best with the readers of some people, starting from today's.

    Each word in turn takes the factor, in steps of `STEP`, with which most people agree; of
    equals the one nearest to today's. This goes on until no word changes.
    """
    start = today()
    factors = dict(start)

    def score(tried: Mapping[str, int]) -> tuple[float, int]:
        found = agreement(some, tried)
        distance = sum(abs(tried[word] - start[word]) for word in start)
        return (found.first + found.agreed / 2 + found.among_two / 4, -distance)

    best = score(factors)
    changed = True
    while changed:
        changed = False
        for word in start:
            for factor in range(STEP, 100, STEP):
                tried = {**factors, word: factor}
                if (now := score(tried)) > best:
                    best, factors, changed = now, tried, True
    return factors


def readers_table() -> Iterator[str]:
    """Yield how far the readers agree with each other, a set a line, as Markdown."""
    yield "| set | people | first path the same, by pairs of readers | all three the same |"
    yield "|---|---:|---|---:|"
    for name in SETS:
        some = people(name)
        unanimous = sum(person.unanimous for person in some)
        yield f"| {name} | {len(some)} | {', '.join(map(str, pairs(some)))} | {unanimous} |"


def agreement_table() -> Iterator[str]:
    """Yield how far fourways agrees with the readers, a set a line, as Markdown."""
    yield "| set | majority's first | of the unanimous | majority's first among our first two |"
    yield "|---|---:|---:|---:|"
    yield from _rows((name, agreement(people(name), today())) for name in SETS)


def cross_validation_table() -> Iterator[str]:
    """Yield the agreement on each set with factors refitted on the other four, as Markdown."""
    yield "| set left out | majority's first | of the unanimous | among our first two |"
    yield "|---|---:|---:|---:|"
    yield from _rows(
        (left_out, agreement(people(left_out), refitted(everybody(but=left_out))))
        for left_out in SETS
    )


def differences_table() -> Iterator[str]:
    """Yield the people whom all readers rank alike and fourways does not, as Markdown."""
    yield "| person | what is known | readers | fourways |"
    yield "|---|---|---|---|"
    for person in everybody():
        ranking = person.ranking(today())
        if person.unanimous and ranking[0][0] != person.majority:
            known = ", ".join(f"{name} {value}" for name, value in person.known.items())
            ours = ", ".join(f"{path} {shown(certainty)}" for path, certainty in ranking[:3])
            yield f"| {person.id} | {known} | {person.majority} | {ours} |"


def everybody(but: str = "") -> tuple[Person, ...]:
    """Return the people of all sets, or of all but one."""
    return tuple(person for name in SETS if name != but for person in people(name))


def _rows(found: Iterator[tuple[str, Agreement]]) -> Iterator[str]:
    every = []
    for name, one in found:
        every.append(one)
        yield _row(name, one)
    yield _row(
        "**all**",
        Agreement(
            *(
                sum(getattr(one, field) for one in every)
                for field in ("people", "first", "unanimous", "agreed", "among_two")
            )
        ),
    )


def _row(name: str, one: Agreement) -> str:
    def share(count: int, of: int) -> str:
        return f"{count} of {of} ({100 * count / of:.0f}%)"

    return (
        f"| {name} | {share(one.first, one.people)} | {share(one.agreed, one.unanimous)}"
        f" | {share(one.among_two, one.people)} |"
    )


def main() -> None:
    """Print every table."""
    for title, table in (
        ("Readers with each other", readers_table()),
        ("fourways with the readers", agreement_table()),
        ("Cross-validated: factors refitted on the other four sets", cross_validation_table()),
        ("All readers alike, and fourways otherwise", differences_table()),
    ):
        sys.stdout.write(f"\n{title}\n\n" + "\n".join(table) + "\n")


if __name__ == "__main__":
    main()
