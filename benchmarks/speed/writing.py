"""How made-up people write their answers: several spellings of each, as files have them."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from benchmarks.speed.people import Crowd, People
from benchmarks.speed.population import UNKNOWN, Population, answer_of, codes_of
from fourways.answers.titles import matcher_of
from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Attribute, Kind, Value
from fourways.model.titles import Titles

Spellings = Mapping[int, Sequence[str | None]]
"""By the code of an answer, the texts that stand for it; an empty cell is null."""


class Writing:
    """Puts codes into words.

    Args:
        base: the words.
        population: habits of writing.
        crowd: the organisations; each writes its size in a way of its own.
    """

    def __init__(self, base: RuleBase, population: Population, crowd: Crowd) -> None:
        self._base = base
        self._employers = population.organisations.attribute
        self._unknown = [text or None for text in population.writing["unknown"]]
        self.spellings: dict[str, Spellings] = {
            name: {UNKNOWN: self._unknown, **_spellings(attribute, population)}
            for name, attribute in base.attributes.items()
        }
        self._drawn = {name: _Drawn(texts) for name, texts in self.spellings.items()}
        self.sizes = _sizes(base.attributes[self._employers], crowd)

    def written(self, people: People, chance: np.random.Generator) -> pl.DataFrame:
        """Give the answers of some people as they write them, a column per attribute."""
        texts = {name: self._drawn[name].texts(people.codes[name], chance) for name in self._drawn}
        name = self._employers
        told = pl.Series(self.sizes).gather(people.employers)
        known = people.codes[name] != UNKNOWN
        texts[name] = pl.select(pl.when(known).then(told).otherwise(texts[name])).to_series()
        return pl.DataFrame([text.alias(name) for name, text in texts.items()])

    def in_contract_form(self, people: People) -> pl.DataFrame:
        """Give the answers as the profile contract has them, null where unknown."""
        return people.codes.select(
            pl.col(name).replace_strict(
                {code: text[0] for code, text in contract_spellings(attribute).items()},
                default=None,
                return_dtype=pl.String,
            )
            for name, attribute in self._base.attributes.items()
        )


class _Drawn:
    """Draws a spelling for each code."""

    def __init__(self, spellings: Spellings) -> None:
        every = range(UNKNOWN, max(spellings) + 1)
        self._texts = pl.Series([t for code in every for t in spellings[code]], dtype=pl.String)
        self._counts = np.array([len(spellings[code]) for code in every])
        self._starts = np.cumsum(self._counts) - self._counts

    def texts(self, codes: pl.Series, chance: np.random.Generator) -> pl.Series:
        places = codes.to_numpy().astype(np.int64) - UNKNOWN
        drawn = (chance.random(len(places)) * self._counts[places]).astype(np.int64)
        return self._texts.gather(self._starts[places] + drawn)


def contract_spellings(attribute: Attribute) -> Spellings:
    """Give each answer as the profile contract has it."""
    return {
        code: [";".join(attribute.members(answer_of(attribute, code))) or NOTHING]
        for code in codes_of(attribute)
    }


def _spellings(attribute: Attribute, population: Population) -> Spellings:
    match attribute.kind:
        case Kind.ROLE:
            return dict(_titles(attribute, population.writing["other_titles"]))
        case Kind.YES_NO:
            own = {"true": population.writing["yes"], "false": population.writing["no"]}
            return {place: own[value.id] for place, value in enumerate(attribute.values)}
        case Kind.SET:
            labels = {value.id: value.label for value in attribute.values}
            return {
                code: [text, text, "; ".join(labels.get(name, name) for name in text.split(";"))]
                for code, (text,) in contract_spellings(attribute).items()
            }
    return {
        place: [value.id, value.id, value.label, value.label.capitalize(), *value.names]
        for place, value in enumerate(attribute.values)
    }


def _titles(attribute: Attribute, others: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Give what people call each post: its names, abbreviated or not, as the intake takes them."""
    titles = attribute.titles
    assert titles is not None
    matcher = matcher_of(titles)
    for place, value in enumerate(attribute.values):
        names = [value.label, *value.names]
        if value.id == titles.otherwise:
            names = list(others)
        written = [way for name in names for way in _ways_of_writing(name, titles)]
        yield place, [text for text in written if matcher.match(text).role == value.id]


def _ways_of_writing(name: str, titles: Titles) -> Iterator[str]:
    plain = name.title().replace("Pmo", "PMO").replace("It ", "IT ")
    yield from (plain, plain, name, name.upper(), f"{plain} II")
    short = {
        full: word for word, full in titles.spellings.items() if " " not in word and " " not in full
    }
    words = [short.get(word, word) for word in name.lower().split()]
    if words != name.lower().split():
        yield " ".join(word.capitalize() for word in words)


def _sizes(attribute: Attribute, crowd: Crowd) -> list[str]:
    """Give how each organisation writes its size: as a number or as a band."""

    def told(place: int, number: int, value: Value) -> str:
        ways = (str(number), str(number), f"{number:,}", value.label, value.id)
        return ways[place % len(ways)]

    return [
        told(place, number, attribute.values[size])
        for place, (number, size) in enumerate(
            zip(crowd.headcounts.tolist(), crowd.sizes.tolist(), strict=True)
        )
    ]
