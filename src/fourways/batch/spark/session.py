"""Starts Spark, and reaches the file system that the cluster shares."""

import os
import signal
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any
from uuid import uuid4

from fourways.errors import FourwaysError, InputError, OutputError, Problem

_DEFAULTS = {
    "spark.log.level": "ERROR",
    # What the rules compute must not be computed again by each rule that builds on it.
    "spark.sql.optimizer.excludedRules": (
        "org.apache.spark.sql.catalyst.optimizer.CollapseProject"
    ),
    "spark.sql.caseSensitive": "true",
    # A code such as 007 in the name of a folder stays what it is.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    "spark.sql.optimizer.enableCsvExpressionOptimization": "false",
    # A task that is run again leaves nothing of its first try among the results.
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "1",
}


@contextmanager
def spark_session(master: str, options: Mapping[str, str]) -> Iterator[Any]:
    """Give a Spark session, stopped at the end; one that runs already is used and left running.

    Args:
        master: the URL of the cluster, such as spark://host:7077, yarn, k8s://... or local[*].
        options: Spark's own settings, by their names; they come before ours.

    Raises:
        InputError: pyspark or Java is missing, or the cluster cannot be reached.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(
            Problem("pyspark is not installed", hint="pip install 'fourways[spark]'.")
        ) from None
    running = SparkSession.getActiveSession()
    if running is None:
        _check_java()
        builder = SparkSession.builder.appName("fourways").master(master)
        for name, value in {**_DEFAULTS, **options}.items():
            builder = builder.config(name, value)
        interrupted = signal.getsignal(signal.SIGINT)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)
                session = builder.getOrCreate()
        except Exception as error:
            raise InputError(
                Problem(f"Spark does not start on {master}: {_first_line(error)}",
                        hint="Look at the lines above, and at --master.")
            ) from None  # fmt: skip
        if threading.current_thread() is threading.main_thread():
            # Spark takes Ctrl-C over, and then fails to stop a job that is waited for.
            signal.signal(signal.SIGINT, interrupted)
    else:
        session = running.newSession()
        for name, value in {**_DEFAULTS, **options}.items():
            if session.conf.isModifiable(name):
                session.conf.set(name, value)
    try:
        yield session
    finally:
        if running is None:
            session.stop()


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = which("java", path=str(Path(home) / "bin")) if home else which("java")
    if java is None:
        where = f"in JAVA_HOME, {home}" if home else "on the PATH"
        raise InputError(
            Problem(f"Spark needs Java, and there is none {where}",
                    hint="Install a Java runtime, version 17 or 21, or set JAVA_HOME.")
        )  # fmt: skip


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


@contextmanager
def told_of_spark() -> Iterator[None]:
    """Tell in a line what Spark failed at, instead of its traceback.

    Raises:
        OutputError: a job failed.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
    except ImportError:
        yield
        return
    try:
        yield
    except FourwaysError:
        raise
    except (PySparkException, Py4JError) as error:
        raise OutputError(
            Problem(f"Spark stopped the run: {_reason(error)}", hint="Nothing was written.")
        ) from None


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith("Caused by:")]
    return (causes[-1].removeprefix("Caused by: ") if causes else _first_line(error))[:500]


class Storage:
    """A folder where the cluster keeps its files: local, HDFS, or an object store.

    Args:
        session: gives the way there.
        folder: its path or URL.
    """

    def __init__(self, session: Any, folder: str) -> None:
        self._new_path = session._jvm.org.apache.hadoop.fs.Path
        path = self._new_path(folder)
        self._files = path.getFileSystem(session._jsc.hadoopConfiguration())
        self._path = self._files.makeQualified(path)

    @property
    def url(self) -> str:
        """The whole name of the folder."""
        return str(self._path.toString())

    @property
    def path(self) -> str:
        """The path in its file system, as the names of files in it begin."""
        return str(self._path.toUri().getRawPath())

    def exists(self) -> bool:
        """Tell whether something has the name."""
        return bool(self._files.exists(self._path))

    def is_folder(self) -> bool:
        """Tell whether it is a folder."""
        return self.exists() and bool(self._files.getFileStatus(self._path).isDirectory())

    def parent_exists(self) -> bool:
        """Tell whether the folder that it stands in is there."""
        return bool(self._files.exists(self._path.getParent()))

    def files(self) -> dict[str, int]:
        """Give the size of each file below by its URL; hidden ones are none, as for Spark."""
        found: dict[str, int] = {}
        listed = self._files.listFiles(self._path, True)
        while listed.hasNext():
            status = listed.next()
            url = str(status.getPath().toString())
            parts = url[len(self.url) + 1 :].split("/")
            if not any(part.startswith(("_", ".")) and "=" not in part for part in parts):
                found[url] = int(status.getLen())
        return dict(sorted(found.items()))

    def beside(self, session: Any) -> "Storage":
        """Give a hidden place beside it for what is not finished."""
        name = f".{self._path.getName()}.{uuid4().hex[:8]}.unfinished"
        return Storage(session, f"{self._path.getParent().toString()}/{name}")

    def write(self, name: str, text: str) -> None:
        """Write a small file in the folder."""
        stream = self._files.create(self._new_path(self._path, name), True)
        stream.write(text.encode())
        stream.close()

    def delete(self, name: str | None = None) -> None:
        """Take the folder away, or something in it."""
        target = self._path if name is None else self._new_path(self._path, name)
        self._files.delete(target, True)

    def become(self, final: "Storage") -> None:
        """Take the name of another folder; what stood there goes, once this can take its place.

        Raises:
            OutputError: it could not be renamed.
        """
        old = self._new_path(f"{self.url}.old")
        replaced = final.exists() and self._files.rename(final._path, old)
        if not self._files.rename(self._path, final._path):
            if replaced:
                self._files.rename(old, final._path)
            raise OutputError(Problem(f"{final.url}: cannot be written", hint="Is it in use?"))
        if replaced:
            self._files.delete(old, True)
