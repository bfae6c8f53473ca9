"""Ed25519 keys: generated, read from PEM files, and used to sign and check checkpoints."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fourways.errors import InputError, OutputError, Problem
from fourways.ledger.address import data_folder
from fourways.ledger.canonical import canonical

_MAX_BYTES = 2**24
"""The most that is read of a file: 200 times a large checkpoint."""


def default_key() -> Path:
    """Return the file of the private key by default."""
    return data_folder() / "ledger.key"


def public_file(private: Path) -> Path:
    """Return the file of the public key that belongs to a private key."""
    return private.with_suffix(".pub")


def generate(path: Path) -> str:
    """Write a new pair of keys side by side, and return the public key in hexadecimal.

    Raises:
        OutputError: they can't be written, or a file exists already.
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
    _write_new(public_file(path), public, 0o644)
    return as_hex(key.public_key())


def read_private(path: Path) -> Ed25519PrivateKey:
    """Read a private key; raise InputError if the file isn't an Ed25519 key."""
    try:
        key = serialization.load_pem_private_key(read_bytes(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path} isn't a private key from `fourways audit keygen`")
    return key


def read_public(path: Path) -> str:
    """Read a public key and return it in hexadecimal; raise InputError if it isn't Ed25519."""
    try:
        key = serialization.load_pem_public_key(read_bytes(path))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{path} isn't a public key from `fourways audit keygen`")
    return as_hex(key)


def as_hex(key: Ed25519PublicKey) -> str:
    """Return a public key in hexadecimal."""
    return key.public_bytes_raw().hex()


def sign(statement: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """Return the signature of a statement, in hexadecimal."""
    return key.sign(canonical(dict(statement))).hex()


def is_signed(statement: Mapping[str, Any], signature: str, public_key: str) -> bool:
    """Return whether a statement has a valid signature; key and signature in hexadecimal."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), canonical(dict(statement)))
    except (InvalidSignature, ValueError, InputError):
        return False
    return True


def read_bytes(path: Path) -> bytes:
    """Read a small file, or a pipe; raise InputError if it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}") from None


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        hint = "A lost key can't be made again. Choose another name with -o."
        raise OutputError(Problem(f"{path} exists already", hint=hint)) from None
    except OSError as error:
        raise OutputError(f"{path} can't be written: {error.strerror}") from None
