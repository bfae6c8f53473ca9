"""The results contract: the columns of a results file, the texts in them, the files beside it."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import polars as pl

from fourways.errors import InputError, Problem
from fourways.explain.wording import actions, cautions, reasons
from fourways.model.certainty import shown
from fourways.model.decision import Decision
from fourways.model.rules import Target, Time

RESULT_COLUMNS = (
    "recommendation", "certainty", "ranking", "targets", "rules", "because", "actions",
    "cautions", "notes",
)  # fmt: skip
REJECT_COLUMNS = ("line", "column", "value", "problem", "suggestion")
NONE = "none"
"""The recommendation where no path is supported."""

_PREFIX = "fourways_"
_FORMULA = "=+\\-@\\t\\r\\n＝＋－＠"  # noqa: RUF001
RISKY = re.compile(f"'*[{_FORMULA}]")
_NEUTRALISED = re.compile(f"'+[{_FORMULA}]")


def texts(decision: Decision) -> tuple[str, ...]:
    """Give the cells of a decision, in the order of the result columns without the notes."""
    best = decision.ranking[0] if decision.ranking else None
    return (
        best.path if best else NONE,
        shown(best.certainty) if best else "",
        ";".join(f"{s.path}:{shown(s.certainty)}" for s in decision.ranking),
        ";".join(_targets(decision)),
        ";".join(firing.rule.id for firing in decision.trace),
        " ".join(reasons(decision, best.path)) if best else _why_none(decision),
        " ".join(actions(decision)),
        " ".join(cautions(decision)),
    )


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


def _why_none(decision: Decision) -> str:
    if not decision.unknown:
        return "No path is supported by what is known."
    labels = (decision.base.attributes[name].label for name in decision.unknown)
    return f"No path is supported by what is known. Unknown are: {', '.join(labels)}."


def result_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Give the names of the result columns behind the columns of a file.

    A name that the file has already gets a prefix, so that both can be kept.

    Raises:
        InputError: the file has the name with the prefix as well.
    """
    names = tuple(_PREFIX + name if name in header else name for name in RESULT_COLUMNS)
    taken = [name for name in names if name in header]
    if taken:
        raise InputError(
            Problem(
                f"the file has columns named {', '.join(taken)}, which the results need",
                hint="Rename them.",
            )
        )
    return names


def input_width(header: Sequence[str]) -> int | None:
    """Give how many columns of a results file came from the input; None if it is none."""
    width = len(header) - len(RESULT_COLUMNS)
    own = header[:width] if width >= 0 else ()
    expected = [(name, _PREFIX + name) for name in RESULT_COLUMNS]
    if width < 0 or any(header[width + i] not in both for i, both in enumerate(expected)):
        return None
    return len(own)


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
    return delimiter.join(_cell(neutralised(cell), delimiter) for cell in cells) + line_end


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


def _cell(text: str, delimiter: str) -> str:
    # A carriage return alone ends a line for many readers, whatever the file's own lines end with.
    if not any(sign in text for sign in (delimiter, '"', "\n", "\r")):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _beside(results: Path, ending: str) -> Path:
    stem = results.name[:-4] if results.name.lower().endswith(".csv") else results.name
    return results.with_name(stem + ending)


def rejects_path(results: Path) -> Path:
    """Give where the rejects of some results stand."""
    return _beside(results, ".rejects.csv")


def manifest_path(results: Path) -> Path:
    """Give where the manifest of some results stands."""
    return _beside(results, ".manifest.json")
