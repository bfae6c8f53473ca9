"""On a real Spark with two executor processes, a folder gets the results that Polars gives."""

import bz2
import csv
import gzip
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import polars as pl
import pytest

from engines import ENGINES
from fourways import evaluate_frame
from fourways.batch.contract import plain
from fourways.batch.spark import SparkReport, SparkSettings, run_spark
from fourways.batch.spark.run import _BROADCAST
from fourways.batch.spark.session import _check_java
from fourways.cli import main
from fourways.errors import InputError
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.rulebase import load, load_builtin
from random_profiles import frame_of, random_answer, random_profiles
from rule_bases import KNOWLEDGE, write_base

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


def people(profiles: list[Profile], base: RuleBase) -> pl.DataFrame:
    """Give a row for each, with a column that names the person."""
    names = pl.Series("person", [f"p{number}" for number in range(len(profiles))])
    return frame_of(profiles, base).insert_column(0, names)


def run(
    folder: Path, out: Path, texts: bool = True, base: RuleBase = BASE, **options: str
) -> SparkReport:
    settings = SparkSettings(
        MASTER, str(folder), str(out), texts=texts, options={**OPTIONS, **options}
    )
    return run_spark(settings, base, ENGINES["experta"](base))


def expected(frame: pl.DataFrame, texts: bool, base: RuleBase = BASE) -> dict[str, dict[str, str]]:
    filled = evaluate_frame(frame, base, texts=texts).fill_null("")
    return {row["person"]: row for row in filled.iter_rows(named=True)}


