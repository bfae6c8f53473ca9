"""A ledger's database is durable, private, and ours; where it cannot be used, that is said."""

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
from fourways.ledger import place as places
from fourways.ledger import waiting
from fourways.ledger.database import Database, wal_is_safe
from fourways.ledger.schema import METADATA, REVISIONS
from fourways.ledger.verify import verify
from ledgers import decisions, fill, opened


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 1), True),
    ],
)
def test_a_write_ahead_log_is_kept_only_where_it_cannot_lose_anything(
    version: tuple[int, int, int], safe: bool
) -> None:
    assert wal_is_safe(version) is safe


@pytest.mark.parametrize(("wal", "mode"), [(True, "wal"), (False, "truncate"), (None, None)])
def test_what_is_acknowledged_is_on_the_disk(
    wal: bool | None, mode: str | None, tmp_path: Path
) -> None:
    expected = mode or ("wal" if wal_is_safe(sqlite3.sqlite_version_info) else "truncate")
    one = Database(str(tmp_path / "ledger"), wal=wal)
    with one.writing() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    one.close()

    assert settings == {
        "journal_mode": expected, "synchronous": 2, "secure_delete": 1, "foreign_keys": 1,
    }  # fmt: skip


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with opened(tmp_path / "ledger", wal=True) as ledger:
            fill(ledger, 1)
            modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert modes == {0o600}


def test_the_migrations_lead_to_the_tables_that_are_used(place: str) -> None:
    with opened(place) as ledger, ledger.database.reading() as connection:
        found = inspect(connection)
        for name, table in METADATA.tables.items():
            columns = {column["name"]: column for column in found.get_columns(name)}
            assert list(columns) == [column.name for column in table.columns]
            for column in table.columns:
                assert columns[column.name]["nullable"] is bool(column.nullable)
            indexes = {index["name"] for index in found.get_indexes(name)}
            assert indexes == {index.name for index in table.indexes}


def test_the_newest_revision_is_the_one_that_is_expected() -> None:
    config = Config()
    folder = Path(fourways.ledger.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    scripts = ScriptDirectory.from_config(config)

    assert tuple(r.revision for r in reversed(list(scripts.walk_revisions()))) == REVISIONS


def test_a_ledger_that_is_made_by_many_at_once_is_made_once(place: str) -> None:
    errors: list[Exception] = []

    def write(index: int) -> None:
        try:
            with opened(place) as ledger:
                ledger.record("ask", decisions()[0], f"s{index}")
        except Exception as error:
            errors.append(error)

    decisions()
    threads = [threading.Thread(target=write, args=(index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with opened(place) as ledger:
        assert not errors
        assert verify(ledger.database).head.count == 6


def test_the_ledger_lies_in_the_data_folder_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(places.ENVIRONMENT, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    Database().close()

    assert list(tmp_path.rglob("ledger.sqlite3")) == [places.data_folder() / "ledger.sqlite3"]


def test_the_environment_names_the_ledger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(places.ENVIRONMENT, str(tmp_path / "here"))
    Database().close()

    assert (tmp_path / "here").exists()


# ------------------------------------------------------------------ what can be wrong


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://me@host/x", "no ledger can be kept in 'mysql'"),
        ("sqlite://", "in memory"),
        ("sqlite:///x?mode=ro", "takes no options"),
        ("postgresql://me:secret@host:port/x", "is no URL"),
        ("postgresql://me:secret@127.0.0.1:1/x", "no connection"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(
    address: str, says: str
) -> None:
    with pytest.raises(LedgerError) as raised:
        Database(address)

    assert says in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_missing_driver_is_told_with_what_to_install() -> None:
    script = "import sys; sys.modules['psycopg'] = None\nfrom fourways.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", script, "audit", "list", "--ledger", "postgresql://host/x"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 2
    assert ran.stderr == (
        "fourways: PostgreSQL needs a driver that is not installed."
        " Install it: pip install 'fourways[postgres]'.\n"
    )


def test_a_ledger_that_is_only_read_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no ledger in"):
        Database(str(tmp_path / "ledger"), create=False)

    assert not list(tmp_path.iterdir())


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE ledger_records (x)")
        connection.commit()
    before = (tmp_path / "other").read_bytes()

    with pytest.raises(LedgerError, match="belongs to another program"):
        Database(str(tmp_path / "other"))

    assert (tmp_path / "other").read_bytes() == before


def test_tables_of_another_program_on_a_server_are_left_alone(database: str) -> None:
    import psycopg

    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE ledger_records (x int)")

    with pytest.raises(LedgerError, match="belongs to another program"):
        Database(database)


def test_a_server_may_have_other_tables_as_well(database: str) -> None:
    import psycopg

    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE others (x int)")

    with opened(database) as ledger:
        fill(ledger, 1)
        assert verify(ledger.database).whole


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database " * 100)

    with pytest.raises(LedgerError, match="is no SQLite database"):
        Database(str(tmp_path / "text"))

    assert (tmp_path / "text").read_text() == "no database " * 100


def test_a_ledger_of_a_newer_fourways_is_left_alone(place: str) -> None:
    with opened(place) as ledger, ledger.database.writing() as connection:
        connection.execute(text("UPDATE ledger_version SET version_num = '9999'"))

    with pytest.raises(LedgerError, match="update fourways"):
        Database(place)


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="is a folder"):
        Database(str(tmp_path))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="No such file or directory"):
        Database(str(tmp_path / "no" / "ledger"))


def test_a_locked_ledger_is_told_and_stays_whole(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(waiting, "WAIT", 1)
    with opened(place) as ledger, opened(place) as other:
        fill(ledger, 1)
        with ledger.database.writing(), pytest.raises(LedgerError, match="in use by another"):
            fill(other, 1)

        assert verify(ledger.database).head.count == 1


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder with a folder `sealed` in it, and the rights of somebody who may not do everything."""
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


def test_a_folder_without_write_permission_is_told(as_nobody: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be made"):
        Database(str(as_nobody / "sealed" / "ledger"))


def test_a_ledger_without_write_permission_can_be_read_and_not_added_to(as_nobody: Path) -> None:
    path = as_nobody / "ledger"
    with opened(path, wal=False) as ledger:
        fill(ledger, 2)
    path.chmod(0o400)
    before = path.read_bytes()

    with opened(path, create=False) as ledger:
        assert verify(ledger.database).whole
        with pytest.raises(LedgerError, match="cannot be written to"):
            fill(ledger, 1)

    assert path.read_bytes() == before


def test_a_full_disk_is_told_and_nothing_is_damaged(tmp_path: Path) -> None:
    script = """
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from ledgers import fill, opened
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with opened(sys.argv[2]) as ledger:
    fill(ledger, 1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    fill(ledger, 50)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path / "ledger")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "disk" in ran.stderr.splitlines()[-1]
    with opened(tmp_path / "ledger") as ledger:
        report = verify(ledger.database)
        assert report.whole
        assert report.head.count >= 2


def test_a_database_without_room_is_told_and_nothing_is_damaged(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger") as ledger:
        fill(ledger, 1)
        with ledger.database.reading() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(LedgerError, match="the disk is full"):
            fill(ledger, 60)

    with opened(tmp_path / "ledger") as ledger:
        assert verify(ledger.database).whole
