"""A real Spark with two executor processes gives the results that Polars gives."""

import bz2
import csv
import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engines import ENGINES
from fourways import evaluate_frame
from fourways.errors import InputError
from fourways.model.base import RuleBase
from fourways.rulebase import load, load_builtin
from random_profiles import frame_of, random_profiles
from rule_bases import KNOWLEDGE, write_base

pytest.importorskip("pyspark", reason="needs the extra [spark]")
pytestmark = pytest.mark.filterwarnings("default")

MASTER = "local-cluster[2,1,1024]"
QUICK = "-XX:TieredStopAtLevel=1"  # a short test isn't worth the longest optimization
OPTIONS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.driver.host": "127.0.0.1",
    "spark.executor.extraJavaOptions": QUICK,
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
TRAITS = [f"t{number}" for number in range(15)]
RULES = """
- id: able
  title: R
  when: {traits: {includes_any: [t0, t1]}}
  then: {finding: able}
  because: able
  house: true
- {id: a, title: R, when: {finding: able}, then: {path: alpha, certainty: c50}, because: "{able.because}.", house: true}
- {id: b, title: R, when: {people: {is: few}}, then: {against: alpha, certainty: c30}, because: Few., house: true}
- {id: c, title: R, when: {traits: {excludes: [t2]}}, then: {path: beta, certainty: c40}, because: So., house: true}
- {id: d, title: R, when: {ready: {is: true}}, then: {path: gamma, certainty: c50}, because: So., house: true}
- {id: e, title: R, when: {recommended: gamma}, then: {action: Go.}, house: true}
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from fourways.batch import spark

    with pytest.MonkeyPatch.context() as patch:
        work = tmp_path_factory.mktemp("spark")
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_WORKER_DIR", str(work / "worker"))
        patch.setenv("SPARK_LOCAL_DIRS", str(work / "local"))
        session, _ = spark._start(spark.SparkSettings(MASTER, "", "", options=OPTIONS))
        yield session
        session.stop()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> RuleBase:
    """Few rules, which Spark plans at once, and many answers."""
    values = ", ".join(f"{name}: {{label: {name}}}" for name in TRAITS)
    profile = f"""{KNOWLEDGE["profile.yaml"]}
people:
  kind: scale
  about: all
  question: People?
  label: the people
  values: {{few: {{label: few, from: 0}}, many: {{label: many, from: 10}}}}
traits: {{kind: set, about: all, question: Traits?, label: the traits, values: {{{values}}}}}
"""
    return load(write_base(tmp_path_factory.mktemp("base"), RULES, {"profile.yaml": profile}))


def people(count: int, seed: int, base: RuleBase) -> pl.DataFrame:
    """Random people, with a column that names them."""
    names = pl.Series("person", [f"p{number}" for number in range(count)])
    return frame_of(random_profiles(base, count, seed), base).insert_column(0, names)


def run(base: RuleBase, folder: Path, **settings: Any) -> Any:
    """Run the folder `in` and return the report; the results are in `out`."""
    from fourways.batch.spark import SparkSettings, run_spark

    options = {**OPTIONS, **settings.pop("options", {})}
    given = SparkSettings(MASTER, f"{folder}/in", f"{folder}/out", options=options, **settings)
    return run_spark(given, base, ENGINES["experta"](base))


def read_rows(folder: Path, pattern: str = "*.csv") -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for part in folder.glob(pattern):
        with part.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file, strict=True)
    return rows


def executors(app: str) -> list[int]:
    """The processes of an application's executors, by their command lines."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if app.encode() in words and any(b"CoarseGrainedExecutorBackend" in w for w in words):
            found.append(int(process.name))
    return sorted(found)


def wait_for(folder: Path, part: str) -> None:
    """Wait until a run has started to write a part of its draft."""
    until = time.monotonic() + 300
    while not list(folder.glob(f".*.unfinished/{part}")):
        assert time.monotonic() < until, f"{part} was never written"
        time.sleep(0.01)


WIDTH = "the header has 4 fields, and this row has more or fewer"
QUOTES = "a quote that isn't closed, or text after a closing quote"
DAMAGED = {
    b"too,few": WIDTH,
    b"too,,,,many": WIDTH,
    b"many" + b"," * 30_000: WIDTH,
    b'"opened,,,': QUOTES,
    b'opened,,,"t1': QUOTES,
    b'"closed"then,,,': QUOTES,
    b"\xff\xfe,,,": "not UTF-8 text",
    b"nul\0,,,": "not UTF-8 text",
    b"=1+1,-3,,": "people",
    b"trait,,,t0;t99": "traits",
}


