"""Decides many rows at once: each distinct profile once, each distinct text rendered once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import narwhals as nw
import polars as pl

from fourways.batch.answers import FileAnswers
from fourways.batch.contract import TEXT_COLUMNS, TRACE
from fourways.batch.lookup import (
    MOST_FLAGS,
    Dictionary,
    EachOwn,
    Part,
    TruthTable,
    code,
    flags,
)
from fourways.batch.memory import (
    Cells,
    InARow,
    KeptFrames,
    KeptLines,
    Numbering,
    Numbers,
    Whole,
    kept,
)
from fourways.engines.columnar import (
    ColumnarEngine,
    answer_column,
    certainty_column,
    position_column,
    rule_column,
    supported_column,
)
from fourways.explain.columns import decision_columns, fired_ids, read_by, text_columns
from fourways.explain.whynotcell import COLUMN as WHY_NOT
from fourways.explain.whynotcolumns import WhyNotColumns
from fourways.intake.lines import Places
from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN
from fourways.model.rules import Evidence, Rule, Stratum

Item = TypeVar("Item")

_IDS_AT_ONCE = 8
_MASK = 32


@dataclass(frozen=True, slots=True)
class Found:
    """The profiles of some rows.

    Attributes:
        numbers: of the profile of each row.
        new: of the profiles that were not known all answers, as codes, and the result columns;
            they have the next numbers.
        known: how many profiles were known before; when all were forgotten, none.
    """

    numbers: Places
    new: pl.DataFrame
    known: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A block that was decided.

    Attributes:
        found: the profiles of its rows.
        results: for each row the results, without the notes: as columns, or as they are written.
    """

    found: Found
    results: pl.DataFrame | Cells

    def results_of(self, start: int, end: int) -> pl.DataFrame | Cells:
        """Give the results of the rows from one on to before another."""
        if isinstance(self.results, pl.DataFrame):
            return self.results[start:end]
        return replace(self.results, places=self.results.places[start:end])


@dataclass(slots=True)
class _Known:
    """What is known of the profiles that were met.

    Attributes:
        kept: their results: of each kind of result columns, those that differ.
        places: for each profile, where its results of each kind are kept.
        of_states: for each kind, where the results are kept that go with a state.
        numbering: of the profiles.
        none: what `Found` says is new where nothing is.
    """

    kept: KeptFrames | KeptLines
    places: Numbers
    of_states: list[Numbers]
    numbering: Numbering = field(default_factory=Numbering)
    none: pl.DataFrame | None = None


