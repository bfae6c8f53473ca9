"""The bytes of an input, read once: counted, digested, put back for a second look."""

from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

from fourways.compiled import Bytes, as_array, compiled

_CHUNK = 64 << 10
_PIECE = 1 << 20
_LINE_END = ord("\n")


class Readable(Protocol):
    """What bytes can be read from; it gives none only at the end."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes."""
        ...

    def readline(self, limit: int, /) -> bytes:
        """Give the bytes up to the end of the line, at most so many."""
        ...


class Layer:
    """Bytes that can be looked at before they are read.

    Args:
        more: gives the next bytes, about as many as asked for; none at the end.
    """

    def __init__(self, more: Callable[[int], bytes]) -> None:
        self._more = more
        self._head = b""
        self._at = 0

    @property
    def looked_at(self) -> bool:
        """Tell whether the next bytes were looked at before."""
        return self._at < len(self._head)

    def sample(self, size: int) -> bytes:
        """Give the next bytes, so many where there are, and leave them to be read."""
        self._head, self._at = self._head[self._at :], 0
        while len(self._head) < size and (data := self._more(size - len(self._head))):
            self._head += data
        return self._head[:size]

    def read(self, size: int) -> bytes:
        """Give at most so many bytes, none only at the end."""
        if self.looked_at:
            data = self._head[self._at : self._at + size]
            self._at += len(data)
            return data
        data = self._more(size)
        if len(data) > size:  # Text in another encoding grows on the way.
            self._head, self._at = data, size
            return data[:size]
        return data

    def readline(self, limit: int) -> bytes:
        """Give the bytes up to the end of the line, at most so many."""
        parts = []
        while limit:
            if self._at == len(self._head):
                self._head, self._at = self._more(_CHUNK), 0
                if not self._head:
                    break
            end = self._head.find(b"\n", self._at, self._at + limit) + 1
            part = self._head[self._at : end or self._at + limit]
            self._at += len(part)
            limit -= len(part)
            parts.append(part)
            if end:
                break
        return b"".join(parts)

    def readinto(self, room: memoryview) -> int:
        """Fill room with the next bytes, and give how many there are, none only at the end."""
        data = self.read(len(room))
        room[: len(data)] = data
        return len(data)


class Raw(Layer):
    """The bytes of an input as they came.

    Attributes:
        bytes_read: how many, so far.
    """

    def __init__(self, stream: Readable) -> None:
        super().__init__(self._counted)
        self.bytes_read = 0
        self._stream = stream
        self._sha256 = sha256()

    @property
    def digest(self) -> str:
        """SHA-256 of what was read."""
        return self._sha256.hexdigest()

    def readinto(self, room: memoryview) -> int:
        """Fill room with the next bytes, and give how many there are, none only at the end."""
        fill = getattr(self._stream, "readinto", None)
        if fill is None or self.looked_at:
            return super().readinto(room)
        size: int = fill(room)
        self._sha256.update(room[:size])
        self.bytes_read += size
        return size

    def _counted(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._sha256.update(data)
        self.bytes_read += len(data)
        return data


class _PutBack:
    """Bytes that were put back, to be read again."""

    def __init__(self) -> None:
        self._parts: list[bytes | bytearray] = []
        self._at = 0

    def __len__(self) -> int:
        return sum(map(len, self._parts)) - self._at

    def put(self, data: bytes | bytearray) -> None:
        """Have bytes read before the others."""
        if self._at:
            self._parts[0] = self._parts[0][self._at :]
            self._at = 0
        if data:
            self._parts.insert(0, data)

    def skip(self, size: int) -> None:
        """Pass over bytes."""
        self._at += size
        while self._parts and self._at >= len(self._parts[0]):
            self._at -= len(self._parts.pop(0))

    def read(self, size: int) -> bytes:
        """Give so many bytes, or all."""
        read = b""
        while self._parts and len(read) < size:
            more = self._parts[0][self._at : self._at + size - len(read)]
            self.skip(len(more))
            read += more
        return read

    def readline(self, limit: int) -> bytes:
        """Give the bytes up to the end of the line, at most so many."""
        line = b""
        while self._parts and len(line) < limit and not line.endswith(b"\n"):
            most = self._at + limit - len(line)
            end = self._parts[0].find(b"\n", self._at, most) + 1
            more = self._parts[0][self._at : end or most]
            self.skip(len(more))
            line += more
        return line


class Source:
    """A stream of text in UTF-8 that can take back what was read last.

    Args:
        stream: the input, or what was made of it.
        name: how messages name it.
        raw: the input itself, where the stream was made of it.

    Attributes:
        line_ends: how many were read; what was put back is not counted again.
    """

    def __init__(self, stream: Readable, name: str, raw: Raw | None = None) -> None:
        self.name = name
        self.line_ends = 0
        self._raw = raw or Raw(stream)
        self._stream = stream if isinstance(stream, Layer) else self._raw
        self._put_back = _PutBack()
        self._ends_in_line = False

    @property
    def bytes_read(self) -> int:
        """How many bytes of the input were read."""
        return self._raw.bytes_read

    @property
    def digest(self) -> str:
        """SHA-256 of what was read of the input."""
        return self._raw.digest

    @property
    def lines(self) -> int:
        """How many lines were read, the one without an end at the end among them."""
        return self.line_ends + self._ends_in_line

    @property
    def ahead(self) -> int:
        """How many bytes were put back and not read again."""
        return len(self._put_back)

    def readline(self, limit: int) -> bytes:
        """Give the bytes up to the end of the line, at most so many."""
        data = self._put_back.readline(limit)
        if data.endswith(b"\n") or len(data) == limit:
            return data
        return data + self._counted(self._stream.readline(limit - len(data)))

    def read(self, size: int) -> bytes:
        """Give so many bytes, or fewer at the end."""
        data = self._put_back.read(size)
        while len(data) < size and (more := self._counted(self._stream.read(size - len(data)))):
            data = data + more if data else more
        return data

    def block(self, size: int) -> bytearray:
        """Give so many bytes, or fewer at the end; what is many is not copied."""
        block = bytearray(size)
        before = self._put_back.read(size)
        filled = len(before)
        block[:filled] = before
        with memoryview(block) as room:
            while more := self._stream.readinto(room[filled : filled + _PIECE]):
                # A piece at a time is counted and digested while it is at hand.
                self.line_ends += _line_ends(as_array(room[filled : filled + more]))
                filled += more
                self._ends_in_line = block[filled - 1] != _LINE_END
        del block[filled:]
        return block

    def skip(self, size: int) -> None:
        """Pass over bytes that were put back."""
        self._put_back.skip(size)

    def put_back(self, data: bytes | bytearray) -> None:
        """Have bytes read again before the others."""
        self._put_back.put(data)

    def _counted(self, data: bytes) -> bytes:
        if data:
            self.line_ends += data.count(b"\n")
            self._ends_in_line = not data.endswith(b"\n")
        return data


@compiled
def _line_ends(data: Bytes) -> int:
    count = 0
    for sign in data:
        count += sign == _LINE_END
    return count
