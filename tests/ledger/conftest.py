"""What the tests of the ledger share."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from fourways.ledger.ledger import Ledger
from ledgers import new_database, opened, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL."""
    with postgresql() as uri:
        yield uri


_NUMBER = count(1)


@pytest.fixture
def database(server: str) -> str:
    """The URL of a database of its own."""
    return new_database(server, f"test_{next(_NUMBER)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be kept; a test that takes it runs on both databases."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger")
    return str(request.getfixturevalue("database"))


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """An empty ledger, on each database."""
    with opened(place) as one:
        yield one


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Callable[[], Ledger]]:
    """Opens the ledger of a file; it is closed at the end."""
    made: list[Ledger] = []

    def open_it() -> Ledger:
        made.append(opened(tmp_path / "ledger"))
        return made[-1]

    yield open_it
    for one in made:
        one.database.close()
