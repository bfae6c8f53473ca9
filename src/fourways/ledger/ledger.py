"""The ledger: adds records to the chain, and reads them.

Once `record` has returned a number, the record is on the disk; until then nothing of it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import Connection, func, insert, select

from fourways.errors import FourwaysError, InputError, LedgerError, Problem, did_you_mean
from fourways.ledger import records
from fourways.ledger.canonical import canonical
from fourways.ledger.chain import Draft, Head, Row, seal
from fourways.ledger.database import Database
from fourways.ledger.reading import (
    NONE,
    Damaged,
    Filter,
    Record,
    as_text,
    head_of,
    parse_sources,
    personal_of,
    record_of,
)
from fourways.ledger.schema import LARGEST, PERSONAL, RECORDS, RULE_BASES
from fourways.model.base import RuleBase, digest_of
from fourways.model.decision import Decision

Clock = Callable[[], datetime]


class Ledger:
    """An open ledger."""

    def __init__(self, database: Database, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.database = database
        self._clock = clock

    @classmethod
    def open(cls, address: str | None = None, create: bool = True) -> Self:
        """Open a ledger; see `Database`."""
        return cls(Database(address, create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def now(self) -> str:
        """Return the current time as records hold it."""
        return as_text(self._clock())

    # ------------------------------------------------------------------ adding

    def record(
        self,
        kind: str,
        decision: Decision,
        subject: str | None = None,
        by: str | None = None,
        notes: Iterable[str] = (),
    ) -> int:
        """Record a decision of `ask` or `advise`, and return the number of the record.

        Raises:
            LedgerError: nothing was recorded.
            InputError: the subject or the caller isn't a valid name.
        """
        decided = records.decision_json(decision)
        personal = [records.case(decided, decision.profile, subject, notes)]
        if by:
            personal.append(records.caller(by))
        draft = Draft(kind, tuple(personal), decision.base.digest)
        return self.append([draft], decision.base)[0]

    def append(
        self,
        drafts: Sequence[Draft],
        base: RuleBase | None = None,
        connection: Connection | None = None,
    ) -> tuple[int, ...]:
        """Add records, all of them or none, and return their numbers.

        Args:
            drafts: in the order of the chain.
            base: the rules that they name.
            connection: adds them to what a connection of `Database.writing` has written.

        Raises:
            LedgerError: nothing was recorded.
        """
        if connection is None:
            with self.database.writing() as connection:
                return self.append(drafts, base, connection)
        if base is not None:
            _store_rules(connection, base)
        head = head_of(connection)
        time = self.now()
        rows, personal = [], []
        for draft in drafts:
            row = seal(draft, head, time)
            head = Head(row.number, str(row.hash))
            rows.append({name: getattr(row, name) for name in Row.__slots__})
            personal += [
                {
                    "number": row.number,
                    "part": one.name,
                    "person": one.person,
                    "salt": one.salt,
                    "content": one.content.decode(),
                }
                for one in draft.personal
            ]
        connection.execute(insert(RECORDS), rows)
        if personal:
            connection.execute(insert(PERSONAL), personal)
        return tuple(row["number"] for row in rows)

    # ------------------------------------------------------------------ reading

    def head(self) -> Head:
        """Return the head of the chain."""
        with self.database.reading() as connection:
            return head_of(connection)

    def scan(self, wanted: Filter | None = None) -> Iterator[Record | Damaged]:
        """Yield the records that match a filter, in order; those that are damaged as `Damaged`."""
        wanted = wanted or Filter()
        query = wanted.query()
        last = 0
        while True:
            # A transaction per chunk: a long read must not keep others from writing.
            with self.database.reading() as connection:
                rows = [
                    Row(*row) for row in connection.execute(query.where(RECORDS.c.number > last))
                ]
                if not rows:
                    return
                last = rows[-1].number
                personal = personal_of(connection, rows[0].number, last)
            for row in rows:
                record = record_of(row, personal.get(row.number, ()))
                if isinstance(record, Damaged) or wanted.matches(record):
                    yield record

    def records(self, wanted: Filter | None = None) -> Iterator[Record]:
        """Yield the records that match a filter, in order; raise LedgerError at a damaged one."""
        for record in self.scan(wanted):
            if isinstance(record, Damaged):
                raise record.error(self.database.name)
            yield record

    def get(self, number: int) -> Record:
        """Return one record; raise LedgerError if it doesn't exist or is damaged."""
        with self.database.reading() as connection:
            query = select(RECORDS).where(RECORDS.c.number == min(number, LARGEST))
            row = connection.execute(query).first()
            if row is None:
                count = head_of(connection).count
                hint = f"Its records are 1 to {count}." if count else "It is empty."
                raise LedgerError(Problem(f"the ledger has no record {number}", hint=hint))
            personal = personal_of(connection, number, number)
        record = record_of(Row(*row), personal.get(number, ()))
        if isinstance(record, Damaged):
            raise record.error(self.database.name)
        return record

    def rule_base(self, digest: str) -> RuleBase:
        """Return a stored rule base.

        Raises:
            LedgerError: it is missing, or was changed.
            RuleBaseError: this version of fourways can't read it.
        """
        from fourways.rulebase import load_sources

        with self.database.reading() as connection:
            query = select(RULE_BASES.c.sources).where(RULE_BASES.c.digest == digest)
            sources = parse_sources(connection.execute(query).scalar())
        if sources is None or digest_of(sources) != digest:
            problem = "are missing" if sources is None else "were changed"
            hint = "See `fourways audit verify`."
            raise LedgerError(Problem(f"the rules {digest[:12]} {problem}", hint=hint))
        return load_sources(sources)

    def rule_bases(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield the digest and the texts of every stored rule base."""
        with self.database.reading() as connection:
            for digest, text in connection.execute(select(RULE_BASES).order_by("digest")):
                yield digest, parse_sources(text) or {}

    def check_names(self, wanted: Filter) -> None:
        """Raise InputError if no stored rule base has the rule or the path of a filter."""
        bases = []
        for digest, _ in self.rule_bases():
            try:
                bases.append(self.rule_base(digest))
            except FourwaysError:
                return  # It may have had them.
        rules = {name for base in bases for name in base.by_id}
        paths = {NONE, *(name for base in bases for name in base.paths)}
        problems = [
            Problem(
                f"no rules in the ledger have a {what} '{name}'", hint=did_you_mean(name, known)
            )
            for what, name, known in (("rule", wanted.rule, rules), ("path", wanted.path, paths))
            if bases and name is not None and name not in known
        ]
        if problems:
            raise InputError(*problems)


def _store_rules(connection: Connection, base: RuleBase) -> None:
    known = select(func.count()).where(RULE_BASES.c.digest == base.digest)
    if not connection.execute(known).scalar():
        sources = canonical(dict(base.sources)).decode()
        connection.execute(insert(RULE_BASES), {"digest": base.digest, "sources": sources})
