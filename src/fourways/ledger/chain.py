"""The chain: what a record consists of, and how each record is linked to the one before.

A record is canonical JSON. It holds the hash of the record before it. Personal data stays outside:
the record holds only a salted commitment to it. A record's hash is SHA-256 over its text, so the
head of the chain (the number of records and the last hash) stands for every byte in it.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from fourways import __version__
from fourways.errors import InputError, Problem
from fourways.ledger.canonical import canonical, commitment, digest

START = "0" * 64
"""The previous hash of the first record."""

FIELDS = ("body", "commitments", "fourways", "kind", "number", "previous", "rule_base", "time")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the number of records, and the hash of the last."""

    count: int = 0
    hash: str = START


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data of a record, stored outside the chain.

    Attributes:
        name: `case`, `caller` or `run`.
        person: the person it is about, if named.
        content: canonical JSON.
    """

    name: str
    person: str | None
    content: bytes
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that isn't in the chain yet.

    Attributes:
        kind: ask, advise, batch, batch_row, erase or checkpoint.
        personal: its personal data.
        rule_base: the digest of the rules that decided, if any did.
        body: what goes into the chain itself; never personal data.
    """

    kind: str
    personal: tuple[Personal, ...] = ()
    rule_base: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A record as read from the database; any value may have been tampered with."""

    number: int
    content: object
    hash: object
    time: object
    kind: object
    rule_base: object


@dataclass(frozen=True, slots=True)
class StoredPersonal:
    """Personal data as read from the database; any value may have been tampered with."""

    name: str
    person: object
    salt: object
    content: object


@dataclass(frozen=True, slots=True)
class Entry:
    """A record whose text has been parsed."""

    number: int
    time: str
    kind: str
    previous: str
    hash: str
    fourways: str
    rule_base: str | None
    commitments: Mapping[str, str]
    body: Mapping[str, Any]


def seal(draft: Draft, head: Head, time: str) -> Row:
    """Return a draft as the record that follows a head."""
    personal = {one.name: commitment(one.salt, one.content) for one in draft.personal}
    content = canonical(
        {
            "body": dict(draft.body),
            "commitments": personal,
            "fourways": __version__,
            "kind": draft.kind,
            "number": head.count + 1,
            "previous": head.hash,
            "rule_base": draft.rule_base,
            "time": time,
        }
    )
    return Row(head.count + 1, content.decode(), digest(content), time, draft.kind, draft.rule_base)


def parse_row(row: Row) -> Entry | None:
    """Return the record in a row; None if its text doesn't match its hash, or isn't a record."""
    if not (isinstance(row.content, str) and isinstance(row.hash, str)):
        return None
    try:
        if digest(row.content.encode()) != row.hash:
            return None
        fields = json.loads(row.content)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(fields, dict) and tuple(sorted(fields)) == FIELDS):
        return None
    valid = (
        isinstance(fields["number"], int)
        and all(isinstance(fields[name], str) for name in ("time", "kind", "previous", "fourways"))
        and isinstance(fields["rule_base"], str | None)
        and isinstance(fields["commitments"], dict)
        and isinstance(fields["body"], dict)
    )
    return Entry(**fields, hash=row.hash) if valid else None


def parse_personal(stored: StoredPersonal, committed: object) -> Mapping[str, Any] | None:
    """Return the content of personal data; None if it doesn't match the chain's commitment."""
    if not (isinstance(stored.salt, bytes) and isinstance(stored.content, str)):
        return None
    try:
        data = stored.content.encode()
        content = json.loads(data) if commitment(stored.salt, data) == committed else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    return content if content.get("subject", content.get("name")) == stored.person else None


def person_name(name: str) -> str:
    """Return the name of a subject or caller in the form that is stored and searched for.

    Accents are composed (NFC): decomposed, a name looks the same but would not be found.

    Raises:
        InputError: it is empty, too long, or has characters that can't be printed.
    """
    name = normalize("NFC", name.strip())
    if not name or len(name) > 200 or not name.isprintable():
        raise InputError(
            Problem(
                "a person's name or number must be a single line of 1 to 200 characters",
                hint="Use any name you like, such as a staff number.",
            )
        )
    return name
