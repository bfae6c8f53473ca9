"""The chain: what a record consists of, and how each one seals the one before.

A record is canonical JSON. It holds the hash of the record before it and, for what tells of a
person, nothing but a salted commitment; its own hash is SHA-256 over its text. The head of the
chain, its count and last hash, so stands for every byte of it.
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
"""Stands for the hash before the first record."""

FIELDS = ("body", "commitments", "fourways", "kind", "number", "previous", "rule_base", "time")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many records, and the hash of the last."""

    count: int = 0
    hash: str = START


@dataclass(frozen=True, slots=True)
class Part:
    """Personal data of a record, kept outside the chain.

    Attributes:
        name: what it is: the case, who asked, a run.
        person: whom it tells of; None where nobody is named.
        content: canonical JSON.
        salt: drawn for this part alone.
    """

    name: str
    person: str | None
    content: bytes
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record before it has its place in the chain.

    Attributes:
        kind: what happened: ask, advise, batch, batch_row, erase, checkpoint.
        parts: its personal data.
        rule_base: the digest of the rules, where some decided.
        body: what belongs into the chain itself; never anything personal.
    """

    kind: str
    parts: tuple[Part, ...] = ()
    rule_base: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A record as the database has it; each value may have been tampered with."""

    number: int
    content: object
    hash: object
    time: object
    kind: object
    rule_base: object


def sealed(draft: Draft, head: Head, time: str) -> Row:
    """Give the record that follows on a head."""
    content = canonical(
        {
            "body": dict(draft.body),
            "commitments": {part.name: commitment(part.salt, part.content) for part in draft.parts},
            "fourways": __version__,
            "kind": draft.kind,
            "number": head.count + 1,
            "previous": head.hash,
            "rule_base": draft.rule_base,
            "time": time,
        }
    )
    return Row(head.count + 1, content.decode(), digest(content), time, draft.kind, draft.rule_base)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that has been read."""

    number: int
    time: str
    kind: str
    previous: str
    hash: str
    fourways: str
    rule_base: str | None
    commitments: Mapping[str, str]
    body: Mapping[str, Any]


def entry_of(row: Row) -> Entry | None:
    """Give what a row says; None where its text does not have its hash, or is no record."""
    if not (isinstance(row.content, str) and isinstance(row.hash, str)):
        return None
    try:
        if digest(row.content.encode()) != row.hash:
            return None
        said = json.loads(row.content)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(said, dict) and tuple(sorted(said)) == FIELDS):
        return None
    right = (
        isinstance(said["number"], int)
        and all(isinstance(said[name], str) for name in ("time", "kind", "previous", "fourways"))
        and isinstance(said["rule_base"], str | None)
        and isinstance(said["commitments"], dict)
        and isinstance(said["body"], dict)
    )
    return Entry(**said, hash=row.hash) if right else None


@dataclass(frozen=True, slots=True)
class StoredPart:
    """Personal data as the database has them; each value may have been tampered with."""

    name: str
    person: object
    salt: object
    content: object


def content_of(part: StoredPart, committed: object) -> Mapping[str, Any] | None:
    """Give what personal data say; None where they are not those that the chain commits to."""
    if not (isinstance(part.salt, bytes) and isinstance(part.content, str)):
        return None
    try:
        content = part.content.encode()
        said = json.loads(content) if commitment(part.salt, content) == committed else None
    except (ValueError, RecursionError):
        return None
    named = said.get("subject", said.get("name")) if isinstance(said, dict) else None
    return said if isinstance(said, dict) and named == part.person else None


def name_of_person(name: str) -> str:
    """Give the name of a subject or a caller as it is kept and looked for.

    A letter with an accent is one sign: as two, it looks the same and would be another name.

    Raises:
        InputError: it is empty, too long, or holds what cannot be printed.
    """
    name = normalize("NFC", name.strip())
    if not name or len(name) > 200 or not name.isprintable():
        raise InputError(
            Problem(
                "a person's name or number is a line of 1 to 200 characters",
                hint="Choose one of your own making, such as a staff number.",
            )
        )
    return name
