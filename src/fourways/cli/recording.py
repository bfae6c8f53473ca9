"""Options of commands that record in the ledger, and the recording of an interview."""

from typing import TYPE_CHECKING

import click

from fourways.cli.terminal import echo

if TYPE_CHECKING:
    from fourways.model.decision import Decision

LEDGER = click.option(
    "--ledger",
    metavar="FILE|URL",
    help="The ledger: a file, or postgresql://user@host/database. By default FOURWAYS_LEDGER, or "
    "else a file in your data folder.",
)
SUBJECT = click.option(
    "--subject", metavar="NAME", help="Who this is about: any name or number you like."
)
NO_RECORD = click.option(
    "--no-record", "record", flag_value=False, type=bool, default=True,
    help="Don't record this in the ledger.",
)  # fmt: skip


def try_to_record(
    decision: "Decision", notes: tuple[str, ...], subject: str | None, ledger: str | None
) -> None:
    """Record an interview; report a failure without aborting."""
    from fourways import app
    from fourways.errors import FourwaysError

    try:
        number = app.record_decision("ask", decision, notes, subject, ledger)
    except FourwaysError as error:
        echo(f"This wasn't recorded: {error}", err=True)
    else:
        echo(f"Saved as record {number}. To delete it: fourways audit erase --record {number}")
