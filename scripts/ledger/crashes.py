"""Kills writers while they write, and checks that no acknowledged record is lost.

python scripts/ledger/crashes.py --kills 1000
python scripts/ledger/crashes.py --kills 1000 --postgresql
python scripts/ledger/crashes.py --kills 100 --postgresql --server
"""

import argparse
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "ledger"))

from fourways.errors import LedgerError
from fourways.ledger.database import Database
from fourways.ledger.verify import verify
from ledgers import decisions, new_database, opened, postgresql


@dataclass(frozen=True)
class Outcome:
    """The number of kills, and what the ledger holds in the end."""

    kills: int
    acknowledged: int
    lost: int
    records: int
    intact: bool


def write_on(address: str, log: Path, name: str) -> None:
    """Write records until killed, and log each one that the ledger has acknowledged."""
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        try:
            with opened(address) as ledger:
                for index in range(1_000_000):
                    decision = decisions()[index % 8]
                    number = ledger.record("advise", decision, f"{name}-{index}")
                    os.write(handle, f"{number} {ledger_hash(ledger, number)}\n".encode())
        except LedgerError:
            time.sleep(0.05)  # the server is down


def ledger_hash(ledger: object, number: int) -> str:
    return ledger.get(number).entry.hash  # type: ignore[attr-defined,no-any-return]


def started(address: str, log: Path, name: str) -> int:
    child = os.fork()
    if child == 0:
        try:
            write_on(address, log, name)
        finally:
            os._exit(1)
    return child


def killed(address: str, kills: int, folder: Path, server_pid: object = None) -> Outcome:
    """Run two writers, and kill one of them again and again."""
    rng = random.Random(kills)
    opened(address).database.close()
    decisions()
    logs = [folder / "log-0", folder / "log-1"]
    for path in logs:
        path.touch()
    writers = [started(address, logs[i], f"w{i}") for i in (0, 1)]
    try:
        for count in range(kills):
            which = count % 2
            # Wait until it has opened the ledger and written.
            size, until = logs[which].stat().st_size, time.monotonic() + 20
            while logs[which].stat().st_size == size and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(rng.random() * 0.02)
            if callable(server_pid):
                victim = server_pid(rng)
                if victim:
                    os.kill(victim, signal.SIGKILL)
                continue
            os.kill(writers[which], signal.SIGKILL)
            os.waitpid(writers[which], 0)
            writers[which] = started(address, logs[which], f"w{which}-{count}")
    finally:
        for writer in writers:
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
    return outcome(address, kills, logs)


def outcome(address: str, kills: int, logs: list[Path]) -> Outcome:
    for _ in range(100):
        try:
            database = Database(address)
            break
        except LedgerError:
            time.sleep(0.2)
    with opened(address) as ledger:
        stored = {r.entry.number: r.entry.hash for r in ledger.records()}
    intact = verify(database).intact
    database.close()
    acknowledged = [
        line.split() for path in logs for line in path.read_text().splitlines(keepends=False)
    ]
    lost = sum(stored.get(int(number)) != hash_ for number, hash_ in acknowledged)
    return Outcome(kills, len(acknowledged), lost, len(stored), intact)


@contextmanager
def server_of(url: str, name: str) -> Iterator[object]:
    """Yield a function that returns the pid of a server process of a database, if any."""
    import psycopg

    def victim(rng: random.Random) -> int | None:
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                query = (
                    "SELECT pid FROM pg_stat_activity WHERE datname = %s"
                    " AND pid <> pg_backend_pid()"
                )
                pids = connection.execute(query, (name,)).fetchall()
                return int(rng.choice(pids)[0]) if pids else None
        except psycopg.Error:
            return None

    yield victim


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--server", action="store_true", help="kill the server's processes instead")
    options = parser.parse_args()
    start = time.monotonic()
    with TemporaryDirectory() as name:
        folder = Path(name)
        if options.postgresql:
            with postgresql() as url:
                address = new_database(url, "crashes")
                with server_of(url, "crashes") as victim:
                    server = victim if options.server else None
                    result = killed(address, options.kills, folder, server)
        else:
            result = killed(str(folder / "ledger"), options.kills, folder)
    print(result, f"{time.monotonic() - start:.0f} s")
    sys.exit(0 if result.intact and not result.lost else 1)


if __name__ == "__main__":
    main()
