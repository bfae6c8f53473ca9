"""Erases people, and searches everything on the disk for their names.

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


def names(count: int, prefix: str) -> list[str]:
    return [f"{prefix}-{index:04}-{index * 7919 % 9973:04}" for index in range(count)]


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
    """Erase people from a SQLite ledger, and search each of its files."""
    address, erased = folder / "ledger", names(people, "leaver")
    with opened(address, wal=wal) as ledger:
        filled(ledger, people)
        before = count_in(b"".join(path.read_bytes() for path in folder.iterdir()), erased)
        for name in erased:
            erase_person(ledger, name)
        # The connections are open, so that journals still exist.
        after = {path.name: count_in(path.read_bytes(), erased) for path in folder.iterdir()}
        after["export"] = count_in(exported(ledger), erased)
        kept = count_in(address.read_bytes(), names(people, "stayer"))
        return Found(before, after, kept, verify(ledger.database).intact)


def of_server(url: str, people: int) -> Found:
    """Erase people from a PostgreSQL ledger, and search each folder of the server."""
    import psycopg

    erased = names(people, "leaver")
    address = new_database(url, "erasing")
    with psycopg.connect(address, autocommit=True) as connection, opened(address) as ledger:
        data = Path(str(connection.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
        filled(ledger, people)
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
        before = count_in(_below(data / "base"), erased)
        for name in erased:
            erase_person(ledger, name)
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
        after = {
            where.name: count_in(_below(where), erased)
            for where in sorted(data.iterdir())
            if where.is_dir() and where.name != "pg_wal"
        }
        after["export"] = count_in(exported(ledger), erased)
        wal = count_in(_below(data / "pg_wal"), erased)
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
        with postgresql() as url:
            print(json.dumps(of_server(url, options.people).__dict__))
        return
    for wal in (False, True):
        with TemporaryDirectory() as folder:
            found = of_files(Path(folder), options.people, wal)
            print("write-ahead log" if wal else "rollback journal", json.dumps(found.__dict__))


if __name__ == "__main__":
    main()
