"""What a run has done so far, kept beside the results, so that a run that breaks off can go on.

A folder such as `.out.csv.unfinished` has the outputs as far as they go, and a journal. The journal
says how far the input was read when everything before that was on the disk: outputs first, then the
journal that vouches for them. One run at a time holds the folder, by a lock that ends with it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from fourways.batch import journal
from fourways.batch.disk import Disk
from fourways.batch.journal import Done, Leftover
from fourways.batch.lock import locked
from fourways.batch.outputs import Output, cannot_be_written, publish
from fourways.errors import (
    DisagreementError,
    InputError,
    Problem,
)

_LOCK = "lock"
_KEPT = "What was done is kept: once that is mended, go on with --resume."


class CannotGoOnError(InputError):
    """A run cannot go on with what another has left, which stays as it is."""


class Unfinished:
    """The folder of a run, held by it.

    Args:
        results: where the results will stand.
        lock: the file that holds the folder.
    """

    def __init__(self, results: Path, lock: BinaryIO) -> None:
        self.folder = folder_of(results)
        self._results = results
        self._lock = lock
        self._outputs: list[Output] = []
        self._has_begun = False
        self._disk = Disk()

    def clear(self) -> None:
        """Throw away whatever an earlier run left."""
        self._has_begun = True
        with self.told(self._results):
            _clear(self.folder)

    def done(self, identity: Mapping[str, Any]) -> Done | None:
        """Give what an earlier run has done; None where there is nothing to go on with.

        Args:
            identity: what makes this run what it is, each part under a name that users know.

        Raises:
            CannotGoOnError: it was another run: other rules, other settings, another version.
        """
        kept = journal.read(self.folder)
        if kept is None or kept.done is None:
            return None
        differ = [
            _difference(name, kept.identity.get(name), identity.get(name))
            for name in {**kept.identity, **identity}
            if kept.identity.get(name) != identity.get(name)
        ]
        if differ:
            raise self.refused(f"it was begun with something else: {', '.join(differ)}")
        self._has_begun = True
        return kept.done

    def output(self, name: str, path: Path, done: Done | None = None) -> Output:
        """Give an output of the run: from its beginning, or after what is done.

        Raises:
            CannotGoOnError: what is done is not on the disk as the journal says.
            OutputError: it cannot be written.
        """
        same_disk = path.parent.absolute() == self._results.parent.absolute()
        output = Output(path, self.folder / name if same_disk else None)
        self._outputs.append(output)
        with self.told(path):
            if done is None:
                output.temporary.unlink(missing_ok=True)
                output.open()
                return output
            size, digest = done.outputs[name]
            with suppress(FileNotFoundError):
                output.go_on(size)
        if (output.size, output.digest) != (size, digest):
            raise self.refused(f"{output.temporary} is not as it was left")
        return output

    def made(self, name: str, path: Path) -> Output:
        """Give an output that another program has written in the folder."""
        output = Output(path, self.folder / name)
        self._outputs.append(output)
        with self.told(path):
            output.go_on(output.temporary.stat().st_size)
        return output

    def write(self, output: Output, data: bytes | memoryview) -> None:
        """Add some bytes to an output.

        Raises:
            OutputError: it cannot be written.
        """
        with self.told(output.path):
            output.write(data)

    @property
    def is_saving(self) -> bool:
        """Whether something is still on its way to the disk."""
        return self._disk.is_busy

    def save(self, identity: Mapping[str, Any], done: Done) -> None:
        """Have the outputs put on the disk, then the journal that says so; the run can go on.

        Raises:
            OutputError: it, or what was saved before, cannot be written.
        """
        entries = {"identity": identity, "done": done.as_json()}
        with self.told(self._results):
            self._disk.put(self._outputs, lambda: journal.write(self.folder, entries))

    def save_outputs(self) -> None:
        """Have the outputs put on the disk; the run can go on.

        Raises:
            OutputError: what was saved before cannot be written.
        """
        with self.told(self._results):
            self._disk.put(self._outputs)

    def publish(self, outputs: Sequence[Output], journaled: bool) -> None:
        """Give outputs their names, the first one last; then nothing is left of the folder.

        Args:
            outputs: all of them.
            journaled: whether a later run shall go on with that, if it is broken off.

        Raises:
            OutputError: one cannot be written.
        """
        with self.told(self._results):
            self._disk.settle()
            for output in outputs:
                output.close()
            if journaled:
                moves = [(str(o.temporary.absolute()), str(o.path.absolute())) for o in outputs]
                journal.write(self.folder, {"moves": moves})
            publish(outputs, clean_up=not journaled)
        self.discard()

    def go_on_publishing(self) -> bool:
        """Give outputs the names that a run was about to give them; tell whether it was so far.

        Raises:
            OutputError: one cannot be written.
        """
        kept = journal.read(self.folder)
        if kept is None or not kept.moves:
            return False
        outputs = [Output(Path(path), Path(temporary)) for temporary, path in kept.moves]
        waiting = [output for output in outputs if output.temporary.exists()]
        with self.told(self._results):
            if waiting:
                publish(waiting, clean_up=False)
        self.discard()
        return True

    def release(self, error: BaseException) -> None:
        """Let go of the folder after an error; what a later run can go on with is kept."""
        self._disk.wait()
        mistaken = isinstance(error, InputError | DisagreementError) and self._has_begun
        if self._can_go_on and (not mistaken or isinstance(error, CannotGoOnError)):
            for output in self._outputs:
                output.let_go()
            self._lock.close()
        else:
            self.discard()

    def let_go(self) -> None:
        """Let go of the folder, which is taken away where nothing in it can be gone on with."""
        if not self._can_go_on:
            self.discard()
        self._lock.close()

    def discard(self) -> None:
        """Take the folder away."""
        if self._lock.closed:
            return
        for output in self._outputs:
            output.discard()
        with suppress(OSError):
            _clear(self.folder)
            if os.name == "nt":  # An open file cannot be removed there.
                self._lock.close()
            (self.folder / _LOCK).unlink()
            self.folder.rmdir()
        self._lock.close()

    @property
    def _can_go_on(self) -> bool:
        """Whether a later run can go on from here: the journal in the folder alone says so."""
        return journal.read(self.folder) is not None

    def refused(self, why: str) -> CannotGoOnError:
        """Give the error for a run that cannot go on with what is there."""
        return CannotGoOnError(
            Problem(
                f"the unfinished run of {self._results} cannot go on: {why}",
                hint="Start anew with --force and without --resume.",
            )
        )

    @contextmanager
    def told(self, path: Path) -> Iterator[None]:
        """Have a file that cannot be written told, with what becomes of the run.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            yield
        except OSError as error:
            self._disk.wait()  # With what was under way there may be something to go on with.
            hint = _KEPT if self._can_go_on else "Nothing was written."
            raise cannot_be_written(path, error, hint) from None


