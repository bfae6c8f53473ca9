"""Translates what a database reports into problems that you can fix."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fourways.errors import LedgerError, Problem

_BUSY = ("another program is using it", "Wait until it is done and try again.")
_RESTORE = "Restore it from a backup."

_SQLITE = {
    "SQLITE_FULL": ("the disk is full", "Free some space and try again."),
    "SQLITE_IOERR": ("the disk has failed or is full", "Check the disk and try again."),
    "SQLITE_READONLY": ("you can't write to it", "Make the file and its folder writable."),
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_CANTOPEN": ("can't be opened", "Check that its folder exists and is writable."),
    "SQLITE_PERM": ("can't be opened", "Make the file readable and writable."),
    "SQLITE_NOTADB": ("isn't a SQLite database", "Name another file with --ledger."),
    "SQLITE_CORRUPT": ("is damaged", _RESTORE),
}
"""What is wrong and what to do, by the name of SQLite's primary error code."""

_POSTGRESQL = {
    "53100": ("the server's disk is full", "Free some space and try again."),
    "25006": ("the server is read-only", "Ask whoever runs it."),
    "42501": ("you don't have the rights to do this", "Ask whoever runs the server for them."),
    "42P01": ("a table of the ledger is missing", _RESTORE),
    "42703": ("a table of the ledger was altered", _RESTORE),
    "55P03": _BUSY,
    "57014": ("it took too long and was canceled", "Try again."),
}
"""The same by SQLSTATE."""


@contextmanager
def translated_errors(name: str) -> Iterator[None]:
    """Raise every error of the database as a LedgerError.

    Args:
        name: the name of the ledger in messages.
    """
    try:
        yield
    except DBAPIError as error:
        raise LedgerError(_problem(name, error.orig)) from None
    except SQLAlchemyError as error:
        raise LedgerError(Problem(f"{name}: can't be used: {_first_line(error)}")) from None
    except sqlite3.Error as error:
        raise LedgerError(_problem(name, error)) from None
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        hint = "Install it: pip install 'fourways[postgres]'."
        problem = "PostgreSQL needs a driver that isn't installed"
        raise LedgerError(Problem(problem, hint=hint)) from None


def _problem(name: str, error: BaseException | None) -> Problem:
    line = _first_line(error)
    code = getattr(error, "sqlite_errorname", None)
    state = getattr(error, "sqlstate", None)
    if code is not None and line.startswith(("no such table", "no such column")):
        what, hint = f"is damaged: {line}", _RESTORE
    elif code is not None:
        primary = "_".join(str(code).split("_")[:2])
        what, hint = _SQLITE.get(primary, (f"can't be used: {line}", ""))
    elif state is None:
        what, hint = f"no connection: {line}", "Check that the server is running."
    else:
        what, hint = _POSTGRESQL.get(state, (f"can't be used: {line}", ""))
    return Problem(f"{name}: {what}", hint=hint)


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].removeprefix("FATAL:").strip().rstrip(".") if lines else "no reason was given"
