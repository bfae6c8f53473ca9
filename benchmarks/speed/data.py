"""Writes the files that are measured: made-up people of many organisations, as HR exports them.

    python -m benchmarks.speed.data FOLDER --rows N [--distinct] [--profiles N] [--seed S]

In FOLDER: people.csv, as a system exports it; people.parquet, the same as far as it can be read;
answers.parquet, the answers of the first million in contract form; profiles.json, the first
readable ones as profiles with what the reference engine makes of them; data.json, what there is.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.speed.outcomes import Outcome, write_expected
from benchmarks.speed.people import CHUNK, Crowd, People
from benchmarks.speed.population import UNKNOWN, Population, answer_of
from benchmarks.speed.writing import Writing
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.profile import Kind, Profile
from fourways.rulebase import load_builtin

UNREADABLE = 1e-4
"""How many of the answers are a text that is no answer."""
RAGGED = 1e-5
"""How many of the rows have a field too many: a comma in a name that was not quoted."""
IN_MEMORY = 1_000_000
"""For how many people the answers are written in contract form as well."""
PERSON = "Employee ID"
"""The column that names the person."""

_COMMA = "\x1f"
"""Stands for a comma that is not to be quoted, while rows are made."""


@dataclass(frozen=True)
class Block:
    """Some rows: as written, who they are, and which of them can be read."""

    csv: bytes
    people: People
    readable: np.ndarray


@dataclass(frozen=True)
class Described:
    """What was written."""

    rows: int
    readable: int
    distinct: int
    csv_bytes: int


class Export:
    """Rows as a system exports them, block by block.

    Args:
        base: what is asked.
        distinct: whether everyone answers in a way of their own.
        seed: the same one gives the same rows; fewer rows are the beginning of more.
    """

    def __init__(self, base: RuleBase, distinct: bool = False, seed: int = 1) -> None:
        self.base = base
        self._population = Population(base)
        self._crowd = Crowd(base, self._population, distinct, seed)
        self._writing = Writing(base, self._population, self._crowd)
        self._seed = seed

    def block(self, number: int, rows: int = CHUNK) -> Block:
        """Give a block of rows, or the beginning of one."""
        chance = np.random.default_rng([self._seed, number, 1])
        people = self._crowd.chunk(number)
        answers = self._writing.written(people, chance)
        answers, readable = self._damaged(answers, chance)
        passing, ragged = self._passing(people, number, chance)
        titles = self._population.columns["titles"]
        cells = pl.concat([passing, answers.rename(titles)], how="horizontal").head(rows)
        buffer = BytesIO()
        cells.write_csv(buffer, include_header=number == 0)
        return Block(
            buffer.getvalue().replace(_COMMA.encode(), b","),
            People(people.codes.head(rows), people.employers[:rows]),
            (readable & ~ragged)[:rows],
        )

    def in_contract_form(self, block: Block) -> pl.DataFrame:
        """Give what the people of a block meant, null where it is unknown."""
        return self._writing.in_contract_form(block.people)

    def _damaged(
        self, answers: pl.DataFrame, chance: np.random.Generator
    ) -> tuple[pl.DataFrame, np.ndarray]:
        """Put texts that are no answers here and there; any text is a title."""
        texts = self._population.writing["unreadable"]
        readable = np.ones(CHUNK, dtype=bool)
        damaged = []
        for name, attribute in self.base.attributes.items():
            if attribute.kind is Kind.ROLE:
                continue
            places = np.flatnonzero(chance.random(CHUNK) < UNREADABLE)
            drawn = pl.Series(texts).gather(chance.integers(0, len(texts), len(places)))
            damaged.append(answers[name].clone().scatter(places, drawn))
            readable[places] = False
        return answers.with_columns(damaged), readable

    def _passing(
        self, people: People, number: int, chance: np.random.Generator
    ) -> tuple[pl.DataFrame, np.ndarray]:
        """Give what only passes through, and which rows have a field too many."""

        def drawn(texts: list[str]) -> pl.Series:
            return pl.Series(texts).gather(chance.integers(0, len(texts), CHUNK))

        columns = self._population.columns
        first, last = drawn(columns["first_names"]), drawn(columns["last_names"])
        departments = drawn(columns["departments"])
        turned = pl.Series(chance.random(CHUNK) < 0.1)
        ragged = chance.random(CHUNK) < RAGGED
        numbers = pl.int_range(number * CHUNK + 1, (number + 1) * CHUNK + 1, eager=True)
        frame = pl.select(
            pl.format("E{}", numbers.cast(pl.String).str.zfill(9)).alias(PERSON),
            pl.when(pl.Series(ragged)).then(pl.format(f"{{}}{_COMMA} {{}}", last, first))
            .when(turned).then(pl.format("{}, {}", last, first))
            .otherwise(pl.format("{} {}", first, last)).alias("Name"),
            pl.format("Organisation {}", pl.Series(people.employers)).alias("Organisation"),
            departments.alias("Department"),
        )  # fmt: skip
        return frame, ragged


def profile_of(base: RuleBase, codes: dict[str, int]) -> Profile:
    """Give the profile that codes stand for."""
    return Profile(
        {
            name: answer_of(base.attributes[name], code)
            for name, code in codes.items()
            if code != UNKNOWN
        }
    )


def write(folder: Path, export: Export, rows: int, profiles: int) -> Described:
    """Write all files of a run.

    Args:
        folder: where to; it is there.
        export: the rows.
        rows: how many.
        profiles: how many of the first readable rows are written as profiles as well.
    """
    base = export.base
    contract: list[pl.DataFrame] = []
    asked: dict[str, Profile] = {}
    hashes = _Distinct()
    readable = 0
    with (folder / "people.csv").open("wb") as file:
        for number, start in enumerate(range(0, rows, CHUNK)):
            block = export.block(number, min(CHUNK, rows - start))
            file.write(block.csv)
            hashes.add(block.people.codes.hash_rows())
            readable += int(block.readable.sum())
            if start < IN_MEMORY:
                contract.append(export.in_contract_form(block))
            for place in np.flatnonzero(block.readable)[: max(0, profiles - len(asked))].tolist():
                codes = block.people.codes.row(place, named=True)
                asked[f"E{start + place + 1:09}"] = profile_of(base, codes)
    pl.concat(contract).head(IN_MEMORY).write_parquet(folder / "answers.parquet")
    pl.scan_csv(folder / "people.csv", infer_schema=False, truncate_ragged_lines=True).sink_parquet(
        folder / "people.parquet"
    )
    engine = ReferenceEngine(base)
    expected = {who: Outcome.of(engine.decide(profile)) for who, profile in asked.items()}
    write_expected(folder, base, asked, expected)
    size = (folder / "people.csv").stat().st_size
    described = Described(rows, readable, hashes.count(), size)
    (folder / "data.json").write_text(json.dumps(asdict(described)))
    return described


class _Distinct:
    """Counts distinct ones, keeping little more than one hash of each."""

    _PENDING = 4_000_000

    def __init__(self) -> None:
        self._known = pl.Series(dtype=pl.UInt64)
        self._pending: list[pl.Series] = []

    def add(self, hashes: pl.Series) -> None:
        self._pending.append(hashes.unique())
        if sum(map(len, self._pending)) > self._PENDING:
            self._merge()

    def count(self) -> int:
        self._merge()
        return len(self._known)

    def _merge(self) -> None:
        self._known = pl.concat([self._known, *self._pending]).unique()
        self._pending = []


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description="Make up people, and write their files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--profiles", type=int, default=3000)
    parser.add_argument("--distinct", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    export = Export(load_builtin(), options.distinct, options.seed)
    print(json.dumps(asdict(write(options.folder, export, options.rows, options.profiles))))


if __name__ == "__main__":
    main()
