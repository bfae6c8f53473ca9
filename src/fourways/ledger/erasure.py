"""Erases a person's data from the ledger, and from its pages, without breaking the chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from fourways.errors import LedgerError, Problem
from fourways.ledger import records
from fourways.ledger.chain import Draft, Row, parse_row, person_name
from fourways.ledger.ledger import Ledger
from fourways.ledger.schema import LARGEST, PERSONAL, RECORDS

KIND = "erase"


@dataclass(frozen=True, slots=True)
class Erased:
    """An erasure.

    Attributes:
        record: the number of its own record, which names nobody.
        numbers: the records whose personal data was erased.
    """

    record: int
    numbers: tuple[int, ...]


def erase_person(ledger: Ledger, subject: str) -> Erased:
    """Erase all data about a person, as subject and as caller.

    The caller of a record about them is erased too: it may be the same person by another name.

    Raises:
        LedgerError: there is no data about them, or it could not be erased.
    """
    name = person_name(subject)
    about = select(PERSONAL.c.number).where(
        PERSONAL.c.part == records.CASE, PERSONAL.c.person == name
    )
    chosen = or_(PERSONAL.c.person == name, PERSONAL.c.number.in_(about))
    return _erase(ledger, chosen, f"the ledger holds nothing about '{name}'")


def erase_record(ledger: Ledger, number: int) -> Erased:
    """Erase the personal data of one record, such as one without a subject.

    Raises:
        LedgerError: it has none, or it could not be erased.
    """
    chosen = PERSONAL.c.number == min(number, LARGEST)
    return _erase(ledger, chosen, f"record {number} has no personal data")


def _erase(ledger: Ledger, chosen: ColumnElement[bool], nothing: str) -> Erased:
    with ledger.database.writing() as connection:
        found: dict[str, list[str]] = {}
        query = select(PERSONAL.c.number, PERSONAL.c.part).where(chosen)
        for number, name in connection.execute(query.order_by("number", "part")):
            found.setdefault(str(number), []).append(name)
        if not found:
            hint = "`fourways audit list` shows what it holds."
            raise LedgerError(Problem(nothing, hint=hint))
        for number, names in found.items():
            connection.execute(
                delete(PERSONAL).where(PERSONAL.c.number == int(number), PERSONAL.c.part.in_(names))
            )
        (record,) = ledger.append([Draft(KIND, body={"erased": found})], connection=connection)
    try:
        ledger.database.rewrite()
    except LedgerError as error:
        problem = Problem(
            f"the data was erased (record {record}), but traces may remain in the database's pages",
            hint="To clear them, run VACUUM; on PostgreSQL, VACUUM FULL ledger_personal.",
        )
        raise LedgerError(problem, *error.problems) from None
    return Erased(record, tuple(map(int, found)))


def erased_in(connection: Connection) -> Mapping[int, frozenset[str]]:
    """Return the names of the erased personal data, by the number of their record."""
    erased: dict[int, frozenset[str]] = {}
    for row in connection.execute(select(RECORDS).where(RECORDS.c.kind == KIND)):
        entry = parse_row(Row(*row))
        body = entry.body.get("erased") if entry is not None else None
        for number, names in body.items() if isinstance(body, dict) else ():
            if str(number).isdecimal() and isinstance(names, list):
                valid = frozenset(name for name in names if isinstance(name, str))
                erased[int(number)] = erased.get(int(number), frozenset()) | valid
    return erased
