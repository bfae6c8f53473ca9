"""Checkpoints: the head of the chain at some time, signed with Ed25519, to be stored elsewhere.

Anyone who can write to the ledger can cut off its end, or change a record and recompute every
hash. A checkpoint that they can't change gives them away.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from fourways.errors import InputError
from fourways.ledger import keys
from fourways.ledger.canonical import canonical, digest
from fourways.ledger.chain import Draft, Head
from fourways.ledger.ledger import Ledger
from fourways.ledger.reading import head_of
from fourways.ledger.schema import RECORDS

KIND = "checkpoint"
VERSION = 1

MARKS = 1000
"""The most hashes of earlier records it holds, to locate where a recomputed chain differs."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a ledger at some time.

    Attributes:
        head: the number of records, and the hash of the last.
        time: when it was made.
        marks: hashes of earlier records, by number.
        public_key: the key that signed it, in hexadecimal; empty if it isn't signed.
        signature: in hexadecimal.
        file: SHA-256 of the ledger's file after the checkpoint was recorded; empty on a server.
        file_signature: the signature of that.
    """

    head: Head
    time: str
    marks: Mapping[int, str] = field(repr=False)
    public_key: str = ""
    signature: str = ""
    file: str = ""
    file_signature: str = ""

    @property
    def statement(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "count": self.head.count,
            "fourways_checkpoint": VERSION,
            "hash": self.head.hash,
            "marks": digest(canonical(self._pairs)),
            "time": self.time,
        }

    @property
    def file_statement(self) -> dict[str, Any]:
        """What is signed with the digest of the file."""
        return {"file": self.file, "statement": self.statement}

    @property
    def _pairs(self) -> list[list[Any]]:
        return [[number, self.marks[number]] for number in sorted(self.marks)]

    def is_signed_by(self, known: Collection[str]) -> bool:
        """Return whether all of it is signed by one of these keys."""
        key = self.public_key
        return (
            key in known
            and keys.is_signed(self.statement, self.signature, key)
            and (
                not (self.file or self.file_signature)
                or keys.is_signed(self.file_statement, self.file_signature, key)
            )
        )

    def as_text(self) -> str:
        """Return the text of its file."""
        content = {
            "statement": self.statement,
            "public_key": self.public_key,
            "signature": self.signature,
            "file": self.file,
            "file_signature": self.file_signature,
            "marks": self._pairs,
        }
        return json.dumps(content, indent=1) + "\n"


def make(ledger: Ledger, key: Ed25519PrivateKey | None = None) -> Checkpoint:
    """Make a checkpoint of a ledger, signed if there is a key, and record that it was made."""
    with ledger.database.writing() as connection:
        head = head_of(connection)
        point = Checkpoint(head, ledger.now(), _marks(connection, head.count))
        if key is not None:
            signature = keys.sign(point.statement, key)
            point = replace(point, public_key=keys.as_hex(key.public_key()), signature=signature)
        body = {**point.statement, "public_key": point.public_key, "signature": point.signature}
        ledger.append([Draft(KIND, body=body)], connection=connection)
    ledger.database.empty_log()
    file = ledger.database.file_digest()
    if not file or ledger.head().count != head.count + 1:
        return point  # on a server, or another process has written since
    point = replace(point, file=file)
    if key is None:
        return point
    return replace(point, file_signature=keys.sign(point.file_statement, key))


def _marks(connection: Connection, count: int) -> dict[int, str]:
    step = max(1, ceil(count / MARKS))
    query = select(RECORDS.c.number, RECORDS.c.hash).where(RECORDS.c.number % step == 0)
    return {row.number: row.hash for row in connection.execute(query)}


def read(path: Path) -> Checkpoint:
    """Read a checkpoint from a file; raise InputError if it isn't a valid one."""
    try:
        content = json.loads(keys.read_bytes(path))
        statement = content["statement"]
        point = Checkpoint(
            head=Head(int(statement["count"]), str(statement["hash"])),
            time=str(statement["time"]),
            marks={int(number): str(hash_) for number, hash_ in content["marks"]},
            public_key=str(content["public_key"]),
            signature=str(content["signature"]),
            file=str(content["file"]),
            file_signature=str(content["file_signature"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise InputError(f"{path} isn't a checkpoint") from None
    impossible = point.head.count < 1 and point.head != Head()
    if point.statement != statement or impossible:
        raise InputError(f"{path}: the checkpoint was changed: it contradicts itself")
    return point
