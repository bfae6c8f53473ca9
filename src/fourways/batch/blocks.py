"""Decides a block of rows: each distinct profile once, each distinct text rendered once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from fourways.batch.answers import FileAnswers
from fourways.engines.columnar import (
    ColumnarEngine,
    answer_column,
    certainty_column,
    rule_column,
)
from fourways.explain.columns import decision_columns, text_columns
from fourways.model.base import RuleBase
from fourways.model.rules import Evidence, Finding, Rule, Target

_KEY = "key"
_BITS = 62


@dataclass(frozen=True, slots=True)
class Decided:
    """A block that was decided.

    Attributes:
        results: per row of the block the result columns without the notes.
        distinct: per distinct profile its answers as codes and its result columns.
    """

    results: pl.DataFrame
    distinct: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Group:
    """Result columns that hang on the same few columns, and are rendered once for each."""

    keys: tuple[str, ...]
    cells: dict[str, Any]


class BlockDecider:
    """Decides the rows of a file, block by block.

    Args:
        base: the rules.
        answers: what the texts of the file are understood as.
        texts: whether to render what is said in sentences.
    """

    def __init__(self, base: RuleBase, answers: FileAnswers, texts: bool) -> None:
        self._base = base
        self._answers = answers
        self._engine = ColumnarEngine(base)
        decided = decision_columns(base)
        ranked = [certainty_column(path) for path in base.paths]
        moves = [rule_column(rule) for rule in base.rules if isinstance(rule.then, Target)]
        every = [rule_column(rule) for rule in base.rules]
        self._groups = [
            _Group(
                tuple(ranked), {n: decided[n] for n in ("recommendation", "certainty", "ranking")}
            ),
            _Group((*ranked, *moves), {"targets": decided["targets"]}),
            _Group(tuple(every), {"rules": decided["rules"]}),
        ]
        if texts:
            said = text_columns(base)
            findings = [rule_column(r) for r in base.rules if isinstance(r.then, Finding)]
            evidence = [rule_column(r) for r in base.rules if isinstance(r.then, Evidence)]
            guidance = [
                c for c in every if c not in moves and c not in evidence and c not in findings
            ]
            used = [answer_column(name) for name in _named_in_texts(base)]
            self._groups += [
                _Group((*ranked, *findings, *evidence, *used), {"because": said["because"]}),
                _Group(
                    (*findings, *guidance, *used), {n: said[n] for n in ("actions", "cautions")}
                ),
            ]

    def decide(self, codes: pl.DataFrame) -> Decided:
        """Give the results for the answers of a block, none of them unreadable."""
        keys = codes.select(*(key.alias(f"{_KEY}{i}") for i, key in enumerate(self._packed())))
        names = keys.columns
        profiles = pl.concat([keys, codes], how="horizontal").unique(names, maintain_order=True)
        decided = self._evaluated(profiles)
        places = keys.join(
            profiles.select(names).with_row_index("place"), on=names, how="left",
            maintain_order="left",
        ).get_column("place")  # fmt: skip
        return Decided(
            decided.select(pl.all().gather(places)),
            pl.concat([profiles.select(codes.columns), decided], how="horizontal"),
        )

    def _packed(self) -> Iterator[pl.Expr]:
        """Give the answers of a row as few whole numbers as hold them."""
        key: pl.Expr = pl.lit(0, dtype=pl.UInt64)
        radix = 1
        for column in self._answers.columns:
            size = max(len(column.forms), 1)
            if radix * size >= 1 << _BITS:
                yield key
                key, radix = pl.lit(0, dtype=pl.UInt64), 1
            key = key + pl.col(column.attribute.id).cast(pl.UInt64) * radix
            radix *= size
        yield key

    def _evaluated(self, profiles: pl.DataFrame) -> pl.DataFrame:
        forms = {c.attribute.id: c.forms for c in self._answers.columns}
        answered = profiles.select(
            *(
                pl.lit(pl.Series(forms[name], dtype=pl.String)).gather(pl.col(name))
                .alias(answer_column(name))
                if name in forms
                else pl.lit(None, dtype=pl.String).alias(answer_column(name))
                for name in self._base.attributes
            )
        )  # fmt: skip
        run = self._engine.run(nw.from_native(answered.lazy())).to_native().collect()
        return pl.concat([_rendered(run, group) for group in self._groups], how="horizontal")


def _rendered(run: pl.DataFrame, group: _Group) -> pl.DataFrame:
    """Render cells once for each distinct state of the columns that they hang on."""
    packed = run.select(*(key.alias(f"{_KEY}{i}") for i, key in enumerate(_bits(run, group.keys))))
    names = packed.columns
    marked = pl.concat([packed, run], how="horizontal")
    distinct = marked.unique(names, maintain_order=True)
    cells = (
        nw.from_native(distinct.lazy())
        .select(*(cell.alias(name) for name, cell in group.cells.items()))
        .to_native()
        .collect()
    )
    places = packed.join(
        distinct.select(names).with_row_index("place"),
        on=names,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    ).get_column("place")
    return cells.select(pl.all().gather(places))


def _bits(run: pl.DataFrame, columns: Sequence[str]) -> Iterator[pl.Expr]:
    """Pack columns of true and false into whole numbers; others stand for themselves."""
    flags = [name for name in columns if run.schema[name] == pl.Boolean]
    for start in range(0, len(flags), _BITS):
        part = flags[start : start + _BITS]
        yield pl.sum_horizontal(
            pl.col(name).cast(pl.UInt64) * (1 << i) for i, name in enumerate(part)
        )
    yield from (pl.col(name) for name in columns if run.schema[name] != pl.Boolean)


def _named_in_texts(base: RuleBase) -> list[str]:
    return [name for name in base.attributes if any(_names(rule, name) for rule in base.rules)]


def _names(rule: Rule, attribute: str) -> bool:
    text = rule.because + str(getattr(rule.then, "text", ""))
    return f"{{{attribute}}}" in text
