"""A ledger's database is durable and private, and problems with it are explained."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import fourways.ledger
from fourways.errors import LedgerError
from fourways.ledger import address as addresses
from fourways.ledger import sqlite as settings
from fourways.ledger.database import Database
from fourways.ledger.ledger import Ledger
from fourways.ledger.schema import METADATA, REVISIONS
from fourways.ledger.sqlite import wal_is_safe
from fourways.ledger.verify import verify
from ledgers import decisions, fill, opened


@pytest.mark.parametrize(
    ("safe", "versions"),
    [
        (False, [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 0), (3, 51, 2)]),
        (True, [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 53, 1)]),
    ],
)
def test_a_write_ahead_log_is_used_only_where_it_is_safe(
    safe: bool, versions: list[tuple[int, int, int]]
) -> None:
    assert {wal_is_safe(version) for version in versions} == {safe}


@pytest.mark.parametrize(("wal", "mode"), [(True, "wal"), (False, "truncate"), (None, None)])
def test_commits_are_on_the_disk(wal: bool | None, mode: str | None, tmp_path: Path) -> None:
    expected = mode or ("wal" if wal_is_safe(sqlite3.sqlite_version_info) else "truncate")
    one = Database(str(tmp_path / "ledger"), wal=wal)
    names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    with one.writing() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    one.close()

    assert found == [expected, 2, 1, 1]


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with opened(tmp_path / "ledger", wal=True) as ledger:
            fill(ledger, 1)
            modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert modes == {0o600}


def test_migrations_create_the_tables_of_the_schema(ledger: Ledger) -> None:
    with ledger.database.reading() as connection:
        found = inspect(connection)
        for name, table in METADATA.tables.items():
            columns = {column["name"]: column for column in found.get_columns(name)}
            assert list(columns) == [column.name for column in table.columns]
            for column in table.columns:
                assert columns[column.name]["nullable"] is bool(column.nullable)
            indexes = {index["name"] for index in found.get_indexes(name)}
            assert indexes == {index.name for index in table.indexes}
    config = Config()
    folder = Path(fourways.ledger.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(r.revision for r in reversed(list(scripts.walk_revisions()))) == REVISIONS


def test_a_ledger_created_by_many_at_once_is_created_once(address: str) -> None:
    errors: list[Exception] = []

    def write(index: int) -> None:
        try:
            with opened(address) as ledger:
                ledger.record("ask", decisions()[0], f"s{index}")
        except Exception as error:
            errors.append(error)

    decisions()
    threads = [threading.Thread(target=write, args=(index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with opened(address) as ledger:
        assert not errors
        assert verify(ledger.database).head.count == 6


def test_the_address_is_the_environment_or_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(addresses.ENVIRONMENT, str(tmp_path / "here"))
    Database().close()
    monkeypatch.delenv(addresses.ENVIRONMENT)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    Database().close()

    assert (tmp_path / "here").exists()
    assert list(tmp_path.rglob("ledger.sqlite3")) == [addresses.data_folder() / "ledger.sqlite3"]


# ------------------------------------------------------------------ problems


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mysql://me@host/x", "a ledger can't be kept in 'mysql'"),
        ("sqlite://", "in memory"),
        ("sqlite:///x?mode=ro", "can't have options"),
        ("postgresql://me:secret@host:port/x", "isn't a valid URL"),
        ("postgresql://me:secret@127.0.0.1:1/x", "no connection"),
    ],
)
def test_a_wrong_address_is_reported_without_its_password(address: str, message: str) -> None:
    with pytest.raises(LedgerError) as raised:
        Database(address)

    assert message in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_missing_driver_is_reported_with_the_extra_to_install() -> None:
    script = "import sys; sys.modules['psycopg'] = None\nfrom fourways.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", script, "audit", "list", "--ledger", "postgresql://host/x"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 2
    assert ran.stderr == (
        "fourways: PostgreSQL needs a driver that isn't installed."
        " Install it: pip install 'fourways[postgres]'.\n"
    )


def _other_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE ledger_records (x)")
        connection.commit()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_other_program, "belongs to another program"),
        (lambda file: file.write_text("no database " * 100), "isn't a SQLite database"),
        (Path.mkdir, "is a folder"),
    ],
)
def test_what_is_not_a_ledger_is_left_alone(make: object, message: str, tmp_path: Path) -> None:
    file = tmp_path / "other"
    make(file)  # type: ignore[operator]
    before = file.read_bytes() if file.is_file() else b""

    with pytest.raises(LedgerError, match=message):
        Database(str(file))

    assert (file.read_bytes() if file.is_file() else b"") == before


def test_a_ledger_that_is_only_read_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no ledger in"):
        Database(str(tmp_path / "ledger"), create=False)
    with pytest.raises(LedgerError, match="No such file or directory"):
        Database(str(tmp_path / "no" / "ledger"))

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("table", ["ledger_records", "others"])
def test_a_server_may_hold_other_tables_unless_names_clash(table: str, database: str) -> None:
    import psycopg

    with psycopg.connect(database) as connection:
        connection.execute(f"CREATE TABLE {table} (x int)")

    if table == "ledger_records":
        with pytest.raises(LedgerError, match="belongs to another program"):
            Database(database)
    else:
        with opened(database) as ledger:
            fill(ledger, 1)
            assert verify(ledger.database).intact


def test_a_ledger_of_a_newer_fourways_is_left_alone(address: str) -> None:
    with opened(address) as ledger, ledger.database.writing() as connection:
        connection.execute(text("UPDATE ledger_version SET version_num = '9999'"))

    with pytest.raises(LedgerError, match="update fourways"):
        Database(address)


def test_a_locked_ledger_is_reported_and_stays_intact(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(settings, "WAIT", 1)
    with opened(address) as ledger, opened(address) as other:
        fill(ledger, 1)
        with ledger.database.writing(), pytest.raises(LedgerError, match="another program"):
            fill(other, 1)

        assert verify(ledger.database).head.count == 1


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder with a read-only folder `sealed`, as a user without root's rights."""
    folder = Path(mkdtemp(prefix="fourways-"))
    folder.chmod(0o777)
    (folder / "sealed").mkdir(mode=0o555)
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        os.seteuid(me)
        shutil.rmtree(folder)


