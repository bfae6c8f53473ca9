"""What all engines must agree on, and the check that they do.

    python -m benchmarks.speed.outcomes FOLDER RESULTS

compares the first rows of a results file with what the reference engine made of them.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from fourways.model.base import RuleBase
from fourways.model.certainty import shown
from fourways.model.decision import Decision
from fourways.model.profile import Answer, Profile

NONE = "none"
"""The recommendation where no path is supported, in a results file."""

_FILE = "profiles.json"


class DisagreementError(Exception):
    """An engine gives something else than the reference engine."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out for a profile.

    Attributes:
        recommendation: the first path; `none` where none is supported.
        certainty: its certainty, as text with two decimals; empty where there is none.
        ranking: the supported paths with theirs, best first.
        rules: the rules that fired, in order.
    """

    recommendation: str
    certainty: str
    ranking: str
    rules: str

    @staticmethod
    def of(decision: Decision) -> "Outcome":
        """Give the outcome of a decision."""
        standings = {s.path: s.certainty for s in decision.standings}
        return outcome(decision.base, standings, [firing.rule.id for firing in decision.trace])


def outcome(base: RuleBase, certainties: Mapping[str, int], fired: Sequence[str]) -> Outcome:
    """Give the outcome of how certain each path is, in hundredths, and of what fired in order."""
    order = sorted(base.paths, key=lambda path: -certainties[path])
    ranked = [path for path in order if certainties[path] > base.certainty.cutoff]
    return Outcome(
        ranked[0] if ranked else NONE,
        shown(certainties[ranked[0]]) if ranked else "",
        ";".join(f"{path}:{shown(certainties[path])}" for path in ranked),
        ";".join(fired),
    )


def write_expected(
    folder: Path, base: RuleBase, profiles: Mapping[str, Profile], expected: Mapping[str, Outcome]
) -> None:
    """Write profiles with what is expected of them, for processes that are measured."""

    def named(name: str, answer: Answer) -> object:
        members = base.attributes[name].members(answer)
        return list(members) if isinstance(answer, frozenset) else answer

    entries = [
        {
            "person": who,
            "profile": {name: named(name, answer) for name, answer in profile.items()},
            "outcome": astuple(expected[who]),
        }
        for who, profile in profiles.items()
    ]
    (folder / _FILE).write_text(json.dumps(entries))


def read_expected(folder: Path) -> dict[str, tuple[Profile, Outcome]]:
    """Give the profiles with what is expected, by person."""
    return {
        entry["person"]: (
            Profile(
                {
                    name: frozenset(answer) if isinstance(answer, list) else answer
                    for name, answer in entry["profile"].items()
                }
            ),
            Outcome(*entry["outcome"]),
        )
        for entry in json.loads((folder / _FILE).read_text())
    }


def assert_agreement(expected: Mapping[str, Outcome], given: Mapping[str, Outcome]) -> int:
    """Compare outcomes by person.

    Returns:
        How many were compared.

    Raises:
        DisagreementError: one differs or is missing.
    """
    for who, outcome_ in expected.items():
        if given.get(who) != outcome_:
            raise DisagreementError(f"{who}: expected {outcome_}, but got {given.get(who)}")
    return len(expected)


def results_of(results: Path, persons: int) -> dict[str, Outcome]:
    """Give what stands in the first rows of a results file, by person; no rules where it has none.

    Args:
        results: CSV or Parquet.
        persons: how many rows are looked at.
    """
    import polars as pl

    scan = (
        pl.scan_parquet(results)
        if results.suffix == ".parquet"
        else pl.scan_csv(results, infer_schema=False)
    )
    there = scan.collect_schema().names()
    columns = [
        (pl.col(name).cast(pl.String).fill_null("") if name in there else pl.lit("")).alias(name)
        for name in Outcome.__slots__
    ]
    first = scan.select(pl.first().alias("person"), *columns).head(persons).collect()
    return {who: Outcome(*cells) for who, *cells in first.iter_rows()}


def main() -> None:
    """Compare, and print how many outcomes agree."""
    parser = argparse.ArgumentParser(description="Compare results with the reference engine.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("results", type=Path)
    options = parser.parse_args()
    expected = {who: out for who, (_, out) in read_expected(options.folder).items()}
    given = results_of(options.results, len(expected))
    if not any(outcome_.rules for outcome_ in given.values()):
        expected = {who: replace(outcome_, rules="") for who, outcome_ in expected.items()}
    print(json.dumps({"agreed": assert_agreement(expected, given)}))


if __name__ == "__main__":
    main()
