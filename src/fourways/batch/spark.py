"""Whole folders of people on a Spark cluster: the same rules, for files beyond one machine.

Each distinct text is parsed once, on the driver. Each distinct profile is decided once, by the
columnar engine. The records get their results by joins. Results, rejects and manifest appear
together or not at all.
"""

import csv
import json
import re
import signal
import time
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fourways.answers.columns import BadCell, Columns, RowReader, count_recognized, map_columns
from fourways.answers.values import parse_answer
from fourways.batch import contract
from fourways.batch.frame import evaluate_frame
from fourways.batch.manifest import versions
from fourways.errors import DisagreementError, InputError, OutputError, Problem
from fourways.model.base import RuleBase
from fourways.model.decision import Engine
from fourways.model.profile import NOTHING, Attribute, Profile

try:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import Observation, SparkSession
    from pyspark.sql import functions as f
except ImportError:
    _HINT = "Install it with: pip install 'fourways[spark]'."
    raise InputError(Problem("pyspark isn't installed", hint=_HINT)) from None

REJECT_COLUMNS = ("file", "number", "column", "value", "problem", "suggestion", "record")
"""One line per problem; `number` counts the problems of a record from 1."""

_FORMATS = {"csv": "csv", "tsv": "csv", "parquet": "parquet", "jsonl": "json", "ndjson": "json"}
_CSV = {
    "format": "csv", "header": True, "quote": '"', "escape": '"', "emptyValue": "",
    "ignoreLeadingWhiteSpace": False, "ignoreTrailingWhiteSpace": False,
}  # fmt: skip
_OPTIONS = {
    "spark.log.level": "FATAL",
    "spark.sql.caseSensitive": "true",
    # Otherwise each rule computes again what it builds on.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
    # A folder such as code=007 keeps its zeros.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # Only a line that is parsed to its end is known to have too many fields.
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    "spark.sql.optimizer.enableCsvExpressionOptimization": "false",
    # A task that runs again leaves nothing of its first attempt among the results.
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "1",
}
# Compiling the rules takes longer than interpreting them for some 25,000 profiles.
_INTERPRET = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
_PROBLEM = "struct<`column`: string, value: string, problem: string, suggestion: string>"


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """What the user asks of a run on Spark.

    Attributes:
        master: the URL of the cluster, such as spark://host:7077, yarn or local[*].
        source: the folder of input files, a path or URL that every executor can read.
        output: the folder to make for the results.
        columns: column to attribute, where the names don't say it.
        verify: how many distinct profiles a second engine decides as well; None for all.
        texts: whether to add the sentences: because, actions, cautions.
        force: whether to replace an existing output.
        options: Spark's own settings by name; they override ours.
    """

    master: str
    source: str
    output: str
    columns: Mapping[str, str] = field(default_factory=dict)
    verify: int | None = 50
    texts: bool = True
    force: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SparkReport:
    """The counts of a finished run; records is the sum of results and rejects."""

    records: int
    results: int
    rejects: int
    distinct: int
    verified: int
    recommended: Mapping[str, int]
    output: str


