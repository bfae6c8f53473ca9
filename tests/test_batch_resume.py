"""A run that is killed can be gone on with, and gives the bytes of one that was not."""

import errno
import io
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engines import on_built_in
from fourways.batch import Report, Settings, run
from fourways.batch.answers import FileAnswers
from fourways.batch.contract import manifest_path, rejects_path
from fourways.batch.journal import Position
from fourways.batch.parts import DECIDED_TOGETHER
from fourways.batch.run import finished
from fourways.batch.unfinished import folder_of, held, leftover
from fourways.errors import InputError, OutputError
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin

BASE = load_builtin()
BLOCK = 3000 // DECIDED_TOGETHER
ROLES = ["pmo_analyst", "Head of PMO", "project_manager", "other", "pmo_coordinator", ""]
WISHES = ["stay", "promotion", "breadth;bigger_projects", "", "fame"]


@pytest.fixture(scope="module")
def people() -> bytes:
    chance = random.Random(3)
    rows = [
        f"{n},{chance.choice(ROLES)},{chance.choice(WISHES)},{chance.randrange(400)}"
        for n in range(600)
    ]
    rows[560] = '560,"broken'
    return ("id,current_role,aspirations,organisation_size\n" + "\n".join(rows) + "\n").encode()


def settings(out: Path, **others: object) -> Settings:
    return replace(Settings(out, verify=5, block=BLOCK, journal_every=0), **others)  # type: ignore[arg-type]


def go(data: bytes, chosen: Settings, told: Callable[[Position], None] = lambda _: None) -> Report:
    return run(io.BytesIO(data), "in.csv", chosen, BASE, on_built_in("experta"), told)


class BrokenOffError(BaseException):
    """Ends a run in its midst."""


def broken_off(data: bytes, chosen: Settings, after: int) -> None:
    def told(position: Position) -> None:
        if position.blocks == DECIDED_TOGETHER * after:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        go(data, chosen, told)


def outputs(out: Path) -> tuple[bytes, bytes]:
    return out.read_bytes(), next(out.parent.glob("*.rejects.csv")).read_bytes()


def told_about(out: Path) -> dict[str, object]:
    manifest = json.loads(next(out.parent.glob("*.manifest.json")).read_text())
    for changing in ("started", "finished", "resumed_after"):
        manifest.pop(changing, None)
    return dict(manifest)


def fresh(tmp_path: Path, name: str) -> tuple[Path, Path]:
    for folder in ("whole", "killed"):
        (tmp_path / folder).mkdir()
    return tmp_path / "whole" / name, tmp_path / "killed" / name


ENDINGS = ["out.csv", "out.csv.gz", "out.jsonl", "out.parquet", "out.xlsx"]


@pytest.mark.parametrize("name", ENDINGS)
def test_a_run_gone_on_with_gives_the_same_bytes_and_the_same_manifest(
    tmp_path: Path, people: bytes, name: str
) -> None:
    whole, killed = fresh(tmp_path, name)
    go(people, settings(whole))
    broken_off(people, settings(killed), after=2)
    broken_off(people, settings(killed, resume=True), after=4)

    report = go(people, settings(killed, resume=True))

    assert outputs(killed) == outputs(whole)
    assert told_about(killed) == told_about(whole)
    assert report.resumed > 0
    assert not folder_of(killed).exists()


def test_results_that_filled_the_buffers_are_gone_on_with_as_well(
    tmp_path: Path, people: bytes
) -> None:
    header, *rows = people.decode().splitlines()
    wide = "\n".join([f"remark,{header}", *("x" * 9_000 + f",{row}" for row in rows)]).encode()
    whole, killed = fresh(tmp_path, "out.csv")
    go(wide, settings(whole))
    for after in (10, 30):
        broken_off(wide, settings(killed, resume=after > 10), after)

    report = go(wide, settings(killed, resume=True))

    assert outputs(killed) == outputs(whole)
    assert whole.stat().st_size > 4_000_000
    assert report.resumed >= 10


@pytest.mark.parametrize("verify", [3, None])
def test_the_sample_is_the_one_of_an_uninterrupted_run(
    tmp_path: Path, people: bytes, verify: int | None
) -> None:
    whole, killed = fresh(tmp_path, "out.csv")
    expected = go(people, settings(whole, verify=verify)).verified
    broken_off(people, settings(killed, verify=verify), after=3)

    assert go(people, settings(killed, verify=verify, resume=True)).verified == expected


