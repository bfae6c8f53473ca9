"""Canonical JSON (RFC 8785) and the digests over it, which the chain is made of."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import rfc8785

from fourways.errors import InputError, Problem


def canonical(value: Any) -> bytes:
    """Return plain data as canonical JSON.

    Args:
        value: mappings, lists, texts, integers, booleans and None. No floats: not every program
            writes them alike.

    Raises:
        InputError: a text has broken characters, or a number has more than 15 digits.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        raise InputError(
            Problem(
                "this can't be recorded, because it can't be written as JSON",
                hint="Look for broken characters and for numbers of more than 15 digits.",
            )
        ) from None


def canonical_object(members: Mapping[str, bytes]) -> bytes:
    """Return the canonical JSON of an object whose members are canonical JSON already.

    Args:
        members: by name; names consist of lower-case letters and `_`.
    """
    return b"{" + b",".join(b'"%s":%s' % (k.encode(), members[k]) for k in sorted(members)) + b"}"


def parse_canonical(text: object) -> Any:
    """Return the data of a text in canonical JSON; None for any other text."""
    if not isinstance(text, str):
        return None
    try:
        value = json.loads(text)
        return value if canonical(value) == text.encode() else None
    except (ValueError, RecursionError, InputError):
        return None


def digest(data: bytes) -> str:
    """Return SHA-256 in hexadecimal."""
    return sha256(data).hexdigest()


def commitment(salt: bytes, content: bytes) -> str:
    """Return the salted digest that stands in the chain for data outside it.

    Once the salt (32 random bytes) is erased with the data, the digest reveals nothing: even a
    right guess of the data can't be confirmed.
    """
    return digest(salt + content)
