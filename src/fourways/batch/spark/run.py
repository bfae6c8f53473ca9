"""Runs a folder through the rules on Spark: results, rejects and a manifest, whole or not at all.

The records are read three times, and a fourth time when some are rejected: counted, looked
through for what occurs in them, answered. Each distinct text is understood once and each distinct
profile is decided once; the records get their results by joins.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from fourways.answers.columns import map_columns
from fourways.answers.values import parse_answer
from fourways.batch.contract import RESULT_COLUMNS, result_columns, texts
from fourways.batch.frame import evaluate_frame
from fourways.batch.manifest import as_text
from fourways.batch.spark.answers import (
    BAD,
    KEY,
    ROWS,
    Dictionary,
    answer_texts,
    dictionaries,
    distinct_texts,
    understood,
)
from fourways.batch.spark.outputs import write_rejects, write_results, written
from fourways.batch.spark.records import FLAW, find_records
from fourways.batch.spark.report import SparkReport, SparkSettings, manifest
from fourways.batch.spark.session import Storage, spark_session, told_of_spark
from fourways.errors import DisagreementError, InputError, OutputError, Problem
from fourways.model.base import RuleBase
from fourways.model.decision import Engine
from fourways.model.profile import Profile

_TEXTS = ("because", "actions", "cautions")
_BROADCAST = 20_000
"""Up to how many distinct profiles every executor gets all outcomes, of about 2 kB each."""

_INTERPRETING = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""To compile the rules takes as long as to interpret them for some 25,000 profiles, and where they
come to more than Java takes for a method, Spark prints pages of errors and interprets them anyway.
"""


def run_spark(settings: SparkSettings, base: RuleBase, judge: Engine) -> SparkReport:
    """Answer every record of a folder or reject it, on a Spark cluster.

    Args:
        settings: what the user says.
        base: the rules.
        judge: decides a sample of the profiles again.

    Returns:
        What was found. OUTPUT holds results/, of the same kind as the input, rejects/, in CSV,
        and manifest.json.

    Raises:
        InputError: pyspark, Java, the cluster or the input is not what it should be.
        OutputError: the run failed, or what was written does not add up; nothing is left.
        DisagreementError: the engines differ; nothing is left.
        KeyboardInterrupt: the user stopped it; nothing is left.
    """
    with spark_session(settings.master, settings.options) as session, told_of_spark():
        final = Storage(session, settings.output)
        _check_output(final, settings)
        draft = final.beside(session)

        def publish() -> SparkReport:
            try:
                report = _Run(session, settings, base, draft).write(judge)
                draft.become(final)
            finally:
                draft.delete()
            return report

        return _interruptible(session, publish, draft)


def _interruptible(session: Any, publish: Callable[[], SparkReport], draft: Storage) -> SparkReport:
    """Run something that an interruption ends with the jobs that it has on the cluster."""
    # What waits for the answer of Spark cannot tell it to stop; so another thread waits.
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(publish)
        try:
            return run.result()
        except KeyboardInterrupt:
            session.sparkContext.setLogLevel("OFF")
            while not run.done():
                session.sparkContext.cancelAllJobs()
                wait([run], timeout=0.2)
            if run.exception() is None:
                return run.result()
            # A task that was about to begin may have made its folder after all.
            time.sleep(0.5)
            draft.delete()
            raise


def _check_output(final: Storage, settings: SparkSettings) -> None:
    if final.exists() and not settings.force:
        hint = "Replace it with --force, or choose another -o."
        raise InputError(Problem(f"{settings.output} exists already", hint=hint))
    if not final.parent_exists():
        where = f"the folder in which {settings.output} shall stand"
        raise InputError(Problem(f"{where} does not exist", hint="Make it first."))


