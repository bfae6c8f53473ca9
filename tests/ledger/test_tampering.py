"""Whatever is done to a ledger is found, and the first bad record is named."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flips import NOTICED, flipped
from fourways.errors import InputError
from fourways.ledger import checkpoints
from fourways.ledger.checkpoints import make
from fourways.ledger.diagnosis import Fault, Tampering
from fourways.ledger.ledger import Ledger
from fourways.ledger.verify import verify
from ledgers import fill, opened, sample
from tampering import ATTEMPTS, Template, checked, delete, raw, reseal, seal_again, tamper


def first_fault(place: Path, *points: checkpoints.Checkpoint, known: tuple[str, ...] = ()) -> Fault:
    with opened(place) as ledger:
        (fault,) = verify(ledger.database, points, known).faults
    return fault


@pytest.mark.parametrize("kind", ATTEMPTS)
def test_tampering_is_found(kind: str, tmp_path: Path) -> None:
    for first, report in tamper(kind, 5, tmp_path):
        assert not report.intact
        assert report.faults[0].number == first


@pytest.mark.parametrize("of_file", [False, True])
def test_every_flipped_bit_is_noticed(of_file: bool, tmp_path: Path) -> None:
    assert flipped(25, of_file, tmp_path) == {NOTICED: 25}


def test_an_untouched_ledger_is_intact(address: str) -> None:
    with opened(address) as ledger:
        fill(ledger, 3)
        point = make(ledger, Ed25519PrivateKey.generate())
        fill(ledger, 2)

        report = verify(ledger.database, [point], [point.public_key])

    assert report.intact
    assert report.head.count == 6


def test_an_edit_in_postgresql_is_found(database: str) -> None:
    import psycopg

    with opened(database) as ledger:
        fill(ledger, 5)
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE ledger_records SET kind = 'ask' WHERE number = 3")
        (fault,) = verify(ledger.database).faults

    assert (fault.number, fault.tampering) == (3, Tampering.EDITED)


def test_truncation_is_not_seen_without_a_checkpoint(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger") as ledger:
        fill(ledger, 5)
        with raw(tmp_path / "ledger") as connection:
            delete(connection, 5)

        assert verify(ledger.database).intact


def test_a_recorded_checkpoint_reveals_resealing(tmp_path: Path) -> None:
    template = Template.made_in(tmp_path)
    with opened(template.ledger) as ledger:
        fill(ledger, 2)
    reseal(template.ledger, random.Random(1), template)

    fault = first_fault(template.ledger, known=(template.public_key,))
    assert fault.tampering is Tampering.RESEALED


@pytest.mark.parametrize("wal", [False, True])
def test_records_added_after_a_checkpoint_are_not_tampering(wal: bool, tmp_path: Path) -> None:
    with opened(tmp_path / "ledger", wal=wal) as ledger:
        fill(ledger, 2)
        point = make(ledger)
        assert point.file == ledger.database.file_digest()
        assert verify(ledger.database, [point]).intact
        fill(ledger, 1)
        assert verify(ledger.database, [point]).intact
    with opened(tmp_path / "ledger", wal=wal) as ledger:
        assert point.file != ledger.database.file_digest()
        assert verify(ledger.database, [point]).intact


def test_changed_rules_are_found(tmp_path: Path) -> None:
    sample(tmp_path / "ledger")
    with raw(tmp_path / "ledger") as connection:
        connection.execute("UPDATE ledger_rule_bases SET sources = replace(sources, 'a', 'b')")

    fault = first_fault(tmp_path / "ledger")
    assert (fault.number, fault.message) == (1, "the rules of record 1 were changed")


def test_data_restored_after_an_erasure_is_found(tmp_path: Path) -> None:
    template = Template.made_in(tmp_path)
    with raw(template.ledger) as connection:
        connection.execute(
            "INSERT INTO ledger_personal SELECT 5, part, person, salt, content"
            " FROM ledger_personal WHERE number = 1"
        )

    (fault,) = checked(template.ledger, template).faults
    assert (fault.number, fault.tampering) == (5, Tampering.INSERTED)


# ------------------------------------------------------------------ checkpoints


@pytest.fixture
def point(on_file: Ledger) -> checkpoints.Checkpoint:
    """A signed checkpoint of three records."""
    fill(on_file, 3)
    return make(on_file, Ed25519PrivateKey.generate())


def test_a_checkpoint_survives_writing_and_reading(
    point: checkpoints.Checkpoint, tmp_path: Path
) -> None:
    file = tmp_path / "point.json"
    file.write_text(point.as_text())

    assert checkpoints.read(file) == point


def test_a_forged_checkpoint_is_found(
    on_file: Ledger, point: checkpoints.Checkpoint, tmp_path: Path
) -> None:
    unsigned = replace(point, public_key="", signature="", file_signature="")
    by_another_key = make(on_file, Ed25519PrivateKey.generate())
    file = tmp_path / "point.json"
    file.write_text(point.as_text().replace('"count": 3', '"count": 2'))
    changed = checkpoints.read(file)

    for forged in (unsigned, by_another_key, changed):
        (fault,) = verify(on_file.database, [forged], [point.public_key]).faults
        assert fault.tampering is Tampering.FORGED
    assert not verify(on_file.database, [changed]).intact
    assert verify(on_file.database, [replace(unsigned, file="")]).intact


def test_a_checkpoint_that_contradicts_itself_is_refused(
    point: checkpoints.Checkpoint, tmp_path: Path
) -> None:
    file = tmp_path / "point.json"
    file.write_text(point.as_text().replace(point.marks[1], "0" * 64))

    with pytest.raises(InputError):
        checkpoints.read(file)


def test_a_sparse_checkpoint_names_the_range_that_differs(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger") as ledger:
        fill(ledger, 12)
        point = make(ledger)
    sparse = replace(point, marks={n: h for n, h in point.marks.items() if n % 4 == 0})
    copy = tmp_path / "copy"
    shutil.copy(tmp_path / "ledger", copy)
    with raw(copy) as connection:
        connection.execute(
            "UPDATE ledger_records SET content = replace(content, '2026-', '2025-')"
            " WHERE number = 6"
        )
        seal_again(connection, 6)

    fault = first_fault(copy, sparse)
    assert fault.number == 5
    assert "one of the records 5 to 8" in fault.message
