"""The ledger: adds records to the chain, and reads them.

What `record` has given a number for is on the disk; until then there is nothing of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, func, insert, select

from fourways.errors import LedgerError, Problem
from fourways.ledger import records
from fourways.ledger.canonical import canonical
from fourways.ledger.chain import Draft, Head, Part, Row, sealed
from fourways.ledger.database import Database
from fourways.ledger.reading import (
    Filter,
    Record,
    fits,
    head_of,
    personal_of,
    query_for,
    record_of,
    sources_of,
    stamped,
)
from fourways.ledger.schema import LARGEST, PERSONAL, RECORDS, RULE_BASES
from fourways.model.base import RuleBase, digest_of
from fourways.model.decision import Decision

Clock = Callable[[], datetime]


class Ledger:
    """A ledger, open.

    Args:
        database: where it is kept.
        clock: tells the time.
    """

    def __init__(self, database: Database, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.database = database
        self._clock = clock

    @classmethod
    def open(cls, place: str | None = None, create: bool = True) -> Self:
        """Open a ledger.

        Args:
            place: a file or a URL; by default as the environment says, or the user's own.
            create: whether to make it when it is not there.

        Raises:
            LedgerError: it cannot be opened.
        """
        return cls(Database(place, create))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.database.close()

    def now(self) -> str:
        """Give the time as records have it."""
        return stamped(self._clock())

    # ------------------------------------------------------------------ adding

    def record(
        self,
        kind: str,
        decision: Decision,
        subject: str | None = None,
        by: str | None = None,
        notes: Iterable[str] = (),
    ) -> int:
        """Put a decision on record.

        Args:
            kind: what happened: `ask` or `advise`.
            decision: what came out, with its trace and its rules.
            subject: whom it is about, as the caller calls them.
            by: who asked.
            notes: what was inferred while the answers were read.

        Returns:
            The number of the record, once it is on the disk.

        Raises:
            LedgerError: it could not be recorded; then nothing of it was.
            InputError: the subject or the caller is no fit name.
        """
        parts = [records.case(records.decided(decision), decision.profile, subject, notes)]
        if by:
            parts.append(records.caller(by))
        draft = Draft(kind, tuple(parts), decision.base.digest)
        return self.append([draft], decision.base)[0]

    def append(self, drafts: Sequence[Draft], base: RuleBase | None = None) -> tuple[int, ...]:
        """Add records, all of them or none.

        Args:
            drafts: in the order in which they are to stand.
            base: the rules that they name.

        Returns:
            Their numbers.

        Raises:
            LedgerError: they could not be recorded.
        """
        with self.database.writing() as connection:
            return self.append_on(connection, drafts, base)

    def append_on(
        self, connection: Connection, drafts: Sequence[Draft], base: RuleBase | None = None
    ) -> tuple[int, ...]:
        """Add records on a connection that writes; see `append`."""
        if base is not None:
            _keep_rules(connection, base)
        head = head_of(connection)
        time = self.now()
        rows, parts = [], []
        for draft in drafts:
            row = sealed(draft, head, time)
            head = Head(row.number, str(row.hash))
            rows.append({name: getattr(row, name) for name in Row.__slots__})
            parts += [_as_row(row.number, part) for part in draft.parts]
        connection.execute(insert(RECORDS), rows)
        if parts:
            connection.execute(insert(PERSONAL), parts)
        return tuple(row["number"] for row in rows)

    # ------------------------------------------------------------------ reading

    def head(self) -> Head:
        """Give the end of the chain."""
        with self.database.reading() as connection:
            return head_of(connection)

    def records(
        self,
        wanted: Filter | None = None,
        damaged: Callable[[int, LedgerError], object] | None = None,
    ) -> Iterator[Record]:
        """Give the records that a filter lets through, in their order.

        Args:
            wanted: which; by default all.
            damaged: is told the number of each that is not as it was written, and what is wrong;
                it is passed over then.

        Raises:
            LedgerError: a record is not as it was written, and nobody wants to be told.
        """
        wanted = wanted or Filter()
        query = query_for(wanted)
        last = 0
        while True:
            # One state per helping: a long look must not keep others from writing.
            with self.database.reading() as connection:
                found = connection.execute(query.where(RECORDS.c.number > last)).all()
                if not found:
                    return
                rows = [Row(*row) for row in found]
                last = rows[-1].number
                parts = personal_of(connection, rows[0].number, last)
            for row in rows:
                try:
                    record = record_of(row, parts.get(row.number, ()), self.database.name)
                except LedgerError as error:
                    if damaged is None:
                        raise
                    damaged(row.number, error)
                    continue
                if fits(record, wanted):
                    yield record

    def get(self, number: int) -> Record:
        """Give one record.

        Raises:
            LedgerError: there is none of that number, or it cannot be read.
        """
        with self.database.reading() as connection:
            one = select(RECORDS).where(RECORDS.c.number == min(number, LARGEST))
            found = connection.execute(one).first()
            if found is None:
                count = head_of(connection).count
                hint = f"Its records are 1 to {count}." if count else "It is empty."
                raise LedgerError(Problem(f"the ledger has no record {number}", hint=hint))
            parts = personal_of(connection, number, number)
            return record_of(Row(*found), parts.get(number, ()), self.database.name)

    def rule_base(self, digest: str) -> RuleBase:
        """Give the rules of a day.

        Raises:
            LedgerError: they are not there, or not as they were.
            RuleBaseError: this version of fourways cannot read them.
        """
        from fourways.rulebase import load_sources

        with self.database.reading() as connection:
            query = select(RULE_BASES.c.sources).where(RULE_BASES.c.digest == digest)
            sources = sources_of(connection.execute(query).scalar())
        if sources is None or digest_of(sources) != digest:
            problem = "are missing" if sources is None else "were changed"
            raise LedgerError(
                Problem(f"the rules {digest[:12]} {problem}", hint="See `fourways audit verify`.")
            )
        return load_sources(sources)

    def rule_bases(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Give the digest and the texts of every rule base that was kept."""
        with self.database.reading() as connection:
            for digest, text in connection.execute(select(RULE_BASES).order_by("digest")):
                yield digest, sources_of(text) or {}


def _keep_rules(connection: Connection, base: RuleBase) -> None:
    known = select(func.count()).where(RULE_BASES.c.digest == base.digest)
    if not connection.execute(known).scalar():
        sources = canonical(dict(base.sources)).decode()
        connection.execute(insert(RULE_BASES), {"digest": base.digest, "sources": sources})


def _as_row(number: int, part: Part) -> dict[str, Any]:
    return {
        "number": number,
        "part": part.name,
        "person": part.person,
        "salt": part.salt,
        "content": part.content.decode(),
    }
