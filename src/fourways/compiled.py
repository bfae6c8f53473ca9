"""Loops over bytes: compiled to machine code when they are run first, and kept for later runs.

With the arrays that they work on.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Items = TypeVar("Items", bound=NDArray[Any])
Loop = TypeVar("Loop", bound=Callable[..., object])

at = np.uint64
"""Around the place of an item: where it could count from the end, each access tells first."""


def inlined(part: Loop) -> Loop:
    """Have a function become part of each loop that calls it.

    To hand over arrays takes as long as a short loop; to take a slice of one as well.
    """
    return cast(Loop, njit(nogil=True, inline="always")(part))


def compiled(loop: Loop) -> Loop:
    """Have a function compiled that knows only numbers, flags and arrays of them.

    Threads can run it side by side.
    """
    try:
        return cast(Loop, njit(nogil=True, cache=True)(loop))
    except RuntimeError:
        # There is no folder to keep it in.
        return cast(Loop, njit(nogil=True)(loop))


def as_array(data: bytes | bytearray | memoryview) -> Bytes:
    """Give bytes as an array that shares them."""
    array = np.frombuffer(data, dtype=np.uint8)
    # A loop is compiled for each kind of array.
    array.flags.writeable = False
    return array


def with_room(items: Items, used: int, size: int) -> Items:
    """Give room for so many items: the same array, or a longer one that begins like it.

    Args:
        items: an array whose rest is of no matter; it is not touched.
        used: how many of them are.
        size: how many there are to be.
    """
    if size <= len(items):
        return items
    longer = np.empty((max(size, 2 * len(items)), *items.shape[1:]), dtype=items.dtype)
    longer[:used] = items[:used]
    return cast(Items, longer)