def written(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for part in folder.rglob("*.csv"):
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


def unfinished(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@contextmanager
def once_there(folder: Path, part: str, act: Callable[[], None]) -> Iterator[None]:
    """Do something as soon as a run has begun a part of what it writes below a folder."""
    done: list[bool] = []

    def wait_and_act() -> None:
        until = time.monotonic() + 300
        while not list(folder.glob(f".*.unfinished/{part}")) and time.monotonic() < until:
            time.sleep(0.01)
        done.append(True)
        act()

    watch = threading.Thread(target=wait_and_act, daemon=True)
    watch.start()
    yield
    watch.join(5)
    assert done


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_an_executor_is_killed_on_the_way_and_no_row_is_lost_and_none_comes_twice(
    tmp_path: Path, cluster: object
) -> None:
    frame = people(random_profiles(BASE, 3000, seed=1), BASE)
    write_parts(frame, tmp_path / "in", 16)
    with (tmp_path / "in" / "part-3.csv").open("a", encoding="utf-8") as file:
        file.write('too,few\n"never closed' + "," * (len(NAMES) - 1) + "\n")
        file.write("=1+1,no such post,galaxy" + "," * (len(NAMES) - 3) + "\n")
    app = cluster.sparkContext.applicationId  # type: ignore[attr-defined]
    killed: list[int] = []

    def kill_one() -> None:
        killed.append(executors(app)[0])
        os.kill(killed[0], signal.SIGKILL)
        assert not (tmp_path / "out").exists()

    with once_there(tmp_path, "results/_temporary", kill_one):
        report = run(
            tmp_path / "in",
            tmp_path / "out",
            texts=False,
            **{"spark.sql.files.minPartitionNum": "16"},
        )

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
        '"galaxy" isn\'t a valid pmo_scope',
    }
    assert {row["file"] for row in rejects} == {"part-3.csv"}
    assert [row["record"][:24] for row in rejects if row["column"]] == ["'=1+1,no such post,galax"]
    assert unfinished(tmp_path) == []


def test_parquet_with_numbers_and_truth_values_gives_parquet_with_the_texts_of_polars(
    tmp_path: Path,
) -> None:
    (tmp_path / "in").mkdir()
    counts = {"micro": 9, "small": 10, "medium": 249, "large": 250}
    numbered = people(random_profiles(BASE, 500, seed=2), BASE).with_columns(
        pl.col("organisation_size").replace_strict(counts, return_dtype=pl.Int64),
        pl.col("manager_informed") == "true",
        pay=pl.lit(2.5),
    )
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


DAMAGED = {
    b"too,few": "too few fields",
    b"too" + b"," * 20: "too many fields",
    b'"opened' + b"," * 7: "a quote is opened and not closed on its line",
    b'"closed"then,' + b"," * 6: "a text goes on after its closing quote",
    b"\xff\xfe" + b"," * 7: "not UTF-8",
    b"nul\0" + b"," * 7: "a NUL character",
    b"planet,," + b"," * 2 + b",,-3,": '"-3" isn\'t a valid people',
    b"trait" + b"," * 7 + b"t0;t99": '"t99" isn\'t a valid traits',
}


@pytest.fixture(scope="module")
def many(
    tmp_path_factory: pytest.TempPathFactory, small: RuleBase
) -> tuple[pl.DataFrame, SparkReport, Path]:
    """A run over more profiles than are sent to every executor, in parts of several kinds."""
    folder, chance = tmp_path_factory.mktemp("many"), Random(1)
    others = [a for a in small.attributes.values() if a.id not in ("post", "traits")]
    frame = people(
        [
            Profile(
                {
                    **{a.id: random_answer(a, chance) for a in others},
                    "traits": frozenset(t for bit, t in enumerate(TRAITS) if number >> bit & 1),
                }
            )
            for number in range(_BROADCAST + 500)
        ],
        small,
    )
    parts = {
        "land=A/0.csv": bytes,
        "land=B/1.csv.gz": gzip.compress,
        "land=B/2.csv.bz2": bz2.compress,
    }
    for index, (name, packed) in enumerate(parts.items()):
        data = frame.gather_every(len(parts), index).write_csv().encode()
        if name.endswith(".gz"):
            data += b"".join(line + b"\n" for line in DAMAGED)
        (folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "in" / name).write_bytes(packed(data))
    return frame, run(folder / "in", folder / "out", base=small), folder / "out"


def test_more_profiles_than_every_executor_gets_come_out_as_from_polars(
    many: tuple[pl.DataFrame, SparkReport, Path], small: RuleBase
) -> None:
    frame, report, out = many

    results = written(out / "results")

    assert report.distinct == frame.height > _BROADCAST
    assert len(results) == report.results == frame.height
    wanted = expected(frame, texts=True, base=small)
    for row in results:
        assert row.pop("land") == ("A" if int(row["person"][1:]) % 3 == 0 else "B")
        row.pop("notes")
        assert row == wanted.pop(row["person"])
    assert not wanted


def test_each_damaged_row_of_a_compressed_part_is_rejected_for_what_is_wrong_with_it(
    many: tuple[pl.DataFrame, SparkReport, Path],
) -> None:
    _, report, out = many

    rejects = written(out / "rejects")

    assert report.records == report.results + report.rejects
    assert report.rejects == len(rejects) == len(DAMAGED)
    said = [plain(row["problem"]).partition(":")[0] for row in rejects]
    assert sorted(said) == sorted(DAMAGED.values())
    assert {row["file"] for row in rejects} == {"land=B/1.csv.gz"}


def test_an_interruption_while_results_are_written_leaves_nothing(
    tmp_path: Path, small: RuleBase
) -> None:
    write_parts(people(random_profiles(small, 4000, seed=3), small), tmp_path / "in", 16)

    with (
        pytest.raises(KeyboardInterrupt),
        once_there(tmp_path, "results/_temporary", interrupt),
    ):
        run(tmp_path / "in", tmp_path / "out", base=small)

    # Executors may still be about to write what they were told to.
    time.sleep(1)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_an_interrupted_command_says_so_and_ends_with_130(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_parts(people(random_profiles(BASE, 100, seed=3), BASE), tmp_path / "in", 2)
    command = ["batch", "--engine", "spark", "--master", MASTER, str(tmp_path / "in")]

    with (
        pytest.raises(SystemExit) as ended,
        once_there(tmp_path, "parts/texts/_temporary", interrupt),
    ):
        main([*command, "-o", str(tmp_path / "out")])

    assert ended.value.code == 130
    assert capsys.readouterr().err == "fourways: interrupted; nothing was written.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


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
