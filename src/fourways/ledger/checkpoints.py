"""Checkpoints: the head of the chain at a time, signed with Ed25519, to be kept elsewhere.

Whoever can write the ledger can cut its end off, or change a record and make every hash anew.
A head that they cannot change, because it is kept elsewhere or signed, gives them away.
"""

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, select

from fourways.errors import InputError, OutputError, Problem
from fourways.ledger.canonical import canonical, digest
from fourways.ledger.chain import Draft, Head
from fourways.ledger.ledger import Ledger
from fourways.ledger.place import data_folder
from fourways.ledger.reading import head_of
from fourways.ledger.schema import RECORDS

KIND = "checkpoint"

_LARGEST = 2**24
"""Bytes that are read of a file; a checkpoint has some 80,000."""
FORM = 1
MARKS = 1000
"""How many hashes on the way to the head are kept, to say where a re-sealed chain parts."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a ledger at a time.

    Attributes:
        head: how many records there were, and the hash of the last.
        time: when it was made.
        marks: hashes of records on the way, by their numbers.
        public_key: by whose key it is signed, in hexadecimal; empty where it is not.
        signature: in hexadecimal.
        file: SHA-256 of the file of the ledger, once it held the record of the checkpoint; empty
            where it lies on a server.
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
            "fourways_checkpoint": FORM,
            "hash": self.head.hash,
            "marks": digest(canonical(_pairs(self.marks))),
            "time": self.time,
        }

    @property
    def file_statement(self) -> dict[str, Any]:
        """What is signed of the file."""
        return {"file": self.file, "statement": self.statement}

    def is_signed_by(self, keys: Collection[str]) -> bool:
        """Tell whether one of some keys signed all of it."""
        file_signed = is_signed(self.file_statement, self.file_signature, self.public_key)
        return (
            self.public_key in keys
            and is_signed(self.statement, self.signature, self.public_key)
            and (file_signed or not (self.file or self.file_signature))
        )


def _pairs(marks: Mapping[int, str]) -> list[list[Any]]:
    return [[number, marks[number]] for number in sorted(marks)]


def make(ledger: Ledger, key: Ed25519PrivateKey | None = None) -> Checkpoint:
    """Take the head of a ledger, and put on record that it was taken.

    Args:
        ledger: the ledger.
        key: signs it; without one, it is worth as much as the place where it is kept.

    Raises:
        LedgerError: the ledger cannot be read or written.
    """
    with ledger.database.writing() as connection:
        head = head_of(connection)
        point = Checkpoint(head, ledger.now(), _marks(connection, head.count))
        if key is not None:
            signature = key.sign(canonical(point.statement)).hex()
            public = in_hexadecimal(key.public_key())
            point = replace(point, public_key=public, signature=signature)
        body = {**point.statement, "public_key": point.public_key, "signature": point.signature}
        ledger.append_on(connection, [Draft(KIND, body=body)])
    ledger.database.settle()
    file = ledger.database.file_digest()
    if not file or ledger.head().count != head.count + 1:
        return point  # others have written since
    point = replace(point, file=file)
    if key is None:
        return point
    return replace(point, file_signature=key.sign(canonical(point.file_statement)).hex())


def _marks(connection: Connection, count: int) -> dict[int, str]:
    step = max(1, ceil(count / MARKS))
    query = select(RECORDS.c.number, RECORDS.c.hash).where(RECORDS.c.number % step == 0)
    return {row.number: row.hash for row in connection.execute(query)}


def is_signed(statement: Mapping[str, Any], signature: str, public_key: str) -> bool:
    """Tell whether a key signed a statement.

    Args:
        statement: what a checkpoint says.
        signature: in hexadecimal.
        public_key: in hexadecimal.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), canonical(dict(statement)))
    except (InvalidSignature, ValueError, InputError):
        return False
    return True


# ----------------------------------------------------------------------- files


def as_text(point: Checkpoint) -> str:
    """Give a checkpoint as the text of a file."""
    content = {
        "statement": point.statement,
        "public_key": point.public_key,
        "signature": point.signature,
        "file": point.file,
        "file_signature": point.file_signature,
        "marks": _pairs(point.marks),
    }
    return json.dumps(content, indent=1) + "\n"


def read(path: Path) -> Checkpoint:
    """Read a checkpoint from a file.

    Raises:
        InputError: it cannot be read, or is no checkpoint that is whole.
    """
    try:
        content = json.loads(_bytes(path))
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
        raise InputError(_no("checkpoint", path)) from None
    nothing = point.head.count < 1 and point.head != Head()
    if point.statement != statement or nothing:
        raise InputError(Problem(f"{path}: the checkpoint was changed: it contradicts itself"))
    return point


def default_key() -> Path:
    """Give where the private key lies by default; the public key is beside it."""
    return data_folder() / "ledger.key"


def public_path(private: Path) -> Path:
    """Give where the public key of a private key lies."""
    return private.with_suffix(".pub")


def generate(path: Path) -> str:
    """Make a pair of keys: the private one for its owner only, the public one beside it.

    Returns:
        The public key in hexadecimal.

    Raises:
        OutputError: they cannot be written, or one is there already.
    """
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    if path == default_key():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_new(path, private, 0o600)
    _write_new(public_path(path), public, 0o644)
    return in_hexadecimal(key.public_key())


def private_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key.

    Raises:
        InputError: it cannot be read, or is none of Ed25519.
    """
    try:
        key = serialization.load_pem_private_key(_bytes(path), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(_no("private key of `fourways audit keygen`", path))
    return key


def public_key(path: Path) -> str:
    """Read a public key, and give it in hexadecimal.

    Raises:
        InputError: it cannot be read, or is none of Ed25519.
    """
    try:
        key = serialization.load_pem_public_key(_bytes(path))
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(_no("public key of `fourways audit keygen`", path))
    return in_hexadecimal(key)


def in_hexadecimal(key: Ed25519PublicKey) -> str:
    """Give a public key in hexadecimal."""
    return key.public_bytes_raw().hex()


def _bytes(path: Path) -> bytes:
    try:
        # A pipe is welcome; what never ends is not.
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise InputError(Problem(f"{path} cannot be read: {error.strerror}")) from None


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        hint = "A key that is lost cannot be made again; choose another name with -o."
        raise OutputError(Problem(f"{path} exists already", hint=hint)) from None
    except OSError as error:
        raise OutputError(Problem(f"{path}: cannot be written: {error.strerror}")) from None


def _no(what: str, path: Path) -> Problem:
    return Problem(f"{path} is no {what}")
