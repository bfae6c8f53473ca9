#!/usr/bin/env python3
"""Prints a digest of the decisions on random people, to compare two versions of fourways.

    PYTHONPATH=src .venv/bin/python scripts/decisions_digest.py 1000000

The people depend on the seed, and on the attributes and values in knowledge/. Everyone is decided
twice, by `fourways.evaluate_frame` and by `fourways batch`; each way prints the SHA-256 of
recommendation, certainty, ranking, targets and rules, row by row.
"""

import argparse
import hashlib
import os
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import polars as pl
import yaml

KNOWLEDGE = Path(__file__).resolve().parents[1] / "knowledge"
DECISION = ("recommendation", "certainty", "ranking", "targets", "rules")
SENTENCES = ("because", "actions", "cautions")
CHUNK = 100_000


def attributes() -> dict[str, tuple[str, Sequence[str]]]:
    """Return the kind and the values of each attribute, as the YAML files order them."""
    profile = yaml.safe_load((KNOWLEDGE / "profile.yaml").read_text())
    roles = list(yaml.safe_load((KNOWLEDGE / "roles.yaml").read_text())["roles"])
    return {
        name: (said["kind"], roles if said["kind"] == "role" else list(said["values"]))
        for name, said in profile.items()
    }


def people(count: int, seed: int) -> Iterator[list[str]]:
    """Yield a row of cells per person, in the order of `attributes`; some know little of one."""
    known = attributes().values()
    # Only random(), whose sequence is the same in every version of Python.
    chance = random.Random(seed).random
    for _ in range(count):
        unknown = chance()
        row = []
        for kind, values in known:
            if chance() < unknown:
                row.append("")
            elif kind == "set":
                row.append(";".join(v for v in values if chance() < 0.3) or "none")
            else:
                row.append(values[int(chance() * len(values))])
        yield row


def frame_of(rows: Iterable[Sequence[str]]) -> pl.DataFrame:
    """Return a column of texts per attribute, null where it is unknown."""
    schema = dict.fromkeys(attributes(), pl.String)
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    return frame.with_columns(pl.all().replace("", None))


def add(frame: pl.DataFrame, columns: Sequence[str], digest: "hashlib._Hash") -> None:
    """Add the cells of the columns to a digest, row by row."""
    texts = frame.select(pl.concat_str(pl.col(columns).fill_null(""), separator="|"))
    digest.update("\n".join(texts.to_series()).encode() + b"\n")


def batch(source: Path, results: Path, *options: str) -> None:
    """Run `fourways batch` with a ledger beside the results, and fail where it does."""
    from fourways.cli import main

    os.environ["FOURWAYS_LEDGER"] = str(results.with_name("ledger.db"))
    main(["batch", str(source), "-o", str(results), "-q", *options], standalone_mode=False)


def main() -> None:
    """Print both digests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()

    from fourways import evaluate_frame

    in_memory, in_file = hashlib.sha256(), hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        source, results = Path(folder, "people.csv"), Path(folder, "results.csv")
        rows = people(chosen.count, chosen.seed)
        with source.open("wb") as file:
            while not (frame := frame_of(islice(rows, CHUNK))).is_empty():
                frame.write_csv(file, include_header=file.tell() == 0)
                add(evaluate_frame(frame, texts=False), DECISION, in_memory)
        print(f"{in_memory.hexdigest()}  evaluate_frame, {chosen.count} people", flush=True)
        batch(source, results, "--no-texts")
        decided = pl.read_csv(results, columns=list(DECISION), infer_schema=False)
        for part in decided.iter_slices(CHUNK):
            add(part, DECISION, in_file)
        print(f"{in_file.hexdigest()}  fourways batch, {chosen.count} people")


if __name__ == "__main__":
    main()
