"""Writes several files that appear together, whole, or not at all."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from fourways.errors import InputError, OutputError, Problem


class Output:
    """A file that is being written beside its place, under another name.

    Args:
        path: where it will stand.

    Attributes:
        size: the bytes written so far.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._sha256 = sha256()
        self.temporary = path.with_name(f".{path.name[:100]}.{token_hex(4)}.unfinished")
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Begin the file. Its name is known before, so that an interruption leaves none behind."""
        handle = os.open(self.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")

    @property
    def digest(self) -> str:
        """SHA-256 of what was written."""
        return self._sha256.hexdigest()

    def write(self, data: bytes) -> None:
        """Add some bytes."""
        self._sha256.update(data)
        self.size += len(data)
        assert self._file is not None
        self._file.write(data)

    def close(self) -> None:
        """Have everything on the disk, readable like any other new file, and close."""
        assert self._file is not None
        self._file.flush()
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(self.temporary, 0o666 & ~umask)
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        """Take the unfinished file away."""
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        self.temporary.unlink(missing_ok=True)


@contextmanager
def together(*paths: Path) -> Iterator[tuple[Output, ...]]:
    """Give an output for each path; they appear when the block ends well, the first one last.

    On an error or an interruption none of them is left, and what stood there before stays, unless
    it comes in the short time in which the files are given their names.

    Raises:
        OutputError: one cannot be written, for want of space or of permission.
    """
    outputs: list[Output] = []
    try:
        for path in paths:
            with _told(path):
                outputs.append(Output(path))
                outputs[-1].open()
        yield tuple(outputs)
        for output in outputs:
            with _told(output.path):
                output.close()
        with _told(paths[0]):
            _publish(outputs)
    finally:
        for output in outputs:
            output.discard()


def _publish(outputs: Sequence[Output]) -> None:
    # Old results go first: whoever sees the first file, sees what belongs to it.
    outputs[0].path.unlink(missing_ok=True)
    placed: list[Path] = []
    try:
        for output in reversed(outputs):
            placed.append(output.path)
            os.replace(output.temporary, output.path)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    _sync_folder(outputs[0].path.parent)


def _sync_folder(folder: Path) -> None:
    # Not every system can open a folder; the files themselves are on the disk by now.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: OSError) -> OutputError:
    """Give the error for a file that cannot be written."""
    return OutputError(
        Problem(f"{path}: cannot be written: {error.strerror}", hint="Nothing was written.")
    )


def check_places(paths: Sequence[Path], source: Path | None, force: bool) -> None:
    """See to it that the outputs can stand where they shall, before any work is done.

    Args:
        paths: the outputs.
        source: what is read; None for standard input.
        force: whether existing files may be replaced.

    Raises:
        InputError: with every problem.
    """
    folder = paths[0].parent
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise InputError(Problem(f"the folder {folder} {what}", hint="Make it first."))
    checks: tuple[Callable[[Path], Problem | None], ...] = (
        lambda path: _same(path, source),
        _no_file,
        lambda path: None if force else _exists(path),
    )
    found = (next((p for check in checks if (p := check(path))), None) for path in paths)
    problems = [problem for problem in found if problem]
    if problems:
        raise InputError(*problems)


def _same(path: Path, source: Path | None) -> Problem | None:
    if source is None or not path.exists() or not path.samefile(source):
        return None
    return Problem(f"{path} would overwrite the input", hint="Choose another name with -o.")


def _no_file(path: Path) -> Problem | None:
    if not path.exists() or path.is_file():
        return None
    return Problem(f"{path} exists and is no file", hint="Choose another name with -o.")


def _exists(path: Path) -> Problem | None:
    if not (path.exists() or path.is_symlink()):
        return None
    return Problem(f"{path} exists already", hint="Replace it with --force, or choose another -o.")