def test_of_each_part_no_more_profiles_are_considered_than_the_sample_has(
    tmp_path: Path, people: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    considered, profile = [], FileAnswers.profile

    def counted(answers: FileAnswers, places: Sequence[int]) -> Profile:
        considered.append(places)
        return profile(answers, places)

    monkeypatch.setattr(FileAnswers, "profile", counted)
    parts: list[Position] = []
    go(people, settings(tmp_path / "out.csv", verify=5), parts.append)

    assert len(parts) > 3
    assert 5 <= len(considered) <= 5 * len(parts)


def test_a_report_tells_of_the_rows_that_were_done_before_as_well(
    tmp_path: Path, people: bytes
) -> None:
    whole, killed = fresh(tmp_path, "out.csv")
    go(people, settings(whole, report=whole.with_name("page.html")))
    page = killed.with_name("page.html")
    broken_off(people, settings(killed, report=page), after=4)
    go(people, settings(killed, report=page, resume=True))

    minute = "finished 20"
    one, other = (
        [
            line
            for line in path.with_name("page.html").read_text().splitlines()
            if minute not in line
        ]
        for path in (whole, killed)
    )
    assert [line for line in one if "UTC" not in line] == [
        line for line in other if "UTC" not in line
    ]


PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from fourways.batch import Settings, run
from fourways.batch.run import finished
from fourways.engines.experta_engine import ExpertaEngine
from fourways.rulebase import load_builtin
from fourways.model.profile import Profile
source, out, block, after = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
base = load_builtin()
if after:
    kill = threading.Timer(float(after), os.kill, (os.getpid(), signal.SIGKILL))
    kill.daemon = True
    kill.start()
if not finished(out):
    with source.open("rb") as file:
        run(file, "in.csv", Settings(out, verify=5, resume=True, block=block, journal_every=0), base,
            ExpertaEngine(base))
"""


def killed_until_done(source: Path, out: Path, chance: random.Random, longest: float) -> int:
    """Run until it is done, killing it at any moment; give how often it was killed."""
    for kills in itertools.count():
        # Each time it is given more time, so that it ends on a slow machine as well.
        after = chance.uniform(0, longest * (1 + kills / 4)) if kills < 5 else ""
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, source, out, str(BLOCK), str(after)],
            capture_output=True,
            timeout=100,
        )
        if done.returncode == 0:
            return kills
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        if out.exists():  # Killed on the last few steps, when all was in its place.
            assert manifest_path(out).exists()
            assert rejects_path(out).exists()
            finished(out)
            return kills
    raise AssertionError


@pytest.mark.parametrize(("name", "seed"), [("out.csv.gz", 1), ("out.parquet", 2)])
def test_a_run_killed_at_any_moment_leaves_nothing_that_looks_finished_and_can_go_on(
    tmp_path: Path, people: bytes, name: str, seed: int
) -> None:
    whole, killed = fresh(tmp_path, name)
    go(people, settings(whole))
    source = tmp_path / "in.csv"
    source.write_bytes(people)

    killed_until_done(source, killed, random.Random(seed), longest=1.0)

    assert outputs(killed) == outputs(whole)
    assert told_about(killed) == told_about(whole)
    assert sorted(p.name for p in killed.parent.iterdir()) == sorted(
        p.name for p in whole.parent.iterdir()
    )


@pytest.mark.parametrize("moved", [0, 1, 2, 3])
def test_a_run_killed_while_its_files_get_their_names_can_be_ended(
    tmp_path: Path, people: bytes, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    whole, killed = fresh(tmp_path, "out.csv")
    go(people, settings(whole))
    replaced = iter(range(100))
    real = __import__("os").replace

    def replace_(one: object, other: object) -> None:
        if not str(other).endswith("journal.json") and next(replaced) >= moved:
            raise BrokenOffError
        real(one, other)

    monkeypatch.setattr("os.replace", replace_)
    if moved < 3:
        with pytest.raises(BrokenOffError):
            go(people, settings(killed))
        assert not killed.exists()
    monkeypatch.setattr("os.replace", real)

    assert finished(killed) is (moved < 3)
    if moved < 3:
        assert outputs(killed) == outputs(whole)
        assert not finished(killed)
    assert not folder_of(killed).exists()


# ------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"verify": 7}, "--verify was 5 and is 7"),
        ({"texts": False}, "--texts was on and is off"),
        ({"block": 999}, "the size of a block was 375 and is 999"),
        ({"columns": {"id": "job_search"}}, "which columns are read"),
    ],
)
def test_other_settings_are_refused_and_what_is_done_stays(
    tmp_path: Path, people: bytes, changed: dict[str, object], told: str
) -> None:
    out = tmp_path / "out.csv"
    broken_off(people, settings(out), after=3)

    with pytest.raises(InputError, match=told):
        go(people, settings(out, resume=True, **changed))
    assert go(people, settings(out, resume=True)).resumed > 0


def test_another_input_is_refused(tmp_path: Path, people: bytes) -> None:
    out = tmp_path / "out.csv"
    broken_off(people, settings(out), after=3)

    with pytest.raises(InputError, match=r"in\.csv is not what it was"):
        go(people.replace(b"\n5,", b"\n6,"), settings(out, resume=True))
    with pytest.raises(InputError, match=r"in\.csv is not what it was"):
        go(people[:1000], settings(out, resume=True))


def test_an_unfinished_output_that_was_changed_is_refused(tmp_path: Path, people: bytes) -> None:
    out = tmp_path / "out.csv"
    broken_off(people, settings(out), after=3)
    unfinished = folder_of(out) / "results"
    unfinished.write_bytes(unfinished.read_bytes().replace(b"stay", b"gone"))

    with pytest.raises(InputError, match="is not as it was left"):
        go(people, settings(out, resume=True))


def test_a_run_to_the_same_place_is_refused_while_one_goes_on(
    tmp_path: Path, people: bytes
) -> None:
    out = tmp_path / "out.csv"
    with held(out), pytest.raises(InputError, match=r"another run is writing .*out\.csv just now"):
        go(people, settings(out))
    go(people, settings(out))


def test_of_two_runs_that_start_together_one_writes_and_one_is_refused(
    tmp_path: Path, people: bytes
) -> None:
    out = tmp_path / "out.csv"
    came: list[object] = []

    def one() -> None:
        try:
            came.append(go(people, settings(out)))
        except InputError as error:
            came.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert any(isinstance(one, Report) for one in came)
    assert out.read_bytes().count(b"\n") > 100
    assert not folder_of(out).exists()


def test_without_a_journal_there_is_nothing_to_go_on_with(tmp_path: Path, people: bytes) -> None:
    out = tmp_path / "out.csv"
    broken_off(people, settings(out, journal=False), after=3)

    assert leftover(out) is None


@pytest.mark.parametrize("after", [0, 3, 8])
def test_a_disk_that_fails_while_the_run_goes_on_is_told(
    tmp_path: Path, people: bytes, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    asked: list[int] = []
    whole = os.fsync

    def failing(handle: int) -> None:
        asked.append(handle)
        if len(asked) > after:
            raise OSError(errno.EIO, "Input/output error")
        whole(handle)

    monkeypatch.setattr("os.fsync", failing)
    out = tmp_path / "out.csv"
    with pytest.raises(OutputError, match="cannot be written: Input/output error"):
        go(people, settings(out))
    monkeypatch.undo()

    assert not out.exists()
    kept = leftover(out)
    assert (kept is None) == (after == 0)
    go(people, settings(tmp_path / "whole.csv"))
    go(people, settings(out, resume=True))
    assert outputs(out) == outputs(tmp_path / "whole.csv")


def test_a_mistake_in_the_input_leaves_nothing(tmp_path: Path, people: bytes) -> None:
    out = tmp_path / "out.csv"
    with pytest.raises(InputError):
        go(people, settings(out, columns={"nothing": "job_search"}))

    assert list(tmp_path.iterdir()) == []


def test_a_mistake_in_an_option_does_not_lose_what_is_done(tmp_path: Path, people: bytes) -> None:
    out = tmp_path / "out.csv"
    broken_off(people, settings(out), after=3)
    with pytest.raises(InputError):
        go(people, settings(out, resume=True, columns={"nothing": "job_search"}))

    left = leftover(out)
    assert left is not None
    assert left.records > 0
