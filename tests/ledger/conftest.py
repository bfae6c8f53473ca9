"""Fixtures of the ledger's tests: SQLite files and a real PostgreSQL."""

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts" / "ledger"))

from fourways.ledger.ledger import Ledger
from ledgers import new_database, opened, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    with postgresql() as url:
        yield url


_NUMBER = count(1)


@pytest.fixture
def database(server: str) -> str:
    """The URL of a new database."""
    return new_database(server, f"test_{next(_NUMBER)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new ledger, on each database."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger")
    return str(request.getfixturevalue("database"))


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    """An empty ledger, on each database."""
    with opened(address) as one:
        yield one


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger in the file `ledger`."""
    with opened(tmp_path / "ledger") as one:
        yield one