def test_killed_executor_loses_and_repeats_no_row(
    tmp_path: Path, cluster: Any, small: RuleBase
) -> None:
    count = 20_500
    sets = [[t for bit, t in enumerate(TRAITS) if n >> bit & 1] for n in range(count)]
    frame = pl.DataFrame(
        {
            "person": [f"p{n}" for n in range(count)],
            "people": ["few", "many", "", "many"] * (count // 4),
            "ready": ["true", "false"] * (count // 2),
            "traits": [";".join(one) or "none" for one in sets],
        }
    )
    parts = {f"land=A/{n}.csv": bytes for n in range(8)}
    parts |= {"land=B/1.csv.gz": gzip.compress, "land=B/2.csv.bz2": bz2.compress}
    for index, (name, compress) in enumerate(parts.items()):
        data = frame.gather_every(len(parts), index).write_csv().encode()
        if name.endswith(".gz"):
            data += b"".join(line + b"\n" for line in DAMAGED)
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(compress(data))
    app = cluster.sparkContext.applicationId
    killed: list[int] = []

    def kill_one() -> None:
        wait_for(tmp_path, "results/_temporary")
        killed.append(executors(app)[0])
        os.kill(killed[0], signal.SIGKILL)
        assert not (tmp_path / "out").exists()

    watch = threading.Thread(target=kill_one, daemon=True)
    watch.start()
    # More profiles than are broadcast, so that they are joined by a shuffle.
    options = {
        "spark.sql.files.minPartitionNum": "16",
        "spark.sql.autoBroadcastJoinThreshold": "-1",
    }
    report = run(small, tmp_path, options=options)
    watch.join(5)

    assert killed
    assert killed[0] not in executors(app)
    assert report.records == report.results + report.rejects == count + len(DAMAGED)
    assert report.distinct == report.results == frame.height
    results = read_rows(tmp_path / "out" / "results")
    decided = evaluate_frame(frame, small).fill_null("").iter_rows(named=True)
    wanted = {row["person"]: row for row in decided}
    assert len(results) == frame.height
    for row in results:
        assert row.pop("land") == ("A" if int(row["person"][1:]) % 10 < 8 else "B")
        assert row.pop("notes") in ("", "not enough answers")
        assert row == wanted.pop(row["person"])
    rejects = read_rows(tmp_path / "out" / "rejects")
    assert sorted(row["column"] or row["problem"] for row in rejects) == sorted(DAMAGED.values())
    assert all(row["file"].endswith("land=B/1.csv.gz") for row in rejects)
    assert [row["record"] for row in rejects if row["column"] == "people"] == ["'=1+1,-3,,"]
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}
    written = {path.name for path in (tmp_path / "out").glob("[!.]*")}
    assert written == {"results", "rejects", "manifest.json"}


def test_parquet_with_numbers_gives_results_of_polars(tmp_path: Path, cluster: Any) -> None:
    base = load_builtin()
    (tmp_path / "in").mkdir()
    counts = {"micro": 9, "small": 10, "medium": 249, "large": 250}
    numbered = people(500, 2, base).with_columns(
        pl.col("organisation_size").replace_strict(counts, return_dtype=pl.Float64),
        pl.col("manager_informed") == "true",
        pay=pl.lit(2.5),
        Gender=pl.lit("=x"),
    )
    numbered[:200].write_parquet(tmp_path / "in" / "a.parquet")
    numbered[200:].write_parquet(tmp_path / "in" / "b.parquet")

    report = run(base, tmp_path)

    results = pl.concat(map(pl.read_parquet, (tmp_path / "out" / "results").glob("*.parquet")))
    wanted = evaluate_frame(numbered)
    assert results.select(wanted.columns).sort("person").equals(wanted.sort("person"))
    assert results.columns[-1] == "notes"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["counts"]["in"] == manifest["counts"]["results"] == 500
    assert manifest["rule_base"]["sha256"] == base.digest
    assert manifest["columns"]["protected"] == ["Gender"]
    assert manifest["agreement"]["verified"] == report.verified == 50


def test_json_lines_take_lists_and_reject_what_is_no_object(
    tmp_path: Path, cluster: Any, small: RuleBase
) -> None:
    (tmp_path / "in").mkdir()
    lines = [
        {"person": "a", "traits": ["t0", "t5"], "ready": True, "people": 12},
        {"person": "b", "traits": [], "size": None},
        {"person": "=c", "traits": ["t0"], "people": "planets"},
    ]
    text = "\n".join([*map(json.dumps, lines), "", "not json"])
    (tmp_path / "in" / "people.jsonl").write_text(text)

    report = run(small, tmp_path, verify=None)

    assert (report.records, report.results, report.rejects, report.verified) == (4, 2, 2, 2)
    (part,) = (tmp_path / "out" / "results").glob("*.json")
    a, b = sorted(map(json.loads, part.read_text().splitlines()), key=lambda row: row["person"])
    assert (a["traits"], a["ranking"]) == (["t0", "t5"], "alpha:0.50;gamma:0.50;beta:0.40")
    assert (b["size"], b["recommendation"], b["notes"]) == (None, "beta", "")
    rejects = read_rows(tmp_path / "out" / "rejects")
    assert {(row["column"], row["value"]) for row in rejects} == {("", ""), ("people", "planets")}
    assert any(row["record"] == "not json" for row in rejects)


HEADER = "person,traits\n"
FILES = {"a.csv": f"{HEADER}p1,t1\n"}


@pytest.mark.parametrize(
    ("files", "settings", "message"),
    [
        ({**FILES, "b.csv": "traits,person\nt1,p2\n"}, {}, r"b\.csv: the header differs"),
        ({"a.csv": HEADER * 2}, {}, r"a\.csv: the header differs .* or is repeated"),
        ({"a.csv": "person,traits,person\n"}, {}, "two columns are named person"),
        ({"a.csv": HEADER, "b.csv": HEADER}, {}, "in has no rows"),
        ({"a.csv": ""}, {}, "needs files of one format. It has no file"),
        ({**FILES, "b.parquet": "x"}, {}, "needs files of one format. It has csv, parquet"),
        ({**FILES, "b.xlsx": "x"}, {}, "needs files of one format. It has csv, xlsx"),
        (FILES, {"columns": {"nobody": "traits"}}, "there is no column 'nobody'"),
        ({"a.csv": "x,y\n1,2\n"}, {}, "no column holds|none of the columns"),
        ({**FILES, "../out/x": ""}, {}, "out already exists"),
        ({}, {}, "in isn't a folder"),
    ],
)
def test_bad_input_is_refused_and_nothing_written(
    files: dict[str, str],
    settings: dict[str, Any],
    message: str,
    tmp_path: Path,
    cluster: Any,
    small: RuleBase,
) -> None:
    for name, text in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text)
    before = {path.name for path in tmp_path.iterdir()}

    with pytest.raises(InputError, match=message):
        run(small, tmp_path, **settings)

    assert {path.name for path in tmp_path.iterdir()} == before


