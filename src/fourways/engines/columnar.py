"""The columnar engine: the rules compiled to dataframe expressions, for any number of rows.

The expressions are Narwhals', so one code path runs on Polars, pandas, PyArrow, DuckDB, PySpark
and Dask. A condition without `not` needs no third truth value: a test of an unknown answer counts
as not met, and nothing negates it. So each test becomes a Boolean column, rules become columns in
firing order, and certainties use the operations of `model.certainty` in the same order, so that
they are equal to the last bit.
"""

from collections.abc import Mapping, Sequence
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
)
from fourways.model.conditions import Any as AnyOf
from fourways.model.profile import NOTHING, Answer, Attribute, Kind
from fourways.model.rules import Evidence, Finding, Rule, Stratum

_OWN = "_fourways_"
_SEPARATOR = ";"


def answer_column(attribute: str) -> str:
    """Return the name of the column with the answers to an attribute, in contract form."""
    return f"{_OWN}answer_{attribute}"


def rule_column(rule: Rule) -> str:
    """Return the name of the column that says whether a rule fired."""
    # In Spark a full stop in a name means a field of a structure.
    return f"{_OWN}rule_{rule.id.replace('.', ':')}"


def certainty_column(path: str) -> str:
    """Return the name of the column with the certainty of a path, in hundredths."""
    return f"{_OWN}certainty_{path}"


def supported_column(path: str) -> str:
    """Return the name of the column that says whether a path is supported."""
    return f"{_OWN}supported_{path}"


def position_column(path: str) -> str:
    """Return the name of the column with the position of a path in the ranking, from 0."""
    return f"{_OWN}position_{path}"


