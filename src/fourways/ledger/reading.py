"""Reads records and what belongs to them from an open database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from fourways.errors import LedgerError, Problem
from fourways.ledger import records
from fourways.ledger.canonical import canonical, parsed
from fourways.ledger.chain import Entry, Head, Row, StoredPart, content_of, entry_of
from fourways.ledger.schema import PERSONAL, RECORDS

NONE = "none"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are meant; what is None does not matter.

    Attributes:
        subject: whom a record is about.
        since, until: from this time on, and before that time.
        path: what came out first; `NONE` where no path was supported.
        rule: a rule that took part.
        kind: what happened.
    """

    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    path: str | None = None
    rule: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record with what is left of its personal data.

    Attributes:
        entry: what the chain holds.
        text: the same, letter for letter.
        parts: the personal data by the names of the parts; those erased are missing.
        salts: their salts.
    """

    entry: Entry
    text: str
    parts: Mapping[str, Mapping[str, Any]]
    salts: Mapping[str, bytes]

    @property
    def case(self) -> Mapping[str, Any] | None:
        """The answers and the decision; None where there never were any, or no longer."""
        return self.parts.get(records.CASE)

    @property
    def erased(self) -> tuple[str, ...]:
        """The names of the parts that were erased."""
        return tuple(name for name in self.entry.commitments if name not in self.parts)


def head_of(connection: Connection) -> Head:
    """Give the end of the chain."""
    query = select(RECORDS.c.number, RECORDS.c.hash).order_by(RECORDS.c.number.desc()).limit(1)
    last = connection.execute(query).first()
    return Head(*last) if last else Head()


CHUNK = 500
"""Records that are read at a time."""


def rows_after(connection: Connection, number: int) -> list[Row]:
    """Give some rows that follow on a number, in their order; none at the end."""
    query = select(RECORDS).where(RECORDS.c.number > number).order_by("number").limit(CHUNK)
    return [Row(*row) for row in connection.execute(query)]


def personal_of(connection: Connection, first: int, last: int) -> dict[int, list[StoredPart]]:
    """Give the personal data of some records, by their numbers."""
    query = select(PERSONAL).where(PERSONAL.c.number.between(first, last))
    found: dict[int, list[StoredPart]] = {}
    for number, *part in connection.execute(query.order_by("number", "part")):
        found.setdefault(number, []).append(StoredPart(*part))
    return found


def sources_of(text: object) -> dict[str, str] | None:
    """Give the texts of a rule base that was kept; None where there are none to be read."""
    sources = parsed(text)
    if isinstance(sources, dict) and all(isinstance(source, str) for source in sources.values()):
        return sources
    return None


def query_for(wanted: Filter) -> Select[Any]:
    """Give the query for a superset of what is wanted, as small as the database can make it."""
    query = select(RECORDS).order_by(RECORDS.c.number).limit(CHUNK)
    if wanted.kind is not None:
        query = query.where(RECORDS.c.kind == wanted.kind)
    if wanted.since is not None:
        query = query.where(RECORDS.c.time >= stamped(wanted.since))
    if wanted.until is not None:
        query = query.where(RECORDS.c.time < stamped(wanted.until))
    if wanted.subject is None and wanted.path is None and wanted.rule is None:
        return query
    cases = select(PERSONAL.c.number).where(PERSONAL.c.part == records.CASE)
    if wanted.subject is not None:
        cases = cases.where(PERSONAL.c.person == wanted.subject)
    # Canonical JSON has one spelling of each member.
    for name, value in (("recommendation", wanted.path), ("rule", wanted.rule)):
        if value is not None:
            written = canonical(None if (name, value) == ("recommendation", NONE) else value)
            member = f'"{name}":{written.decode()}'
            cases = cases.where(PERSONAL.c.content.contains(member, autoescape=True))
    return query.where(RECORDS.c.number.in_(cases))


def stamped(time: datetime) -> str:
    """Give a time as records have it; later times come later in the order of the alphabet."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds")


def fits(record: Record, wanted: Filter) -> bool:
    """Tell whether a record that `query_for` found is wanted indeed."""
    case = record.case
    if wanted.subject is None and wanted.path is None and wanted.rule is None:
        return True
    if case is None or (wanted.subject is not None and case["subject"] != wanted.subject):
        return False
    if wanted.path is not None and (case["decision"]["recommendation"] or NONE) != wanted.path:
        return False
    trace = case["decision"]["trace"]
    return wanted.rule is None or any(step["rule"] == wanted.rule for step in trace)


def record_of(row: Row, parts: Iterable[StoredPart], name: str) -> Record:
    """Give a record with what is left of its personal data.

    Args:
        row: the record.
        parts: its personal data.
        name: how messages name the ledger.

    Raises:
        LedgerError: it is not as it was written.
    """
    entry = entry_of(row)
    contents: dict[str, Mapping[str, Any]] = {}
    salts: dict[str, bytes] = {}
    for part in parts:
        content = content_of(part, entry.commitments.get(part.name)) if entry else None
        if content is None or not isinstance(part.salt, bytes):
            entry = None
            break
        contents[part.name] = content
        salts[part.name] = part.salt
    if entry is None:
        raise LedgerError(
            Problem(
                f"{name}: record {row.number} is damaged",
                hint="`fourways audit verify` says more.",
            )
        )
    return Record(entry, str(row.content), contents, salts)
