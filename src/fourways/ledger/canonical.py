"""Canonical JSON (RFC 8785) and the digests over it: what the ledger's chain is made of."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import rfc8785

from fourways.errors import InputError, Problem


def canonical(value: Any) -> bytes:
    """Give plain data as canonical JSON.

    Args:
        value: mappings, lists, texts, whole numbers, true, false and null; no floats, which are
            not written alike everywhere.

    Raises:
        InputError: a text holds what is no character, or a number is too large.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        raise InputError(
            Problem(
                "something to be recorded cannot be written as JSON",
                hint="Look for broken characters and for numbers of more than 15 digits.",
            )
        ) from None


def members(parts: Mapping[str, bytes]) -> bytes:
    """Give the canonical JSON of an object from the canonical JSON of its members.

    Args:
        parts: by their names, of which each is made of lower-case letters and `_`.
    """
    return b"{" + b",".join(b'"%s":%s' % (k.encode(), parts[k]) for k in sorted(parts)) + b"}"


def parsed(text: object) -> Any:
    """Give the data of a text that is canonical JSON; None for any other text, or for no text."""
    if not isinstance(text, str):
        return None
    try:
        value = json.loads(text)
        return value if canonical(value) == text.encode() else None
    except (ValueError, RecursionError, InputError):
        return None


def digest(data: bytes) -> str:
    """Give SHA-256 in hexadecimal."""
    return sha256(data).hexdigest()


def commitment(salt: bytes, content: bytes) -> str:
    """Give what stands in the chain for data outside it.

    Without the salt, 32 random bytes that go when the data go, it tells nothing: not even one who
    guesses the data can try the guess.
    """
    return digest(salt + content)
