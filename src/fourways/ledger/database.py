"""Opens the ledger's database: made when it is not there, up to date, and no other program's."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text

from fourways.errors import LedgerError, Problem
from fourways.ledger import waiting
from fourways.ledger.faults import told
from fourways.ledger.place import data_folder, shown, url_of
from fourways.ledger.schema import METADATA, PERSONAL, REVISIONS, VERSION_TABLE
from fourways.ledger.waiting import once_free, set_patience

APPLICATION_ID = 0x34574159
"""Marks a SQLite file as a ledger of fourways: "4WAY"."""

LOCK = 0x34574159_4C454447
"""The advisory lock of PostgreSQL by which one record is appended at a time."""

_SETTINGS = {
    "synchronous": "FULL",
    "fullfsync": "ON",
    "secure_delete": "ON",
    "foreign_keys": "ON",
    "temp_store": "MEMORY",
    "trusted_schema": "OFF",
    "cell_size_check": "ON",
}
"""What each connection to SQLite is set to."""


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Tell whether a SQLite has no fault in its write-ahead log.

    Up to 3.51.2 resetting the log could lose what was committed (sqlite.org/wal.html#walresetbug);
    3.44.6 and 3.50.7 have the remedy as well.
    """
    return version >= (3, 51, 3) or any(
        mended <= version < (*mended[:1], mended[1] + 1, 0) for mended in ((3, 50, 7), (3, 44, 6))
    )


