"""What was done to a chain: from the first record that does not fit to edit, deletion and so on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from fourways.ledger.canonical import digest
from fourways.ledger.chain import Entry, Head, Row, entry_of


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
    """Something that is not as it was written.

    Attributes:
        number: the first bad record, as far as it can be told; None where it is no record.
        tampering: what was done, as far as it can be told.
        says: the same in a sentence.
    """

    number: int | None
    tampering: Tampering
    says: str


Fetch = Callable[[int], Row | None]
"""Gives the row that stands at a number."""


def chain_fault(row: Row, head: Head, fetch: Fetch) -> Fault | None:
    """Tell what is wrong with a row as the one that follows on a head; None when nothing is.

    Args:
        row: the next row, in the order of the numbers.
        head: the end of what was found to be in order so far.
        fetch: gives the others, to tell what was done.
    """
    number = head.count + 1
    if row.number > number:
        last = row.number - 1
        which = f"record {number} is" if last == number else f"records {number} to {last} are"
        return Fault(number, Tampering.DELETED, f"{which} missing")
    if row.number < number:
        says = f"a record was put in under the number {row.number}"
        return Fault(row.number, Tampering.INSERTED, says)
    entry = entry_of(row)
    if entry is None:
        return _changed(row, fetch)
    if entry.number != row.number:
        return _displaced(row, entry, fetch)
    if entry.previous != head.hash:
        return _unlinked(entry, fetch)
    if (row.time, row.kind, row.rule_base) != (entry.time, entry.kind, entry.rule_base):
        says = f"record {number} was changed: its columns are not what its text says"
        return Fault(number, Tampering.EDITED, says)
    return None


def _entry_at(number: int, fetch: Fetch) -> Entry | None:
    row = fetch(number)
    return entry_of(row) if row is not None else None


def _changed(row: Row, fetch: Fetch) -> Fault:
    """Tell about a row whose text does not have its hash, or is no record."""
    following = _entry_at(row.number + 1, fetch)
    if following is not None and following.number == row.number:
        return _inserted(row.number)
    if isinstance(row.content, str):
        entry = entry_of(replace(row, hash=digest(row.content.encode(errors="replace"))))
        at_home = fetch(entry.number) if entry is not None else None
        if entry and at_home and at_home.number != row.number and at_home.hash == entry.hash:
            return _swapped(row.number, entry.number)
    says = f"record {row.number} was changed: its text does not have its hash"
    return Fault(row.number, Tampering.EDITED, says)


def _displaced(row: Row, entry: Entry, fetch: Fetch) -> Fault:
    """Tell about a whole record that stands at another number than its own."""
    other = _entry_at(entry.number, fetch)
    if other is not None and other.hash == entry.hash:
        says = f"a copy of record {entry.number} was put in as record {row.number}"
        return Fault(row.number, Tampering.INSERTED, says)
    if entry.number < row.number:
        return _inserted(entry.number)
    if other is not None and other.number == row.number:
        return _swapped(row.number, entry.number)
    says = f"record {row.number} is missing, and those after it were given its number"
    return Fault(row.number, Tampering.DELETED, says)


def _unlinked(entry: Entry, fetch: Fetch) -> Fault:
    """Tell about a record that stands where it should and does not fit to the one before."""
    number = entry.number
    following = _entry_at(number + 1, fetch)
    forged = following is not None and following.previous != entry.hash
    if number == 1 or forged:
        says = f"record {number} was replaced: it does not follow on the one before"
        return Fault(number, Tampering.EDITED, says)
    says = f"record {number - 1} was changed and given a new hash, which record {number} belies"
    return Fault(number - 1, Tampering.EDITED, says)


def _inserted(number: int) -> Fault:
    says = f"record {number} was put in, and those after it were moved on"
    return Fault(number, Tampering.INSERTED, says)


def _swapped(one: int, other: int) -> Fault:
    first, second = sorted((one, other))
    return Fault(first, Tampering.SWAPPED, f"records {first} and {second} were swapped")
