"""Finds the records of a folder of CSV or Parquet files, and tells the damaged ones apart."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fourways.answers.columns import count_recognized
from fourways.batch.spark.session import Storage
from fourways.errors import InputError, Location, Problem
from fourways.intake.table import MAX_LINE, Table
from fourways.model.profile import Attribute

FILE, RECORD, FLAW, REMEDY = "_file", "_record", "_flaw", "_remedy"
_ENDINGS = {".csv": "csv", ".csv.gz": "csv", ".csv.bz2": "csv", ".tsv": "csv",
            ".parquet": "parquet"}  # fmt: skip


def cell(index: int) -> str:
    """Give the name of the column that holds the cells of an input column."""
    return f"_cell_{index}"


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a folder.

    Attributes:
        folder: its URL.
        kind: csv or parquet.
        header: the names of the columns.
        delimiter: what parts the cells of a CSV file.
        frame: a Spark frame: `cell(0)` and so on, the file, the record as it stands, and for a
            damaged one what is wrong with it and the remedy.
        count: how many there are, by a count of their own.
        files: the files, by their sizes.
    """

    folder: str
    kind: str
    header: tuple[str, ...]
    delimiter: str
    frame: Any
    count: int
    files: Mapping[str, int]


def find_records(session: Any, folder: Storage, attributes: Mapping[str, Attribute]) -> Records:
    """Find the records of a folder.

    Raises:
        InputError: there are none, files of several kinds, or files whose headers differ.
    """
    if not folder.is_folder():
        what = "is no folder" if folder.exists() else "does not exist"
        raise InputError(Problem(f"{folder.url} {what}", hint="Name a folder of CSV or Parquet."))
    files = folder.files()
    kinds = {_kind(url) for url in files}
    if len(kinds) != 1 or None in kinds:
        odd = next((url for url in files if _kind(url) is None), "")
        what = f"such as {odd}" if odd else "both CSV and Parquet" if kinds else "no file"
        raise InputError(
            Problem(f"{folder.url} has to hold CSV files or Parquet files; it holds {what}",
                    hint=f"Known endings are {', '.join(_ENDINGS)}.")
        )  # fmt: skip
    read = session.read.option("basePath", folder.url)
    if kinds == {"parquet"}:
        return _parquet(read, folder, files)
    return _csv(read, folder, files, attributes)


def _kind(url: str) -> str | None:
    return next((kind for end, kind in _ENDINGS.items() if url.lower().endswith(end)), None)


def _parquet(read: Any, folder: Storage, files: Mapping[str, int]) -> Records:
    from pyspark.sql import functions as f

    frame = read.option("mergeSchema", True).parquet(*files)
    header = tuple(frame.columns)
    cells = [cell(index) for index in range(len(header))]
    named = frame.select("*", f.col("_metadata.file_path")).toDF(*cells, FILE)
    record = f.to_json(f.struct(*(f.col(c).alias(n) for c, n in zip(cells, header, strict=True))))
    whole = named.select(
        *cells, _relative(folder), record.alias(RECORD),
        *(f.lit(None).cast("string").alias(name) for name in (FLAW, REMEDY)),
    )  # fmt: skip
    return Records(folder.url, "parquet", header, "", whole, frame.count(), files)


def _csv(
    read: Any, folder: Storage, files: Mapping[str, int], attributes: Mapping[str, Attribute]
) -> Records:
    from pyspark.sql import functions as f

    first = next((url for url, size in files.items() if size), next(iter(files)))
    top = read.text(first).where("value != ''").head()
    head = top["value"].removeprefix("\N{BOM}") if top else ""
    table = Table(
        io.BytesIO(head.encode() and f"{head}\n".encode()),
        first,
        lambda header: count_recognized(header, attributes),
    )
    lines = read.text(list(files))
    folders = [name for name in lines.columns if name != "value"]
    header, delimiter = (*table.header, *folders), table.dialect.delimiter
    lines = lines.select("*", f.col("_metadata.file_path")).toDF("value", *folders, FILE)
    lines = lines.where("value != ''")
    is_header = f.ltrim(f.col("value"), f.lit("\N{BOM}")) == head
    count = _counted(lines, is_header)
    parsed = _parsed(lines.where(~is_header), len(table.header), delimiter)
    cells = [
        *(f.coalesce(f.col(f"_read.{cell(i)}"), f.lit("")) for i in range(len(table.header))),
        *(f.coalesce(f.col(f"`{name}`"), f.lit("")) for name in folders),
    ]
    frame = parsed.select(
        *(value.alias(cell(index)) for index, value in enumerate(cells)),
        _relative(folder), f.make_valid_utf8("value").alias(RECORD), FLAW, REMEDY,
    )  # fmt: skip
    return Records(folder.url, "csv", header, delimiter, frame, count, files)


