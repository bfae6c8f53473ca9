"""Flips bits of a ledger, one at a time, and counts how often it is noticed.

    python scripts/ledger/flips.py --count 1000

Bits of the values in the tables, and of any byte of the file. Some bytes of the file hold nothing
(free space of pages, SQLite's own counters): flipping them alters nothing that can be read. They
are noticed only as long as nothing was recorded since the checkpoint. With `--stale` a record was,
and flips that weren't noticed are counted apart if they alter nothing.
"""

import argparse
import random
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "ledger"))

from fourways.errors import LedgerError
from ledgers import fill, opened
from tampering import Template, checked, raw

NOTICED, NOTHING, MISSED = "noticed", "alters nothing", "MISSED"


def flip_value(file: Path, rng: random.Random) -> None:
    """Flip a bit of a value of a table."""
    with raw(file) as connection:
        table = rng.choice(["ledger_records", "ledger_personal", "ledger_rule_bases"])
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        filled = f"SELECT rowid FROM {table}"
        row = rng.choice(connection.execute(filled).fetchall())[0]
        while True:
            column = rng.choice(columns)
            read = f"SELECT CAST({column} AS BLOB), typeof({column}) FROM {table} WHERE rowid = ?"
            value, kind = connection.execute(read, (row,)).fetchone()
            if value:
                break
        data = bytearray(value)
        index = rng.randrange(len(data))
        data[index] ^= 1 << rng.randrange(8)
        write = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE rowid = ?"
        if kind == "integer":
            write = f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ?"
            connection.execute(write, (int(value) ^ (1 << rng.randrange(8)), row))
        else:
            connection.execute(write, (bytes(data), row))


def flip_byte(file: Path, rng: random.Random) -> None:
    """Flip a bit of the file."""
    data = bytearray(file.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    file.write_bytes(data)


def noticed(file: Path, template: Template) -> bool:
    try:
        return not checked(file, template).intact
    except LedgerError:
        return True


def readable(file: Path) -> list[object]:
    """Return everything that can be read, through the tables and through the indexes."""
    with closing(sqlite3.connect(file)) as connection:
        found: list[object] = list(connection.iterdump())
        for table, order in (("records", "time"), ("personal", "person"), ("personal", "part")):
            found += connection.execute(f"SELECT {order} FROM ledger_{table} ORDER BY {order}")
    with opened(file, create=False) as ledger:
        return [*found, *ledger.records()]


def flipped(count: int, of_file: bool, folder: Path, stale: bool = False) -> Counter[str]:
    """Flip bits, each in a fresh copy, and count the outcomes."""
    template = Template.made_in(folder)
    if stale:
        with opened(template.ledger) as ledger:
            fill(ledger, 1)
    before = readable(template.ledger)
    found: Counter[str] = Counter()
    file = folder / "copy"
    for index in range(count):
        shutil.copy(template.ledger, file)
        (flip_byte if of_file else flip_value)(file, random.Random(index))
        if noticed(file, template):
            found[NOTICED] += 1
        else:
            found[NOTHING if readable(file) == before else MISSED] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--stale", action="store_true")
    options = parser.parse_args()
    for name, of_file in (("values", False), ("bytes of the file", True)):
        with TemporaryDirectory() as folder:
            found = flipped(options.count, of_file, Path(folder), options.stale)
            print(f"{name}: {dict(found)}")


if __name__ == "__main__":
    main()