class Database:
    """A ledger's database, open.

    Args:
        place: a file or a URL; see `url_of`.
        create: whether to make it when it is not there; if not, it is only read.
        wal: whether SQLite keeps a write-ahead log; by default where that is safe.

    Raises:
        LedgerError: it cannot be opened, or is not ours.
    """

    def __init__(
        self, place: str | None = None, create: bool = True, wal: bool | None = None
    ) -> None:
        url = url_of(place)
        self.name = shown(url)
        self.is_file = url.drivername == "sqlite"
        self._wal = wal_is_safe(sqlite3.sqlite_version_info) if wal is None else wal
        if self.is_file:
            self._find(Path(str(url.database)), create)
        with told(self.name):
            self._engine = self._engine_of(url)
        try:
            self._prepare(create)
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> Path | None:
        """The file in which it is kept; None on a server."""
        return Path(self.name) if self.is_file else None

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the ledger throughout."""
        engine = self._engine
        if not self.is_file:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with told(self.name), engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that is the only one to write until the block ends.

        What was written is on the disk when the block has ended well; otherwise none of it is.
        """
        options = {"fourways_writes": True}
        with told(self.name), self._engine.execution_options(**options).begin() as connection:
            if not self.is_file:
                connection.execute(text("SET LOCAL synchronous_commit = on"))
                connection.execute(text(f"SET LOCAL lock_timeout = '{waiting.WAIT}s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield connection

    def rewrite(self) -> None:
        """Write the database anew, so that no page holds what was deleted.

        Raises:
            LedgerError: another process reads, so that it is not possible now.
        """
        options = {"isolation_level": "AUTOCOMMIT", "fourways_writes": True}
        engine = self._engine.execution_options(**options)
        with told(self.name), engine.connect() as connection:
            if not self.is_file:
                # Without the right to, the server passes over the table and only warns.
                where = text(f"SELECT pg_relation_filenode('{PERSONAL}')")
                before = connection.execute(where).scalar()
                connection.execute(text(f"VACUUM FULL {PERSONAL}"))
                if connection.execute(where).scalar() == before:
                    raise LedgerError(Problem(f"{self.name}: you may not rewrite {PERSONAL}"))
                return
            connection.exec_driver_sql("VACUUM")
        self.settle()

    def settle(self) -> None:
        """Bring what is in SQLite's write-ahead log into the file, and empty the log.

        Raises:
            LedgerError: another process reads, so that it is not possible now.
        """
        if not (self.is_file and self._wal):
            return
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with told(self.name), engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar():
                raise LedgerError(_in_use(self.name))

    def is_sound(self) -> bool:
        """Tell whether a SQLite file is in order as a file; PostgreSQL sees to that itself."""
        if not self.is_file:
            return True
        with self.reading() as connection:
            return connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"

    def file_digest(self) -> str:
        """Give SHA-256 of a SQLite file; of a server, nothing."""
        if not self.is_file:
            return ""
        with self.reading() as connection:
            # While somebody reads, nobody changes the file.
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
            with open(self.name, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()

    # ------------------------------------------------------------------ opening

    def _find(self, path: Path, create: bool) -> None:
        if path.is_dir():
            raise LedgerError(Problem(f"{path} is a folder", hint="Name a file in it."))
        if path.exists():
            if not path.is_file():
                raise LedgerError(Problem(f"{path} is no file", hint="Name a file."))
            return
        if not create:
            raise LedgerError(_none_yet(self.name))
        try:
            if path.parent == data_folder():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # For its owner only, from the first moment on; the journals take it over.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise LedgerError(
                Problem(
                    f"{path}: cannot be made: {error.strerror}",
                    hint="Name another file with --ledger.",
                )
            ) from None

    def _engine_of(self, url: URL) -> Engine:
        if not self.is_file:
            return create_engine(
                url,
                # What a writer sees once it has the lock must be the newest.
                isolation_level="READ COMMITTED",
                hide_parameters=True,
                connect_args={"connect_timeout": waiting.WAIT},
            )
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": waiting.MOMENT})
        event.listen(engine, "connect", _settle)
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = bool(options.get("fourways_writes"))
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        set_patience(driver, waiting.MOMENT)
        if writes:
            # Truncating the journal is synced; deleting it would need `synchronous` at EXTRA.
            once_free(driver, f"PRAGMA journal_mode = {'WAL' if self._wal else 'TRUNCATE'}")
        if options.get("isolation_level") != "AUTOCOMMIT":
            # Reading locks the file: after that, nothing waits but the end of writing.
            first = "SELECT count(*) FROM sqlite_master"
            once_free(driver, "BEGIN IMMEDIATE" if writes else "BEGIN", first)
        set_patience(driver, waiting.WAIT)

    def _prepare(self, create: bool) -> None:
        with self.reading() as connection:
            revision = self._revision(connection)
        if revision == REVISIONS[-1]:
            return
        if not create and revision is None:
            raise LedgerError(_none_yet(self.name))
        with self.writing() as connection:
            revision = self._revision(connection)
            if revision != REVISIONS[-1]:
                _upgrade(connection)
                if self.is_file:
                    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def _revision(self, connection: Connection) -> str | None:
        """Give the revision of the schema; None for a database that is empty.

        Raises:
            LedgerError: the database is another program's, or of a newer fourways.
        """
        tables = set(inspect(connection).get_table_names())
        if self.is_file:
            mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
            others = mark != APPLICATION_ID and (bool(mark) or bool(tables))
        else:
            others = VERSION_TABLE not in tables and bool(tables & set(METADATA.tables))
        if others:
            raise LedgerError(
                Problem(
                    f"{self.name} belongs to another program",
                    hint="Name another file or database with --ledger.",
                )
            )
        if VERSION_TABLE not in tables:
            return None
        found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()
        if len(found) == 1 and found[0] in REVISIONS:
            return str(found[0])
        raise LedgerError(
            Problem(
                f"{self.name} has a form that this fourways does not know",
                hint="It may come from a newer one: update fourways, or restore a backup.",
            )
        )


def _settle(connection: sqlite3.Connection, _: object) -> None:
    # Transactions are begun by `Database`, not by the driver's rules.
    connection.isolation_level = None
    once_free(connection, *(f"PRAGMA {name} = {value}" for name, value in _SETTINGS.items()))


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    command.upgrade(config, "head")


def _none_yet(name: str) -> Problem:
    return Problem(
        f"there is no ledger in {name}",
        hint="The first record makes it: `fourways advise --record`. Or name it with --ledger.",
    )


def _in_use(name: str) -> Problem:
    return Problem(
        f"{name}: is in use by another program", hint="Wait until it is done, and do it again."
    )
