"""Opens the ledger's database: creates it, upgrades its schema, and refuses other databases."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, text

from fourways.errors import LedgerError, Problem
from fourways.ledger import sqlite
from fourways.ledger.address import display_name, ledger_url
from fourways.ledger.dberrors import translated_errors
from fourways.ledger.schema import LARGEST, METADATA, PERSONAL, RECORDS, REVISIONS, VERSION_TABLE

LOCK = 0x34574159_4C454447
"""The advisory lock on PostgreSQL that lets one writer append at a time."""

_PROBE = "x" * (4 << 20)
"""More than SQLite's cache holds, so that writing it reaches the disk before any commit."""


class Database:
    """An open ledger database.

    Args:
        address: a file or a URL; see `ledger_url`.
        create: create the database if it doesn't exist; if false, it must exist.
        wal: keep a write-ahead log (SQLite); by default where that is safe.

    Raises:
        LedgerError: it can't be opened, or isn't a ledger.
    """

    def __init__(
        self, address: str | None = None, create: bool = True, wal: bool | None = None
    ) -> None:
        url = ledger_url(address)
        self.name = display_name(url)
        self.is_file = url.drivername == "sqlite"
        self._wal = sqlite.wal_is_safe(sqlite3.sqlite_version_info) if wal is None else wal
        if self.is_file:
            sqlite.find_file(Path(self.name), create)
        with translated_errors(self.name):
            self._engine = self._create_engine(url)
        try:
            self._prepare(create)
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> Path | None:
        """The file; None on a server."""
        return Path(self.name) if self.is_file else None

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees the same state of the ledger throughout."""
        engine = self._engine
        if not self.is_file:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with translated_errors(self.name), engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection that is the only writer until the block ends.

        If the block ends normally, everything it wrote is on the disk; otherwise nothing is.
        """
        engine = self._engine.execution_options(fourways_writes=True)
        with translated_errors(self.name), engine.begin() as connection:
            if not self.is_file:
                connection.execute(text("SET LOCAL synchronous_commit = on"))
                connection.execute(text(f"SET LOCAL lock_timeout = '{sqlite.WAIT}s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield connection

    def check_writable(self) -> None:
        """Write a record and roll it back; raise LedgerError if records can't be added now."""
        row = {"number": LARGEST, "content": _PROBE, "hash": "", "time": "", "kind": ""}
        with self.writing() as connection:
            connection.execute(insert(RECORDS), row)
            connection.rollback()

    def rewrite(self) -> None:
        """Rewrite the database so that no page holds deleted data.

        Raises:
            LedgerError: another process is reading, or you don't have the rights.
        """
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT", fourways_writes=True)
        with translated_errors(self.name), engine.connect() as connection:
            if not self.is_file:
                # Without the rights, the server skips the table and only warns.
                file = text(f"SELECT pg_relation_filenode('{PERSONAL}')")
                before = connection.execute(file).scalar()
                connection.execute(text(f"VACUUM FULL {PERSONAL}"))
                if connection.execute(file).scalar() == before:
                    problem = f"{self.name}: you don't have the rights to rewrite {PERSONAL}"
                    raise LedgerError(problem)
                return
            connection.exec_driver_sql("VACUUM")
        self.empty_log()

    def empty_log(self) -> None:
        """Move SQLite's write-ahead log into the file; raise LedgerError if it is being read."""
        if not (self.is_file and self._wal):
            return
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with translated_errors(self.name), engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar():
                hint = "Wait until it is done and try again."
                raise LedgerError(Problem(f"{self.name}: another program is using it", hint=hint))

    def is_sound(self) -> bool:
        """Return whether a SQLite file is undamaged as a file; PostgreSQL checks that itself."""
        if not self.is_file:
            return True
        with self.reading() as connection:
            return connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"

    def file_digest(self) -> str:
        """Return the SHA-256 of a SQLite file; an empty text on a server."""
        if not self.is_file:
            return ""
        # Nobody can change the file while a transaction reads it.
        with self.reading(), open(self.name, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    # ------------------------------------------------------------------ opening

    def _create_engine(self, url: URL) -> Engine:
        if not self.is_file:
            return create_engine(
                url,
                # A writer must see the newest records once it has the lock.
                isolation_level="READ COMMITTED",
                hide_parameters=True,
                connect_args={"connect_timeout": sqlite.WAIT},
            )
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": sqlite.MOMENT})
        event.listen(engine, "connect", lambda connection, _: sqlite.configure(connection))
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        sqlite.begin(
            driver,
            writes=bool(options.get("fourways_writes")),
            wal=self._wal,
            transaction=options.get("isolation_level") != "AUTOCOMMIT",
        )

    def _prepare(self, create: bool) -> None:
        with self.reading() as connection:
            revision = self._revision(connection)
        if revision == REVISIONS[-1]:
            return
        if not create and revision is None:
            raise LedgerError(sqlite.no_ledger(self.name))
        with self.writing() as connection:
            # Another process may have upgraded it by now.
            if self._revision(connection) != REVISIONS[-1]:
                _upgrade(connection)
                if self.is_file:
                    connection.exec_driver_sql(f"PRAGMA application_id = {sqlite.APPLICATION_ID}")

    def _revision(self, connection: Connection) -> str | None:
        """Return the revision of the schema; None if the database is empty.

        Raises:
            LedgerError: the database belongs to another program or to a newer fourways.
        """
        tables = set(inspect(connection).get_table_names())
        if self.is_file:
            mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
            foreign = mark != sqlite.APPLICATION_ID and (bool(mark) or bool(tables))
        else:
            foreign = VERSION_TABLE not in tables and bool(tables & set(METADATA.tables))
        if foreign:
            hint = "Name another file or database with --ledger."
            raise LedgerError(Problem(f"{self.name} belongs to another program", hint=hint))
        if VERSION_TABLE not in tables:
            return None
        found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()
        if len(found) == 1 and found[0] in REVISIONS:
            return str(found[0])
        raise LedgerError(
            Problem(
                f"{self.name} has a schema that this version of fourways doesn't know",
                hint="It may come from a newer version: update fourways, or restore a backup.",
            )
        )


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
