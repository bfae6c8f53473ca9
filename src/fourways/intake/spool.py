"""An input as a file on the disk, for formats that are not read from front to end."""

import os
import tempfile
import weakref
from pathlib import Path

from fourways.errors import InputError, Problem
from fourways.intake.source import Raw, Readable

_CHUNK = 1 << 20


class OnDisk:
    """An input, read once for its digest; what comes through a pipe is kept while it is needed.

    Args:
        raw: the input.
        stream: what it is read from.
        name: how messages name it.

    Attributes:
        path: where it is on the disk.
        size: in bytes.
    """

    def __init__(self, raw: Raw, stream: Readable, name: str) -> None:
        self._name = name
        path = _path(stream)
        if path is None:
            handle, made = tempfile.mkstemp(prefix="fourways-")
            path = Path(made)
            weakref.finalize(self, path.unlink, missing_ok=True)
            with open(handle, "wb") as file:
                while data := raw.read(_CHUNK):
                    file.write(data)
            self._state = _state(path)
        else:
            self._state = _state(path)
            while raw.read(_CHUNK):
                pass
        self.path = path
        self.size = raw.bytes_read

    def check_unchanged(self) -> None:
        """Make sure that what was read is what the digest is of.

        Raises:
            InputError: somebody has written it meanwhile.
        """
        if _state(self.path) != self._state:
            raise InputError(
                Problem(f"{self._name} has changed while it was read", hint="Start again.")
            )


def _path(stream: Readable) -> Path | None:
    """Give where the file of a stream is, if it is one."""
    name = getattr(stream, "name", None)
    try:
        path = Path(name) if isinstance(name, str) else None
        opened = os.fstat(stream.fileno())  # type: ignore[attr-defined]
        if path and path.is_file() and os.path.samestat(path.stat(), opened):
            return path
    except (AttributeError, OSError, ValueError):
        pass
    return None


def _state(path: Path) -> tuple[int, int, int]:
    now = path.stat()
    return now.st_ino, now.st_size, now.st_mtime_ns
