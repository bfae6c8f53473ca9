"""Where the ledger lies: a file of the user's by default, any file, or a PostgreSQL database."""

import os
from pathlib import Path

from platformdirs import user_data_path
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from fourways.errors import LedgerError, Problem

ENVIRONMENT = "FOURWAYS_LEDGER"
"""Names the ledger, as `--ledger` does."""

_HINT = "Name a file, or write postgresql://user@host/database."


def data_folder() -> Path:
    """Give the folder where the ledger and the keys lie by default."""
    return user_data_path("fourways", appauthor=False)


def url_of(place: str | None = None) -> URL:
    """Give the address of a ledger.

    Args:
        place: a file, or a URL; by default what the environment says, or else a file in the user's
            data folder.

    Raises:
        LedgerError: it is neither.
    """
    place = place or os.environ.get(ENVIRONMENT) or str(data_folder() / "ledger.sqlite3")
    if "://" not in place:
        return URL.create("sqlite", database=str(Path(place).expanduser().absolute()))
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        # What cannot be taken apart may hold a password, so that it is not repeated.
        raise LedgerError(Problem("the address of the ledger is no URL", hint=_HINT)) from None
    if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
        if url.query or url.host or url.username:
            raise LedgerError(Problem(f"{shown(url)}: a file takes no options", hint=_HINT))
        return URL.create("sqlite", database=str(Path(str(url.database)).absolute()))
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        raise LedgerError(Problem(f"{shown(url)}: a ledger in memory keeps nothing", hint=_HINT))
    raise LedgerError(Problem(f"no ledger can be kept in '{url.drivername}'", hint=_HINT))


def shown(url: URL) -> str:
    """Give how messages name a ledger: the file, or the URL without its password."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)
