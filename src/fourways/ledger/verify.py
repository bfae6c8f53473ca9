"""Looks for tampering: goes through the whole ledger and names the first record that is bad."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from fourways.ledger import checkpoints, erasure
from fourways.ledger.canonical import commitment
from fourways.ledger.chain import Entry, Head, Row, StoredPart, content_of, entry_of
from fourways.ledger.checkpoints import Checkpoint, is_signed
from fourways.ledger.database import Database
from fourways.ledger.diagnosis import Fault, Tampering, chain_fault
from fourways.ledger.reading import head_of, personal_of, rows_after, sources_of
from fourways.ledger.schema import PERSONAL, RECORDS, RULE_BASES
from fourways.model.base import digest_of


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        head: the end of what is in order.
        erased: how many records have lost personal data by way of `erase`.
        faults: the first one; where checkpoints are bad themselves, these come before it.
    """

    head: Head
    erased: int
    faults: tuple[Fault, ...]

    @property
    def whole(self) -> bool:
        """Whether everything is as it was written."""
        return not self.faults


def verify(
    database: Database, points: Sequence[Checkpoint] = (), keys: Sequence[str] = ()
) -> Report:
    """Check every record, its personal data, its rules, and that the head fits the checkpoints.

    Args:
        database: the ledger's.
        points: checkpoints that were kept elsewhere.
        keys: the public keys by which checkpoints may be signed, in hexadecimal; with none,
            signatures are not checked.

    Raises:
        LedgerError: the database cannot be read.
    """
    forged = tuple(fault for point in points if (fault := _forged(point, keys)))
    if forged:
        return Report(Head(), 0, forged)
    if not database.is_sound():
        says = "the file is damaged: SQLite finds it not in order"
        return Report(Head(), 0, (Fault(None, Tampering.EDITED, says),))
    with database.reading() as connection:
        walk = _Walk(connection, points, keys)
        fault = walk.first_fault()
    fault = fault or _file_fault(database, walk.head, points)
    return Report(walk.head, len(walk.erased), (fault,) if fault else ())


def _file_fault(database: Database, head: Head, points: Sequence[Checkpoint]) -> Fault | None:
    """Compare the file with what it was, where nothing was recorded since a checkpoint."""
    for point in points:
        latest = head.count == point.head.count + 1
        if point.file and latest and database.is_file and database.file_digest() != point.file:
            says = (
                f"the file is not what it was at the checkpoint of {point.time}, though every "
                "record in it is: bytes were altered that hold none"
            )
            return Fault(None, Tampering.EDITED, says)
    return None


def _forged(point: Checkpoint, keys: Sequence[str]) -> Fault | None:
    if not keys and not point.signature:
        return None
    known = keys or [point.public_key]
    if point.is_signed_by(known):
        return None
    what = "is not signed by the key that was named" if keys else "has a signature that is wrong"
    return Fault(None, Tampering.FORGED, f"the checkpoint of {point.time} {what}")


