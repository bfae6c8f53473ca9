"""Who is erased leaves no trace, and the chain holds."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from erasing import of_files, of_server
from fourways.errors import LedgerError
from fourways.ledger import erasure, waiting
from fourways.ledger.erasure import erase_person, erase_record
from fourways.ledger.ledger import Ledger
from fourways.ledger.reading import Filter
from fourways.ledger.verify import verify
from ledgers import decisions, fill, opened


@pytest.mark.parametrize("wal", [False, True])
def test_no_file_of_a_ledger_has_the_name_of_who_was_erased(wal: bool, tmp_path: Path) -> None:
    found = of_files(tmp_path, 6, wal)

    assert found.before == 6
    assert set(found.after.values()) == {0}
    assert found.kept == 6
    assert found.whole


def test_no_table_or_statistics_of_a_server_have_the_name_of_who_was_erased(
    server: str,
) -> None:
    found = of_server(server, 5)

    assert found.before == 5
    assert set(found.after.values()) == {0}
    assert found.kept == 5
    assert found.whole


def test_the_record_of_an_erasure_names_nobody(ledger: Ledger) -> None:
    fill(ledger, 3)
    done = erase_person(ledger, "subject-1")

    record = ledger.get(done.record)
    assert done.numbers == (2,)
    assert record.entry.kind == erasure.KIND
    assert record.entry.body == {"erased": {"2": ["caller", "case"]}}
    assert not record.parts
    assert verify(ledger.database).whole
    assert verify(ledger.database).erased == 1


def test_what_is_erased_cannot_be_found_and_the_rest_can(ledger: Ledger) -> None:
    fill(ledger, 3)
    erase_person(ledger, "subject-1")

    assert not list(ledger.records(Filter(subject="subject-1")))
    assert ledger.get(2).case is None
    assert ledger.get(2).erased == ("caller", "case")
    assert ledger.get(3).case is not None


def test_who_asked_is_erased_by_name_and_what_was_asked_stays(ledger: Ledger) -> None:
    ledger.record("advise", decisions()[0], "emp7", "helper")
    erase_person(ledger, "helper")

    record = ledger.get(1)
    assert record.erased == ("caller",)
    assert record.case is not None
    assert verify(ledger.database).whole


def test_a_record_about_nobody_is_erased_by_its_number(ledger: Ledger) -> None:
    ledger.record("ask", decisions()[0])
    erase_record(ledger, 1)

    assert ledger.get(1).case is None
    assert verify(ledger.database).whole


def test_somebody_of_whom_nothing_is_held_is_told(ledger: Ledger) -> None:
    fill(ledger, 1)

    with pytest.raises(LedgerError, match="nothing is held about 'nobody'"):
        erase_person(ledger, "nobody")

    assert ledger.head().count == 1


def test_an_erasure_while_the_file_is_being_read_is_done_and_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(waiting, "WAIT", 1)
    with opened(tmp_path / "ledger", wal=True) as ledger:
        fill(ledger, 2)
        with closing(sqlite3.connect(tmp_path / "ledger")) as being_read:
            being_read.execute("BEGIN")
            being_read.execute("SELECT count(*) FROM ledger_records").fetchone()
            with pytest.raises(LedgerError, match="the data are erased, as record 3 says"):
                erase_person(ledger, "subject-1")

        assert not list(ledger.records(Filter(subject="subject-1")))
        assert verify(ledger.database).whole