def _counted(lines: Any, is_header: Any) -> int:
    """Count the lines below the headers; each file has one header, the same in all.

    Raises:
        InputError: with the files where that is not so.
    """
    from pyspark.sql import functions as f

    heads = f.sum(is_header.cast("int"))
    total, odd = f.count("*"), f.when(heads != 1, f.col(FILE))
    files = lines.groupBy(FILE).agg(total.alias("total"), heads.alias("heads"), odd.alias("odd"))
    found = files.agg(
        f.sum("total"), f.sum("heads"), f.slice(f.sort_array(f.collect_set("odd")), 1, 10)
    ).head()
    if found[2]:
        raise InputError(
            *(
                Problem("the header is not that of the first file, or stands there twice",
                        Location(url, 1, 1), "Give every file the same first line, once.")
                for url in found[2]
            )
        )  # fmt: skip
    return int(found[0] or 0) - int(found[1] or 0)


def _parsed(lines: Any, width: int, delimiter: str) -> Any:
    """Add the cells of each line, and what is wrong with it."""
    from pyspark.sql import functions as f

    schema = ", ".join(f"{cell(index)} string" for index in range(width))
    options = {
        "sep": delimiter, "quote": '"', "escape": '"', "mode": "PERMISSIVE",
        # What is said below of quotes is not left to the parser, whose error would end the run.
        "columnNameOfCorruptRecord": "_damaged", "unescapedQuoteHandling": "STOP_AT_DELIMITER",
        "maxColumns": str(max(20_480, width + 1)),
    }  # fmt: skip
    value = f.col("value")
    # A sign stands for each quoted text; a quote written twice parts one into two.
    unquoted = f.when(value.contains('"'), f.regexp_replace(value, '"[^"]*"', '"'))
    parted = _occurrences(f.coalesce(unquoted, value), delimiter) + 1
    goes_on = unquoted.rlike(f'(?:^|[{delimiter}])"++[^"{delimiter}]')
    fields = f.col("_fields")
    counted = f.concat(fields.cast("string"), f.lit(f" where the header has {width}"))
    flaws = [
        (f.length(value) > MAX_LINE, f.lit("the line is over 1 MB"), "Shorten its texts."),
        (~f.is_valid_utf8(value), f.lit("not UTF-8"), "Save it as CSV in UTF-8."),
        (value.contains("\0"), f.lit("a NUL character"), "Take it out."),
        (
            _occurrences(value, '"') % 2 == 1,
            f.lit("a quote is opened and not closed on its line"),
            "Close it, or write a quote that belongs to the text twice; no line breaks in a text.",
        ),
        (
            fields > width,
            f.concat(f.lit("too many fields: "), counted),
            "Put a text that holds what parts the cells in double quotes.",
        ),
        (
            fields < width,
            f.concat(f.lit("too few fields: "), counted),
            "Fill the row up with empty fields.",
        ),
        (
            goes_on | f.col("_read._damaged").isNotNull(),
            f.lit("a text goes on after its closing quote"),
            "Write a quote that belongs to the text twice.",
        ),
    ]
    read = f.from_csv(value, f"{schema}, _damaged string", options)
    return lines.select("*", read.alias("_read"), parted.alias("_fields")).select(
        "*",
        f.coalesce(*(f.when(found, problem) for found, problem, _ in flaws)).alias(FLAW),
        f.coalesce(*(f.when(found, f.lit(remedy)) for found, _, remedy in flaws)).alias(REMEDY),
    )


def _occurrences(text: Any, sign: str) -> Any:
    from pyspark.sql import functions as f

    return f.length(text) - f.length(f.replace(text, f.lit(sign), f.lit("")))


def _relative(folder: Storage) -> Any:
    """Give the file of a record, as seen from the folder."""
    from pyspark.sql import functions as f

    return f.element_at(f.split(FILE, f"\\Q{folder.path}/\\E", 2), -1).alias(FILE)
