"""Who is advised otherwise by another rule base: a file of people, decided by both."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from fourways.answers.columns import Columns, RowReader, count_recognized, map_columns
from fourways.batch.frame import evaluate_frame
from fourways.engines.reference import ReferenceEngine
from fourways.errors import DisagreementError, InputError, Location, Problem
from fourways.explain.rulechanges import CUTOFF, PATH_ORDER, Behind, RuleChanges, behind
from fourways.intake.detected import ReadingOptions
from fourways.intake.people import open_people, records_of
from fourways.intake.table import BadRow
from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, Profile

NONE = "none"
"""Where no path is supported."""

RESULTS = ("recommendation", "certainty", "ranking", "targets", "rules")
_AT_ONCE = 20_000
"""How many profiles are in a frame: enough to be quick, few enough to stay small."""

Both = tuple[Profile, Profile]
"""What a row says of a person, as it is read before and after."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person's first recommendation is another one.

    Attributes:
        rules: the rules by which the decisions part.
        answers: the attributes whose cells are read otherwise.
        settings: the settings of the base that may do it.
    """

    rules: Behind
    answers: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person whose first recommendation is another one.

    Attributes:
        row, line: the number of the row and the line where it starts, both from 1.
        name: what the first column that only passes through says of the person.
        before, after: the paths recommended first; `NONE` where there is none.
        reason: why.
    """

    row: int
    line: int
    name: str
    before: str
    after: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot be compared, and all that is wrong with it by the rules of each base."""

    row: int
    line: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeopleChanges:
    """What becomes of a file of people.

    Attributes:
        rows: how many there are; `compared` and the rejects add up to them.
        compared: how many could be read by both bases; `distinct` how many differ in what is known.
        rejects: the rows that could not.
        name_column: the column that `PersonChange.name` is from; empty where there is none.
        changed: the people who are recommended another path first, in the order of the file.
        ranking: how many keep the first path, but not its certainty or the paths behind it.
        targets: how many have only other next jobs.
        rules: how many have the same outcome, by other rules.
    """

    rows: int
    compared: int
    distinct: int
    rejects: tuple[RejectedRow, ...]
    name_column: str
    changed: tuple[PersonChange, ...]
    ranking: int
    targets: int
    rules: int

    @property
    def tally(self) -> tuple[tuple[str, str, int], ...]:
        """From which path to which, and how many: the most first."""
        counted = Counter((person.before, person.after) for person in self.changed)
        return tuple((*pair, count) for pair, count in counted.most_common())


def people_changes(
    changes: RuleChanges,
    source: BinaryIO,
    name: str,
    own: Mapping[str, str] | None = None,
    reading: ReadingOptions | None = None,
) -> PeopleChanges:
    """Decide on everybody in a file by two rule bases, and compare.

    Args:
        changes: the two bases, and what differs between them.
        source: the file, in bytes.
        name: how messages name it.
        own: column to attribute, where their names do not say it.
        reading: how the file is written, where its bytes do not say it.

    Raises:
        InputError: the file is not what it should be.
        DisagreementError: two engines differ on somebody.
    """
    people = _People.read(changes, source, name, own or {}, reading)
    profiles = list(dict.fromkeys(person.both for person in people.read_by_both))
    decided = zip(
        _outcomes(changes.before, [before for before, _ in profiles]),
        _outcomes(changes.after, [after for _, after in profiles]),
        strict=True,
    )
    differing: dict[Both, tuple[str, Reason | None]] = {}
    explained = _Reasons(changes)
    firsts: dict[Both, tuple[str, str]] = {}
    for both, (before, after) in zip(profiles, decided, strict=True):
        if before == after:
            continue
        sort = _first_difference(before, after)
        firsts[both] = (before[0], after[0])
        reason = explained.of(both, firsts[both]) if sort == "recommendation" else None
        differing[both] = (sort, reason)
    sorts = Counter(differing[p.both][0] for p in people.read_by_both if p.both in differing)
    return PeopleChanges(
        rows=len(people.read_by_both) + len(people.rejects),
        compared=len(people.read_by_both),
        distinct=len(profiles),
        rejects=people.rejects,
        name_column=people.name_column,
        changed=tuple(
            PersonChange(person.row, person.line, person.name, *firsts[person.both], reason)
            for person in people.read_by_both
            if (reason := differing.get(person.both, ("", None))[1])
        ),
        ranking=sorts["ranking"],
        targets=sorts["targets"],
        rules=sorts["rules"],
    )


def _first_difference(before: Sequence[str], after: Sequence[str]) -> str:
    """Give the sort of the weightiest difference between two outcomes; a certainty ranks."""
    pairs = zip(RESULTS, before, after, strict=True)
    sort = next(name for name, one, other in pairs if one != other)
    return "ranking" if sort == "certainty" else sort


# ---------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class _Person:
    row: int
    line: int
    name: str
    both: Both


@dataclass(frozen=True, slots=True)
class _People:
    """The rows of a file: those that both bases can read, and the others."""

    read_by_both: tuple[_Person, ...]
    rejects: tuple[RejectedRow, ...]
    name_column: str

    @classmethod
    def read(
        cls,
        changes: RuleChanges,
        source: BinaryIO,
        name: str,
        own: Mapping[str, str],
        reading: ReadingOptions | None,
    ) -> "_People":
        known = [base.attributes for base in (changes.before, changes.after)]
        either = {**known[0], **known[1]}
        try:
            table = open_people(
                source, name, lambda header: count_recognized(header, either), reading
            )
            # A column for an attribute that one base lacks means nothing to that one.
            readers = [
                RowReader(map_columns(table.header, attributes, _for(attributes, own, either)),
                          attributes)
                for attributes in known
            ]  # fmt: skip
            index = _name_index([reader.columns for reader in readers])
            people, rejects = [], []
            for record in records_of(table):
                if isinstance(record, BadRow):
                    wrong = (record.problem,)
                    rejects.append(RejectedRow(record.number, record.line, wrong, wrong))
                    continue
                before, after = (reader.read(record.cells) for reader in readers)
                if before.bad or after.bad:
                    problems = [
                        tuple(f"unknown value in '{bad.column}'" for bad in row.bad)
                        for row in (before, after)
                    ]
                    rejects.append(RejectedRow(record.number, record.line, *problems))
                    continue
                label = "" if index is None else record.cells[index]
                both = (before.profile, after.profile)
                people.append(_Person(record.number, record.line, label, both))
        except OSError as error:
            raise InputError(Problem(f"{name}: cannot be read: {error.strerror}")) from None
        if not people and not rejects:
            raise InputError(
                Problem("there is no row below the header", Location(name, 1, 1), "Add the people.")
            )
        return cls(tuple(people), tuple(rejects), "" if index is None else table.header[index])


def _for(
    attributes: Mapping[str, Attribute], own: Mapping[str, str], either: Mapping[str, Attribute]
) -> dict[str, str]:
    return {
        column: attribute
        for column, attribute in own.items()
        if attribute in attributes or attribute not in either
    }


def _name_index(columns: Sequence[Columns]) -> int | None:
    """Give the first column that neither base reads; what is protected is not shown either."""
    read = {index for one in columns for index in one.mapped.values()}
    header = columns[0].header
    return next(
        (
            index
            for index, name in enumerate(header)
            if index not in read and name not in columns[0].protected
        ),
        None,
    )


# --------------------------------------------------------------------- deciding


def _outcomes(base: RuleBase, profiles: Sequence[Profile]) -> Iterator[tuple[str, ...]]:
    """Give the cells of `RESULTS` for each profile; equal profiles are decided once."""
    import polars as pl

    distinct = list(dict.fromkeys(profiles))
    known: dict[Profile, tuple[str, ...]] = {}
    for start in range(0, len(distinct), _AT_ONCE):
        some = distinct[start : start + _AT_ONCE]
        columns = {
            attribute.id: [_cell(attribute, profile.get(attribute.id)) for profile in some]
            for attribute in base.attributes.values()
        }
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        decided = evaluate_frame(frame, base, texts=False).select(RESULTS)
        decided = decided.with_columns(pl.col("recommendation").replace("", NONE))
        known.update(zip(some, decided.iter_rows(), strict=True))
    return map(known.__getitem__, profiles)


def _cell(attribute: Attribute, answer: Answer | None) -> str | None:
    return None if answer is None else ";".join(attribute.members(answer)) or NOTHING


class _Reasons:
    """Tells why first recommendations differ, from the traces of both decisions."""

    def __init__(self, changes: RuleChanges) -> None:
        self._engines = (ReferenceEngine(changes.before), ReferenceEngine(changes.after))
        self._settings = tuple(n for n in changes.settings if n in (CUTOFF, PATH_ORDER))

    def of(self, both: Both, firsts: tuple[str, str]) -> Reason:
        """Give the reason for one person.

        Raises:
            DisagreementError: the engine that gives the traces recommends something else.
        """
        before, after = (
            engine.decide(profile) for engine, profile in zip(self._engines, both, strict=True)
        )
        for decision, first in zip((before, after), firsts, strict=True):
            if (decision.recommendation or NONE) != first:
                raise DisagreementError(
                    f"two engines differ on {decision.profile!r}: "
                    f"{first} and {decision.recommendation or NONE}"
                )
        answers = tuple(name for name in {**both[0], **both[1]} if both[0].get(name) !=
                        both[1].get(name))  # fmt: skip
        rules = behind(before, after)
        # Settings act on everybody: they are the reason where nothing else is, and the cutoff
        # may be one where no path is supported on one side.
        alone = not rules and not answers
        named = tuple(n for n in self._settings if alone or (n == CUTOFF and NONE in firsts))
        return Reason(rules, answers, named)
