"""Writes several files that appear together, whole, or not at all."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from fourways.batch.direct import DirectFile
from fourways.errors import InputError, OutputError, Problem

_AT_ONCE = 1 << 20
_WRITABLE = os.O_RDWR | getattr(os, "O_BINARY", 0)


class Output:
    """A file that is being written under another name, and gets its own when it is whole.

    Args:
        path: where it will stand.
        temporary: where it is written; by default beside its place, under a name by chance.

    Attributes:
        size: the bytes written so far.
    """

    def __init__(self, path: Path, temporary: Path | None = None) -> None:
        self.path = path
        self.size = 0
        self._sha256 = sha256()
        by_chance = path.with_name(f".{path.name[:100]}.{token_hex(4)}.unfinished")
        self.temporary = temporary or by_chance
        self._file: DirectFile | None = None

    def open(self) -> None:
        """Begin the file. Its name is known before, so that an interruption leaves none behind."""
        self._file = DirectFile(os.open(self.temporary, _WRITABLE | os.O_CREAT | os.O_EXCL, 0o600))

    def go_on(self, size: int) -> None:
        """Go on with a file after so many bytes; what follows them is thrown away."""
        with self.temporary.open("r+b") as file:
            while self.size < size and (data := file.read(min(_AT_ONCE, size - self.size))):
                self._sha256.update(data)
                self.size += len(data)
            file.truncate(self.size)
        self._file = DirectFile(os.open(self.temporary, _WRITABLE), self.size)

    @property
    def digest(self) -> str:
        """SHA-256 of what was written."""
        return self._sha256.hexdigest()

    def write(self, data: bytes | memoryview) -> None:
        """Add some bytes."""
        assert self._file is not None
        self._sha256.update(data)
        self._file.write(data)
        self.size += len(data)

    def flush(self) -> None:
        """Hand everything to the system."""
        assert self._file is not None
        self._file.flush()

    def sync(self) -> None:
        """Have everything on the disk that the system has; others can write meanwhile."""
        assert self._file is not None
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Have everything on the disk, readable like any other new file, and close."""
        assert self._file is not None
        self.flush()
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(self.temporary, 0o666 & ~umask)
        self.sync()
        self._file.close()

    def let_go(self) -> None:
        """Leave the unfinished file as it is."""
        with suppress(OSError):
            if self._file is not None:
                self._file.close()

    def discard(self) -> None:
        """Take the unfinished file away."""
        self.let_go()
        with suppress(OSError):
            self.temporary.unlink()


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
            publish(outputs)
    finally:
        for output in outputs:
            output.discard()


def publish(outputs: Sequence[Output], clean_up: bool = True) -> None:
    """Give outputs that are whole their names, the first one last.

    Args:
        outputs: they are closed.
        clean_up: whether an error takes away those that had their names already.
    """
    # Old results go first: whoever sees the first file, sees what belongs to it.
    outputs[0].path.unlink(missing_ok=True)
    placed: list[Path] = []
    try:
        for output in reversed(outputs):
            placed.append(output.path)
            os.replace(output.temporary, output.path)
    except BaseException:
        for path in placed if clean_up else ():
            path.unlink(missing_ok=True)
        raise
    for folder in {output.path.parent for output in outputs}:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk.

    Not every system can open a folder; the files themselves are on the disk by then.
    """
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
        raise cannot_be_written(path, error) from None


def cannot_be_written(
    path: Path, error: OSError, hint: str = "Nothing was written."
) -> OutputError:
    """Give the error for a file that cannot be written."""
    return OutputError(Problem(f"{path}: cannot be written: {error.strerror or error}", hint=hint))


def check_places(paths: Sequence[Path], source: Path | None, force: bool) -> None:
    """See to it that the outputs can stand where they shall, before any work is done.

    Args:
        paths: the outputs.
        source: what is read; None for standard input.
        force: whether existing files may be replaced.

    Raises:
        InputError: with every problem.
    """
    missing = [
        Problem(
            f"the folder {folder} {'is no folder' if folder.exists() else 'does not exist'}",
            hint="Make it first.",
        )
        for folder in dict.fromkeys(path.parent for path in paths)
        if not folder.is_dir()
    ]
    if missing:
        raise InputError(*missing)
    places = [path.absolute() for path in paths]
    if twice := [path for path in paths if places.count(path.absolute()) > 1]:
        raise InputError(
            Problem(f"two outputs cannot both be {twice[0]}", hint="Give each a name of its own.")
        )
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
