"""The `why_not` cells of whole frames: the same as `whynotcell` gives, derived column by column.

What a way of making a rule fire still takes is a sum over the attributes that it asks about, so
each attribute is looked up once for each of its distinct answers. The sums of all ways of a path
are then compared as whole numbers, made so that the least one is the nearest rule's nearest way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import polars as pl

from fourways.engines.columnar import answer_column, supported_column
from fourways.errors import InputError, Problem
from fourways.explain.repairs import Demand, Repairs, Way
from fourways.explain.whynotcell import (
    BETWEEN_PATHS,
    BETWEEN_TESTS,
    COLUMN,
    impossible,
    lacks,
    needed,
    nothing_more,
)
from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, Kind
from fourways.model.rules import Evidence, Rule

_LARGEST = 1 << 63


@dataclass(frozen=True, slots=True)
class _Path:
    """A path: the ways of its rules, the stronger rules first, then in file order.

    Attributes:
        id: the path.
        ways: each with its rule; a way's place is its number.
        rules: for each rule that can fire and does not always, the places of its ways.
        rest: what is said where all of these fired.
    """

    id: str
    ways: tuple[tuple[Rule, Way], ...]
    rules: tuple[range, ...]
    rest: str


class WhyNotColumns:
    """Derives the cells of frames; compiled once for a rule base.

    Args:
        base: the rules.

    Raises:
        InputError: a rule asks for more than the numbers can hold.
    """

    def __init__(self, base: RuleBase) -> None:
        self._base = base
        repairs = Repairs(base)
        self._paths = [_path(base, path, repairs) for path in base.paths]
        ways = [way for path in self._paths for _, way in path.ways]
        self._demands = list(dict.fromkeys(demand for way in ways for demand in way))
        self._index = {demand: index for index, demand in enumerate(self._demands)}
        # From the lowest digit up: how the tests of a way stand, the place of the way, how many
        # changes are of known answers, how many of wishes, the place of the rule, all changes.
        self._standings = max((prod(map(_standings, way)) for way in ways), default=1)
        self._places = max(len(path.ways) for path in self._paths) + 1
        self._counts = 1 + max((sum(len(d.attribute.values) for d in w) for w in ways), default=0)
        self._known = self._standings * self._places
        self._wished = self._known * self._counts
        self._rule = self._wished * self._counts
        self._change = self._rule * self._places
        if self._change * self._counts > _LARGEST:
            raise InputError(
                Problem(
                    "these rules ask for too many answers at once to say why not",
                    hint="Part the longest ones by findings, or leave --why-not out.",
                )
            )

    def of_answers(self, frame: pl.DataFrame) -> pl.Series:
        """Give the cell of each row.

        Args:
            frame: as the columnar engine leaves it, with `answer_column` for each attribute and
                `supported_column` for each path.
        """
        codes: dict[str, pl.Series] = {}
        answers: dict[str, list[Answer | None]] = {}
        for name, attribute in self._base.attributes.items():
            column = frame.get_column(answer_column(name))
            forms = column.unique().drop_nulls()
            places = column.cast(pl.Enum(forms)).to_physical().cast(pl.UInt32)
            codes[name] = places.fill_null(len(forms))
            answers[name] = [*(_answer(attribute, form) for form in forms), None]
        return self.of_codes(pl.DataFrame(codes), answers, frame)

    def of_codes(
        self,
        codes: pl.DataFrame,
        answers: Mapping[str, Sequence[Answer | None]],
        supported: pl.DataFrame,
    ) -> pl.Series:
        """Give the cell of each row.

        Args:
            codes: per attribute the places of the answers; one that has no column is unknown.
            answers: per attribute what the places stand for.
            supported: with `supported_column` for each path.
        """
        frame = pl.concat(
            [codes, supported.select(supported_column(path) for path in self._base.paths)],
            how="horizontal",
        )
        frame = frame.with_columns(
            column
            for index, demand in enumerate(self._demands)
            for column in self._looked_up(index, demand, codes, answers)
        )
        nearest = frame.select(self._nearest(path).alias(path.id) for path in self._paths)
        return nearest.select(
            pl.concat_str(
                *(self._text(path, nearest.get_column(path.id)) for path in self._paths),
                separator=BETWEEN_PATHS,
                ignore_nulls=True,
            ).alias(COLUMN)
        ).to_series()

    def _looked_up(
        self,
        index: int,
        demand: Demand,
        codes: pl.DataFrame,
        answers: Mapping[str, Sequence[Answer | None]],
    ) -> Iterator[pl.Expr]:
        """Give two columns for a demand: what its changes cost, and how its tests stand."""
        name = demand.attribute.id
        listed = answers[name] if name in codes.columns else (None,)
        for column, number in ((_cost(index), self._priced), (_standing(index), _stands)):
            table = pl.Series([number(demand, answer) for answer in listed], dtype=pl.Int64)
            looked_up = pl.lit(table[0])
            if name in codes.columns:
                looked_up = pl.lit(table).gather(pl.col(name))
            yield looked_up.alias(column)

    def _priced(self, demand: Demand, answer: Answer | None) -> int:
        cost = demand.cost(answer)
        return cost.changes * self._change + cost.wished * self._wished + cost.known * self._known

    def _nearest(self, path: _Path) -> pl.Expr:
        """Give the nearest way of a path and how its tests stand; null where the path came out."""
        rules = []
        for places in path.rules:
            ways = [self._numbered(path.ways[place][1], places.start, place) for place in places]
            least = pl.min_horizontal(ways)
            # Without changes the rule fires.
            rules.append(pl.when(least >= self._change).then(least))
        nearest = pl.lit(len(path.ways) * self._standings, dtype=pl.Int64)
        if rules:
            ends = pl.min_horizontal(rules) % self._known
            nearest = pl.coalesce(ends, nearest)
        return pl.when(~pl.col(supported_column(path.id))).then(nearest)

    def _numbered(self, way: Way, rule: int, place: int) -> pl.Expr:
        number = pl.lit(rule * self._rule + place * self._standings, dtype=pl.Int64)
        weight = 1
        for demand in way:
            index = self._index[demand]
            number = number + pl.col(_cost(index)) + pl.col(_standing(index)) * weight
            weight *= _standings(demand)
        return number

    def _text(self, path: _Path, nearest: pl.Series) -> pl.Series:
        occurring = nearest.unique().drop_nulls()
        said = [self._words(path, number) for number in occurring]
        return nearest.replace_strict(occurring, said, default=None, return_dtype=pl.String)

    def _words(self, path: _Path, number: int) -> str:
        """Give what a number of `_nearest` says."""
        place, standing = divmod(number, self._standings)
        if place == len(path.ways):
            return path.rest
        rule, way = path.ways[place]
        tests = []
        for demand in way:
            standing, own = divmod(standing, _standings(demand))
            tests += _unmet(demand, own)
        return lacks(path.id, rule) + BETWEEN_TESTS.join(tests)


def _path(base: RuleBase, path: str, repairs: Repairs) -> _Path:
    """Give the ways of a path; sorting keeps the order of equally strong rules."""
    strengths = [
        (rule.then.factor, rule)
        for rule in base.evidence[path]
        if isinstance(rule.then, Evidence) and not rule.then.against
    ]
    rules = [rule for _, rule in sorted(strengths, key=lambda one: -one[0])]
    ways: list[tuple[Rule, Way]] = []
    places = []
    for rule in rules:
        of_rule = repairs.ways(rule)
        # What asks for nothing fires always.
        if of_rule and all(of_rule):
            places.append(range(len(ways), len(ways) + len(of_rule)))
            ways += [(rule, way) for way in of_rule]
    never = next((rule for rule in rules if not repairs.ways(rule)), None)
    rest = impossible(path, never) if never else nothing_more(path)
    return _Path(path, tuple(ways), tuple(places), rest)


def _cost(index: int) -> str:
    return f"_fourways_cost_{index}"


def _standing(index: int) -> str:
    return f"_fourways_standing_{index}"


def _standings(demand: Demand) -> int:
    """Give in how many ways the tests of a demand can stand: met or not, or all unknown."""
    return (1 << len(demand.tests)) + 1


def _stands(demand: Demand, answer: Answer | None) -> int:
    """Give how the tests of a demand stand as a number: a bit for each that is not met."""
    if answer is None:
        return 1 << len(demand.tests)
    unmet = demand.unmet(answer)
    return sum(1 << index for index, test in enumerate(demand.tests) if test in unmet)


def _unmet(demand: Demand, standing: int) -> list[str]:
    known = standing < 1 << len(demand.tests)
    return [
        needed(test, known)
        for index, test in enumerate(demand.tests)
        if not known or standing >> index & 1
    ]


def _answer(attribute: Attribute, form: str) -> Answer:
    """Give the answer that a text in contract form stands for."""
    match attribute.kind:
        case Kind.SET:
            return frozenset(name for name in form.split(";") if name not in ("", NOTHING))
        case Kind.YES_NO:
            return form == "true"
    return form
