"""What can be wrong with a database, in words that help."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fourways.errors import LedgerError, Problem

_AGAIN = "Nothing was recorded; do it again then."

_SQLITE = {
    "SQLITE_FULL": ("the disk is full", f"Free some space. {_AGAIN}"),
    "SQLITE_IOERR": ("the disk fails or is full", f"Look at the disk. {_AGAIN}"),
    "SQLITE_READONLY": ("cannot be written to", "Make the file and its folder writable for you."),
    "SQLITE_BUSY": ("is in use by another program", f"Wait until it is done. {_AGAIN}"),
    "SQLITE_LOCKED": ("is in use by another program", f"Wait until it is done. {_AGAIN}"),
    "SQLITE_CANTOPEN": ("cannot be opened", "See that the folder is there, and writable for you."),
    "SQLITE_PERM": ("cannot be opened", "Make the file readable and writable for you."),
    "SQLITE_NOTADB": ("is no SQLite database", "Name another file with --ledger."),
    "SQLITE_CORRUPT": ("is damaged", "Restore it from a backup."),
}
"""By the name of the primary error: what is wrong, what to do."""

_POSTGRESQL = {
    "53100": ("the disk of the server is full", f"Free some space. {_AGAIN}"),
    "25006": ("the server takes no changes at present", f"Ask who runs it. {_AGAIN}"),
    "42501": ("you may not do this there", "Ask who runs the server for the right to it."),
    "42P01": ("a table of the ledger is missing", "Restore the database from a backup."),
    "42703": ("a table of the ledger was altered", "Restore the database from a backup."),
    "55P03": ("is in use by another program", f"Wait until it is done. {_AGAIN}"),
    "57014": ("it took too long", f"The server was told to give up. {_AGAIN}"),
}
"""By SQLSTATE."""


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what a database complains about into errors that the user can mend.

    Args:
        name: how messages name the ledger.

    Raises:
        LedgerError: in place of any error of the database.
    """
    try:
        yield
    except DBAPIError as error:
        raise LedgerError(_problem(name, error.orig)) from None
    except SQLAlchemyError as error:
        raise LedgerError(Problem(f"{name}: cannot be used: {_first_line(error)}")) from None
    except sqlite3.Error as error:
        raise LedgerError(_problem(name, error)) from None
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise LedgerError(
            Problem(
                "PostgreSQL needs a driver that is not installed",
                hint="Install it: pip install 'fourways[postgres]'.",
            )
        ) from None


def _problem(name: str, error: BaseException | None) -> Problem:
    code = getattr(error, "sqlite_errorname", None)
    if code is not None and str(error).startswith(("no such table", "no such column")):
        lacks = f"is damaged: {_first_line(error)}"
        return Problem(f"{name}: {lacks}", hint="Restore it from a backup.")
    if code is not None:
        primary = "_".join(str(code).split("_")[:2])
        what, hint = _SQLITE.get(primary, (f"cannot be used: {_first_line(error)}", ""))
        return Problem(f"{name}: {what}", hint=hint)
    state = getattr(error, "sqlstate", None)
    if state in _POSTGRESQL:
        what, hint = _POSTGRESQL[state]
        return Problem(f"{name}: {what}", hint=hint)
    if state is None:
        return Problem(f"{name}: no connection: {_first_line(error)}", hint="See that it runs.")
    return Problem(f"{name}: cannot be used: {_first_line(error)}")


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].removeprefix("FATAL:").strip().rstrip(".") if lines else "no reason given"