def run_spark(settings: SparkSettings, base: RuleBase, judge: Engine) -> SparkReport:
    """Recommend for every record of a folder, or reject it, on a Spark cluster.

    Args:
        settings: what the user asks.
        base: the rules.
        judge: decides a sample of the profiles again.

    Returns:
        The counts. The output folder has results/ in the format of the input, rejects/ in CSV,
        and manifest.json.

    Raises:
        InputError: Java, the cluster or the input is missing or invalid.
        OutputError: Spark failed, or what it wrote isn't complete.
        DisagreementError: the engines differ.
        KeyboardInterrupt: Ctrl-C. As after every error, nothing is left behind.
    """
    session, is_ours = _start(settings)
    new_path = session._jvm.org.apache.hadoop.fs.Path
    files = new_path(settings.output).getFileSystem(session._jsc.hadoopConfiguration())
    output = files.makeQualified(new_path(settings.output))
    draft = new_path(output.getParent(), f".{output.getName()}.{uuid4().hex[:8]}.unfinished")

    def publish() -> SparkReport:
        report, manifest = _run(session, settings, base, judge, draft.toString())
        files.delete(new_path(draft, "parts"), True)
        stream = files.create(new_path(draft, "manifest.json"), True)
        stream.write(json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n")
        stream.close()
        replaced = draft.suffix(".old")
        if files.exists(output):
            files.rename(output, replaced)
        if not files.rename(draft, output):
            what = f"{settings.output} can't be written; what it was is in {replaced}"
            raise OutputError(Problem(what, hint="Is it in use?"))
        files.delete(replaced, True)
        return report

    try:
        if files.exists(output) and not settings.force:
            hint = "Replace it with --force, or choose another -o."
            raise InputError(Problem(f"{settings.output} already exists", hint=hint))
        if not files.isDirectory(new_path(settings.source)):
            raise InputError(Problem(f"{settings.source} isn't a folder", hint="Name a folder."))
        # A thread that waits for Spark can't cancel its jobs, so another one waits.
        with ThreadPoolExecutor(1) as worker:
            run = worker.submit(publish)
            try:
                return run.result()
            except KeyboardInterrupt:
                while wait([run], timeout=0.5).not_done:
                    session.sparkContext.cancelAllJobs()
                if run.exception():
                    raise
                return run.result()
    except (PySparkException, Py4JError) as error:
        what = f"Spark stopped the run: {_reason(error)}"
        raise OutputError(Problem(what, hint="Nothing was written.")) from None
    finally:
        if is_ours:
            session.stop()
        if files.exists(draft):
            time.sleep(0.5)  # a task that had just begun may still make its folder
            files.delete(draft, True)


def _start(settings: SparkSettings) -> tuple[Any, bool]:
    """Return a Spark session, and whether it was started here rather than found running.

    Raises:
        InputError: Spark doesn't start, or the cluster can't be reached.
    """
    is_ours = SparkSession.getActiveSession() is None
    builder = SparkSession.builder.appName("fourways").master(settings.master)
    on_interrupt = signal.getsignal(signal.SIGINT)
    warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
    try:
        session = builder.config(map={**_OPTIONS, **settings.options}).getOrCreate()
    except Exception as error:
        what = f"Spark doesn't start on {settings.master}: {_reason(error)}"
        hint = "Check --master, and that Java 17 or 21 is installed."
        raise InputError(Problem(what, hint=hint)) from None
    if signal.getsignal(signal.SIGINT) is not on_interrupt:
        signal.signal(signal.SIGINT, on_interrupt)  # pyspark has set its own
    return session, is_ours


def _reason(error: Exception) -> str:
    """Return the innermost cause of an error, in one line."""
    first, *more = str(error).splitlines() or [type(error).__name__]
    causes = [line.partition(": ")[2] for line in more if line.startswith((": ", "Caused by: "))]
    return [first, *causes][-1][:500].rstrip(".")


def _run(
    session: Any, settings: SparkSettings, base: RuleBase, judge: Engine, draft: str
) -> tuple[SparkReport, dict[str, Any]]:
    """Write results and rejects into the draft folder; return the counts and the manifest."""
    started = datetime.now(UTC)
    frame, header, written_as = _read(session, settings.source, base.attributes)
    columns = map_columns(header, base.attributes, settings.columns)
    names = contract.written_columns(texts=settings.texts)
    added = contract.result_columns(header, names)

    # Rows with the same texts, or the same damage, are counted together.
    frame = frame.withColumns({f"_text_{a}": _as_text(frame, i) for a, i in columns.mapped.items()})
    texts = frame.groupBy("_damage", *(f"_text_{attribute}" for attribute in columns.mapped))
    texts = _saved(texts.agg(f.count("*").alias("_rows")), f"{draft}/parts/texts")
    answers = _parse(texts, columns, base.attributes)
    known = _with_answers(texts, answers)
    records = known.agg(f.sum("_rows")).head()[0]
    if not records:
        raise InputError(Problem(f"{settings.source} has no rows"))
    bad = known.select("_rows", f.explode("_problems").alias("bad")).select("_rows", "bad.*")
    problems = _tally(bad, f.coalesce(f.nullif("column", f.lit("")), "problem"))
    profiles = known.where(f.size("_problems") == 0).groupBy("_key", *answers)
    decided = _decide(profiles, base, settings.texts, f"{draft}/parts")
    verified = _verify(decided, list(answers), base, judge, settings.verify)
    recommended = _tally(decided, f.col("recommendation"))

    answered = _with_answers(frame, answers)
    outcomes = decided.select("_key", *names[:-1])
    unsure = f.when(f.col("recommendation") == contract.NONE, contract.NOT_ENOUGH)
    notes = f.concat_ws("; ", *(f"_note_{attribute}" for attribute in answers), unsure)
    results = answered.where(f.size("_problems") == 0).join(outcomes, "_key")
    results = results.select(*map(_cell, range(len(header))), *names[:-1], notes)
    rejects = answered if problems else answered.limit(0)
    rejects = rejects.select("_file", f.posexplode("_problems").alias("number", "bad"), "_record")
    rejects = rejects.select("_file", f.expr("string(number + 1) AS number"), "bad.*", "_record")
    written = _write(results, (*header, *added), f.count("*"), f"{draft}/results", written_as)
    first = f.count_if(f.col("number") == "1")
    rejected = _write(rejects, REJECT_COLUMNS, first, f"{draft}/rejects", _CSV)
    if written + rejected != records:
        what = f"{records} rows in, but {written} results and {rejected} rejects"
        raise OutputError(Problem(what, hint="Did the input change during the run?"))
    report = SparkReport(
        records, written, rejected, decided.count(), verified, recommended, settings.output
    )
    manifest = {
        "input": {"name": settings.source, "format": written_as["format"]},
        "columns": {
            "read": columns.by_name, "passed": list(columns.passed),
            "protected": list(columns.protected), "added": list(added),
        },
        "counts": {
            "in": records, "results": written, "rejects": rejected, "profiles": report.distinct,
            "recommended": recommended, "problems": problems,
        },
        "rule_base": {"sha256": base.digest, "rules": len(base.rules)},
        "agreement": {"verified_by": type(judge).__name__, "verified": verified},
        "versions": {**versions(), "spark": session.version},
        "started": started.isoformat(timespec="milliseconds"),
        "finished": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }  # fmt: skip
    return report, manifest


def _cell(index: int) -> str:
    return f"_cell_{index}"


def _read(
    session: Any, source: str, attributes: Mapping[str, Attribute]
) -> tuple[Any, tuple[str, ...], dict[str, Any]]:
    """Return the records of a folder, their header, and the options to write such files.

    The records are a frame with `_cell(0)` and so on, the file, the record as text, and what is
    wrong with a damaged one.

    Raises:
        InputError: there are no files, or files of several formats or with several headers.
    """
    found = session.read.format("binaryFile").option("recursiveFileLookup", True).load(source)
    files = sorted(row["path"] for row in found.select("path").collect())
    endings = {re.sub(r"\.(gz|bz2)$", "", file.lower()).rpartition(".")[2] for file in files}
    formats = {_FORMATS.get(ending) for ending in endings}
    if len(formats) != 1 or None in formats:
        what = ", ".join(sorted(endings)) or "no file"
        hint = "Use .csv, .tsv, .jsonl, .ndjson or .parquet; text can be compressed as .gz or .bz2."
        raise InputError(Problem(f"{source} needs files of one format. It has {what}", hint=hint))
    reader = session.read.option("basePath", source)
    if formats == {"csv"}:
        return _read_csv(session, reader, files, attributes)
    if formats == {"parquet"}:
        frame = reader.option("mergeSchema", True).parquet(*files)
    else:
        frame = reader.json(files, primitivesAsString=True, columnNameOfCorruptRecord="_corrupt")
    header = tuple(name for name in frame.columns if name != "_corrupt")
    cells = {name: _cell(index) for index, name in enumerate(header)}
    names = [cells.get(name, name) for name in frame.columns]
    frame = frame.select("*", "_metadata.file_path").toDF(*names, "_file")
    if "_corrupt" not in names:
        frame = frame.withColumn("_corrupt", f.lit(None).cast("string"))
    record = f.to_json(f.struct(*(f.col(cell).alias(name) for name, cell in cells.items())))
    hint = "Write one JSON object on each line."
    damage = _damage((f.col("_corrupt").isNotNull(), "not a JSON object", hint))
    frame = frame.withColumns({"_record": f.coalesce("_corrupt", record), "_damage": damage})
    return frame, header, {"format": formats.pop(), "ignoreNullFields": False}


def _read_csv(
    session: Any, reader: Any, files: list[str], attributes: Mapping[str, Attribute]
) -> tuple[Any, tuple[str, ...], dict[str, Any]]:
    """Read CSV as `_read` does. A line is a record, so that Spark can split large files."""
    tops = (session.read.text(file).where("value != ''").head() for file in files)
    head = next((top["value"] for top in tops if top), "")
    splits = ((next(csv.reader([head[:100_000]], delimiter=d)), d) for d in ",;\t|")
    names, delimiter = max(splits, key=lambda s: (count_recognized(s[0], attributes), len(s[0])))
    lines = reader.text(files)
    header, width = (*names, *(name for name in lines.columns if name != "value")), len(names)
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise InputError(Problem(f"two columns are named {', '.join(twice)}", hint="Rename one."))
    lines = lines.select("*", "_metadata.file_path").where("value != ''")
    lines = lines.toDF("_line", *map(_cell, range(width, len(header))), "_file")
    line = f.col("_line")
    heads = lines.groupBy("_file").agg(f.count_if(line == head).alias("heads"))
    if odd := heads.where("heads != 1").orderBy("_file").head(10):
        what = "the header differs from the first file's, or is repeated"
        hint = "Start each file with the same header."
        raise InputError(*(Problem(f"{row['_file']}: {what}", hint=hint) for row in odd))

    schema = ", ".join(f"{name} string" for name in (*map(_cell, range(width)), "_corrupt"))
    options = {**_CSV, "sep": delimiter, "columnNameOfCorruptRecord": "_corrupt"}
    parsed = f.from_csv(line, schema, {"maxColumns": "1000000", **options})
    quotes = f.length(line) - f.length(f.replace(line, f.lit('"'), f.lit("")))
    unquoted = f.regexp_replace(line, '"[^"]*"', '"')
    trailing = unquoted.rlike(f'(^|[{delimiter}])"+[^"{delimiter}]')
    damage = _damage(
        (~f.is_valid_utf8(line) | line.contains("\0"), "not UTF-8 text", "Save it as UTF-8."),
        (
            (quotes % 2 == 1) | trailing,
            "a quote that isn't closed, or text after a closing quote",
            "Quote the whole text, double the quotes in it, and leave out line breaks.",
        ),
        (
            f.col("_corrupt").isNotNull(),
            f"the header has {width} fields, and this row has more or fewer",
            f"Quote text with a {delimiter!r} in it, and leave missing fields empty.",
        ),
    )
    frame = lines.where(line != head).select("*", parsed.alias("_parsed")).select("*", "_parsed.*")
    frame = frame.withColumns({"_damage": damage, "_record": f.make_valid_utf8(line)})
    return frame, header, {**_CSV, "sep": delimiter}


def _damage(*cases: tuple[Any, str, str]) -> Any:
    """Return the first problem whose condition holds, with no column and no value."""
    return f.coalesce(*(
        f.when(found, f.struct(*map(f.lit, ("", "", problem, suggestion))).cast(_PROBLEM))
        for found, problem, suggestion in cases
    ))  # fmt: skip


def _as_text(frame: Any, index: int) -> Any:
    """Return a cell as text, null in a damaged record."""
    cell = f.col(_cell(index))
    text = cell.cast("string")
    if dict(frame.dtypes)[_cell(index)].startswith("array"):
        members = f.array_join(cell.cast("array<string>"), ";")
        text = f.when(f.size(cell) == 0, NOTHING).otherwise(members)
    return f.when(f.col("_damage").isNull(), f.coalesce(text, f.lit("")))


def _parse(occurring: Any, columns: Columns, attributes: Mapping[str, Attribute]) -> dict[str, Any]:
    """Return a table of each attribute's texts: answer in contract form, note and problem."""
    reader = RowReader(columns, attributes)
    texts = {f"_text_{name}": name for name in attributes if name in columns.mapped}
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in texts.values()}
    pairs = occurring.unpivot([], list(texts), "column", "text").where("text is not null")
    for column, text in pairs.select("column", "text").distinct().toLocalIterator():
        name = texts[column]
        parsed = reader.parse_cell(columns.mapped[name], attributes[name], text)
        if isinstance(parsed, BadCell):
            rows[name].append((text, "", None, astuple(parsed)))
            continue
        answer = ""
        if parsed.answer is not None:
            answer = ";".join(attributes[name].members(parsed.answer)) or NOTHING
        note = f"{name}: {parsed.note}" if parsed.note else None
        rows[name].append((text, answer, note, None))
    tables = {}
    for name, entries in rows.items():
        schema = f"_text_{name} string, {name} string, _note_{name} string, _bad_{name} {_PROBLEM}"
        tables[name] = f.broadcast(occurring.sparkSession.createDataFrame(entries, schema))
    return tables


