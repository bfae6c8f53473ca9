"""Decisions in memory, timed by engine, and the check that all engines decide the same.

    python -m benchmarks.decisions ENGINE FOLDER [--people N]
    python -m benchmarks.decisions check FOLDER [--people N] --results FILE

FOLDER has the files of `benchmarks.people`. fourways gets the first million people, other engines
the first readable ones. Reading and loading the rules aren't timed.
"""

import argparse
import csv
import json
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from time import perf_counter

import narwhals as nw
import polars as pl

from benchmarks.peers import Clips, Experta, GoRules, Outcome, outcome_of
from fourways.answers.columns import RowReader, map_columns
from fourways.engines.columnar import ColumnarEngine, answers_in_contract_form
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.certainty import shown
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin

ENGINES = {"clips": Clips, "gorules": GoRules, "experta": Experta}


def as_cells(base: RuleBase, outcome: Outcome) -> tuple[str, str]:
    """Return an outcome as the cells `ranking` and `rules` of a results file."""
    certainties, fired = outcome
    order = sorted(base.paths, key=lambda path: -certainties[path])
    ranked = [path for path in order if certainties[path] > base.certainty.cutoff]
    return ";".join(f"{path}:{shown(certainties[path])}" for path in ranked), ";".join(fired)


def read_people(folder: Path, base: RuleBase, people: int) -> dict[str, Profile]:
    """Return the readable ones among the first people of people.csv, by their number."""
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = islice(csv.reader(file), people + 1)
    reader = RowReader(map_columns(header, base.attributes), base.attributes)
    read = {row[0]: reader.read(row) for row in rows if len(row) == len(header)}
    return {person: row.profile for person, row in read.items() if not row.bad}


def check(
    people: Mapping[str, Profile], results: Iterable[tuple[str, str, str]], base: RuleBase
) -> None:
    """Compare results (person, ranking, rules or "") with those of the reference engine.

    Raises:
        SystemExit: one differs or is missing.
    """
    engine = ReferenceEngine(base)
    found = {person: cells for person, *cells in results}
    for person, profile in people.items():
        ranking, rules = as_cells(base, outcome_of(engine.decide(profile)))
        if found.get(person) not in ([ranking, rules], [ranking, ""]):
            raise SystemExit(f"{person}: {found.get(person)} should be {ranking}, {rules}")


def check_file(folder: Path, results: Path, people: int) -> None:
    """Check the first rows of a results file, CSV or Parquet."""
    base = load_builtin()
    is_csv = results.suffix == ".csv"
    scan = pl.scan_csv(results, infer_schema=False) if is_csv else pl.scan_parquet(results)
    rules = "rules" if "rules" in scan.collect_schema() else pl.lit("")
    rows = scan.head(people).select(pl.first(), ranking="ranking", rules=rules).collect()
    texts = rows.with_columns(pl.all().cast(pl.String).fill_null(""))
    check(read_people(folder, base, people), texts.iter_rows(), base)


def time_columnar(folder: Path) -> tuple[int, float]:
    """Return how many people the columnar engine decided, and the seconds.

    As in files, each distinct profile is decided once, and each person gets its number.
    """
    base = load_builtin()
    everybody = pl.read_parquet(folder / "answers.parquet").cast(pl.Categorical)

    def decide(answers: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
        profiles = answers.unique().with_row_index("number")
        frame = nw.from_native(profiles.cast(dict.fromkeys(answers.columns, pl.String)))
        columns = answers_in_contract_form(base.attributes, dict(frame.collect_schema()))
        decided = ColumnarEngine(base).run(frame.with_columns(*columns)).to_native()
        numbered = answers.join(profiles, on=answers.columns, how="left", nulls_equal=True)
        return decided, numbered["number"]

    decide(everybody.head(1))
    started = perf_counter()
    decide(everybody)
    return everybody.height, perf_counter() - started


def time_engine(name: str, folder: Path, people: int) -> tuple[int, float]:
    """Return how many people an engine decided, and the seconds; check what it decided."""
    base = load_builtin()
    profiles = read_people(folder, base, people)
    engine = ENGINES[name](base)
    prepared = engine.prepare(list(profiles.values()))
    started = perf_counter()
    decided = engine.decide(prepared)
    seconds = perf_counter() - started
    cells = (as_cells(base, engine.outcome(one)) for one in decided)
    check(profiles, ((who, *row) for who, row in zip(profiles, cells, strict=True)), base)
    return len(profiles), seconds


def main() -> None:
    """Check results, or time an engine and print the figures as JSON."""
    parser = argparse.ArgumentParser(description="Time decisions in memory, or check results.")
    parser.add_argument("engine", choices=["check", "fourways", *ENGINES])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--people", type=int, default=2000)
    options = parser.parse_args()
    if options.engine == "check":
        check_file(options.folder, options.results, options.people)
        return
    if options.engine == "fourways":
        decisions, seconds = time_columnar(options.folder)
    else:
        decisions, seconds = time_engine(options.engine, options.folder, options.people)
    print(json.dumps({"decisions": decisions, "seconds": seconds}))


if __name__ == "__main__":
    main()
