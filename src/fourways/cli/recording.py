"""Puts decisions and runs on record in the ledger, and opens the ledger for other commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from fourways.ledger.ledger import Ledger
    from fourways.model.base import RuleBase
    from fourways.model.decision import Decision

LEDGER = click.option(
    "--ledger",
    "place",
    metavar="FILE|URL",
    help="The ledger: a file, or postgresql://user@host/database. By default what FOURWAYS_LEDGER "
    "says, or else a file in your data folder.",
)
SUBJECT = click.option(
    "--subject", metavar="NAME", help="Whom it is about: a name or number of your choosing."
)

NO_RECORD = click.option(
    "--no-record", "record", flag_value=False, type=bool, default=True,
    help="Do not put it on record in the ledger.",
)  # fmt: skip


def try_to_record(
    decision: "Decision", notes: tuple[str, ...], subject: str | None, place: str | None
) -> None:
    """Put an interview on record, and say so; what prevents it is said too, and no more than that.

    Whoever answered all the questions has the recommendation by then, and keeps it.
    """
    from fourways.errors import FourwaysError

    try:
        number = record_decision("ask", decision, notes, subject, place)
    except FourwaysError as error:
        click.echo(f"Not on record: {error}", err=True)
    else:
        click.echo(f"On record as {number}; `fourways audit erase --record {number}` removes it.")


def record_decision(
    kind: str,
    decision: "Decision",
    notes: tuple[str, ...] = (),
    subject: str | None = None,
    place: str | None = None,
) -> int:
    """Put a decision on record, and give the number of the record.

    Args:
        kind: `ask` or `advise`.
        decision: what came out.
        notes: what was inferred from the answers.
        subject: whom it is about.
        place: the ledger; by default the user's.

    Raises:
        FourwaysError: nothing was recorded.
    """
    from fourways.ledger.ledger import Ledger

    with Ledger.open(place) as ledger:
        return ledger.record(kind, decision, subject, who_asks(), notes)


def record_batch(
    base: "RuleBase",
    results: Path,
    rows: bool = False,
    subjects: str | None = None,
    place: str | None = None,
) -> tuple[int, int]:
    """Put a batch run that has ended on record; see `audit.batches.record_run`."""
    from fourways.ledger.batches import record_run
    from fourways.ledger.ledger import Ledger

    with Ledger.open(place) as ledger:
        return record_run(ledger, base, results, who_asks(), rows, subjects)


def who_asks() -> str | None:
    """Give the login name of whoever runs the program; None where there is none."""
    from getpass import getuser

    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        return None


@contextmanager
def kept(place: str | None, create: bool = False) -> Iterator["Ledger"]:
    """Give the ledger that is there already."""
    from fourways.ledger.ledger import Ledger

    with Ledger.open(place, create) as ledger:
        yield ledger
