"""The address of a ledger: a file, by default in the user's data folder, or a PostgreSQL URL."""

import os
from pathlib import Path

from platformdirs import user_data_path
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from fourways.errors import LedgerError, Problem

ENVIRONMENT = "FOURWAYS_LEDGER"
"""The environment variable with the default address."""

_HINT = "Name a file, or write postgresql://user@host/database."


def data_folder() -> Path:
    """Return the folder where the ledger and the keys are by default."""
    return user_data_path("fourways", appauthor=False)


def ledger_url(address: str | None = None) -> URL:
    """Return the SQLAlchemy URL of a ledger.

    Args:
        address: a file or a URL; by default the environment variable, or a file in the data folder.

    Raises:
        LedgerError: a ledger can't be kept there.
    """
    address = address or os.environ.get(ENVIRONMENT) or str(data_folder() / "ledger.sqlite3")
    if "://" not in address:
        return URL.create("sqlite", database=str(Path(address).expanduser().absolute()))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # It isn't repeated in the message: it may hold a password.
        raise LedgerError(
            Problem("the address of the ledger isn't a valid URL", hint=_HINT)
        ) from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        problem = f"a ledger can't be kept in '{url.drivername}'"
    elif url.database in (None, "", ":memory:"):
        problem = f"{display_name(url)}: a ledger can't be kept in memory"
    elif url.query or url.host or url.username:
        problem = f"{display_name(url)}: the address of a file can't have options"
    else:
        return URL.create("sqlite", database=str(Path(str(url.database)).absolute()))
    raise LedgerError(Problem(problem, hint=_HINT))


def display_name(url: URL) -> str:
    """Return the name of a ledger in messages: the file, or the URL without its password."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)
