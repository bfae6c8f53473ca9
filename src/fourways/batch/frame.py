"""Whole dataframes, for programs: the user's frame in, the same sort of frame out."""

from typing import Any, TypeVar, cast

import narwhals as nw

from fourways.engines.columnar import ColumnarEngine, answers_in_contract_form
from fourways.errors import InputError, Problem
from fourways.explain.columns import decision_columns, text_columns
from fourways.model.base import RuleBase
from fourways.rulebase import load_builtin

Frame = TypeVar("Frame")


def evaluate_frame(frame: Frame, base: RuleBase | None = None, *, texts: bool = True) -> Frame:
    """Add recommendations to a dataframe.

    Args:
        frame: a Polars, pandas, PyArrow, DuckDB, PySpark or Dask frame, eager or lazy. Columns
            named like an attribute are read: text as in the profile contract (the members of a
            set parted by semicolons), true and false, or a headcount; null or empty is unknown.
            Text that is no value of its attribute counts as none: clean it first, or use
            `fourways batch`, which rejects it.
        base: the rules; the built-in ones by default.
        texts: whether to add what is said in sentences: because, actions, cautions.

    Returns:
        The frame, as lazy or eager as it came, with recommendation, certainty (two decimals, as
        text), ranking, targets, rules and the texts: the cells of the results contract.

    Raises:
        InputError: no column is named like an attribute, or one like a result column.
    """
    base = base or load_builtin()
    given: Any = nw.from_native(cast(Any, frame))
    schema = given.collect_schema()
    results = decision_columns(base) | (text_columns(base) if texts else {})
    taken = [name for name in schema if name in results]
    if taken:
        raise InputError(
            Problem(f"the frame has columns named {', '.join(taken)}", hint="Rename them first.")
        )
    if not any(name in base.attributes for name in schema):
        raise InputError(
            Problem(
                "no column of the frame is named like an attribute",
                hint=f"Name them {', '.join(base.attributes)}.",
            )
        )
    own = list(schema)
    answered = given.with_columns(*answers_in_contract_form(base.attributes, dict(schema)))
    decided = ColumnarEngine(base).run(answered)
    decided = decided.with_columns(*(cell.alias(name) for name, cell in results.items()))
    return cast(Frame, decided.select(*own, *results).to_native())