def _with_answers(frame: Any, tables: Mapping[str, Any]) -> Any:
    """Join each record with its answers; add its problems and the key of its profile."""
    for name, table in tables.items():
        frame = frame.join(table, f"_text_{name}", "left")
    problems = f.array_compact(f.array("_damage", *(f"_bad_{name}" for name in tables)))
    # Null for a text without answer: the input has changed, and the counts will differ.
    key = f.concat(*(f.concat(name, f.lit("|")) for name in tables))
    return frame.withColumns({"_problems": problems, "_key": key})


def _decide(profiles: Any, base: RuleBase, texts: bool, folder: str) -> Any:
    """Return the distinct profiles with their results and numbers of rows."""
    # Saved first: the rules are many columns, and are planned once for few rows.
    profiles = _saved(profiles.agg(f.sum("_rows").alias("_rows")), f"{folder}/profiles")
    session = profiles.sparkSession
    for name, value in _INTERPRET.items():
        session.conf.set(name, value)
    decided = _saved(evaluate_frame(profiles, base, texts=texts), f"{folder}/decided")
    for name in _INTERPRET:
        session.conf.unset(name)
    return decided


def _saved(frame: Any, folder: str) -> Any:
    frame.write.parquet(folder)
    return frame.sparkSession.read.parquet(folder)


