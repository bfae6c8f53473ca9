"""The columnar engine: the rules compiled to dataframe expressions, for any number of rows.

The expressions are Narwhals', so one code path runs on Polars, pandas, PyArrow, DuckDB, PySpark
and Dask. A condition without `not` over known answers needs no third truth value: what is unknown
counts as not met, and nothing turns that round. So every test becomes a column of true and false,
rules become columns in firing order, and certainties are computed with the operations of
`model.certainty`, in the same order, to the same last bit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

import narwhals as nw

from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN, HALF
from fourways.model.conditions import (
    All,
    Among,
    Complement,
    Condition,
    Found,
    Holds,
    Lacks,
    Recommended,
    Test,
    leaves,
    without_negation,
)
from fourways.model.conditions import Any as AnyOf
from fourways.model.profile import NOTHING, Answer, Attribute, Kind
from fourways.model.rules import Evidence, Finding, Rule, Stratum

_OWN = "_fourways_"
_SEPARATOR = ";"


def answer_column(attribute: str) -> str:
    """Give the name of the column that holds the answers to an attribute, in contract form."""
    return f"{_OWN}answer_{attribute}"


def rule_column(rule: Rule) -> str:
    """Give the name of the column that tells whether a rule fired."""
    # Spark takes a full stop in a name for a field of a structure.
    return f"{_OWN}rule_{rule.id.replace('.', ':')}"


def certainty_column(path: str) -> str:
    """Give the name of the column with the certainty of a path, in hundredths."""
    return f"{_OWN}certainty_{path}"


def supported_column(path: str) -> str:
    """Give the name of the column that tells whether a path is supported."""
    return f"{_OWN}supported_{path}"


def position_column(path: str) -> str:
    """Give the name of the column with the place of a path in the ranking, from 0."""
    return f"{_OWN}position_{path}"


@dataclass(frozen=True, slots=True)
class ColumnarEngine:
    """Decides whole frames.

    Attributes:
        base: the rules.
    """

    base: RuleBase

    def run(self, frame: Any) -> Any:
        """Add to a Narwhals frame a column per rule, and three per path.

        Args:
            frame: with `answer_column` for each attribute: text in contract form, the members of
                a set with a semicolon before and after each, null where unknown.

        Returns:
            The frame, as lazy or eager as it came, with `rule_column`, `certainty_column`,
            `supported_column` and `position_column`.
        """
        tests = _Tests(self.base.attributes)
        conditions = {rule.id: without_negation(rule.when) for rule in self.base.rules}
        for condition in conditions.values():
            tests.add(condition)
        frame = frame.with_columns(*tests.columns())
        found: set[str] = set()
        for level in self._levels(conditions):
            frame = frame.with_columns(*(self._fires(r, conditions, tests) for r in level))
            done = {rule.then.id for rule in level if isinstance(rule.then, Finding)}
            frame = frame.with_columns(*(self._finding(name) for name in sorted(done - found)))
            found |= done
        evidence = self.base.stratum(Stratum.EVIDENCE)
        frame = frame.with_columns(*(self._fires(r, conditions, tests) for r in evidence))
        frame = frame.with_columns(*(self._certainty(path) for path in self.base.paths))
        frame = frame.with_columns(
            *(
                (nw.col(certainty_column(path)) > self.base.certainty.cutoff).alias(
                    supported_column(path)
                )
                for path in self.base.paths
            ),
            *(self._position(path) for path in self.base.paths),
        )
        rest = (*self.base.stratum(Stratum.TARGETS), *self.base.stratum(Stratum.GUIDANCE))
        return frame.with_columns(*(self._fires(r, conditions, tests) for r in rest))

    def _levels(self, conditions: Mapping[str, Condition]) -> list[list[Rule]]:
        """Give the rules that conclude findings, by what they build on."""
        depth: dict[str, int] = {}
        levels: list[list[Rule]] = []
        for rule in self.base.stratum(Stratum.FINDINGS):
            assert isinstance(rule.then, Finding)
            built_on = [n.finding for n in leaves(conditions[rule.id]) if isinstance(n, Found)]
            level = max((depth[name] + 1 for name in built_on), default=0)
            depth[rule.then.id] = max(level, depth.get(rule.then.id, 0))
            levels += [[] for _ in range(level + 1 - len(levels))]
            levels[level].append(rule)
        return levels

    def _fires(self, rule: Rule, conditions: Mapping[str, Condition], tests: "_Tests") -> Any:
        return _expression(conditions[rule.id], tests).alias(rule_column(rule))

    def _finding(self, name: str) -> Any:
        rules = self.base.concluding[name]
        return reduce(or_, (nw.col(rule_column(r)) for r in rules)).alias(_finding_column(name))

    def _certainty(self, path: str) -> Any:
        supported = self._doubt(path, against=False)
        opposed = self._doubt(path, against=True)
        larger = nw.max_horizontal(supported, opposed)
        larger = nw.when(larger == 0.0).then(nw.lit(1.0)).otherwise(larger)
        hundredths = ((opposed - supported) / larger * 100 + HALF).floor().cast(nw.Int64)
        return hundredths.clip(-CERTAIN, CERTAIN).alias(certainty_column(path))

    def _doubt(self, path: str, against: bool) -> Any:
        doubt = nw.lit(1.0)
        for rule in self.base.evidence[path]:
            if isinstance(rule.then, Evidence) and rule.then.against is against:
                left = 1.0 - rule.then.factor / 100
                fired = nw.col(rule_column(rule))
                doubt = doubt * nw.when(fired).then(nw.lit(left)).otherwise(nw.lit(1.0))
        return doubt

    def _position(self, path: str) -> Any:
        """Count the paths before this one: more certain, or as certain and earlier in order."""
        own = nw.col(certainty_column(path))
        paths = list(self.base.paths)
        ahead = [
            (nw.col(certainty_column(p)) >= own if earlier else nw.col(certainty_column(p)) > own)
            for index, p in enumerate(paths)
            if p != path
            for earlier in [index < paths.index(path)]
        ]
        if not ahead:
            return nw.lit(0).alias(position_column(path))
        counted = [nw.when(a).then(nw.lit(1)).otherwise(nw.lit(0)) for a in ahead]
        return reduce(lambda one, other: one + other, counted).alias(position_column(path))


def _finding_column(name: str) -> str:
    return f"{_OWN}finding_{name}"


def _expression(condition: Condition, tests: "_Tests") -> Any:
    match condition:
        case Test():
            return nw.col(tests.column(condition))
        case Found():
            return nw.col(_finding_column(condition.finding))
        case Recommended():
            return nw.col(supported_column(condition.path))
        case All(parts=()):
            return nw.lit(True)
        case All():
            return reduce(and_, (_expression(part, tests) for part in condition.parts))
        case AnyOf():
            return reduce(or_, (_expression(part, tests) for part in condition.parts))
    raise TypeError(f"no expression for {type(condition).__name__}")


class _Tests:
    """The tests of all conditions, each one column, however many rules ask it."""

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self._attributes = attributes
        self._index: dict[Test, int] = {}

    def add(self, condition: Condition) -> None:
        for leaf in leaves(condition):
            if isinstance(leaf, Test):
                self._index.setdefault(leaf, len(self._index))

    def column(self, test: Test) -> str:
        return f"{_OWN}test_{self._index[test]}"

    def columns(self) -> Iterable[Any]:
        for test in self._index:
            yield _met(test).alias(self.column(test))


def _met(test: Test) -> Any:
    """Give the expression of a test: true or false, and false where the answer is unknown."""
    column = nw.col(answer_column(test.attribute))
    match test:
        case Among():
            return column.is_in(sorted(test.accepted)).fill_null(False)
        case Holds():
            return _holds(column, sorted(test.accepted))
        case Lacks():
            return ~column.is_null() & ~_holds(column, sorted(test.accepted))
        case Complement():
            return ~column.is_null() & ~_met(test.test)
    raise TypeError(f"no expression for {type(test).__name__}")


def _holds(column: Any, members: Sequence[str]) -> Any:
    held = [
        column.str.contains(f"{_SEPARATOR}{name}{_SEPARATOR}", literal=True).fill_null(False)
        for name in members
    ]
    return reduce(or_, held)


def contract_form(attribute: Attribute, answer: Answer) -> str:
    """Give an answer as the rules read it: the members of a set between separators."""
    members = _SEPARATOR.join(attribute.members(answer))
    if attribute.kind is Kind.SET:
        return f"{_SEPARATOR}{members or NOTHING}{_SEPARATOR}"
    return members


def answers_in_contract_form(
    attributes: Mapping[str, Attribute], columns: Mapping[str, Any]
) -> list[Any]:
    """Give the expressions that bring a frame's own columns into the form that the rules read.

    Args:
        attributes: what can be known.
        columns: the types of the frame's columns by their names; those named like an attribute
            are read: text, true and false, or whole numbers where a scale takes them.

    Returns:
        One expression per attribute, named by `answer_column`.
    """
    return [
        _answer(attribute, columns.get(attribute.id)).alias(answer_column(attribute.id))
        for attribute in attributes.values()
    ]


def _answer(attribute: Attribute, dtype: Any) -> Any:
    if dtype is None or dtype == nw.Unknown:
        return nw.lit(None).cast(nw.String)
    column = nw.col(attribute.id)
    if dtype.is_numeric():
        bands = [value for value in attribute.values if value.start is not None]
        named = nw.lit(None).cast(nw.String)
        for band in bands:
            named = nw.when(column >= band.start).then(nw.lit(band.id)).otherwise(named)
        return named
    text = column.cast(nw.String).str.strip_chars()
    if attribute.kind is Kind.YES_NO:
        text = text.str.to_lowercase()
    if attribute.kind is Kind.SET:
        # Members are looked for between separators; "none" stands for the empty set.
        text = nw.concat_str(nw.lit(_SEPARATOR), text, nw.lit(_SEPARATOR))
    empty = column.is_null() | (column.cast(nw.String).str.strip_chars() == "")
    return nw.when(~empty).then(text)
