"""Made-up people, as an HR system exports them; the same ones each time.

    python -m benchmarks.people FOLDER --rows N [--distinct]

FOLDER gets people.csv, people.parquet (the same rows) and answers.parquet (the answers of the first
million in contract form). Most people resemble one of `MODELS` others, so that many share a
profile; with --distinct every answer is random, so that hardly any two do.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import accumulate, combinations
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from fourways.model.profile import NOTHING, Attribute, Kind
from fourways.rulebase import load_builtin

CHUNK = 250_000
MODELS = 360
IN_MEMORY = 1_000_000

UNKNOWN = [*[None] * 8, "N/A", "-"]
YES, NO = ["yes", "yes", "Yes", "TRUE", "y"], ["no", "no", "No", "FALSE", "n"]
OTHER_TITLES = ["Accountant", "Data Engineer", "HR Business Partner", "Nurse", "Sales Executive"]
UNREADABLE = ["see comments", "#REF!", "ask HR", "12x"]
FIRST_NAMES = ["Ada", "Björn", "Chidi", "Chloé", "Fatima", "Łukasz", "María", "Mei", "Noah", "Zoë"]
LAST_NAMES = ["Abara", "Chen", "Costa", "García", "Kowalski", "Nguyễn", "O'Brien", "Patel", "Smith"]
DEPARTMENTS = ["Engineering", "Finance, Risk and Audit", "Information Technology", "PMO, Strategy"]
BARE_COMMA = "\x1f"
"""Stands for a comma that the export forgot to quote: its row gets a field too many."""


def write_people(folder: Path, rows: int, distinct: bool) -> dict[str, int]:
    """Write the files; return how many rows and distinct profiles there are."""
    attributes = list(load_builtin().attributes.values())
    models = [draw(values(a), MODELS, Random(index)) for index, a in enumerate(attributes)]
    texts = [spellings(attribute) for attribute in attributes]
    in_memory, hashes = [], []
    with (folder / "people.csv").open("wb") as file:
        for start in range(0, rows, CHUNK):
            random, number = Random(start), min(CHUNK, rows - start)
            answers = random_answers(attributes, number, None if distinct else models, random)
            written = [spelled(column, texts[n], random) for n, column in enumerate(answers)]
            cells = identities(start, number, random).hstack(written)
            buffer = BytesIO()
            cells.rename({"current_role": "Job Title"}).write_csv(buffer, include_header=not start)
            file.write(buffer.getvalue().replace(BARE_COMMA.encode(), b","))
            hashes.append(answers.hash_rows())
            if start < IN_MEMORY:
                in_memory.append(answers)
    pl.concat(in_memory).write_parquet(folder / "answers.parquet")
    csv = pl.scan_csv(folder / "people.csv", infer_schema=False, truncate_ragged_lines=True)
    csv.sink_parquet(folder / "people.parquet")
    return {"rows": rows, "distinct": pl.concat(hashes).n_unique()}


def random_answers(
    attributes: Sequence[Attribute], number: int, models: Sequence[pl.Series] | None, random: Random
) -> pl.DataFrame:
    """Return the answers of some people in contract form, null where unknown.

    Args:
        attributes: what they are asked.
        number: how many people.
        models: for each attribute the answers of the people whom they resemble.
        random: what decides.
    """
    columns = {attribute.id: draw(values(attribute), number, random) for attribute in attributes}
    if models:
        skewed = draw(range(1000), number, random).cast(pl.UInt32) ** 2
        model = skewed * MODELS // 1_000_000
        # Many answer everything, some give up on the way, of some only two answers are known.
        known = draw([len(attributes)] * 60 + [*range(1, 11)] * 2 + [0] * 18, number, random)
        for index, attribute in enumerate(attributes):
            like = draw([True] * 19 + [False], number, random)
            own = models[index].gather(model).zip_with(like, columns[attribute.id])
            on_record = attribute.kind is Kind.ROLE or attribute.values[0].start is not None
            columns[attribute.id] = own.zip_with((known > index) | on_record, own.clear(number))
    return pl.DataFrame(columns)


def values(attribute: Attribute) -> list[str]:
    """Return the answers to an attribute in contract form; of a set those with 0 to 2 members."""
    ids = [value.id for value in attribute.values]
    if attribute.kind is not Kind.SET:
        return ids
    return [NOTHING, *ids, *(";".join(pair) for pair in combinations(ids, 2))]


def spellings(attribute: Attribute) -> dict[str, Sequence[str | None]]:
    """Return for each answer the texts that stand for it in files; "" is unknown."""
    texts: dict[str, Sequence[str | None]] = {"": UNKNOWN}
    labels = {value.id: value.label for value in attribute.values}
    for answer in values(attribute):
        shown = "; ".join(labels.get(member, member) for member in answer.split(";"))
        texts[answer] = [answer, answer, answer, shown]
    if attribute.kind is Kind.YES_NO:
        texts |= {"true": YES, "false": NO}
    ends = [value.start for value in attribute.values[1:]] + [60_000]
    for value, end in zip(attribute.values, ends, strict=True):
        if value.start is not None and end is not None:
            texts[value.id] = [str(n) for n in range(value.start or 1, end, 1 + end // 5000)]
    if attribute.titles is not None:
        for value in attribute.values:
            names = [value.label, *value.names]
            titles = [name.title().replace("Pmo", "PMO") for name in names]
            texts[value.id] = [*titles, *titles, *names, value.label.upper()]
        texts[attribute.titles.otherwise] = OTHER_TITLES
    return texts


def spelled(
    answers: pl.Series, texts: Mapping[str, Sequence[str | None]], random: Random
) -> pl.Series:
    """Return how people write their answers, one in 10,000 unreadable (unless it is a title)."""
    flat = pl.Series([text for alike in texts.values() for text in alike])
    counts = [len(alike) for alike in texts.values()]
    starts = [0, *accumulate(counts)][:-1]
    answers = answers.fill_null("")
    start = answers.replace_strict(list(texts), starts, return_dtype=pl.UInt32)
    count = answers.replace_strict(list(texts), counts, return_dtype=pl.UInt32)
    written = flat.gather(start + draw(range(5000), len(answers), random) % count)
    if answers.name != "current_role":
        readable = draw(range(10_000), len(answers), random) > 0
        written = written.zip_with(readable, draw(UNREADABLE, len(answers), random))
    return written.alias(answers.name)


def identities(start: int, number: int, random: Random) -> pl.DataFrame:
    """Return the columns that only pass through."""
    first, last = draw(FIRST_NAMES, number, random), draw(LAST_NAMES, number, random)
    style = draw(range(100_000), number, random)
    numbers = pl.int_range(start, start + number).cast(pl.String).str.zfill(9)
    return pl.select(
        pl.format("E{}", numbers).alias("Employee ID"),
        pl.when(style == 0).then(pl.format(f"{{}}{BARE_COMMA} {{}}", last, first))
        .when(style < 10_000).then(pl.format("{}, {}", last, first))
        .otherwise(pl.format("{} {}", first, last)).alias("Name"),
        pl.format("Organisation {}", draw(range(20_000), number, random)).alias("Organisation"),
        draw(DEPARTMENTS, number, random).alias("Department"),
    )  # fmt: skip


def draw(options: Sequence[Any], number: int, random: Random) -> pl.Series:
    """Return so many of the options, each as likely as the next."""
    seed = random.getrandbits(32)
    return pl.Series(options).sample(number, with_replacement=True, seed=seed)


def main() -> None:
    """Write the files, and print as JSON what is in them."""
    parser = argparse.ArgumentParser(description="Make up people, and write their files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--distinct", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print(json.dumps(write_people(options.folder, options.rows, options.distinct)))


if __name__ == "__main__":
    main()
