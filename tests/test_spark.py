"""On a real Spark with two executor processes, a folder gets the results that Polars gives."""

import csv
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from engines import on_built_in
from fourways import evaluate_frame
from fourways.batch.spark import SparkReport, SparkSettings, run_spark
from fourways.batch.spark.session import _check_java
from fourways.errors import InputError
from fourways.loading import load_builtin
from fourways.model.profile import Attribute, Kind

pytest.importorskip("pyspark", reason="needs the extra [spark]")
pytestmark = pytest.mark.filterwarnings("default")

BASE = load_builtin()
NAMES = ("person", *BASE.attributes)
MASTER = "local-cluster[2,1,1024]"
# Code that runs for seconds is not worth the longest optimisation.
QUICK = "-XX:TieredStopAtLevel=1"
OPTIONS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.driver.host": "127.0.0.1",
    "spark.executor.extraJavaOptions": QUICK,
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.files.minPartitionNum": "16",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@pytest.fixture(scope="module", autouse=True)
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    from fourways.batch.spark.session import spark_session

    with pytest.MonkeyPatch.context() as patch:
        work = tmp_path_factory.mktemp("spark")
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_WORKER_DIR", str(work / "worker"))
        patch.setenv("SPARK_LOCAL_DIRS", str(work / "local"))
        with spark_session(MASTER, OPTIONS) as session:
            yield session


def said(attribute: Attribute, chance: random.Random) -> str | None:
    ids = [value.id for value in attribute.values]
    if chance.random() < 0.3:
        return None
    if attribute.kind is Kind.SET:
        return ";".join(name for name in ids if chance.random() < 0.3) or "none"
    return chance.choice(ids)


def people(count: int) -> pl.DataFrame:
    chance = random.Random(count)
    rows = [
        (f"p{number}", *(said(attribute, chance) for attribute in BASE.attributes.values()))
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")


def run(folder: Path, out: Path, texts: bool = True) -> SparkReport:
    settings = SparkSettings(MASTER, str(folder), str(out), texts=texts, options=OPTIONS)
    return run_spark(settings, BASE, on_built_in("experta"))


def expected(frame: pl.DataFrame, texts: bool) -> dict[str, dict[str, str]]:
    filled = evaluate_frame(frame, texts=texts).fill_null("")
    return {row["person"]: row for row in filled.iter_rows(named=True)}


def written(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for part in folder.glob("*.csv"):
        with part.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, strict=True)
    return found


def executors(app: str) -> list[int]:
    """Give the processes of the executors of this application, by their command lines."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if app.encode() in words and any(b"CoarseGrainedExecutorBackend" in w for w in words):
            found.append(int(process.name))
    return sorted(found)


def write_parts(frame: pl.DataFrame, folder: Path, parts: int) -> None:
    folder.mkdir()
    for part in range(parts):
        frame.gather_every(parts, part).write_csv(folder / f"part-{part}.csv")


def test_an_executor_is_killed_on_the_way_and_no_row_is_lost_and_none_comes_twice(
    tmp_path: Path, cluster: object
) -> None:
    frame = people(3000)
    write_parts(frame, tmp_path / "in", 16)
    with (tmp_path / "in" / "part-3.csv").open("a", encoding="utf-8") as file:
        file.write('too,few\n"never closed' + "," * (len(NAMES) - 1) + "\n")
        file.write("=1+1,no such post,galaxy" + "," * (len(NAMES) - 3) + "\n")
    app = cluster.sparkContext.applicationId  # type: ignore[attr-defined]
    killed: list[int] = []

    def kill_one_while_results_are_written() -> None:
        while not list(tmp_path.glob(".out.*.unfinished/results/_temporary")):
            time.sleep(0.01)
        killed.append(executors(app)[0])
        os.kill(killed[0], signal.SIGKILL)
        assert not (tmp_path / "out").exists()

    killer = threading.Thread(target=kill_one_while_results_are_written, daemon=True)
    killer.start()
    report = run(tmp_path / "in", tmp_path / "out", texts=False)
    killer.join(1)

    assert killed
    assert killed[0] not in executors(app)
    assert (report.records, report.results, report.rejects) == (3003, 3000, 3)
    results = written(tmp_path / "out" / "results")
    assert len(results) == len({row["person"] for row in results}) == 3000
    wanted = expected(frame, texts=False)
    for row in results:
        row.pop("notes")
        assert row == wanted[row["person"]]
    rejects = written(tmp_path / "out" / "rejects")
    assert {row["problem"].partition(":")[0] for row in rejects} == {
        "too few fields",
        "a quote is opened and not closed on its line",
        "'galaxy' is no value of pmo_scope",
    }
    assert {row["file"] for row in rejects} == {"part-3.csv"}
    assert [row["record"][:24] for row in rejects if row["column"]] == ["'=1+1,no such post,galax"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_parquet_gives_parquet_with_the_texts_that_polars_gives(tmp_path: Path) -> None:
    frame = people(500)
    (tmp_path / "in").mkdir()
    numbered = frame.with_columns(pay=pl.lit(2.5), person=pl.col("person"))
    numbered[:200].write_parquet(tmp_path / "in" / "a.parquet")
    numbered[200:].write_parquet(tmp_path / "in" / "b.parquet")

    report = run(tmp_path / "in", tmp_path / "out")

    results = pl.concat(pl.read_parquet(part) for part in (tmp_path / "out").rglob("*.parquet"))
    wanted = evaluate_frame(numbered)
    assert results.select(wanted.columns).sort("person").equals(wanted.sort("person"))
    assert results.columns[-1] == "notes"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["counts"]["in"] == manifest["counts"]["results"] == 500
    assert manifest["agreement"]["agreed"] == report.verified == 50


def test_files_whose_headers_differ_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("person,current_role\np1,pmo_analyst\n")
    (tmp_path / "in" / "b.csv").write_text("current_role,person\npmo_analyst,p2\n")

    with pytest.raises(InputError, match=r"b\.csv:1:1: the header is not that of the first file"):
        run(tmp_path / "in", tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_an_output_that_exists_is_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    with pytest.raises(InputError, match="exists already"):
        run(tmp_path / "in", tmp_path / "out")


def test_without_java_the_message_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(InputError, match="Spark needs Java, and there is none on the PATH"):
        _check_java()
