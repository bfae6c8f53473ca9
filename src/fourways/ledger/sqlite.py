"""How SQLite is set up: durable, private, and waiting for other writers in short steps.

SQLite's own waiting can't be interrupted, so it waits for a moment only, again and again.
"""

import os
import sqlite3
from pathlib import Path
from time import monotonic

from fourways.errors import LedgerError, Problem
from fourways.ledger.address import data_folder

APPLICATION_ID = 0x34574159
"""Marks a SQLite file as a ledger of fourways: "4WAY"."""

WAIT = 30
"""Seconds to wait for another writer."""

MOMENT = 0.2
"""Seconds that SQLite waits at a time."""

_SETTINGS = {
    "synchronous": "FULL",
    "fullfsync": "ON",
    "secure_delete": "ON",
    "foreign_keys": "ON",
    "temp_store": "MEMORY",
    "trusted_schema": "OFF",
    "cell_size_check": "ON",
}


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Return whether this version of SQLite can keep a write-ahead log without losing commits.

    Up to 3.51.2, resetting the log could lose commits (sqlite.org/wal.html#walresetbug); 3.44.6
    and 3.50.7 have the fix as well.
    """
    return version >= (3, 51, 3) or any(
        fixed <= version < (*fixed[:1], fixed[1] + 1, 0) for fixed in ((3, 50, 7), (3, 44, 6))
    )


def find_file(path: Path, create: bool) -> None:
    """Check that a ledger's file exists, or create it.

    Raises:
        LedgerError: it doesn't exist and `create` is false, it isn't a file, or it can't be made.
    """
    if path.is_dir():
        raise LedgerError(Problem(f"{path} is a folder", hint="Name a file in it."))
    if path.exists():
        if not path.is_file():
            raise LedgerError(Problem(f"{path} isn't a file", hint="Name a file."))
        return
    if not create:
        raise LedgerError(no_ledger(str(path)))
    try:
        if path.parent == data_folder():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Private from the start; SQLite gives its journals the same mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise LedgerError(
            Problem(
                f"{path} can't be created: {error.strerror}",
                hint="Name another file with --ledger.",
            )
        ) from None


def no_ledger(name: str) -> Problem:
    """Return the problem of a ledger that doesn't exist."""
    return Problem(
        f"there is no ledger in {name}",
        hint="Recording a decision creates it: `fourways advise --record`. If you keep it "
        "somewhere else, name it with --ledger.",
    )


def configure(connection: sqlite3.Connection) -> None:
    """Apply the settings to a new connection."""
    # `begin` starts transactions, not the driver.
    connection.isolation_level = None
    _execute(connection, *(f"PRAGMA {name} = {value}" for name, value in _SETTINGS.items()))


def begin(connection: sqlite3.Connection, writes: bool, wal: bool, transaction: bool) -> None:
    """Wait until the file is free, and begin a transaction.

    Args:
        connection: a connection that `configure` has set up.
        writes: whether it writes, and so keeps other writers out.
        wal: whether to keep a write-ahead log.
        transaction: false to leave out BEGIN, for a statement that can't run in a transaction.

    Raises:
        sqlite3.OperationalError: it was locked for too long.
    """
    _set_timeout(connection, MOMENT)
    if writes:
        # Truncating the journal is synced; deleting it would need `synchronous` at EXTRA.
        _execute(connection, f"PRAGMA journal_mode = {'WAL' if wal else 'TRUNCATE'}")
    if transaction:
        # Reading locks the file: from here on, only a commit has to wait.
        first = "SELECT count(*) FROM sqlite_master"
        _execute(connection, "BEGIN IMMEDIATE" if writes else "BEGIN", first)
    _set_timeout(connection, WAIT)


def _execute(connection: sqlite3.Connection, *statements: str) -> None:
    end = monotonic() + WAIT
    for statement in statements:
        while True:
            try:
                connection.execute(statement).fetchall()
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or monotonic() > end:
                    raise


def _set_timeout(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
