"""Tampers with copies of a ledger in eight ways, and counts how often `verify` finds it.

python scripts/ledger/tampering.py --each 60
"""

import argparse
import json
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "ledger"))

from fourways.ledger.canonical import canonical, digest
from fourways.ledger.checkpoints import Checkpoint, make
from fourways.ledger.database import Database
from fourways.ledger.diagnosis import Tampering
from fourways.ledger.keys import as_hex
from fourways.ledger.verify import Report, verify
from ledgers import fill, opened, sample


@dataclass(frozen=True)
class Template:
    """A ledger, an older copy of it, and a checkpoint with its key."""

    ledger: Path
    older: Path
    checkpoint: Checkpoint
    public_key: str
    count: int

    @staticmethod
    def made_in(folder: Path) -> "Template":
        key = Ed25519PrivateKey.generate()
        ledger, older = folder / "ledger", folder / "older"
        sample(ledger)
        shutil.copy(ledger, older)
        with opened(ledger) as it:
            fill(it, 5, first=20)
            checkpoint = make(it, key)
            count = it.head().count
        return Template(ledger, older, checkpoint, as_hex(key.public_key()), count)


@contextmanager
def raw(file: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that checks nothing."""
    with closing(sqlite3.connect(file)) as connection:
        yield connection
        connection.commit()


def altered(content: str, rng: random.Random) -> str:
    """Return the text of a record with a field changed."""
    fields = json.loads(content)
    name = rng.choice(["time", "kind", "fourways", "rule_base"])
    fields[name] = {"time": "2026-01-01T00:00:00.000+00:00", "kind": "ask2"}.get(name, "f" * 64)
    return canonical(fields).decode()


def seal_again(connection: sqlite3.Connection, first: int) -> None:
    """Recompute every hash, starting with a record."""
    rows = "SELECT number, content FROM ledger_records WHERE number >= ? ORDER BY number"
    before = connection.execute("SELECT hash FROM ledger_records WHERE number = ?", (first - 1,))
    previous = (before.fetchone() or ("0" * 64,))[0]
    for number, content in connection.execute(rows, (first,)).fetchall():
        fields = {**json.loads(content), "number": number, "previous": previous}
        text = canonical(fields).decode()
        previous = digest(text.encode())
        connection.execute(
            "UPDATE ledger_records SET content = ?, hash = ?, time = ?, kind = ? WHERE number = ?",
            (text, previous, fields["time"], fields["kind"], number),
        )


def renumber(connection: sqlite3.Connection, first: int, by: int) -> None:
    """Renumber records and their personal data."""
    order = "DESC" if by > 0 else "ASC"
    numbers = f"SELECT number FROM ledger_records WHERE number >= ? ORDER BY number {order}"
    for (number,) in connection.execute(numbers, (first,)).fetchall():
        for table in ("ledger_records", "ledger_personal"):
            connection.execute(
                f"UPDATE {table} SET number = ? WHERE number = ?", (number + by, number)
            )


def delete(connection: sqlite3.Connection, number: int) -> None:
    for table in ("ledger_personal", "ledger_records"):
        connection.execute(f"DELETE FROM {table} WHERE number = ?", (number,))


def edit(file: Path, rng: random.Random, template: Template) -> int:
    number = rng.randint(1, template.count - 1)
    with raw(file) as connection:
        row = connection.execute("SELECT content FROM ledger_records WHERE number = ?", (number,))
        content = altered(row.fetchone()[0], rng)
        how = rng.choice(["text", "text and hash", "column", "person", "decision", "salt"])
        if how == "column":
            connection.execute(
                "UPDATE ledger_records SET time = '2026-01-01' WHERE number = ?", (number,)
            )
        elif how in ("text", "text and hash"):
            connection.execute(
                "UPDATE ledger_records SET content = ? WHERE number = ?", (content, number)
            )
            if how == "text and hash":
                connection.execute(
                    "UPDATE ledger_records SET hash = ? WHERE number = ?",
                    (digest(content.encode()), number),
                )
        else:
            numbers = connection.execute(
                "SELECT number FROM ledger_personal WHERE part = 'case' AND person IS NOT NULL"
            )
            number = rng.choice(numbers.fetchall())[0]
            change = {
                "person": "person = 'nobody'",
                "decision": "content = replace(content, 'move_', 'm0ve_') || ' '",
                "salt": "salt = zeroblob(32)",
            }[how]
            connection.execute(
                f"UPDATE ledger_personal SET {change} WHERE number = ? AND part = 'case'", (number,)
            )
    return number


def delete_one(file: Path, rng: random.Random, template: Template) -> int:
    number = rng.randint(1, template.count - 2)
    with raw(file) as connection:
        if rng.random() < 0.3:
            numbers = connection.execute("SELECT number FROM ledger_personal").fetchall()
            number = rng.choice(numbers)[0]
            connection.execute("DELETE FROM ledger_personal WHERE number = ?", (number,))
            return int(number)
        delete(connection, number)
        if rng.random() < 0.5:
            renumber(connection, number + 1, -1)
    return number


def swap(file: Path, rng: random.Random, template: Template) -> int:
    one, other = sorted(rng.sample(range(1, template.count), 2))
    with raw(file) as connection:
        if rng.random() < 0.3:
            cases = "SELECT number FROM ledger_personal WHERE part = 'case'"
            numbers = [number for (number,) in connection.execute(cases)]
            one, other = sorted(rng.sample(numbers, 2))
            tables = ("ledger_personal",)
        else:
            tables = ("ledger_personal", "ledger_records")
        for table in tables:
            for old, new in ((one, -1), (other, one), (-1, other)):
                connection.execute(f"UPDATE {table} SET number = ? WHERE number = ?", (new, old))
    return one


def insert(file: Path, rng: random.Random, template: Template) -> int:
    number = rng.randint(2, template.count - 1)
    with raw(file) as connection:
        copied = rng.randint(1, template.count)
        row = connection.execute("SELECT * FROM ledger_records WHERE number = ?", (copied,))
        _, content, _, time, kind, rules = row.fetchone()
        before = connection.execute(
            "SELECT hash FROM ledger_records WHERE number = ?", (number - 1,)
        ).fetchone()[0]
        fields = {**json.loads(content), "number": number, "previous": before}
        fields["commitments"] = {}
        text = canonical(fields).decode()
        hash_ = digest(text.encode()) if rng.random() < 0.7 else "0" * 64
        renumber(connection, number, 1)
        connection.execute(
            "INSERT INTO ledger_records VALUES (?, ?, ?, ?, ?, ?)",
            (number, text, hash_, time, kind, rules),
        )
    return number


def truncate(file: Path, rng: random.Random, template: Template) -> int:
    last = rng.randint(0, template.checkpoint.head.count - 1)
    with raw(file) as connection:
        for number in range(last + 1, template.count + 1):
            delete(connection, number)
        named = "SELECT rule_base FROM ledger_records WHERE rule_base IS NOT NULL"
        connection.execute(f"DELETE FROM ledger_rule_bases WHERE digest NOT IN ({named})")
    return last + 1


def reseal(file: Path, rng: random.Random, template: Template) -> int:
    number = rng.randint(1, template.checkpoint.head.count)
    with raw(file) as connection:
        row = connection.execute("SELECT content FROM ledger_records WHERE number = ?", (number,))
        fields = json.loads(row.fetchone()[0])
        fields["time"] = "2026-01-01T00:00:00.000+00:00"
        connection.execute(
            "UPDATE ledger_records SET content = ? WHERE number = ?",
            (canonical(fields).decode(), number),
        )
        seal_again(connection, number)
    return number


def replace_head(file: Path, rng: random.Random, template: Template) -> int:
    """Replace the last record before the checkpoint."""
    number = template.checkpoint.head.count
    with raw(file) as connection:
        row = connection.execute("SELECT content FROM ledger_records WHERE number = ?", (number,))
        fields = json.loads(row.fetchone()[0])
        fields["time"] = f"2026-01-01T00:00:{rng.randint(10, 59)}.000+00:00"
        connection.execute(
            "UPDATE ledger_records SET content = ? WHERE number = ?",
            (canonical(fields).decode(), number),
        )
        for later in range(number + 1, template.count + 1):
            delete(connection, later)
        seal_again(connection, number)
    return number


def old_file(file: Path, _: random.Random, template: Template) -> int:
    shutil.copy(template.older, file)
    with raw(file) as connection:
        (count,) = connection.execute("SELECT count(*) FROM ledger_records").fetchone()
    return int(count) + 1


Attempt = Callable[[Path, random.Random, Template], int]
"""Tampers with a ledger, and returns the first bad record."""

ATTEMPTS: dict[Tampering | str, Attempt] = {
    "edit": edit,
    "delete": delete_one,
    "swap": swap,
    "insert": insert,
    "truncate": truncate,
    "re-seal": reseal,
    "replace head": replace_head,
    "replay old file": old_file,
}


def checked(file: Path, template: Template) -> Report:
    database = Database(str(file), create=False)
    try:
        return verify(database, [template.checkpoint], [template.public_key])
    finally:
        database.close()


def tamper(kind: str, each: int, folder: Path, seed: int = 1) -> Iterator[tuple[int, Report]]:
    """Tamper with copies in one way; yield the first bad record and the report."""
    template = Template.made_in(folder)
    assert checked(template.ledger, template).intact
    for index in range(each):
        file = folder / f"copy-{index}"
        shutil.copy(template.ledger, file)
        first = ATTEMPTS[kind](file, random.Random(f"{kind} {seed} {index}"), template)
        yield first, checked(file, template)
        file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=60)
    each = parser.parse_args().each
    caught = named = total = 0
    for kind in ATTEMPTS:
        with TemporaryDirectory() as folder:
            results = list(tamper(str(kind), each, Path(folder)))
        found = Counter(str(r.faults[0].tampering) if r.faults else "nothing" for _, r in results)
        right = sum(bool(r.faults) and r.faults[0].number == first for first, r in results)
        missed = sum(r.intact for _, r in results)
        total, caught, named = total + each, caught + each - missed, named + right
        print(
            f"{kind}: {each - missed} of {each} caught, first bad record named {right}; "
            f"{dict(found)}"
        )
    print(f"{caught} of {total} caught; the first bad record was named in {named}")


if __name__ == "__main__":
    main()
