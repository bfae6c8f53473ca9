"""Takes a person out of the ledger: the data, their pages, and nothing of the chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from fourways.errors import LedgerError, Problem
from fourways.ledger import records
from fourways.ledger.chain import Draft, Row, entry_of, name_of_person
from fourways.ledger.ledger import Ledger
from fourways.ledger.schema import LARGEST, PERSONAL, RECORDS

KIND = "erase"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased.

    Attributes:
        record: the number of the record that says so, and names no person.
        numbers: the records that have lost personal data.
    """

    record: int
    numbers: tuple[int, ...]


def erase_person(ledger: Ledger, subject: str) -> Erased:
    """Erase everything that tells of a person: as the one it is about, or as the one who asked.

    With a record about them goes who asked for it, too: that may be the same person by another
    name.

    Raises:
        LedgerError: nothing is held about them, or it could not be erased.
    """
    name = name_of_person(subject)
    about = select(PERSONAL.c.number).where(
        PERSONAL.c.part == records.CASE, PERSONAL.c.person == name
    )
    meant = or_(PERSONAL.c.person == name, PERSONAL.c.number.in_(about))
    return _erase(ledger, meant, f"nothing is held about '{name}'")


def erase_record(ledger: Ledger, number: int) -> Erased:
    """Erase the personal data of one record, such as one whose subject nobody named.

    Raises:
        LedgerError: it has none, or they could not be erased.
    """
    meant = PERSONAL.c.number == min(number, LARGEST)
    return _erase(ledger, meant, f"record {number} has no personal data")


def _erase(ledger: Ledger, meant: ColumnElement[bool], nothing: str) -> Erased:
    with ledger.database.writing() as connection:
        found: dict[str, list[str]] = {}
        chosen = select(PERSONAL.c.number, PERSONAL.c.part).where(meant)
        for number, part in connection.execute(chosen.order_by("number", "part")):
            found.setdefault(str(number), []).append(part)
        if not found:
            raise LedgerError(Problem(nothing, hint="`fourways audit list` shows what there is."))
        for number, parts in found.items():
            connection.execute(
                delete(PERSONAL).where(PERSONAL.c.number == int(number), PERSONAL.c.part.in_(parts))
            )
        (record,) = ledger.append_on(connection, [Draft(KIND, body={"erased": found})])
    try:
        ledger.database.rewrite()
    except LedgerError as error:
        done = Problem(
            f"the data are erased, as record {record} says, but the pages were not rewritten",
            hint="Run VACUUM on it, on PostgreSQL VACUUM FULL ledger_personal, to clear its pages.",
        )
        raise LedgerError(done, *error.problems) from None
    return Erased(record, tuple(map(int, found)))


def erased_in(connection: Connection) -> Mapping[int, frozenset[str]]:
    """Give which parts were erased, by the numbers of their records."""
    erased: dict[int, frozenset[str]] = {}
    for row in connection.execute(select(RECORDS).where(RECORDS.c.kind == KIND)):
        entry = entry_of(Row(*row))
        said = entry.body.get("erased") if entry is not None else None
        for number, parts in said.items() if isinstance(said, dict) else ():
            if str(number).isdecimal() and isinstance(parts, list):
                names = frozenset(part for part in parts if isinstance(part, str))
                erased[int(number)] = erased.get(int(number), frozenset()) | names
    return erased
