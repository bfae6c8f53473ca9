"""Flips bits of what a ledger holds, one at a time, and counts how often it is noticed.

    python scripts/ledger/flips.py --count 1000

Two kinds: of the values in the tables, and of any byte of the file. Some bytes of the file hold
nothing (the free space of pages, counters of SQLite's own): flipping those alters nothing that can
be read. They are noticed as long as nothing was recorded since the checkpoint; with `--stale` one
more record was, and what is not noticed then is told apart by whether it altered anything.
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


def flip_value(place: Path, chance: random.Random) -> None:
    """Flip a bit of a value of a table."""
    with raw(place) as connection:
        table = chance.choice(["ledger_records", "ledger_personal", "ledger_rule_bases"])
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        filled = f"SELECT rowid FROM {table}"
        row = chance.choice(connection.execute(filled).fetchall())[0]
        while True:
            column = chance.choice(columns)
            read = f"SELECT CAST({column} AS BLOB), typeof({column}) FROM {table} WHERE rowid = ?"
            value, kind = connection.execute(read, (row,)).fetchone()
            if value:
                break
        data = bytearray(value)
        index = chance.randrange(len(data))
        data[index] ^= 1 << chance.randrange(8)
        write = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE rowid = ?"
        if kind == "integer":
            write = f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ?"
            connection.execute(write, (int(value) ^ (1 << chance.randrange(8)), row))
        else:
            connection.execute(write, (bytes(data), row))


def flip_byte(place: Path, chance: random.Random) -> None:
    """Flip a bit of the file."""
    data = bytearray(place.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    place.write_bytes(data)


def noticed(place: Path, template: Template) -> bool:
    try:
        return not checked(place, template).intact
    except LedgerError:
        return True


def held(place: Path) -> list[object]:
    """Give all that can be read, by way of the tables and by way of the indexes."""
    with closing(sqlite3.connect(place)) as connection:
        said: list[object] = list(connection.iterdump())
        for table, order in (("records", "time"), ("personal", "person"), ("personal", "part")):
            said += connection.execute(f"SELECT {order} FROM ledger_{table} ORDER BY {order}")
    with opened(place, create=False) as ledger:
        return [*said, *ledger.records()]


def flipped(count: int, of_file: bool, folder: Path, stale: bool = False) -> Counter[str]:
    """Flip so many bits, each in a fresh copy, and count what came of it."""
    template = Template.made_in(folder)
    if stale:
        with opened(template.ledger) as ledger:
            fill(ledger, 1)
    before = held(template.ledger)
    found: Counter[str] = Counter()
    place = folder / "copy"
    for index in range(count):
        shutil.copy(template.ledger, place)
        (flip_byte if of_file else flip_value)(place, random.Random(index))
        if noticed(place, template):
            found[NOTICED] += 1
        else:
            found[NOTHING if held(place) == before else MISSED] += 1
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
