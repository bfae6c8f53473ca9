"""Writes results and rejects from Spark, and counts what stands in them."""

from collections.abc import Sequence
from typing import Any

from fourways.batch.contract import NONE, NOT_ENOUGH, RESULT_COLUMNS, RISKY, neutralised, noted
from fourways.batch.spark.answers import BAD, KEY, NOTES
from fourways.batch.spark.records import FILE, FLAW, RECORD, REMEDY, Records, cell

REJECT_COLUMNS = ("file", "number", "column", "value", "problem", "suggestion", "record")
"""A line per problem; `number` counts those of a record from 1, `record` is it as it stands."""


def write_results(
    place: str, whole: Any, outcomes: Any, records: Records, added: Sequence[str], many: bool
) -> None:
    """Write the input columns of each record with its results behind them.

    Args:
        place: the folder.
        whole: the records without damage, understood.
        outcomes: the results of each profile, by its key.
        records: gives the columns and the kind of file.
        added: the names of the result columns.
        many: whether there are too many profiles to give all of them to every executor.
    """
    from pyspark.sql import functions as f

    kept = [name for name in RESULT_COLUMNS if name in outcomes.columns]
    results = outcomes.select(
        f.col(KEY).alias("_key_of_profile"),
        *(_neutralised(f.col(name)).alias(f"_result_{name}") for name in kept),
    )
    results = results.hint("merge") if many else f.broadcast(results)
    joined = whole.where(f"size({BAD}) = 0").join(
        results, f.col(KEY) == f.col("_key_of_profile"), "left"
    )
    changed = f.raise_error(f.lit("the input was changed while it was read"))
    types = dict(joined.dtypes)
    cells = [
        _neutralised(f.col(cell(i))) if types[cell(i)] == "string" else f.col(cell(i))
        for i in range(len(records.header))
    ]
    none = f.when(f.col("_result_recommendation") == NONE, f.lit(NOT_ENOUGH))
    header = [*map(neutralised, records.header), *added]
    answered = joined.select(
        *cells,
        *(f.coalesce(f"_result_{name}", changed).alias(f"_result_{name}") for name in kept),
        _neutralised(f.concat_ws(noted(("", "")), f.when(f.col(NOTES) != "", f.col(NOTES)), none)),
    ).toDF(*header)
    if records.kind == "parquet":
        answered.write.parquet(place)
    else:
        _csv(answered, place, records.delimiter)


def write_rejects(place: str, frame: Any, any_at_all: bool) -> None:
    """Write what is wrong with each record that is damaged or has cells that cannot be read."""
    from pyspark.sql import functions as f

    damaged = f.array(
        f.struct(
            f.lit("").alias("column"), f.col(RECORD).alias("value"),
            f.col(FLAW).alias("problem"), f.col(REMEDY).alias("suggestion"),
        )
    )  # fmt: skip
    wrong = f.when(f.col(FLAW).isNotNull(), damaged).otherwise(f.col(BAD))
    listed = frame.select(FILE, f.posexplode(wrong).alias("at", "bad"), RECORD)
    if not any_at_all:
        listed = listed.limit(0)
    told = [f.col(FILE), (f.col("at") + 1).cast("string")]
    told += [f.col(f"bad.{name}") for name in REJECT_COLUMNS[2:6]]
    cells = [_neutralised(f.coalesce(value, f.lit(""))) for value in (*told, f.col(RECORD))]
    _csv(listed.select(*cells).toDF(*REJECT_COLUMNS), place, ",")


def written(session: Any, place: str, kind: str) -> tuple[int, int]:
    """Count the results and rejected records in the files, whatever the tasks say of them."""
    from pyspark.sql import functions as f

    read = session.read
    if kind == "parquet":
        results = read.parquet(f"{place}/results").count()
    else:
        lines = read.text(f"{place}/results").groupBy("_metadata.file_path").count()
        results = lines.agg(f.sum(f.col("count") - 1)).head()[0] or 0
    rejects = read.csv(
        f"{place}/rejects", schema=", ".join(f"`{n}` string" for n in REJECT_COLUMNS),
        header=True, multiLine=True, escape='"',
    )  # fmt: skip
    return int(results), int(rejects.where("number = '1'").count())


def _neutralised(text: Any) -> Any:
    """Give a text that no spreadsheet runs as a formula, as `neutralised` does for one."""
    from pyspark.sql import functions as f

    return f.when(text.rlike(f"^(?:{RISKY.pattern})"), f.concat(f.lit("'"), text)).otherwise(text)


def _csv(frame: Any, place: str, delimiter: str) -> None:
    frame.write.csv(
        place, header=True, sep=delimiter, quote='"', escape='"', emptyValue="", nullValue="",
        ignoreLeadingWhiteSpace=False, ignoreTrailingWhiteSpace=False,
    )  # fmt: skip