@dataclass(slots=True)
class _Walk:
    """The way through a ledger; `head` is the end of what was found to be in order."""

    connection: Connection
    points: Sequence[Checkpoint]
    keys: Sequence[str]
    head: Head = field(default_factory=Head)
    erased: Mapping[int, frozenset[str]] = field(default_factory=dict)
    rules: dict[str, str | None] = field(default_factory=dict)
    marked: int = 0

    def first_fault(self) -> Fault | None:
        self.erased = erasure.erased_in(self.connection)
        while rows := rows_after(self.connection, self.head.count):
            parts = personal_of(self.connection, rows[0].number, rows[-1].number)
            for row in rows:
                fault = self._fault_of(row, parts.get(row.number, ()))
                if fault is not None:
                    return fault
        return self._before_the_start() or self._cut_off(self.head.count) or self._left_over()

    def _fault_of(self, row: Row, parts: Iterable[StoredPart]) -> Fault | None:
        fault = chain_fault(row, self.head, self._row_at)
        if fault is not None:
            return fault
        entry = entry_of(row)
        assert entry is not None
        fault = (
            self._fault_by_checkpoint(entry)
            or self._fault_of_checkpoint(entry)
            or self._fault_of_parts(entry, {part.name: part for part in parts})
            or self._fault_of_rules(entry)
        )
        if fault is None:
            self.head = Head(entry.number, entry.hash)
        return fault

    def _row_at(self, number: int) -> Row | None:
        row = self.connection.execute(select(RECORDS).where(RECORDS.c.number == number)).first()
        return Row(*row) if row is not None else None

    def _fault_by_checkpoint(self, entry: Entry) -> Fault | None:
        """Compare a record with what the checkpoints saw in its place."""
        number = entry.number
        for point in self.points:
            seen = point.head.hash if number == point.head.count else point.marks.get(number)
            if seen not in (None, entry.hash):
                after = self._row_at(number + 1)
                fault = (
                    chain_fault(after, Head(number, entry.hash), self._row_at) if after else None
                )
                if fault is not None and fault.number == number:
                    return fault  # what follows gives away what was done
                first = self.marked + 1
                which = (
                    f"record {first} is not the one that was there"
                    if first == number
                    else f"one of the records {first} to {number} is not the one that was there"
                )
                says = f"{which} at the checkpoint of {point.time}: all hashes were made anew"
                return Fault(first, Tampering.RESEALED, says)
            if seen is not None:
                self.marked = number
        return None

    def _fault_of_checkpoint(self, entry: Entry) -> Fault | None:
        """Check a record that says that a checkpoint was made."""
        if entry.kind != checkpoints.KIND:
            return None
        body = dict(entry.body)
        signature, key = str(body.pop("signature", "")), str(body.pop("public_key", ""))
        fits = (body.get("count"), body.get("hash")) == (entry.number - 1, entry.previous)
        signed = not signature or is_signed(body, signature, key)
        expected = not self.keys or not signature or key in self.keys
        if fits and signed and expected:
            return None
        says = (
            f"record {entry.number} has a checkpoint that does not fit: all hashes were made anew"
        )
        return Fault(entry.number, Tampering.RESEALED, says)

    def _fault_of_parts(self, entry: Entry, parts: Mapping[str, StoredPart]) -> Fault | None:
        number, erased = entry.number, self.erased.get(entry.number, frozenset())
        for name in sorted({*entry.commitments, *parts}):
            part, committed = parts.get(name), entry.commitments.get(name)
            if part is None and name not in erased:
                # The record of the erasure may have gone with the end of the ledger.
                cut_off = self._cut_off(head_of(self.connection).count)
                if cut_off is not None:
                    return cut_off
                says = f"the personal data of record {number} ({name}) are missing, and not erased"
                return Fault(number, Tampering.DELETED, says)
            if part is None:
                continue
            if committed is None or name in erased:
                how = "were never recorded" if committed is None else "had been erased"
                says = f"record {number} has personal data ({name}) that {how}"
                return Fault(number, Tampering.INSERTED, says)
            if content_of(part, committed) is None:
                return self._changed_part(number, part)
        return None

    def _changed_part(self, number: int, part: StoredPart) -> Fault:
        if isinstance(part.salt, bytes) and isinstance(part.content, str):
            made = commitment(part.salt, part.content.encode(errors="replace"))
            owners = select(RECORDS.c.number).where(
                RECORDS.c.content.contains(made, autoescape=True), RECORDS.c.number != number
            )
            owner = self.connection.execute(owners).scalar()
            if owner is not None:
                says = f"record {number} has the personal data of record {owner}"
                return Fault(number, Tampering.SWAPPED, says)
        says = f"the personal data of record {number} ({part.name}) were changed"
        return Fault(number, Tampering.EDITED, says)

    def _fault_of_rules(self, entry: Entry) -> Fault | None:
        name = entry.rule_base
        if name is None:
            return None
        if name not in self.rules:
            query = select(RULE_BASES.c.sources).where(RULE_BASES.c.digest == name)
            kept = self.connection.execute(query).first()
            sources = sources_of(kept[0]) if kept is not None else None
            if kept is None:
                self.rules[name] = "are missing"
            else:
                same = sources is not None and digest_of(sources) == name
                self.rules[name] = None if same else "were changed"
        problem = self.rules[name]
        if problem is None:
            return None
        how = Tampering.DELETED if problem == "are missing" else Tampering.EDITED
        return Fault(entry.number, how, f"the rules of record {entry.number} {problem}")

    def _before_the_start(self) -> Fault | None:
        number = self.connection.execute(
            select(RECORDS.c.number).where(RECORDS.c.number < 1).order_by("number")
        ).scalar()
        if number is None:
            return None
        says = f"a record was put in under the number {number}"
        return Fault(number, Tampering.INSERTED, says)

    def _cut_off(self, count: int) -> Fault | None:
        for point in self.points:
            if count < point.head.count:
                says = (
                    f"the ledger ends with record {count}, and had {point.head.count} at the "
                    f"checkpoint of {point.time}: its end was cut off, or it is an old copy"
                )
                return Fault(count + 1, Tampering.TRUNCATED, says)
        return None

    def _left_over(self) -> Fault | None:
        """Find what belongs to no record."""
        numbers = select(RECORDS.c.number)
        number = self.connection.execute(
            select(PERSONAL.c.number).where(PERSONAL.c.number.not_in(numbers))
        ).scalar()
        if number is not None:
            says = f"there are personal data of a record {number}, which there is not"
            return Fault(number, Tampering.INSERTED, says)
        for digest in self.connection.execute(select(RULE_BASES.c.digest)).scalars():
            if digest not in self.rules:
                says = f"there are rules {str(digest)[:12]} by which nothing was decided"
                return Fault(None, Tampering.INSERTED, says)
        return None
