"""Looks for tampering: checks the whole ledger and names the first bad record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from fourways.ledger import checkpoints, erasure, keys
from fourways.ledger.canonical import commitment
from fourways.ledger.chain import Entry, Head, Row, StoredPersonal, parse_personal, parse_row
from fourways.ledger.checkpoints import Checkpoint
from fourways.ledger.database import Database
from fourways.ledger.diagnosis import Fault, Tampering, chain_fault
from fourways.ledger.reading import CHUNK, head_of, parse_sources, personal_of
from fourways.ledger.schema import PERSONAL, RECORDS, RULE_BASES
from fourways.model.base import digest_of


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a verification.

    Attributes:
        head: the last intact record.
        erased: the number of records from which personal data was erased.
        faults: the first fault; or every checkpoint that is forged.
        keys: the public keys that signatures were checked against, in hexadecimal.
    """

    head: Head = field(default_factory=Head)
    erased: int = 0
    faults: tuple[Fault, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether everything is as it was written."""
        return not self.faults


def verify(
    database: Database, points: Sequence[Checkpoint] = (), known: Sequence[str] = ()
) -> Report:
    """Check every record, its personal data and rules, and that they fit the checkpoints.

    Args:
        database: the ledger's.
        points: checkpoints that were stored elsewhere.
        known: the public keys that may sign checkpoints, in hexadecimal; if empty, any key may.

    Raises:
        LedgerError: the database can't be read.
    """
    forged = tuple(fault for point in points if (fault := _forged(point, known)))
    if forged:
        return Report(faults=forged)
    if not database.is_sound():
        message = "the file is damaged: SQLite's own check fails"
        return Report(faults=(Fault(None, Tampering.EDITED, message),))
    with database.reading() as connection:
        walk = _Walk(connection, points, known, erasure.erased_in(connection))
        fault = walk.first_fault()
    fault = fault or _file_fault(database, walk.head, points)
    return Report(walk.head, len(walk.erased), (fault,) if fault else (), tuple(known))


def _forged(point: Checkpoint, known: Sequence[str]) -> Fault | None:
    if point.is_signed_by(known or [point.public_key]) or not (known or point.signature):
        return None
    what = "isn't signed by a key that you named" if known else "has an invalid signature"
    return Fault(None, Tampering.FORGED, f"the checkpoint of {point.time} {what}")


def _file_fault(database: Database, head: Head, points: Sequence[Checkpoint]) -> Fault | None:
    """Compare the file with its digest at a checkpoint, if nothing was recorded since."""
    for point in points:
        latest = head.count == point.head.count + 1
        if point.file and latest and database.is_file and database.file_digest() != point.file:
            message = (
                f"the file has changed since the checkpoint of {point.time}, in bytes that belong "
                "to no record"
            )
            return Fault(None, Tampering.EDITED, message)
    return None


@dataclass(slots=True)
class _Walk:
    """A pass over a ledger.

    Attributes:
        head: the end of what was found intact.
        marked: the last record that a checkpoint confirmed.
        rules: what is wrong with each rule base; an empty text if nothing is.
    """

    connection: Connection
    points: Sequence[Checkpoint]
    known: Sequence[str]
    erased: Mapping[int, frozenset[str]]
    head: Head = field(default_factory=Head)
    marked: int = 0
    rules: dict[str, str] = field(default_factory=dict)

    def first_fault(self) -> Fault | None:
        query = select(RECORDS).order_by("number").limit(CHUNK)
        while True:
            chunk = query.where(RECORDS.c.number > self.head.count)
            rows = [Row(*row) for row in self.connection.execute(chunk)]
            if not rows:
                break
            personal = personal_of(self.connection, rows[0].number, rows[-1].number)
            for row in rows:
                fault = self._row_fault(row, personal.get(row.number, ()))
                if fault is not None:
                    return fault
        return self._numbered_below_one() or self._truncated(self.head.count) or self._orphans()

    def _row_fault(self, row: Row, stored: Iterable[StoredPersonal]) -> Fault | None:
        fault = chain_fault(row, self.head, self._row_at)
        if fault is not None:
            return fault
        entry = parse_row(row)
        assert entry is not None
        fault = (
            self._differs_from_checkpoint(entry)
            or self._checkpoint_fault(entry)
            or self._personal_fault(entry, {one.name: one for one in stored})
            or self._rules_fault(entry)
        )
        if fault is None:
            self.head = Head(entry.number, entry.hash)
        return fault

    def _row_at(self, number: int) -> Row | None:
        row = self.connection.execute(select(RECORDS).where(RECORDS.c.number == number)).first()
        return Row(*row) if row is not None else None

    def _differs_from_checkpoint(self, entry: Entry) -> Fault | None:
        """Compare a record with its hash in the checkpoints."""
        number = entry.number
        for point in self.points:
            seen = point.head.hash if number == point.head.count else point.marks.get(number)
            if seen is None:
                continue
            if seen != entry.hash:
                following = self._row_at(number + 1)
                if following is not None:
                    # If the next record still has the old hash, only this one was changed.
                    fault = chain_fault(following, Head(number, entry.hash), self._row_at)
                    if fault is not None and fault.number == number:
                        return fault
                first = self.marked + 1
                which = f"record {number} isn't"
                if first < number:
                    which = f"one of the records {first} to {number} isn't"
                message = (
                    f"{which} the one that was there at the checkpoint of {point.time}: "
                    "all hashes were recomputed"
                )
                return Fault(first, Tampering.RESEALED, message)
            self.marked = number
        return None

    def _checkpoint_fault(self, entry: Entry) -> Fault | None:
        """Check the record of a checkpoint."""
        if entry.kind != checkpoints.KIND:
            return None
        statement = dict(entry.body)
        signature = str(statement.pop("signature", ""))
        key = str(statement.pop("public_key", ""))
        fits = (statement.get("count"), statement.get("hash")) == (entry.number - 1, entry.previous)
        trusted = not signature or (
            (not self.known or key in self.known) and keys.is_signed(statement, signature, key)
        )
        if fits and trusted:
            return None
        message = f"the checkpoint in record {entry.number} doesn't fit: all hashes were recomputed"
        return Fault(entry.number, Tampering.RESEALED, message)

    def _personal_fault(self, entry: Entry, stored: Mapping[str, StoredPersonal]) -> Fault | None:
        number, erased = entry.number, self.erased.get(entry.number, frozenset())
        for name in sorted({*entry.commitments, *stored}):
            one, committed = stored.get(name), entry.commitments.get(name)
            if one is None:
                if name in erased:
                    continue
                # The record of an erasure may have been cut off with the end of the ledger.
                cut_off = self._truncated(head_of(self.connection).count)
                message = f"personal data of record {number} ({name}) is missing but wasn't erased"
                return cut_off or Fault(number, Tampering.DELETED, message)
            if committed is None or name in erased:
                how = "was never recorded" if committed is None else "had been erased"
                message = f"record {number} has personal data ({name}) that {how}"
                return Fault(number, Tampering.INSERTED, message)
            if parse_personal(one, committed) is None:
                return self._changed_personal(number, one)
        return None

    def _changed_personal(self, number: int, stored: StoredPersonal) -> Fault:
        if isinstance(stored.salt, bytes) and isinstance(stored.content, str):
            made = commitment(stored.salt, stored.content.encode(errors="replace"))
            owners = select(RECORDS.c.number).where(
                RECORDS.c.content.contains(made, autoescape=True), RECORDS.c.number != number
            )
            owner = self.connection.execute(owners).scalar()
            if owner is not None:
                message = f"record {number} has the personal data of record {owner}"
                return Fault(number, Tampering.SWAPPED, message)
        message = f"personal data of record {number} ({stored.name}) was changed"
        return Fault(number, Tampering.EDITED, message)

    def _rules_fault(self, entry: Entry) -> Fault | None:
        digest = entry.rule_base
        if digest is None:
            return None
        if digest not in self.rules:
            query = select(RULE_BASES.c.sources).where(RULE_BASES.c.digest == digest)
            row = self.connection.execute(query).first()
            sources = parse_sources(row[0]) if row is not None else None
            changed = sources is None or digest_of(sources) != digest
            self.rules[digest] = "are missing" if row is None else "were changed" if changed else ""
        problem = self.rules[digest]
        if not problem:
            return None
        tampering = Tampering.DELETED if problem == "are missing" else Tampering.EDITED
        return Fault(entry.number, tampering, f"the rules of record {entry.number} {problem}")

    def _numbered_below_one(self) -> Fault | None:
        query = select(RECORDS.c.number).where(RECORDS.c.number < 1).order_by("number")
        number = self.connection.execute(query).scalar()
        if number is None:
            return None
        message = f"a record was inserted with the number {number}"
        return Fault(number, Tampering.INSERTED, message)

    def _truncated(self, count: int) -> Fault | None:
        for point in self.points:
            if count < point.head.count:
                message = (
                    f"the ledger ends with record {count}, but had {point.head.count} records at "
                    f"the checkpoint of {point.time}: its end was cut off, or it is an old copy"
                )
                return Fault(count + 1, Tampering.TRUNCATED, message)
        return None

    def _orphans(self) -> Fault | None:
        """Find personal data and rules that belong to no record."""
        query = select(PERSONAL.c.number).where(PERSONAL.c.number.not_in(select(RECORDS.c.number)))
        number = self.connection.execute(query).scalar()
        if number is not None:
            message = f"there is personal data of record {number}, which doesn't exist"
            return Fault(number, Tampering.INSERTED, message)
        for digest in self.connection.execute(select(RULE_BASES.c.digest)).scalars():
            if digest not in self.rules:
                message = f"the rules {str(digest)[:12]} belong to no record"
                return Fault(None, Tampering.INSERTED, message)
        return None
