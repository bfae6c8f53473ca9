"""Every peer of the benchmark decides as the reference engine does, and a difference is seen."""

from pathlib import Path

import polars as pl
import pytest
from benchmarks.speed.outcomes import (
    DisagreementError,
    Outcome,
    assert_agreement,
    outcome,
    read_expected,
    results_of,
    write_expected,
)
from benchmarks.speed.peers import PEERS
from benchmarks.speed.plainpython import decider

from fourways.engines.reference import ReferenceEngine
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin
from random_profiles import random_profiles

BASE = load_builtin()
PROFILES = [Profile(), *random_profiles(BASE, 199, seed=7)]
EXPECTED = [Outcome.of(ReferenceEngine(BASE).decide(profile)) for profile in PROFILES]


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_agrees_with_the_reference_engine(name: str) -> None:
    peer = PEERS[name](BASE)

    decided = peer.run(peer.prepared(PROFILES))

    assert [outcome(BASE, *peer.answered(one)) for one in decided] == EXPECTED


def test_the_loop_in_plain_python_agrees_with_the_reference_engine() -> None:
    decide = decider(BASE)

    for profile, expected in zip(PROFILES, EXPECTED, strict=True):
        recommendation, certainty, ranking, _, rules = decide(*map(profile.get, BASE.attributes))
        assert Outcome(recommendation, certainty, ranking, rules) == expected


def test_profiles_come_back_from_the_file_with_what_is_expected(tmp_path: Path) -> None:
    profiles = {f"E{place}": profile for place, profile in enumerate(PROFILES)}
    expected = dict(zip(profiles, EXPECTED, strict=True))

    write_expected(tmp_path, BASE, profiles, expected)

    assert read_expected(tmp_path) == {who: (profiles[who], expected[who]) for who in profiles}


def test_a_difference_names_the_person() -> None:
    one = EXPECTED[0]
    other = Outcome(one.recommendation, "0.99", one.ranking, one.rules)

    with pytest.raises(DisagreementError, match="E1: expected"):
        assert_agreement({"E1": one}, {"E1": other})
    with pytest.raises(DisagreementError, match="but got None"):
        assert_agreement({"E1": one}, {})


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_outcomes_are_read_from_a_results_file(tmp_path: Path, ending: str) -> None:
    cells = {name: [getattr(EXPECTED[1], name)] for name in Outcome.__slots__}
    frame = pl.DataFrame({"Employee ID": ["E1"], **cells})
    path = tmp_path / f"results.{ending}"
    frame.write_csv(path) if ending == "csv" else frame.write_parquet(path)

    assert results_of(path, 5) == {"E1": EXPECTED[1]}