def test_a_read_only_folder_is_reported(as_nobody: Path) -> None:
    with pytest.raises(LedgerError, match="can't be created"):
        Database(str(as_nobody / "sealed" / "ledger"))


def test_a_read_only_ledger_can_be_read_but_not_written(as_nobody: Path) -> None:
    path = as_nobody / "ledger"
    with opened(path, wal=False) as ledger:
        fill(ledger, 2)
    path.chmod(0o400)
    before = path.read_bytes()

    with opened(path, create=False) as ledger:
        assert verify(ledger.database).intact
        for write in (ledger.database.check_writable, lambda: fill(ledger, 1)):
            with pytest.raises(LedgerError, match="can't write to it"):
                write()

    assert path.read_bytes() == before


@pytest.mark.parametrize("write", ["fill(ledger, 50)", "ledger.database.check_writable()"])
def test_a_full_disk_is_reported_and_damages_nothing(write: str, tmp_path: Path) -> None:
    script = f"""
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from ledgers import fill, opened
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with opened(sys.argv[2]) as ledger:
    fill(ledger, 1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
    {write}
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path / "ledger")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "disk" in ran.stderr.splitlines()[-1]
    with opened(tmp_path / "ledger") as ledger:
        assert verify(ledger.database).intact


def test_a_full_database_is_reported_and_damages_nothing(on_file: Ledger) -> None:
    fill(on_file, 1)
    with on_file.database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(LedgerError, match="the disk is full"):
        fill(on_file, 60)

    assert verify(on_file.database).intact
