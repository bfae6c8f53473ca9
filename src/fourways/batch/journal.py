"""The journal of a run: how far it is, in a file that is whole or not there."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from fourways.batch.outputs import sync_folder

NAME = "journal.json"
_FORM = 1
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Position:
    """How far an input was read: blocks, bytes with their digest, records, empty lines."""

    blocks: int = 0
    bytes_read: int = 0
    sha256: str = ""
    records: int = 0
    empty_lines: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What of a run is done.

    Attributes:
        position: how far the input was read.
        outputs: name to size and digest, of what is on the disk.
        counts: of the records so far.
        sample: of the profiles so far.
    """

    position: Position
    outputs: Mapping[str, Sequence[Any]]
    counts: Mapping[str, Any]
    sample: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Give it as it is kept."""
        entries = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**entries, "position": asdict(self.position)}


@dataclass(frozen=True, slots=True)
class Journal:
    """What a journal says.

    Attributes:
        identity: what made the run what it was.
        done: what of it is done, while it goes on.
        moves: in the end, which files get which names.
    """

    identity: Mapping[str, Any] = field(default_factory=dict)
    done: Done | None = None
    moves: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Leftover:
    """What a run has left unfinished, or is doing just now.

    Attributes:
        folder: where it is.
        running: whether the run is going on.
        journal: how far it is; None where nothing can be gone on with.
    """

    folder: Path
    running: bool
    journal: Journal | None

    @property
    def records(self) -> int:
        """How many records of the input are done."""
        return self.journal.done.position.records if self.journal and self.journal.done else 0


def read(folder: Path) -> Journal | None:
    """Give the journal in a folder; None where there is none that can be understood."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        entries = json.loads((folder / NAME).read_bytes())
        if entries["journal"] != _FORM:
            return None
        if "moves" in entries:
            return Journal(moves=[(str(a), str(b)) for a, b in entries["moves"]])
        done = entries["done"]
        position = Position(**done.pop("position"))
        return Journal(dict(entries["identity"]), Done(position, **done))
    return None


def write(folder: Path, entries: Mapping[str, Any]) -> None:
    """Have a journal on the disk, in place of the one before."""
    new = folder / f"{NAME}.new"
    with new.open("wb") as file:
        file.write(json.dumps({"journal": _FORM, **entries}).encode())
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, folder / NAME)
    sync_folder(folder)


def short(name: str) -> str:
    """Give a name that leaves room for a prefix and an ending, another for another name."""
    if len(name.encode()) <= _LONGEST:
        return name
    return f"{name[:40]}.{sha256(name.encode()).hexdigest()[:16]}"
