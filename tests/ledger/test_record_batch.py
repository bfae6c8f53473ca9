"""A batch run and its people are recorded together, or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fourways.errors import InputError, LedgerError
from fourways.ledger import records
from fourways.ledger.batches import BatchPerson, record_batch
from fourways.ledger.ledger import Ledger
from fourways.ledger.replay import Replay
from fourways.ledger.verify import verify
from fourways.rulebase import load_builtin
from ledgers import decisions, fill, opened


def people() -> list[BatchPerson]:
    return [BatchPerson(n, d.profile, f"emp-{n}") for n, d in enumerate(decisions(), start=1)]


def test_a_run_and_its_people_are_recorded(ledger: Ledger) -> None:
    fill(ledger, 1)

    recorded = record_batch(ledger, load_builtin(), "{}", people(), "hr")

    assert recorded == (2, len(people()))
    run, *rows = list(ledger.records())[1:]
    assert run.personal == {"run": {"manifest": "{}"}, "caller": {"name": "hr"}}
    assert [(row.case or {})["row"] for row in rows] == [person.row for person in people()]
    assert [(row.case or {})["subject"] for row in rows] == [p.subject for p in people()]
    assert {row.entry.body["batch"] for row in rows} == {2}
    replay = Replay(ledger)
    assert all(replay.replay(row).same for row in rows)
    assert verify(ledger.database).intact


def test_a_run_can_be_recorded_without_people(ledger: Ledger) -> None:
    assert record_batch(ledger, load_builtin(), "{}") == (1, 0)
    assert set(ledger.get(1).personal) == {records.RUN}


def test_nothing_of_a_run_is_recorded_if_a_person_cannot_be(ledger: Ledger) -> None:
    invalid = BatchPerson(9, people()[0].profile, "two\nlines")

    with pytest.raises(InputError, match="row 9: a person's name"):
        record_batch(ledger, load_builtin(), "{}", [*people(), invalid])

    assert ledger.head().count == 0


def test_nothing_of_a_run_is_recorded_if_the_disk_fills_up(on_file: Ledger) -> None:
    fill(on_file, 1)
    with on_file.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5}")

    with pytest.raises(LedgerError, match="the disk is full"):
        record_batch(on_file, load_builtin(), "{}", people())

    assert on_file.head().count == 1
    assert verify(on_file.database).intact


def test_checking_that_a_ledger_is_writable_changes_nothing(address: str, tmp_path: Path) -> None:
    with opened(address) as ledger:
        fill(ledger, 1)
        before = ledger.head()
        ledger.database.empty_log()
        file = ledger.database.file_digest()
        ledger.database.check_writable()

        assert ledger.head() == before
        assert ledger.database.file_digest() == file
        assert verify(ledger.database).intact


def test_a_full_disk_is_found_by_the_check(on_file: Ledger) -> None:
    with on_file.database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    with pytest.raises(LedgerError, match="the disk is full"):
        on_file.database.check_writable()


def test_a_missing_table_is_found_by_the_check(on_file: Ledger, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger")) as connection:
        connection.execute("DROP TABLE ledger_records")
        connection.commit()

    with pytest.raises(LedgerError, match="is damaged"):
        on_file.database.check_writable()
