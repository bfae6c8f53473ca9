"""Reads records and their personal data from an open database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from fourways.errors import LedgerError, Problem
from fourways.ledger import records
from fourways.ledger.canonical import canonical, parse_canonical
from fourways.ledger.chain import (
    Entry,
    Head,
    Row,
    StoredPersonal,
    parse_personal,
    parse_row,
    person_name,
)
from fourways.ledger.schema import PERSONAL, RECORDS

NONE = "none"
"""The `path` of a filter for decisions in which no path was supported."""

CHUNK = 500
"""Records read at a time."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records to read; None means any.

    Attributes:
        subject: the person it is about.
        since: the earliest time, inclusive.
        until: the latest time, exclusive.
        path: the path that ranked first; `NONE` if no path was supported.
        rule: a rule that fired.
        kind: the kind of record.
    """

    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    path: str | None = None
    rule: str | None = None
    kind: str | None = None

    @property
    def needs_case(self) -> bool:
        """Whether it depends on the answers and the decision."""
        return not (self.subject is None and self.path is None and self.rule is None)

    def matches(self, record: "Record") -> bool:
        """Return whether a record that `query` found matches."""
        if not self.needs_case:
            return True
        case = record.case
        if case is None:
            return False
        decision = case["decision"]
        return (
            (self.subject is None or case["subject"] == person_name(self.subject))
            and (self.path is None or (decision["recommendation"] or NONE) == self.path)
            and (self.rule is None or any(one["rule"] == self.rule for one in decision["trace"]))
        )

    def query(self) -> Select[Any]:
        """Return a query for a chunk of records, a small superset of those that match."""
        query = select(RECORDS).order_by(RECORDS.c.number).limit(CHUNK)
        if self.kind is not None:
            query = query.where(RECORDS.c.kind == self.kind)
        if self.since is not None:
            query = query.where(RECORDS.c.time >= as_text(self.since))
        if self.until is not None:
            query = query.where(RECORDS.c.time < as_text(self.until))
        if not self.needs_case:
            return query
        cases = select(PERSONAL.c.number).where(PERSONAL.c.part == records.CASE)
        if self.subject is not None:
            cases = cases.where(PERSONAL.c.person == person_name(self.subject))
        members = []
        if self.path is not None:
            members.append(("recommendation", None if self.path == NONE else self.path))
        if self.rule is not None:
            members.append(("rule", self.rule))
        for name, value in members:
            # Canonical JSON has one spelling of each member.
            member = f'"{name}":{canonical(value).decode()}'
            cases = cases.where(PERSONAL.c.content.contains(member, autoescape=True))
        return query.where(RECORDS.c.number.in_(cases))


@dataclass(frozen=True, slots=True)
class Record:
    """A record with the personal data that hasn't been erased.

    Attributes:
        entry: what the chain holds.
        text: the same as text, exactly as hashed.
        personal: the content of the personal data, by name.
        salts: their salts.
    """

    entry: Entry
    text: str
    personal: Mapping[str, Mapping[str, Any]]
    salts: Mapping[str, bytes]

    @property
    def case(self) -> Mapping[str, Any] | None:
        """The answers and the decision; None if it has none, or they were erased."""
        return self.personal.get(records.CASE)

    @property
    def erased(self) -> tuple[str, ...]:
        """The names of the personal data that was erased."""
        return tuple(name for name in self.entry.commitments if name not in self.personal)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A record that isn't as it was written."""

    number: int

    def error(self, ledger: str) -> LedgerError:
        """Return the error for a reader that needs the record."""
        hint = "Run `fourways audit verify` to find out more."
        return LedgerError(Problem(f"{ledger}: record {self.number} is damaged", hint=hint))


def head_of(connection: Connection) -> Head:
    """Return the head of the chain."""
    query = select(RECORDS.c.number, RECORDS.c.hash).order_by(RECORDS.c.number.desc()).limit(1)
    last = connection.execute(query).first()
    return Head(*last) if last else Head()


def personal_of(connection: Connection, first: int, last: int) -> dict[int, list[StoredPersonal]]:
    """Return the personal data of a range of records, by number."""
    query = select(PERSONAL).where(PERSONAL.c.number.between(first, last))
    found: dict[int, list[StoredPersonal]] = {}
    for number, *columns in connection.execute(query.order_by("number", "part")):
        found.setdefault(number, []).append(StoredPersonal(*columns))
    return found


def parse_sources(text: object) -> dict[str, str] | None:
    """Return the texts of a stored rule base; None if they can't be read."""
    sources = parse_canonical(text)
    if isinstance(sources, dict) and all(isinstance(source, str) for source in sources.values()):
        return sources
    return None


def as_text(time: datetime) -> str:
    """Return a time as records hold it; the texts sort like the times."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds")


def record_of(row: Row, stored: Iterable[StoredPersonal]) -> Record | Damaged:
    """Return a record with its personal data, as far as it hasn't been erased."""
    entry = parse_row(row)
    if entry is None:
        return Damaged(row.number)
    contents: dict[str, Mapping[str, Any]] = {}
    salts: dict[str, bytes] = {}
    for one in stored:
        content = parse_personal(one, entry.commitments.get(one.name))
        if content is None or not isinstance(one.salt, bytes):
            return Damaged(row.number)
        contents[one.name] = content
        salts[one.name] = one.salt
    return Record(entry, str(row.content), contents, salts)