@contextmanager
def held(results: Path) -> Iterator[Unfinished]:
    """Hold the folder of a run.

    Raises:
        InputError: another run has it.
        OutputError: it cannot be made.
    """
    try:
        lock = _held(folder_of(results))
    except OSError as error:
        raise cannot_be_written(results, error) from None
    if lock is None:
        raise InputError(_running(results))
    unfinished = Unfinished(results, lock)
    try:
        yield unfinished
    except BaseException as error:
        unfinished.release(error)
        raise
    unfinished.let_go()


def leftover(results: Path) -> Leftover | None:
    """Give what a run to the same place has left, or is doing; None where there is nothing."""
    folder = folder_of(results)
    try:
        with (folder / _LOCK).open("r+b") as lock:
            running = not locked(lock)
    except FileNotFoundError:
        running = False
    except OSError:
        return None
    return Leftover(folder, running, journal.read(folder)) if folder.is_dir() else None


def folder_of(results: Path) -> Path:
    """Give the folder in which a run keeps what is not finished."""
    return results.with_name(f".{journal.short(results.name)}.unfinished")


def _held(folder: Path) -> BinaryIO | None:
    """Give the lock of a folder, which is made where there is none; None if another has it."""
    while True:
        folder.mkdir(mode=0o700, exist_ok=True)
        try:
            lock = (folder / _LOCK).open("a+b")
        except FileNotFoundError:
            continue  # Whoever had the folder took it away in between.
        if not locked(lock):
            lock.close()
            return None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock.fileno()), (folder / _LOCK).stat()):
                return lock
        lock.close()


def _clear(folder: Path) -> None:
    """Take away what is in a folder but its lock; the journal first, since it vouches for it."""
    paths = [path for path in folder.iterdir() if path.name != _LOCK]
    for path in sorted(paths, key=lambda path: path.name != journal.NAME):
        path.unlink()


def _running(results: Path) -> Problem:
    return Problem(
        f"another run is writing {results} just now", hint="Wait for it, or choose another -o."
    )


def _difference(name: str, was: Any, now: Any) -> str:
    if all(isinstance(value, str | int | None) and len(str(value)) < 40 for value in (was, now)):
        return f"{name} was {was} and is {now}"
    return name
