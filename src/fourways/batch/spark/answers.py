"""Understands each distinct text of a folder once, and gives every record its profile by a join."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fourways.answers.columns import Columns
from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.batch.contract import noted
from fourways.batch.spark.records import FLAW, cell
from fourways.model.profile import NOTHING, Attribute

KEY, ROWS, NOTES, BAD = "_key", "_rows", "_notes", "_bad"
_BROADCAST = 1_000_000
"""Up to how many texts every executor gets a whole dictionary; more of them are shuffled."""


def text_column(attribute: str) -> str:
    """Give the name of the column with what a record says of an attribute, as it stands."""
    return f"_text_{attribute}"


def answer_texts(frame: Any, columns: Columns) -> Any:
    """Add the text of each attribute; numbers of typed files lose a fraction that is zero."""
    from pyspark.sql import functions as f

    types = dict(frame.dtypes)
    for attribute, index in columns.mapped.items():
        value = f.col(cell(index))
        text = value.cast("string")
        if types[cell(index)] in ("float", "double"):
            whole = value == f.floor(value)
            text = f.when(whole, value.cast("bigint").cast("string")).otherwise(text)
        frame = frame.withColumn(text_column(attribute), f.coalesce(text, f.lit("")))
    return frame


def distinct_texts(frame: Any, columns: Columns) -> Any:
    """Give what occurs together in the records, and how often; damaged ones by what is wrong."""
    from pyspark.sql import functions as f

    sort = f.substring_index(FLAW, ":", 1).alias(FLAW)
    texts = (
        f.when(f.col(FLAW).isNull(), f.col(text_column(a))).alias(text_column(a))
        for a in columns.mapped
    )
    return frame.groupBy(sort, *texts).agg(f.count("*").alias(ROWS))


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What each text of a column stands for.

    Attributes:
        attribute: what the column tells.
        entries: text, code of the answer, the answer in contract form, note, problem, suggestion.
    """

    attribute: str
    entries: tuple[tuple[str | None, ...], ...]

    def frame(self, session: Any) -> Any:
        """Give it as a Spark frame."""
        names = ("text", "code", "answer", "note", "problem", "suggestion")
        schema = ", ".join(f"`_{name}_of_{self.attribute}` string" for name in names)
        return session.createDataFrame(list(self.entries), schema)


def dictionaries(
    occurring: Any, columns: Columns, attributes: Mapping[str, Attribute]
) -> tuple[Dictionary, ...]:
    """Understand each distinct text of each mapped column, once.

    Args:
        occurring: what `distinct_texts` gave.
        columns: which column holds which attribute.
        attributes: what can be known.
    """
    from pyspark.sql import functions as f

    names = [name for name in attributes if name in columns.mapped]
    pairs = f.explode(
        f.array(*(f.struct(f.lit(a).alias("a"), f.col(text_column(a)).alias("t")) for a in names))
    )
    whole = occurring.where(f.col(FLAW).isNull())
    texts: dict[str, list[str]] = {name: [] for name in names}
    for row in whole.select(pairs.alias("p")).select("p.a", "p.t").distinct().collect():
        texts[row["a"]].append(row["t"])
    return tuple(
        Dictionary(name, tuple(_entries(attributes[name], sorted(texts[name])))) for name in names
    )


def _entries(attribute: Attribute, texts: Iterable[str]) -> Iterable[tuple[str | None, ...]]:
    codes: dict[str, str] = {}
    for text in texts:
        try:
            taken = parse_answer(attribute, text)
        except UnreadableAnswerError as error:
            yield text, "", None, None, error.problem, error.suggestion
            continue
        note = f"{attribute.id}: {taken.note}" if taken.note else None
        if taken.answer is None:
            yield text, "", None, note, None, None
        else:
            answer = ";".join(attribute.members(taken.answer)) or NOTHING
            yield text, codes.setdefault(answer, str(len(codes))), answer, note, None, None


def understood(session: Any, frame: Any, columns: Columns, known: Iterable[Dictionary]) -> Any:
    """Give each record the key of its profile, its notes, and the cells that cannot be read.

    Args:
        session: the Spark session.
        frame: with `text_column` for each attribute.
        columns: which column holds which attribute.
        known: the dictionaries.
    """
    from pyspark.sql import functions as f

    known = tuple(known)
    for dictionary in known:
        words, name = dictionary.frame(session), dictionary.attribute
        if len(dictionary.entries) <= _BROADCAST:
            words = f.broadcast(words)
        same = f.col(text_column(name)) == f.col(f"_text_of_{name}")
        frame = frame.join(words, same, "left")
    changed = f.raise_error(f.lit("the input was changed while it was read"))
    codes = [f.coalesce(f"_code_of_{d.attribute}", changed) for d in known]
    notes = [f.col(f"_note_of_{d.attribute}") for d in known]
    bad = [
        f.when(
            f.col(f"_problem_of_{d.attribute}").isNotNull(),
            f.struct(
                f.lit(columns.header[columns.mapped[d.attribute]]).alias("column"),
                f.col(text_column(d.attribute)).alias("value"),
                f.col(f"_problem_of_{d.attribute}").alias("problem"),
                f.col(f"_suggestion_of_{d.attribute}").alias("suggestion"),
            ),
        )
        for d in known
    ]
    key = f.when(f.col(FLAW).isNull(), f.concat_ws(",", *codes))
    return frame.select(
        "*",
        key.alias(KEY),
        f.concat_ws(noted(("", "")), *notes).alias(NOTES),
        f.array_compact(f.array(*bad)).alias(BAD),
    )