class _Run:
    """One run, its files below a folder that nobody takes for finished."""

    def __init__(self, session: Any, settings: SparkSettings, base: RuleBase, draft: Storage):
        self.session, self.settings, self.base, self.draft = session, settings, base, draft
        self.started = datetime.now(UTC)

    def write(self, judge: Engine) -> SparkReport:
        """Write everything."""
        base, source = self.base, Storage(self.session, self.settings.source)
        records = find_records(self.session, source, base.attributes)
        twice = sorted({n for n in records.header if records.header.count(n) > 1})
        if twice:
            raise InputError(Problem(f"two columns are named {', '.join(twice)}"))
        columns = map_columns(records.header, base.attributes, self.settings.columns)
        names = self._names(result_columns(records.header))
        if not records.count:
            raise InputError(Problem(f"{source.url}: there is no row in the files"))
        frame = answer_texts(records.frame, columns)
        occurring = self._kept("parts/texts", distinct_texts(frame, columns))
        known = dictionaries(occurring, columns, base.attributes)
        read = understood(self.session, occurring, columns, known)
        distinct, recommended = self._decide(read, known)
        outcomes = self.session.read.parquet(f"{self.draft.url}/parts/profiles")
        verified = self._verify(outcomes, known, judge)
        problems = _problems(read)
        whole = understood(self.session, frame.where(f"{FLAW} is null"), columns, known)
        url, every = self.draft.url, understood(self.session, frame, columns, known)
        write_results(f"{url}/results", whole, outcomes, records, names, distinct > _BROADCAST)
        write_rejects(f"{url}/rejects", every, bool(problems))
        results, rejects = written(self.session, url, records.kind)
        if results + rejects != records.count:
            raise OutputError(
                Problem(f"{records.count} rows in, but {results} results and {rejects} rejects",
                        hint="Was the input changed during the run? Nothing was written.")
            )  # fmt: skip
        self.draft.delete("parts")
        report = SparkReport(
            records.count, results, rejects, distinct, verified, recommended, problems, columns,
            names, self.settings.output,
        )  # fmt: skip
        entries = manifest(
            report, self.settings, records, base, type(judge).__name__, str(self.session.version),
            self.started,
        )  # fmt: skip
        self.draft.write("manifest.json", as_text(entries))
        return report

    def _kept(self, name: str, frame: Any) -> Any:
        """Write a frame that is used more than once, and give it as written."""
        frame.write.parquet(f"{self.draft.url}/{name}")
        return self.session.read.parquet(f"{self.draft.url}/{name}")

    def _decide(self, read: Any, known: tuple[Dictionary, ...]) -> tuple[int, dict[str, int]]:
        """Decide each distinct profile; give how many there are and what was recommended."""
        from pyspark.sql import functions as f

        names = [d.attribute for d in known]
        answers = (f.first(f"_answer_of_{name}").alias(name) for name in names)
        good = read.where(f"{FLAW} is null and size({BAD}) = 0")
        profiles = good.groupBy(KEY).agg(f.sum(ROWS).alias(ROWS), *answers)
        # Written first: the rules are many columns, and are planned once for few rows.
        profiles = self._kept("parts/distinct", profiles)
        with _settings(self.session, _INTERPRETING):
            decided = self._kept(
                "parts/profiles", evaluate_frame(profiles, self.base, texts=self.settings.texts)
            )
        tallied = decided.groupBy("recommendation").agg(
            f.sum(ROWS).alias("rows"), f.count("*").alias("profiles")
        )
        found = tallied.orderBy("recommendation").collect()
        return sum(r["profiles"] for r in found), {r["recommendation"]: r["rows"] for r in found}

    def _verify(self, outcomes: Any, known: tuple[Dictionary, ...], judge: Engine) -> int:
        """Have profiles decided again, chosen by a digest of their answers.

        Raises:
            DisagreementError: one is decided otherwise.
        """
        from pyspark.sql import functions as f

        names = [d.attribute for d in known]
        answers = f.concat_ws("|", *(f.coalesce(f.col(name), f.lit("")) for name in names))
        chosen = outcomes.orderBy(f.sha2(answers, 256))
        if self.settings.verify is not None:
            chosen = chosen.limit(self.settings.verify)
        verified = 0
        for row in chosen.toLocalIterator():
            said = {n: row[n] for n in names if row[n] is not None}
            taken = {n: parse_answer(self.base.attributes[n], t).answer for n, t in said.items()}
            decision = judge.decide(Profile({n: a for n, a in taken.items() if a is not None}))
            for name, text in zip(RESULT_COLUMNS, texts(decision), strict=False):
                if name in outcomes.columns and row[name] != text:
                    profile = ", ".join(f"{n}={t}" for n, t in said.items())
                    raise DisagreementError(
                        Problem(f"two engines differ on the profile {profile or 'without answers'}:"
                                f" {name} is '{row[name]}' or '{text}'",
                                hint="This is a fault of fourways; please report it.")
                    )  # fmt: skip
            verified += 1
        return verified

    def _names(self, added: tuple[str, ...]) -> tuple[str, ...]:
        pairs = zip(RESULT_COLUMNS, added, strict=True)
        return tuple(name for of, name in pairs if self.settings.texts or of not in _TEXTS)


@contextmanager
def _settings(session: Any, settings: Mapping[str, str]) -> Iterator[None]:
    """Have settings of Spark for a while."""
    before = {name: session.conf.get(name) for name in settings}
    try:
        for name, value in settings.items():
            session.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            session.conf.set(name, value)


def _problems(read: Any) -> dict[str, int]:
    """Count the rejected records by what is wrong with them."""
    from pyspark.sql import functions as f

    column = f.concat(f.lit("unknown value in '"), f.col("bad.column"), f.lit("'"))
    damaged = read.where(f.col(FLAW).isNotNull()).select(f.col(FLAW).alias("p"), ROWS)
    cells = read.where(f.col(FLAW).isNull()).select(f.explode(BAD).alias("bad"), ROWS)
    every = damaged.unionAll(cells.select(column.alias("p"), ROWS))
    counted = every.groupBy("p").agg(f.sum(ROWS).alias("n"))
    return {row["p"]: row["n"] for row in counted.orderBy("p").collect()}
