"""Works out what was done to a chain from the first record that doesn't fit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from fourways.ledger.canonical import digest
from fourways.ledger.chain import Entry, Head, Row, parse_row


class Tampering(StrEnum):
    """A way to tamper with a ledger."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    RESEALED = "re-sealed"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that isn't as it was written.

    Attributes:
        number: the first bad record, as far as can be seen; None if it isn't about a record.
        tampering: what was done, as far as can be seen.
        message: the same in words.
    """

    number: int | None
    tampering: Tampering
    message: str


Fetch = Callable[[int], Row | None]
"""Returns the row with a number."""


def chain_fault(row: Row, head: Head, fetch: Fetch) -> Fault | None:
    """Return what is wrong with a row as the successor of a head; None if nothing is.

    Args:
        row: the next row by number.
        head: the end of the chain before it, which is intact.
        fetch: returns other rows, to find out what was done.
    """
    number = head.count + 1
    if row.number > number:
        last = row.number - 1
        which = f"record {number} is" if last == number else f"records {number} to {last} are"
        return Fault(number, Tampering.DELETED, f"{which} missing")
    if row.number < number:
        message = f"a record was inserted with the number {row.number}"
        return Fault(row.number, Tampering.INSERTED, message)
    entry = parse_row(row)
    if entry is None:
        return _changed(row, fetch)
    if entry.number != row.number:
        return _displaced(row, entry, fetch)
    if entry.previous != head.hash:
        return _unlinked(entry, fetch)
    if (row.time, row.kind, row.rule_base) != (entry.time, entry.kind, entry.rule_base):
        message = f"record {number} was changed: its columns don't match its text"
        return Fault(number, Tampering.EDITED, message)
    return None


def _entry_at(number: int, fetch: Fetch) -> Entry | None:
    row = fetch(number)
    return parse_row(row) if row is not None else None


def _changed(row: Row, fetch: Fetch) -> Fault:
    """Explain a row whose text doesn't match its hash, or isn't a record."""
    following = _entry_at(row.number + 1, fetch)
    if following is not None and following.number == row.number:
        return _inserted(row.number)
    if isinstance(row.content, str):
        entry = parse_row(replace(row, hash=digest(row.content.encode(errors="replace"))))
        at_home = fetch(entry.number) if entry is not None else None
        if entry and at_home and at_home.number != row.number and at_home.hash == entry.hash:
            return _swapped(row.number, entry.number)
    message = f"record {row.number} was changed: its text doesn't match its hash"
    return Fault(row.number, Tampering.EDITED, message)


def _displaced(row: Row, entry: Entry, fetch: Fetch) -> Fault:
    """Explain an undamaged record under another number than its own."""
    other = _entry_at(entry.number, fetch)
    if other is not None and other.hash == entry.hash:
        message = f"a copy of record {entry.number} was inserted as record {row.number}"
        return Fault(row.number, Tampering.INSERTED, message)
    if entry.number < row.number:
        return _inserted(entry.number)
    if other is not None and other.number == row.number:
        return _swapped(row.number, entry.number)
    message = f"record {row.number} is missing, and the records after it were renumbered"
    return Fault(row.number, Tampering.DELETED, message)


def _unlinked(entry: Entry, fetch: Fetch) -> Fault:
    """Explain a record with the right number that doesn't follow the one before."""
    number = entry.number
    following = _entry_at(number + 1, fetch)
    if number == 1 or (following is not None and following.previous != entry.hash):
        message = f"record {number} was replaced: it doesn't follow the one before"
        return Fault(number, Tampering.EDITED, message)
    message = f"record {number - 1} was changed: its hash isn't the one in record {number}"
    return Fault(number - 1, Tampering.EDITED, message)


def _inserted(number: int) -> Fault:
    message = f"record {number} was inserted, and the records after it were renumbered"
    return Fault(number, Tampering.INSERTED, message)


def _swapped(one: int, other: int) -> Fault:
    first, second = sorted((one, other))
    return Fault(first, Tampering.SWAPPED, f"records {first} and {second} were swapped")
