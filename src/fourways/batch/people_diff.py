"""Who gets a different recommendation from another rule base: a file of people, decided by both."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from fourways.answers.columns import RowReader, count_recognized, map_columns
from fourways.batch.frame import evaluate_frame
from fourways.engines.reference import ReferenceEngine
from fourways.errors import DisagreementError, InputError, Location, Problem
from fourways.intake.detected import ReadingOptions
from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Profile
from fourways.rulebase.diff import CUTOFF, PATH_ORDER, FiringDiff, RulesDiff, rules_behind

NONE = "none"
"""Stands for no recommendation."""

RESULTS = ("recommendation", "certainty", "ranking", "targets", "rules")
"""The result columns that are compared, the weightiest difference first."""

Pair = tuple[Profile, Profile]
"""A row as the old base reads it, and as the new one does."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone whose first recommendation differs, and why.

    Attributes:
        row, line: the number of the row and the line where it starts, both from 1.
        name: the cell of the first column that neither base reads.
        before, after: the recommended paths; `NONE` where there is none.
        rules: the rules by which the decisions differ.
        answers: the attributes that the bases read differently.
        settings: the settings that differ and may be the reason.
    """

    row: int
    line: int
    name: str
    before: str
    after: str
    rules: FiringDiff
    answers: tuple[str, ...]
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that at least one base cannot read, and its problems by each."""

    row: int
    line: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeopleDiff:
    """How the recommendations to a file of people differ.

    Attributes:
        rows: how many there are: `compared` and the rejects.
        compared: how many both bases can read; `distinct` how many different profiles they have.
        name_column: the column that names people; empty where there is none.
        other_certainty: how many keep the first path, with another certainty or ranking.
        other_jobs: how many keep all that but have other next jobs.
        other_rules: how many have the same result by other rules.
        moves: from which path to which, and how many people; the most first.
        changed: the people whose first path differs, in the order of the file.
    """

    rows: int
    compared: int
    distinct: int
    rejects: tuple[RejectedRow, ...]
    name_column: str
    other_certainty: int
    other_jobs: int
    other_rules: int
    moves: tuple[tuple[str, str, int], ...]
    changed: tuple[Person, ...]


def compare_people(
    bases: tuple[RuleBase, RuleBase],
    diff: RulesDiff,
    source: BinaryIO,
    name: str,
    columns: Mapping[str, str] | None = None,
    options: ReadingOptions | None = None,
) -> PeopleDiff:
    """Decide everyone in a file by two rule bases, and compare.

    Args:
        bases: the old and the new one.
        diff: what differs between them.
        source: the file, in bytes.
        name: its name in messages.
        columns: column to attribute, where the names don't say it.
        options: how the file is written, where its bytes don't say it.

    Raises:
        InputError: the file is invalid.
        DisagreementError: two engines differ on somebody.
    """
    rows, rejects, name_column = _read_rows(bases, source, name, columns or {}, options)
    pairs = list(dict.fromkeys(pair for *_, pair in rows))
    results = [_results(base, [pair[i] for pair in pairs]) for i, base in enumerate(bases)]
    settings = [edit.key for edit in diff.settings if edit.key in (CUTOFF, PATH_ORDER)]
    engines = [ReferenceEngine(base) for base in bases]
    differs: dict[Pair, str] = {}
    changed: dict[Pair, tuple[str, str, FiringDiff, tuple[str, ...], tuple[str, ...]]] = {}
    for pair, before, after in zip(pairs, *results, strict=True):
        if before != after:
            differs[pair] = next(
                column for column, a, b in zip(RESULTS, before, after, strict=True) if a != b
            )
        if before[0] != after[0]:
            firsts = before[0], after[0]
            changed[pair] = *firsts, *_reasons(engines, pair, firsts, settings)
    counted = Counter(differs.get(pair) for *_, pair in rows)
    moves = Counter(changed[pair][:2] for *_, pair in rows if pair in changed)
    return PeopleDiff(
        rows=len(rows) + len(rejects),
        compared=len(rows),
        distinct=len(pairs),
        rejects=tuple(rejects),
        name_column=name_column,
        other_certainty=counted["certainty"] + counted["ranking"],
        other_jobs=counted["targets"],
        other_rules=counted["rules"],
        moves=tuple((before, after, people) for (before, after), people in moves.most_common()),
        changed=tuple(
            Person(row, line, label, *changed[pair])
            for row, line, label, pair in rows
            if pair in changed
        ),
    )