class BlockDecider:
    """Decides the rows of a file, block by block: a profile that was met before is looked up.

    Args:
        base: the rules.
        answers: what the texts of the file are understood as.
        columns: the result columns that are written, in their order and without the notes.
        also: result columns that are wanted of new profiles only.
        in_a_row: gives result cells as they are written; without it they are given as columns.
    """

    def __init__(
        self,
        base: RuleBase,
        answers: FileAnswers,
        columns: Sequence[str],
        also: Collection[str] = (),
        in_a_row: InARow | None = None,
    ) -> None:
        wanted = {*columns, *also}
        self._base = base
        self._answers = answers
        self._engine = ColumnarEngine(base)
        self._why_not = WhyNotColumns(base) if WHY_NOT in wanted else None
        self._read = {column.attribute.id for column in answers.columns}
        self._ids = [
            TruthTable([rule_column(rule) for rule in some], _or_null(fired_ids(some)))
            for some in (_parted(base.rules, _IDS_AT_ONCE) or [()] if TRACE in wanted else ())
        ]
        self._cells = self._of_results(wanted)
        self._written = [c for c in self._cells if set(columns).issuperset(c.names)]
        self._in_a_row = in_a_row
        self._tests = {name: self._engine.test_columns(name) for name in base.attributes}
        self._met: dict[str, pl.DataFrame] = {}
        self._plan: pl.LazyFrame | None = None
        self._profiles = pl.DataFrame()
        self._known = self._nothing_known()

    def decide(self, keys: Whole) -> Decided:
        """Give the results for the answers of a block, none of them unreadable."""
        if self._known.numbering.is_full:
            self._known = self._nothing_known()
        known = self._known
        before = known.numbering.count
        numbers, firsts = known.numbering(keys)
        if len(firsts) or known.none is None:
            new = self._decided(keys[:, firsts])
            known.none = new.clear()
        else:
            new = known.none
        return Decided(Found(numbers, new, before), known.kept.of(known.places.of(numbers)))

    def _nothing_known(self) -> "_Known":
        """Begin anew, as if no profile had been met."""
        for cells in self._cells:
            cells.forget()
        return _Known(
            kept(self._in_a_row),
            Numbers(len(self._written)),
            [Numbers() for _ in self._written],
        )

    def _decided(self, keys: Whole) -> pl.DataFrame:
        """Give the answers and results of new profiles, and keep where their results are."""
        codes = self._answers.codes(keys)
        run = self._evaluated(codes)
        looked_up = {cells: cells.look_up(run) for cells in self._cells}
        places = []
        for kind, cells in enumerate(self._written):
            of_states = self._known.of_states[kind]
            of_states.add(self._known.kept.add(kind, looked_up[cells].new))
            places.append(of_states.of(looked_up[cells].states)[:, 0])
        self._known.places.add(*places)
        return pl.concat([codes, *(one.cells for one in looked_up.values())], how="horizontal")

    # ------------------------------------------------------------ what fires

    def _evaluated(self, profiles: pl.DataFrame) -> pl.DataFrame:
        """Give what distinct profiles lead to, and what their result columns hang on."""
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
                    for place, some in enumerate(_parted(tests, _MASK))
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
        keys = [key for cells in self._cells for key in cells.keys]
        return concluded.with_columns(keys).drop(tests)

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

    # --------------------------------------------------------- what is written

    def _of_results(self, wanted: Collection[str]) -> list[Dictionary | EachOwn]:
        """Give the result columns, in the order of the contract."""
        results: list[Dictionary | EachOwn] = [*self._of_decisions()]
        if TRACE in wanted:
            results.append(EachOwn([TRACE], lambda run: run.select(TRACE)))
        if set(TEXT_COLUMNS).intersection(wanted):
            results += self._of_texts()
        if (why_not := self._why_not) is not None:
            listed = {c.attribute.id: c.answers for c in self._answers.columns}

            def lacking(run: pl.DataFrame) -> pl.DataFrame:
                return why_not.of_codes(self._profiles, listed, run).to_frame()

            results.append(EachOwn([WHY_NOT], lacking))
        return results

    def _of_decisions(self) -> Iterable[Dictionary]:
        cells = decision_columns(self._base)
        certain, placed = [], []
        for path in self._base.paths:
            supported = pl.col(supported_column(path))
            number = pl.col(certainty_column(path)) + CERTAIN
            certain.append(_where(supported, number, 2 * CERTAIN))
            placed.append(_where(supported, pl.col(position_column(path)), len(self._base.paths)))
        moves = [rule_column(rule) for rule in self._base.stratum(Stratum.TARGETS)]
        ranked = ("recommendation", "certainty", "ranking")
        yield Dictionary("decision", certain, {name: cells[name] for name in ranked})
        yield Dictionary("moves", [*placed, *flags(moves)], {"targets": cells["targets"]})

    def _of_texts(self) -> Iterable[Dictionary]:
        base, cells = self._base, text_columns(self._base)
        first = {
            path: pl.col(supported_column(path)) & (pl.col(position_column(path)) == 0)
            for path in base.paths
        }
        none = ~pl.any_horizontal(first.values())
        reasons = [
            (path, rule)
            for path in base.paths
            for rule in base.evidence[path]
            if isinstance(rule.then, Evidence) and not rule.then.against
        ]
        spoken = [_flag(first[path] & pl.col(rule_column(rule))) for path, rule in reasons]
        leading = [_flag(first[path]) for path in base.paths]
        missing = [_flag(none & (pl.col(c.attribute.id) == 0)) for c in self._answers.columns]
        read = self._read_by([rule for _, rule in reasons])
        yield Dictionary(
            "reasons",
            [*leading, *spoken, *missing, *read],
            {"because": cells["because"]},
            self._answered,
        )
        guidance = base.stratum(Stratum.GUIDANCE)
        fired = flags([rule_column(rule) for rule in guidance])
        yield Dictionary(
            "guidance",
            [*fired, *self._read_by(guidance)],
            {name: cells[name] for name in ("actions", "cautions")},
            self._answered,
        )

    def _read_by(self, rules: Sequence[Rule]) -> list[Part]:
        """Give the parts of a state that the words of some rules hang on."""
        read = [read_by(self._base, rule) for rule in rules]
        others = {name for named, _ in read for name in named}
        attributes = {name for _, named in read for name in named}
        columns = [rule_column(rule) for rule in self._base.rules if rule.id in others]
        # A file may hold as many distinct answers as it has rows.
        return [
            *flags(columns),
            *(Part(pl.col(name), 32) for name in sorted(attributes) if name in self._read),
        ]

    def _answered(self, rows: pl.DataFrame) -> pl.DataFrame:
        forms = {column.attribute.id: column.forms for column in self._answers.columns}
        return rows.with_columns(
            pl.lit(pl.Series(forms[name], dtype=pl.String))
            .gather(pl.col(name))
            .alias(answer_column(name))
            if name in forms
            else pl.lit(None, dtype=pl.String).alias(answer_column(name))
            for name in self._base.attributes
        )


def _mask(attribute: str, place: int) -> str:
    return f"mask_{place}_{attribute}"


def _where(condition: pl.Expr, number: pl.Expr, largest: int) -> Part:
    """Give a number from 0 where a condition holds, and tell the other rows from it."""
    return Part(pl.when(condition).then(number + 1).otherwise(0), (largest + 1).bit_length())


def _or_null(text: Any) -> Any:
    return nw.when(text != "").then(text)


def _flag(condition: pl.Expr) -> Part:
    return Part(condition, 1)


def _parted(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
