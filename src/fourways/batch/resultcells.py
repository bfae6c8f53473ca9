"""The result columns of a file, each with what it hangs on."""

from collections.abc import Callable, Collection, Iterable, Sequence

import polars as pl

from fourways.batch.answers import FileAnswers
from fourways.batch.contract import TEXT_COLUMNS, TRACE
from fourways.batch.lookup import Dictionary, EachOwn, Part, flags
from fourways.engines.columnar import (
    answer_column,
    certainty_column,
    position_column,
    rule_column,
    supported_column,
)
from fourways.explain.columns import decision_columns, read_by, text_columns
from fourways.explain.repairs import Repairs
from fourways.explain.whynot import COLUMN as WHY_NOT
from fourways.explain.whynot import why_not_cell
from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN
from fourways.model.rules import Evidence, Rule, Stratum


def result_cells(
    base: RuleBase, answers: FileAnswers, wanted: Collection[str]
) -> list[Dictionary | EachOwn]:
    """Give the result columns, in the order of the contract.

    Args:
        base: the rules.
        answers: what the codes of a profile mean.
        wanted: names of result columns; the decisions are there in any case.
    """
    results: list[Dictionary | EachOwn] = [*_of_decisions(base)]
    if TRACE in wanted:
        results.append(EachOwn([TRACE], lambda run: run.select(TRACE)))
    if set(TEXT_COLUMNS).intersection(wanted):
        results += _of_texts(base, answers)
    if WHY_NOT in wanted:
        results.append(_of_what_is_lacking(base, answers))
    return results


def _of_what_is_lacking(base: RuleBase, answers: FileAnswers) -> EachOwn:
    repairs = Repairs(base)
    codes = [column.attribute.id for column in answers.columns]

    def lacking(run: pl.DataFrame) -> pl.DataFrame:
        profiles = map(answers.profile, run.select(*codes).iter_rows())
        cells = [why_not_cell(profile, repairs) for profile in profiles]
        return pl.DataFrame({WHY_NOT: cells}, schema={WHY_NOT: pl.String})

    return EachOwn([WHY_NOT], lacking)


def _of_decisions(base: RuleBase) -> Iterable[Dictionary]:
    cells = decision_columns(base)
    certain, placed = [], []
    for path in base.paths:
        supported = pl.col(supported_column(path))
        number = pl.col(certainty_column(path)) + CERTAIN
        certain.append(_where(supported, number, 2 * CERTAIN))
        placed.append(_where(supported, pl.col(position_column(path)), len(base.paths)))
    moves = [rule_column(rule) for rule in base.stratum(Stratum.TARGETS)]
    ranked = ("recommendation", "certainty", "ranking")
    yield Dictionary("decision", certain, {name: cells[name] for name in ranked})
    yield Dictionary("moves", [*placed, *flags(moves)], {"targets": cells["targets"]})


def _of_texts(base: RuleBase, answers: FileAnswers) -> Iterable[Dictionary]:
    cells, answered = text_columns(base), _answered(base, answers)
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
    alone = _flag(pl.sum_horizontal(pl.col(supported_column(p)) for p in base.paths) == 1)
    missing = [
        _flag(none & (pl.col(column.attribute.id) == 0))
        for column in answers.columns
        if column.attribute.id in base.key_attributes
    ]
    read = _read_by(base, answers, [rule for _, rule in reasons])
    yield Dictionary(
        "reasons",
        [*leading, alone, *spoken, *missing, *read],
        {"because": cells["because"]},
        answered,
    )
    guidance = base.stratum(Stratum.GUIDANCE)
    fired = flags([rule_column(rule) for rule in guidance])
    yield Dictionary(
        "guidance",
        [*leading, *fired, *_read_by(base, answers, guidance)],
        {name: cells[name] for name in ("actions", "cautions")},
        answered,
    )


def _read_by(base: RuleBase, answers: FileAnswers, rules: Sequence[Rule]) -> list[Part]:
    """Give the parts of a state that the words of some rules hang on."""
    read = [read_by(base, rule) for rule in rules]
    others = {name for named, _ in read for name in named}
    attributes = {name for _, named in read for name in named}
    columns = [rule_column(rule) for rule in base.rules if rule.id in others]
    known = {column.attribute.id for column in answers.columns}
    # A file may hold as many distinct answers as it has rows.
    return [
        *flags(columns),
        *(Part(pl.col(name), 32) for name in sorted(attributes) if name in known),
    ]


def _answered(base: RuleBase, answers: FileAnswers) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Give what adds the answers to profiles that are codes."""
    columns = {column.attribute.id: column for column in answers.columns}

    def added(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(
            pl.lit(pl.Series(columns[name].forms, dtype=pl.String))
            .gather(pl.col(name))
            .alias(answer_column(name))
            if name in columns
            else pl.lit(None, dtype=pl.String).alias(answer_column(name))
            for name in base.attributes
        )

    return added


def _where(condition: pl.Expr, number: pl.Expr, largest: int) -> Part:
    """Give a number from 0 where a condition holds, and tell the other rows from it."""
    return Part(pl.when(condition).then(number + 1).otherwise(0), (largest + 1).bit_length())


def _flag(condition: pl.Expr) -> Part:
    return Part(condition, 1)
