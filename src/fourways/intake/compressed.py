"""Unpacks what gzip has packed, while it is read."""

import gzip
import zlib
from typing import BinaryIO, cast

from fourways.errors import InputError, Problem
from fourways.intake.source import Layer

MAGIC = b"\x1f\x8b"
_DAMAGED = "is damaged"


class Unpacked(Layer):
    """The bytes in a gzip file, in one part or several; at no time more than asked for are held.

    Args:
        below: the file.
        name: how messages name it.
    """

    def __init__(self, below: Layer, name: str) -> None:
        super().__init__(self._unpacked)
        self._name = name
        self._file = gzip.GzipFile(fileobj=cast(BinaryIO, below), mode="rb")

    def _unpacked(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except EOFError:
            problem = "the compressed data ends early"
        except gzip.BadGzipFile as error:
            follows = "Not a gzipped file" in str(error)
            problem = (
                f"the compressed data {'is followed by something else' if follows else _DAMAGED}"
            )
        except zlib.error:
            problem = f"the compressed data {_DAMAGED}"
        raise InputError(
            Problem(f"{self._name}: {problem}", hint="Copy the file again, or pack it anew.")
        )
