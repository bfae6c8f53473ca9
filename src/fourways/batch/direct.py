"""A file that is written in a thread, and past the system's cache where that can be.

Results are large, are written once, and have to be on the disk before they get their name. The
cache would take memory from everybody for them, and finding that takes longer than writing them.
"""

import os
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from errno import EINVAL
from mmap import mmap

import numpy as np

from fourways.compiled import Bytes, as_array

_ROOM = 1 << 20
"""Bytes of a buffer."""
_ON_THEIR_WAY = 2
"""Buffers that are written at most while another is filled."""
_SECTOR = 4096
"""Past the cache, files are written in whole sectors, from memory that begins where a page does."""


class DirectFile:
    """A file that bytes are added to. When some could not be written, no others are.

    Args:
        handle: of the file, which can be read as well; it is closed with this.
        size: the bytes that the file has.

    Raises:
        OSError: it cannot be read; it is closed then.
    """

    def __init__(self, handle: int, size: int = 0) -> None:
        self._handle = handle
        self._filled = size % _SECTOR
        self._start = size - self._filled
        self._room = _room()
        self._spare: list[Bytes] = []
        self._on_their_way: deque[tuple[Future[None], Bytes]] = deque()
        self._thread: ThreadPoolExecutor | None = None
        self._failed: OSError | None = None
        try:
            os.lseek(handle, self._start, os.SEEK_SET)
            tail = os.read(handle, self._filled)
        except OSError:
            self.close()
            raise
        self._room[: self._filled] = as_array(tail)

    def fileno(self) -> int:
        """Give the handle."""
        return self._handle

    def write(self, data: bytes | memoryview) -> None:
        """Add bytes.

        Raises:
            OSError: these or earlier ones cannot be written.
        """
        rest = as_array(data)
        while len(rest):
            piece = rest[: _ROOM - self._filled]
            self._room[self._filled : self._filled + len(piece)] = piece
            self._filled += len(piece)
            rest = rest[len(piece) :]
            if self._filled == _ROOM:
                self._send()

    def flush(self) -> None:
        """Hand everything to the system.

        Raises:
            OSError: it cannot be written.
        """
        while self._on_their_way:
            self._receive()
        # What fills no buffer is written by way of the cache, and once more when it does.
        self._write(self._room[: self._filled], self._start, directly=False)

    def close(self) -> None:
        """Close the file, without what was not handed to the system; more than once is no harm."""
        try:
            if self._thread is not None:
                self._thread.shutdown()
        finally:
            if self._handle >= 0:
                handle, self._handle = self._handle, -1
                os.close(handle)

    def _send(self) -> None:
        """Have the full buffer written, and take another."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1)
        if len(self._on_their_way) == _ON_THEIR_WAY:
            self._receive()
        sent = self._thread.submit(self._write, self._room, self._start, directly=True)
        self._on_their_way.append((sent, self._room))
        self._room = self._spare.pop() if self._spare else _room()
        self._start, self._filled = self._start + _ROOM, 0

    def _receive(self) -> None:
        """Wait for the first buffer that is on its way."""
        sent, room = self._on_their_way.popleft()
        self._spare.append(room)
        sent.result()

    def _write(self, data: Bytes, place: int, directly: bool) -> None:
        """Write bytes at a place in the file, past the cache where that is wanted and can be."""
        if self._failed is not None:
            raise self._failed
        try:
            _put(self._handle, data, place, directly)
        except OSError as error:
            self._failed = error
            raise


def _room() -> Bytes:
    """Give a buffer that begins where a page of the memory does."""
    return np.frombuffer(mmap(-1, _ROOM), dtype=np.uint8)


def _put(handle: int, data: Bytes, place: int, directly: bool) -> None:
    directly = _past_the_cache(handle, directly)
    os.lseek(handle, place, os.SEEK_SET)
    rest = data.data
    while rest:
        try:
            rest = rest[os.write(handle, rest) :]
        except OSError as error:
            # Some systems take the wish, and then not the bytes.
            if not directly or error.errno != EINVAL:
                raise
            directly = _past_the_cache(handle, False)


if sys.platform == "linux":
    import fcntl

    def _past_the_cache(handle: int, wanted: bool) -> bool:
        """Have the system write past its cache from now on, or not; tell whether it does."""
        flags = fcntl.fcntl(handle, fcntl.F_GETFL) & ~os.O_DIRECT
        try:
            fcntl.fcntl(handle, fcntl.F_SETFL, flags | os.O_DIRECT if wanted else flags)
        except OSError:
            return False
        return wanted

else:

    def _past_the_cache(handle: int, wanted: bool) -> bool:  # noqa: ARG001
        """Tell that the system writes by way of its cache."""
        return False
