"""The results contract: the columns of a results file, the texts in them, the files beside it."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import polars as pl

from fourways.errors import InputError, Problem
from fourways.explain.repairs import Repairs
from fourways.explain.whynot import COLUMN as WHY_NOT
from fourways.explain.whynot import why_not_cell
from fourways.explain.wording import advice, not_enough, reasons
from fourways.intake.lines import as_cell
from fourways.model.certainty import shown
from fourways.model.decision import Decision
from fourways.model.rules import Action, Caution, Target, Time

RESULT_COLUMNS = (
    "recommendation", "certainty", "ranking", "targets", "rules", "because", "actions",
    "cautions", "notes",
)  # fmt: skip
TEXT_COLUMNS = ("because", "actions", "cautions")
"""Those that say it in sentences; a run can leave them out."""

TRACE = "rules"
"""The one that says which rules fired; a run can leave it out."""

ALL_COLUMNS = (*RESULT_COLUMNS[:-1], WHY_NOT, RESULT_COLUMNS[-1])
"""The columns of the contract, and `why_not`, which only those have who ask for it."""

REJECT_COLUMNS = ("line", "column", "value", "problem", "suggestion")
ENDINGS = (
    ".csv.gz", ".tsv.gz", ".jsonl.gz", ".ndjson.gz", ".csv", ".tsv", ".jsonl", ".ndjson",
    ".parquet", ".xlsx",
)  # fmt: skip
"""How the names of results can end; the ending says in which format they are."""

NONE = ""
"""The recommendation where no path is supported."""

NOT_ENOUGH = "not enough answers"
"""What the notes say there."""

_PREFIX = "fourways_"
FORMULA_SIGNS = "=+-@＝＋－＠"  # noqa: RUF001
FORMULA_SPACE = "\t\r\n"
"""What makes a spreadsheet run a text as a formula when it stands first."""

_FIRST = re.escape(FORMULA_SIGNS + FORMULA_SPACE)
RISKY = re.compile(f"'*[{_FIRST}]")
_NEUTRALISED = re.compile(f"'+[{_FIRST}]")


def texts(decision: Decision) -> tuple[str, ...]:
    """Give the cells of a decision, in the order of the result columns without the notes."""
    best = decision.ranking[0] if decision.ranking else None
    return (
        best.path if best else NONE,
        shown(best.certainty) if best else "",
        ";".join(f"{s.path}:{shown(s.certainty)}" for s in decision.ranking),
        ";".join(_targets(decision)),
        ";".join(firing.rule.id for firing in decision.trace),
        " ".join(reasons(decision, best.path)) if best else not_enough(decision),
        *(" ".join(_advised(decision, sort)) for sort in (Action, Caution)),
    )


def cells(decision: Decision, names: Iterable[str], repairs: Repairs) -> dict[str, str]:
    """Give those cells of a decision that are named, but not the notes, by their columns.

    Args:
        decision: what was decided.
        names: of the result columns, without a prefix.
        repairs: by the same rules; looked for where `why_not` is named.
    """
    derived = dict(zip(RESULT_COLUMNS, texts(decision), strict=False))
    if WHY_NOT in (wanted := set(names)):
        derived[WHY_NOT] = why_not_cell(decision.profile, repairs)
    return {name: cell for name, cell in derived.items() if name in wanted}


def noted(notes: Iterable[str]) -> str:
    """Give the cell of the notes."""
    return "; ".join(notes)


def _targets(decision: Decision) -> Iterable[str]:
    """Give path, time and post of each move that is open, in the order of the ranking."""
    for standing in decision.ranking:
        moves = [f.rule.then for f in decision.targets(standing.path)]
        for time in Time:
            for move in moves:
                if isinstance(move, Target) and move.time is time:
                    yield f"{move.path}:{move.time}:{move.to}"


def _advised(decision: Decision, sort: type[Action | Caution]) -> tuple[str, ...]:
    """Return the advice for the first path, then the advice for everyone."""
    general = advice(decision, sort, None)
    best = decision.recommendation
    return (*advice(decision, sort, best), *general) if best else general


def written_columns(
    texts: bool = True, why_not: bool = False, trace: bool = True
) -> tuple[str, ...]:
    """Give the result columns of a run.

    Args:
        texts: whether with those that say it in sentences.
        why_not: whether with what the paths lack that did not come out.
        trace: whether with the rules that fired.
    """
    asked = ((TEXT_COLUMNS, texts), ((WHY_NOT,), why_not), ((TRACE,), trace))
    left_out = {name for names, wanted in asked for name in names if not wanted}
    return tuple(name for name in ALL_COLUMNS if name not in left_out)


def result_columns(
    header: Sequence[str], columns: Sequence[str] = RESULT_COLUMNS
) -> tuple[str, ...]:
    """Give the names of the result columns behind the columns of a file.

    A name that the file has already gets a prefix, so that both can be kept.

    Args:
        header: the columns of the file.
        columns: the result columns that are written.

    Raises:
        InputError: the file has the name with the prefix as well.
    """
    names = tuple(_PREFIX + name if name in header else name for name in columns)
    taken = [name for name in names if name in header]
    if taken:
        raise InputError(
            Problem(
                f"the file has columns named {', '.join(taken)}, which the results need",
                hint="Rename them.",
            )
        )
    return names


def results_among(header: Sequence[str]) -> tuple[str, ...]:
    """Give the result columns that the last columns of a results file are, by their own names.

    Args:
        header: the columns of the file.

    Returns:
        the names without a prefix, in their order; none where it is no results file.
    """
    found: list[str] = []
    rest = list(header)
    for name in reversed(ALL_COLUMNS):
        if rest and rest[-1] in (name, _PREFIX + name):
            rest.pop()
            found.append(name)
        elif name not in (*TEXT_COLUMNS, WHY_NOT, TRACE):
            return ()
    return tuple(reversed(found))


def input_width(header: Sequence[str]) -> int | None:
    """Give how many columns of a results file came from the input; None if it is none."""
    found = results_among(header)
    return len(header) - len(found) if found else None


def neutralised(text: str) -> str:
    """Give a text that no spreadsheet runs as a formula: an apostrophe before the first sign.

    A text that looks neutralised gets one more, so that `plain` always gives back the same.
    """
    return f"'{text}" if RISKY.match(text) else text


def plain(text: str) -> str:
    """Give the text that was neutralised."""
    return text[1:] if _NEUTRALISED.match(text) else text


def csv_line(cells: Iterable[str], delimiter: str, line_end: str) -> str:
    """Give a line of a CSV file, neutralised, and quoted where needed."""
    return delimiter.join(as_cell(neutralised(cell), delimiter) for cell in cells) + line_end


def csv_text(frame: pl.DataFrame, delimiter: str, line_end: str) -> bytes:
    """Give the lines of a frame of texts, neutralised, and quoted where needed."""
    buffer = BytesIO()
    neutralised_columns(frame).write_csv(
        buffer, include_header=False, separator=delimiter, line_terminator=line_end
    )
    return buffer.getvalue()


def neutralised_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Give a frame of texts in which no spreadsheet runs anything as a formula."""
    risky = [
        name
        for name, kind in frame.schema.items()
        if _distinct(frame.get_column(name), kind).str.contains(f"^{RISKY.pattern}").any()
    ]
    return frame.with_columns(_neutralised(pl.col(name).cast(pl.String), name) for name in risky)


def _neutralised(text: pl.Expr, name: str) -> pl.Expr:
    risk = text.str.contains(f"^{RISKY.pattern}")
    return pl.when(risk).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)


def _distinct(column: pl.Series, kind: pl.DataType) -> pl.Series:
    """Give the texts of a column to look through: each once, where it repeats few."""
    return (column.unique() if kind == pl.Categorical else column).cast(pl.String)


def _stem(results: Path) -> str:
    name = results.name
    for ending in ENDINGS:
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def rejects_path(results: Path) -> Path:
    """Give where the rejects of some results stand."""
    return results.with_name(f"{_stem(results)}.rejects.csv")


def manifest_path(results: Path) -> Path:
    """Give where the manifest of some results stands."""
    return results.with_name(f"{_stem(results)}.manifest.json")