class ColumnarEngine:
    """Decides whole frames.

    Args:
        base: the rules.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        named = (leaf for condition in base.conditions.values() for leaf in leaves(condition))
        tests = dict.fromkeys(leaf for leaf in named if isinstance(leaf, Test))
        self._tests = {test: f"{_OWN}test_{index}" for index, test in enumerate(tests)}

    def run(self, frame: Any) -> Any:
        """Add a column for each rule, and three for each path, to a Narwhals frame.

        Args:
            frame: lazy or eager, with `answer_column` for each attribute: text in contract form,
                the values of a set with a semicolon before and after each, null if unknown.

        Returns:
            The frame with `rule_column`, `certainty_column`, `supported_column` and
            `position_column`.
        """
        frame = _with(frame, [met for name in self.base.attributes for met in self.tests(name)])
        frame = self.weighed(frame)
        frame = frame.with_columns(*(self.certainty(path) for path in self.base.paths))
        return self.concluded(frame)

    def tests(self, attribute: str) -> list[Any]:
        """Return the tests of an attribute as Boolean columns."""
        return [
            _met(test).alias(name)
            for test, name in self._tests.items()
            if test.attribute == attribute
        ]

    def test_columns(self, attribute: str) -> list[str]:
        """Return the names of these columns."""
        return [name for test, name in self._tests.items() if test.attribute == attribute]

    def weighed(self, frame: Any) -> Any:
        """Add the rules for findings and evidence to a frame that has the tests."""
        for rules, findings in self._levels():
            frame = frame.with_columns(*(self._fires(rule) for rule in rules))
            frame = _with(frame, [self._finding(name) for name in findings])
        evidence = self.base.stratum(Stratum.EVIDENCE)
        return _with(frame, [self._fires(rule) for rule in evidence])

    def certainty(self, path: str) -> Any:
        """Return the certainty of a path in hundredths, for a frame with the evidence for it."""
        supported = self._doubt(path, against=False)
        opposed = self._doubt(path, against=True)
        larger = nw.max_horizontal(supported, opposed)
        larger = nw.when(larger == 0.0).then(nw.lit(1.0)).otherwise(larger)
        hundredths = ((opposed - supported) / larger * 100 + HALF).floor().cast(nw.Int64)
        return hundredths.clip(-CERTAIN, CERTAIN).alias(certainty_column(path))

    def concluded(self, frame: Any) -> Any:
        """Add the ranking, next jobs and guidance to a frame that has the certainties."""
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
        return _with(frame, [self._fires(rule) for rule in rest])

    def _levels(self) -> list[tuple[list[Rule], list[str]]]:
        """Return the rules that conclude findings, level by level, and the findings then known.

        A rule is one level above the findings that it builds on; a finding is known when all of
        its rules have run.
        """
        depth: dict[str, int] = {}
        levels: list[tuple[list[Rule], list[str]]] = []
        for rule in self.base.stratum(Stratum.FINDINGS):
            assert isinstance(rule.then, Finding)
            condition = self.base.conditions[rule.id]
            built_on = [n.finding for n in leaves(condition) if isinstance(n, Found)]
            level = max((depth[name] + 1 for name in built_on), default=0)
            depth[rule.then.id] = max(level, depth.get(rule.then.id, 0))
            levels += [([], []) for _ in range(level + 1 - len(levels))]
            levels[level][0].append(rule)
        for name, level in depth.items():
            levels[level][1].append(name)
        return levels

    def _fires(self, rule: Rule) -> Any:
        return self._expression(self.base.conditions[rule.id]).alias(rule_column(rule))

    def _expression(self, condition: Condition) -> Any:
        match condition:
            case Test():
                return nw.col(self._tests[condition])
            case Found():
                return nw.col(_finding_column(condition.finding))
            case Recommended():
                return nw.col(supported_column(condition.path))
            case All(parts=()):
                return nw.lit(True)
            case All():
                return reduce(and_, (self._expression(part) for part in condition.parts))
            case AnyOf():
                return reduce(or_, (self._expression(part) for part in condition.parts))
        raise TypeError(f"no expression for {type(condition).__name__}")

    def _finding(self, name: str) -> Any:
        rules = self.base.concluding[name]
        return reduce(or_, (nw.col(rule_column(r)) for r in rules)).alias(_finding_column(name))

    def _doubt(self, path: str, against: bool) -> Any:
        doubt = nw.lit(1.0)
        for rule in self.base.evidence[path]:
            if isinstance(rule.then, Evidence) and rule.then.against is against:
                left = 1.0 - rule.then.factor / 100
                fired = nw.col(rule_column(rule))
                doubt = doubt * nw.when(fired).then(nw.lit(left)).otherwise(nw.lit(1.0))
        return doubt

    def _position(self, path: str) -> Any:
        """Count the paths that are more certain, or as certain and earlier in the article."""
        certainty = {one: nw.col(certainty_column(one)) for one in self.base.paths}
        count, earlier = nw.lit(0), True
        for other in self.base.paths:
            if other == path:
                earlier = False
                continue
            own = certainty[path]
            ahead = certainty[other] >= own if earlier else certainty[other] > own
            count = count + nw.when(ahead).then(nw.lit(1)).otherwise(nw.lit(0))
        return count.alias(position_column(path))


def _with(frame: Any, columns: list[Any]) -> Any:
    # A lazy frame refuses an empty list.
    return frame.with_columns(*columns) if columns else frame


def _finding_column(name: str) -> str:
    return f"{_OWN}finding_{name}"


def _met(test: Test) -> Any:
    """Return a test as an expression: true or false, and false where the answer is unknown."""
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
    found = [
        column.str.contains(f"{_SEPARATOR}{name}{_SEPARATOR}", literal=True).fill_null(False)
        for name in members
    ]
    return reduce(or_, found)


def contract_form(attribute: Attribute, answer: Answer) -> str:
    """Return an answer in contract form: its name, or the values of a set between semicolons."""
    members = _SEPARATOR.join(attribute.members(answer))
    if attribute.kind is Kind.SET:
        return f"{_SEPARATOR}{members or NOTHING}{_SEPARATOR}"
    return members


def answers_in_contract_form(
    attributes: Mapping[str, Attribute], columns: Mapping[str, Any]
) -> list[Any]:
    """Return expressions that turn a frame's own columns into answers in contract form.

    Args:
        attributes: what can be known.
        columns: the type of each column of the frame. Columns with the name of an attribute are
            read: text, Booleans, or numbers where a scale has numbers.

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
            reached = column >= band.start
            if dtype.is_float():
                # In some libraries NaN is larger than any number.
                reached = reached & ~column.is_nan()
            named = nw.when(reached).then(nw.lit(band.id)).otherwise(named)
        return named
    text = column.cast(nw.String).str.strip_chars()
    if attribute.kind is Kind.YES_NO:
        text = text.str.to_lowercase()
    if attribute.kind is Kind.SET:
        # Tests look for a value between separators.
        text = nw.concat_str(nw.lit(_SEPARATOR), text, nw.lit(_SEPARATOR))
    empty = column.is_null() | (column.cast(nw.String).str.strip_chars() == "")
    return nw.when(~empty).then(text)