def _tally(frame: Any, column: Any) -> dict[str, int]:
    return dict(sorted(frame.groupBy(column).agg(f.sum("_rows")).collect()))


def _verify(
    decided: Any, attributes: list[str], base: RuleBase, judge: Engine, size: int | None
) -> int:
    """Decide a sample of the profiles again, chosen by hash so that it is reproducible.

    Raises:
        DisagreementError: the judge decides differently.
    """
    verified = 0
    chosen = decided.orderBy(f.sha2("_key", 256))
    for row in (chosen if size is None else chosen.limit(size)).toLocalIterator():
        answers = {a: parse_answer(base.attributes[a], row[a]).answer for a in attributes}
        profile = Profile({a: answer for a, answer in answers.items() if answer is not None})
        cells = contract.texts(judge.decide(profile))
        for name, cell in zip(contract.RESULT_COLUMNS, cells, strict=False):
            if name in decided.columns and row[name] != cell:
                what = f"two engines differ on {row['_key']}: {name} is '{row[name]}' or '{cell}'"
                hint = "This is a fault in fourways; please report it."
                raise DisagreementError(Problem(what, hint=hint))
        verified += 1
    return verified


def _write(
    frame: Any, header: Sequence[str], count: Any, folder: str, options: Mapping[str, Any]
) -> int:
    """Write a folder of files, in CSV with formulas neutralized; return what `count` counts."""
    counted = Observation()
    frame = frame.observe(counted, count.alias("count"))
    if options["format"] == "csv":
        risky, cells = f"^(?:{contract.RISKY.pattern})", map(f.col, frame.columns)
        frame = frame.select(
            *(f.when(c.rlike(risky), f.concat(f.lit("'"), c)).otherwise(c) for c in cells)
        )
        header = [contract.neutralised(name) for name in header]
    frame.toDF(*header).write.save(folder, **options)
    return int(counted.get["count"])
