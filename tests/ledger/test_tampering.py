"""Whatever is done to a ledger behind its back is found, and the first bad record is named."""

import random
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flips import NOTICED, flipped
from fourways.errors import InputError
from fourways.ledger import checkpoints
from fourways.ledger.checkpoints import Checkpoint, make
from fourways.ledger.diagnosis import Tampering
from fourways.ledger.ledger import Ledger
from fourways.ledger.verify import verify
from ledgers import fill, opened, sample
from tampering import ATTEMPTS, Template, checked, delete, raw, reseal, seal_again, tamper


@pytest.mark.parametrize("kind", ATTEMPTS)
def test_tampering_is_caught(kind: str, tmp_path: Path) -> None:
    for first, report in tamper(kind, 5, tmp_path):
        assert not report.whole
        assert report.faults[0].number == first


@pytest.mark.parametrize("of_file", [False, True])
def test_every_flipped_bit_is_noticed(of_file: bool, tmp_path: Path) -> None:
    assert flipped(25, of_file, tmp_path) == {NOTICED: 25}


def test_a_ledger_of_all_kinds_of_records_is_whole(place: str) -> None:
    with opened(place) as ledger:
        fill(ledger, 3)
        point = make(ledger, Ed25519PrivateKey.generate())
        fill(ledger, 2)

        report = verify(ledger.database, [point], [point.public_key])

    assert report.whole
    assert report.head.count == 6


def test_an_edit_in_postgresql_is_found(database: str) -> None:
    import psycopg

    with opened(database) as ledger:
        fill(ledger, 5)
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE ledger_records SET kind = 'ask' WHERE number = 3")
        (fault,) = verify(ledger.database).faults

    assert (fault.number, fault.tampering) == (3, Tampering.EDITED)


def test_without_a_checkpoint_an_end_that_was_cut_off_does_not_show(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger") as ledger:
        fill(ledger, 5)
        with raw(tmp_path / "ledger") as connection:
            delete(connection, 5)

        assert verify(ledger.database).whole


def test_a_signed_checkpoint_in_the_ledger_gives_resealing_away(tmp_path: Path) -> None:
    template = Template.made_in(tmp_path)
    with opened(template.ledger) as ledger:
        fill(ledger, 2)
    reseal(template.ledger, random.Random(1), template)

    with opened(template.ledger) as ledger:
        (fault,) = verify(ledger.database, keys=[template.public_key]).faults
    assert fault.tampering is Tampering.RESEALED


@pytest.mark.parametrize("wal", [False, True])
def test_what_was_recorded_since_a_checkpoint_is_no_tampering_with_the_file(
    wal: bool, tmp_path: Path
) -> None:
    with opened(tmp_path / "ledger", wal=wal) as ledger:
        fill(ledger, 2)
        point = make(ledger)
        assert point.file == ledger.database.file_digest()
        assert verify(ledger.database, [point]).whole
        fill(ledger, 1)

        assert verify(ledger.database, [point]).whole
    with opened(tmp_path / "ledger", wal=wal) as ledger:
        assert point.file != ledger.database.file_digest()
        assert verify(ledger.database, [point]).whole


def test_the_rules_of_a_day_cannot_be_changed_unnoticed(tmp_path: Path) -> None:
    sample(tmp_path / "ledger")
    with raw(tmp_path / "ledger") as connection:
        connection.execute("UPDATE ledger_rule_bases SET sources = replace(sources, 'a', 'b')")

    with opened(tmp_path / "ledger") as ledger:
        (fault,) = verify(ledger.database).faults
    assert fault.number == 1
    assert "rules" in fault.says


def test_data_that_come_back_after_an_erasure_are_found(tmp_path: Path) -> None:
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
def kept(on_file: object) -> tuple[Ledger, Checkpoint]:
    ledger: Ledger = on_file()  # type: ignore[operator]
    fill(ledger, 3)
    return ledger, make(ledger, Ed25519PrivateKey.generate())


def test_a_checkpoint_is_the_same_after_it_was_written_and_read(
    kept: tuple[Ledger, Checkpoint], tmp_path: Path
) -> None:
    path = tmp_path / "point.json"
    path.write_text(checkpoints.as_text(kept[1]))

    assert checkpoints.read(path) == kept[1]


def test_a_checkpoint_by_another_key_is_refused(kept: tuple[Ledger, Checkpoint]) -> None:
    ledger, _ = kept
    forged = make(ledger, Ed25519PrivateKey.generate())

    (fault,) = verify(ledger.database, [forged], [kept[1].public_key]).faults
    assert fault.tampering is Tampering.FORGED


def test_a_checkpoint_that_was_changed_is_refused(
    kept: tuple[Ledger, Checkpoint], tmp_path: Path
) -> None:
    ledger, point = kept
    path = tmp_path / "point.json"
    path.write_text(checkpoints.as_text(point).replace('"count": 3', '"count": 2'))
    changed = checkpoints.read(path)

    assert verify(ledger.database, [changed]).faults[0].tampering is Tampering.FORGED

    path.write_text(checkpoints.as_text(point).replace(point.marks[1], "0" * 64))
    with pytest.raises(InputError):
        checkpoints.read(path)


def test_a_checkpoint_without_a_signature_is_refused_where_one_is_asked_for(
    kept: tuple[Ledger, Checkpoint],
) -> None:
    ledger, point = kept
    unsigned = Checkpoint(point.head, point.time, point.marks)

    assert verify(ledger.database, [unsigned]).whole
    assert not verify(ledger.database, [unsigned], [point.public_key]).whole


def test_a_checkpoint_of_many_records_says_between_which_the_chain_parts(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger") as ledger:
        fill(ledger, 12)
        point = make(ledger)
    sparse = Checkpoint(
        point.head, point.time, {n: h for n, h in point.marks.items() if n % 4 == 0}
    )
    copy = tmp_path / "copy"
    shutil.copy(tmp_path / "ledger", copy)
    with raw(copy) as connection:
        connection.execute(
            "UPDATE ledger_records SET content = replace(content, '2026-', '2025-') WHERE number = 6"
        )
        seal_again(connection, 6)
    with opened(copy) as ledger:
        (fault,) = verify(ledger.database, [sparse]).faults

    assert fault.number == 5
    assert "one of the records 5 to 8" in fault.says