def test_force_replaces_the_output(tmp_path: Path, cluster: Any, small: RuleBase) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").touch()
    (tmp_path / "in" / "a.tsv").write_text("person\ttraits\np1\tt1\n")

    run(small, tmp_path, force=True, texts=False)

    assert not (tmp_path / "out" / "old").exists()
    (row,) = read_rows(tmp_path / "out" / "results")
    assert list(row) == [
        "person\ttraits\trecommendation\tcertainty\tranking\ttargets\trules\tnotes"
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}


def start_command(
    folder: Path, before: str = "", environment: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start `fourways batch` on Spark with SIGINT ignored, as a job in the background is."""
    code = f"{before}\nfrom fourways.cli import main; main()"
    words = ["batch", "--engine", "spark", "--master", "local[2]", "in", "-o", "out", "--no-record"]
    return subprocess.Popen(
        [sys.executable, "-c", code, *words, "--spark-conf", "spark.ui.enabled=false"],
        cwd=folder, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "code", "part"),
    [(signal.SIGINT, 130, "parts/texts/_temporary"), (signal.SIGTERM, 143, "parts/decided")],
)
def test_interrupted_command_leaves_nothing(
    number: int, code: int, part: str, tmp_path: Path
) -> None:
    base = load_builtin()
    (tmp_path / "in").mkdir()
    people(100, 3, base).write_csv(tmp_path / "in" / "a.csv")

    with start_command(tmp_path) as process:
        wait_for(tmp_path, part)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)

    assert process.returncode == code
    assert errors.splitlines()[-1].startswith("fourways: ")
    assert "Traceback" not in errors
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    ("before", "environment", "message"),
    [
        ("import sys; sys.modules['pyspark'] = None", {}, "fourways: pyspark isn't installed."),
        ("", {"JAVA_HOME": "/nowhere"}, "fourways: Spark doesn't start on local[2]: "),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    before: str, environment: dict[str, str], message: str, tmp_path: Path
) -> None:
    with start_command(tmp_path, before, environment) as process:
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert errors.splitlines()[-1].startswith(message)
    assert "Traceback" not in errors
