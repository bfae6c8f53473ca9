"""The bytes of an input, read once: counted, digested, put back for a second look."""

from hashlib import sha256
from io import BytesIO
from typing import BinaryIO


class Source:
    """A stream of bytes that can take back what was read last.

    Args:
        stream: the input.
        name: how messages name it.

    Attributes:
        bytes_read: of the input, so far; what was put back is not counted again.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self.bytes_read = 0
        self._stream = stream
        self._sha256 = sha256()
        self._ahead = BytesIO()

    @property
    def digest(self) -> str:
        """SHA-256 of what was read."""
        return self._sha256.hexdigest()

    @property
    def ahead(self) -> int:
        """How many bytes were put back and not read again."""
        return len(self._ahead.getbuffer()) - self._ahead.tell()

    def readline(self, limit: int) -> bytes:
        """Give the bytes up to the end of the line, at most so many."""
        data = self._ahead.readline(limit)
        if data.endswith(b"\n") or len(data) == limit:
            return data
        return data + self._counted(self._stream.readline(limit - len(data)))

    def read(self, size: int) -> bytes:
        """Give so many bytes, or fewer at the end."""
        data = self._ahead.read(size)
        while len(data) < size and (more := self._counted(self._stream.read(size - len(data)))):
            data += more
        return data

    def put_back(self, data: bytes) -> None:
        """Have bytes read again before the others."""
        self._ahead = BytesIO(data + self._ahead.read())

    def _counted(self, data: bytes) -> bytes:
        self._sha256.update(data)
        self.bytes_read += len(data)
        return data
