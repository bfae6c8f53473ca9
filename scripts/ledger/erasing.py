"""Erases people, and searches everything that the ledger leaves on the disk for their names.

python scripts/ledger/erasing.py --people 100
python scripts/ledger/erasing.py --people 100 --postgresql
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "ledger"))

from fourways.ledger.erasure import erase_person
from fourways.ledger.export import json_lines
from fourways.ledger.ledger import Ledger
from fourways.ledger.reading import Filter
from fourways.ledger.verify import verify
from ledgers import decisions, new_database, opened, postgresql


@dataclass(frozen=True)
class Found:
    """How many erased and kept people are found in each file, and the state of the chain."""

    before: int
    after: dict[str, int]
    kept: int
    intact: bool


def names(count: int, sort: str) -> list[str]:
    return [f"{sort}-{index:04}-{index * 7919 % 9973:04}" for index in range(count)]


def filled(ledger: Ledger, people: int) -> None:
    for round_ in range(2):
        for index, name in enumerate([*names(people, "leaver"), *names(people, "stayer")]):
            decision = decisions()[(index + round_) % 8]
            ledger.record("ask", decision, name, f"login-of-{name}", [f"note of {name}"])


def count_in(data: bytes, sought: list[str]) -> int:
    return sum(name.encode() in data for name in sought)


def exported(ledger: Ledger) -> bytes:
    return "\n".join(json_lines(ledger, Filter())).encode()


def of_files(folder: Path, people: int, wal: bool) -> Found:
    """Erase people from a SQLite ledger, and search each file of it."""
    place, gone = folder / "ledger", names(people, "leaver")
    with opened(place, wal=wal) as ledger:
        filled(ledger, people)
        before = count_in(b"".join(path.read_bytes() for path in folder.iterdir()), gone)
        for name in gone:
            erase_person(ledger, name)
        # While the connections are open, so that journals are still there.
        after = {path.name: count_in(path.read_bytes(), gone) for path in folder.iterdir()}
        after["export"] = count_in(exported(ledger), gone)
        kept = count_in(place.read_bytes(), names(people, "stayer"))
        return Found(before, after, kept, verify(ledger.database).intact)


def of_server(uri: str, people: int) -> Found:
    """Erase people from a PostgreSQL ledger, and search each file of the server."""
    import psycopg

    gone = names(people, "leaver")
    place = new_database(uri, "erasing")
    with psycopg.connect(place, autocommit=True) as connection, opened(place) as ledger:
        data = Path(str(connection.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
        filled(ledger, people)
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
        before = count_in(_below(data / "base"), gone)
        for name in gone:
            erase_person(ledger, name)
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
        after = {
            where.name: count_in(_below(where), gone)
            for where in sorted(data.iterdir())
            if where.is_dir() and where.name != "pg_wal"
        }
        after["export"] = count_in(exported(ledger), gone)
        wal = count_in(_below(data / "pg_wal"), gone)
        print(f"still in the server's write-ahead log: {wal}", file=sys.stderr)
        kept = count_in(_below(data / "base"), names(people, "stayer"))
        return Found(before, after, kept, verify(ledger.database).intact)


def _below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    if options.postgresql:
        with postgresql() as uri:
            print(json.dumps(of_server(uri, options.people).__dict__))
        return
    for wal in (False, True):
        with TemporaryDirectory() as folder:
            found = of_files(Path(folder), options.people, wal)
            print("write-ahead log" if wal else "rollback journal", json.dumps(found.__dict__))


if __name__ == "__main__":
    main()
