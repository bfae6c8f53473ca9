"""Loops over bytes: compiled to machine code when they are run first, and kept for later runs."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Have a function compiled that knows only numbers, flags and arrays of them.

    Threads can run it side by side.
    """
    try:
        return cast(Loop, njit(nogil=True, cache=True)(loop))
    except RuntimeError:
        # There is no folder to keep it in.
        return cast(Loop, njit(nogil=True)(loop))
