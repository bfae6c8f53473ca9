"""Tells whether bytes are text in UTF-8: most of them are ASCII, and need no closer look."""

import numpy as np
import polars as pl

from fourways.compiled import Bytes, as_array, at, compiled

_SPACE = ord(" ")
_WORD = 8
_NOT_ASCII = np.uint64(0x8080808080808080)


def is_text(data: bytes | bytearray) -> bool:
    """Tell whether bytes are text in UTF-8."""
    try:
        pl.Series([_not_ascii(as_array(data)).tobytes()], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


@compiled
def _not_ascii(data: Bytes) -> Bytes:
    """Give the eights of bytes with anything that is not ASCII, parted where others were left out.

    They are text if and only if all is. What fills no eight is given as well.
    """
    some = np.empty(2 * len(data) + _WORD, dtype=np.uint8)
    found = behind = 0
    words = len(data) - len(data) % _WORD
    for first in range(0, words, _WORD):
        word = np.uint64(0)
        for place in range(at(_WORD)):
            word |= at(data[at(first) + place]) << (at(_WORD) * place)
        if word & _NOT_ASCII:
            if behind != first:
                some[found] = _SPACE
                found += 1
            for place in range(at(_WORD)):
                some[at(found) + place] = data[at(first) + place]
            found += _WORD
            behind = first + _WORD
    if behind != words:
        some[found] = _SPACE
        found += 1
    for last in range(words, len(data)):
        some[found] = data[last]
        found += 1
    return some[:found]
