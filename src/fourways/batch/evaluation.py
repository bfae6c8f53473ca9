"""What the rules make of profiles: the expressions of the engine, looked up where that can be."""

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from fourways.batch.answers import FileAnswers
from fourways.batch.contract import TRACE
from fourways.batch.lookup import MOST_FLAGS, TruthTable, code, parted
from fourways.engines.columnar import ColumnarEngine, answer_column, rule_column
from fourways.explain.columns import fired_ids
from fourways.model.base import RuleBase

_IDS_AT_ONCE = 8
_MASK = 32


class Evaluation:
    """Evaluates profiles, many at a time.

    Args:
        base: the rules.
        answers: what the codes of a profile mean.
        trace: whether to tell the rules that fired in a text.
        also: columns to be made of what an engine gives.
    """

    def __init__(
        self, base: RuleBase, answers: FileAnswers, trace: bool, also: Sequence[pl.Expr]
    ) -> None:
        self._base = base
        self._answers = answers
        self._engine = ColumnarEngine(base)
        self._ids = [
            TruthTable([rule_column(rule) for rule in some], _or_null(fired_ids(some)))
            for some in (parted(base.rules, _IDS_AT_ONCE) or [()] if trace else ())
        ]
        self._also = also
        self._tests = {name: self._engine.test_columns(name) for name in base.attributes}
        self._met: dict[str, pl.DataFrame] = {}
        self._plan: pl.LazyFrame | None = None
        self._profiles = pl.DataFrame()

    def run(self, profiles: pl.DataFrame) -> pl.DataFrame:
        """Give distinct profiles, as codes, with the columns of the engine and the others."""
        self._profiles = profiles.with_columns(self._masks())
        if self._plan is None:
            self._plan = self._planned(self._profiles.schema)
        # To find what could be saved in the plan takes longer than what is saved.
        return self._plan.collect(optimizations=pl.QueryOptFlags.none())

    def _masks(self) -> Iterator[pl.Series | pl.Expr]:
        """Give which tests the answers meet: worked out for each distinct one, and looked up."""
        columns = {column.attribute.id: column for column in self._answers.columns}
        for name, tests in self._tests.items():
            forms = columns[name].forms if name in columns else [None]
            known = self._met.get(name)
            if known is None or known.height < len(forms):
                answers = pl.Series(answer_column(name), forms, dtype=pl.String).to_frame()
                met = nw.from_native(answers).select(*self._engine.tests(name)).to_native()
                known = met.select(
                    code(some, pl.UInt32).alias(_mask(name, place))
                    for place, some in enumerate(parted(tests, _MASK))
                )
                self._met[name] = known
            for mask in known.iter_columns():
                unknown = pl.lit(mask.first(), dtype=pl.UInt32).alias(mask.name)
                looked_up = pl.lit(mask).gather(pl.col(name)).alias(mask.name)
                yield looked_up if name in columns else unknown

    def _planned(self, schema: pl.Schema) -> pl.LazyFrame:
        """Give the rules as a plan for whatever profiles come: made once, it serves every block."""
        profiles = pl.defer(lambda: self._profiles, schema=schema)
        tests = [test for some in self._tests.values() for test in some]
        tested = profiles.with_columns(
            (pl.col(_mask(name, place // _MASK)) & (1 << place % _MASK) != 0).alias(test)
            for name, tests in self._tests.items()
            for place, test in enumerate(tests)
        )
        weighed = self._engine.weighed(nw.from_native(tested)).to_native()
        certain = nw.from_native(self._weighted(weighed))
        concluded: pl.LazyFrame = self._engine.concluded(certain).to_native()
        if self._ids:
            ids = (table.cell() for table in self._ids)
            joined = pl.concat_str(ids, separator=";", ignore_nulls=True)
            concluded = concluded.with_columns(joined.alias(TRACE))
        return concluded.with_columns(self._also).drop(tests)

    def _weighted(self, weighed: pl.LazyFrame) -> pl.LazyFrame:
        """Add the certainties: looked up, but where a path hangs on too many rules for that."""
        looked_up, worked_out = [], []
        for path in self._base.paths:
            rules = [rule_column(rule) for rule in self._base.evidence[path]]
            certainty = self._engine.certainty(path)
            if len(rules) <= MOST_FLAGS:
                looked_up.append(TruthTable(rules, certainty).cell())
            else:
                worked_out.append(certainty)
        certain = weighed.with_columns(looked_up)
        if not worked_out:
            return certain
        added: pl.LazyFrame = nw.from_native(certain).with_columns(*worked_out).to_native()
        return added


def _mask(attribute: str, place: int) -> str:
    return f"mask_{place}_{attribute}"


def _or_null(text: Any) -> Any:
    return nw.when(text != "").then(text)
