"""Waits for a SQLite file that others write to, so that an interruption is heard.

SQLite's own waiting hears nothing until it ends; so it is asked to wait for a moment only, again
and again.
"""

import sqlite3
from time import monotonic

WAIT = 30
"""Seconds to wait while another process writes."""

MOMENT = 0.2
"""Seconds that SQLite waits at a time."""


def once_free(connection: sqlite3.Connection, *statements: str) -> None:
    """Run statements, each as soon as no other process is in the way.

    Args:
        connection: a connection that waits for a `MOMENT` only.
        statements: none of which leaves anything half done when it has to wait.

    Raises:
        sqlite3.OperationalError: it was in the way for too long.
    """
    end = monotonic() + WAIT
    for statement in statements:
        while True:
            try:
                connection.execute(statement).fetchall()
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or monotonic() > end:
                    raise


def set_patience(connection: sqlite3.Connection, seconds: float) -> None:
    """Tell SQLite how long to wait by itself."""
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
