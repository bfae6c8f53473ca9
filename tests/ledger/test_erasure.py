"""An erased person leaves no trace, and the chain stays intact."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from erasing import of_files, of_server
from fourways.errors import LedgerError
from fourways.ledger import sqlite
from fourways.ledger.erasure import erase_person, erase_record
from fourways.ledger.ledger import Ledger
from fourways.ledger.reading import Filter
from fourways.ledger.verify import verify
from ledgers import decisions, fill, opened


@pytest.mark.parametrize("where", ["journal", "wal", "server"])
def test_erased_names_are_in_no_file(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if where == "server":
        found = of_server(str(request.getfixturevalue("server")), 5)
    else:
        found = of_files(tmp_path, 5, wal=where == "wal")

    assert found.before == 5
    assert set(found.after.values()) == {0}
    assert found.kept == 5
    assert found.intact


def test_an_erased_person_is_not_found_and_others_are(ledger: Ledger) -> None:
    fill(ledger, 3)
    done = erase_person(ledger, "subject-1")

    assert done.numbers == (2,)
    assert not list(ledger.records(Filter(subject="subject-1")))
    assert ledger.get(2).case is None
    assert ledger.get(2).erased == ("caller", "case")
    assert ledger.get(3).case is not None
    record = ledger.get(done.record)
    assert record.entry.body == {"erased": {"2": ["caller", "case"]}}
    assert not record.personal
    report = verify(ledger.database)
    assert (report.intact, report.erased) == (True, 1)


def test_an_erased_caller_leaves_the_case(ledger: Ledger) -> None:
    ledger.record("advise", decisions()[0], "emp7", "helper")
    erase_person(ledger, "helper")

    record = ledger.get(1)
    assert record.erased == ("caller",)
    assert record.case is not None
    assert verify(ledger.database).intact


def test_a_record_without_a_subject_is_erased_by_number(ledger: Ledger) -> None:
    ledger.record("ask", decisions()[0])
    erase_record(ledger, 1)

    assert ledger.get(1).case is None
    assert verify(ledger.database).intact


def test_erasing_an_unknown_person_is_an_error(on_file: Ledger) -> None:
    fill(on_file, 1)

    with pytest.raises(LedgerError, match="holds nothing about 'nobody'"):
        erase_person(on_file, "nobody")

    assert on_file.head().count == 1


def test_erasing_while_the_file_is_read_reports_remaining_traces(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sqlite, "WAIT", 1)
    with opened(tmp_path / "ledger", wal=True) as ledger:
        fill(ledger, 2)
        with closing(sqlite3.connect(tmp_path / "ledger")) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM ledger_records").fetchone()
            with pytest.raises(LedgerError, match=r"was erased \(record 3\), but traces"):
                erase_person(ledger, "subject-1")

        assert not list(ledger.records(Filter(subject="subject-1")))
        assert verify(ledger.database).intact