def _read_rows(
    bases: tuple[RuleBase, RuleBase],
    source: BinaryIO,
    name: str,
    columns: Mapping[str, str],
    options: ReadingOptions | None,
) -> tuple[list[tuple[int, int, str, Pair]], list[RejectedRow], str]:
    """Return row, line, name and profiles of each row, the rejects, and the column of the names."""
    from fourways.intake.people import open_people, records_of
    from fourways.intake.table import BadRow

    either = {**bases[0].attributes, **bases[1].attributes}
    table = open_people(source, name, lambda header: count_recognized(header, either), options)
    readers = []
    for base in bases:
        # A column for an attribute that only the other base has is not read.
        own = {c: a for c, a in columns.items() if a in base.attributes or a not in either}
        mapped = map_columns(table.header, base.attributes, own)
        readers.append(RowReader(mapped, base.attributes))
    used = {index for reader in readers for index in reader.columns.mapped.values()}
    used |= {table.header.index(column) for column in readers[0].columns.protected}
    label = next((index for index in range(len(table.header)) if index not in used), None)
    read, rejects = [], []
    for record in records_of(table):
        if isinstance(record, BadRow):
            problem = (record.problem,)
            rejects.append(RejectedRow(record.number, record.line, problem, problem))
            continue
        before, after = (reader.read(record.cells) for reader in readers)
        if before.bad or after.bad:
            bad = [tuple(f"unknown value in '{b.column}'" for b in r.bad) for r in (before, after)]
            rejects.append(RejectedRow(record.number, record.line, *bad))
            continue
        text = "" if label is None else record.cells[label]
        read.append((record.number, record.line, text, (before.profile, after.profile)))
    if not read and not rejects:
        raise InputError(
            Problem("there is no row below the header", Location(name, 1, 1), "Add the people.")
        )
    return read, rejects, "" if label is None else table.header[label]


def _results(base: RuleBase, profiles: Sequence[Profile]) -> list[tuple[str, ...]]:
    """Return the `RESULTS` of each profile."""
    import polars as pl

    columns = {
        name: [
            ";".join(attribute.members(profile[name])) or NOTHING if name in profile else None
            for profile in profiles
        ]
        for name, attribute in base.attributes.items()
    }
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    decided = evaluate_frame(frame, base, texts=False).select(RESULTS)
    return decided.with_columns(pl.col("recommendation").replace("", NONE)).rows()


def _reasons(
    engines: Sequence[ReferenceEngine], pair: Pair, firsts: tuple[str, str], settings: Sequence[str]
) -> tuple[FiringDiff, tuple[str, ...], tuple[str, ...]]:
    """Return the rules, answers and settings by which two first recommendations differ.

    Raises:
        DisagreementError: the engine that gives the traces recommends something else.
    """
    decisions = [engine.decide(profile) for engine, profile in zip(engines, pair, strict=True)]
    for decision, first in zip(decisions, firsts, strict=True):
        if (decision.recommendation or NONE) != first:
            raise DisagreementError(
                f"two engines differ on {decision.profile!r}: "
                f"{first} and {decision.recommendation or NONE}"
            )
    answers = {**pair[0], **pair[1]}
    reread = tuple(name for name in answers if pair[0].get(name) != pair[1].get(name))
    rules = rules_behind(*decisions)
    # Settings concern everyone: they are the reason where nothing else is, and the cutoff may be
    # one where no path is supported on one side.
    alone = not rules and not reread
    return rules, reread, tuple(s for s in settings if alone or (s == CUTOFF and NONE in firsts))
