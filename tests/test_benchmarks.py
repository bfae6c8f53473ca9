"""The benchmark: its people are those it means, its engines agree, its table gets into README."""

import sys
from pathlib import Path

import polars as pl
import pytest
from benchmarks import __main__ as bench
from benchmarks.decisions import ENGINES, as_cells, check, read_people
from benchmarks.peers import outcome_of
from benchmarks.people import write_people

from fourways.answers.values import parse_answer
from fourways.engines.reference import ReferenceEngine
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin
from random_profiles import random_profiles

BASE = load_builtin()
PROFILES = [Profile(), *random_profiles(BASE, 99, seed=7)]


@pytest.mark.parametrize("distinct", [False, True])
def test_people_are_the_same_each_time_and_read_as_meant(distinct: bool, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    written = write_people(tmp_path, 3000, distinct)
    write_people(again, 3000, distinct)
    assert (again / "people.csv").read_bytes() == (tmp_path / "people.csv").read_bytes()
    assert (written["distinct"] > 2990) is distinct

    read = read_people(tmp_path, BASE, 3000)
    assert len(read) > 2990
    answers = pl.read_parquet(tmp_path / "answers.parquet").rows(named=True)
    for person, profile in read.items():
        meant = {name: text for name, text in answers[int(person[1:])].items() if text is not None}
        # Some titles are read as a more special role; all other answers are what was meant.
        assert profile.keys() == meant.keys()
        for name in meant.keys() - {"current_role"}:
            assert profile[name] == parse_answer(BASE.attributes[name], meant[name]).answer


@pytest.mark.parametrize("name", ENGINES)
def test_other_engines_decide_as_the_reference_engine_does(name: str) -> None:
    engine, reference = ENGINES[name](BASE), ReferenceEngine(BASE)
    decided = engine.decide(engine.prepare(PROFILES))
    for profile, one in zip(PROFILES, decided, strict=True):
        expected = as_cells(BASE, outcome_of(reference.decide(profile)))
        assert as_cells(BASE, engine.outcome(one)) == expected


def test_a_different_result_ends_the_benchmark() -> None:
    with pytest.raises(SystemExit, match="E1: None should be"):
        check({"E1": PROFILES[1]}, [], BASE)
    with pytest.raises(SystemExit, match=r"E1: \['stay:0.99', ''\] should be"):
        check({"E1": PROFILES[1]}, [("E1", "stay:0.99", "")], BASE)


def test_the_whole_benchmark_runs_and_writes_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- speed -->\nold\n<!-- /speed -->\nafter\n")
    monkeypatch.setattr(bench, "README", readme)
    monkeypatch.setattr(
        sys, "argv", ["bench", "--rows", "300", "--repeat", "1", "--people", "50", "--write-readme"]
    )
    monkeypatch.setenv("FOURWAYS_LEDGER", "")
    bench.main()
    table = capsys.readouterr().out
    assert readme.read_text() == f"before\n<!-- speed -->\n\n{table}\n<!-- /speed -->\nafter\n"
    assert table.count("| 300 |") == 9
    assert table.count("× copy") == 4
    assert "× importing Polars" in table
    assert "× as fast as" in table
