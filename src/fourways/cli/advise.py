"""`fourways advise`: a recommendation for one profile, without questions."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourways import app
from fourways.cli.options import ANSWERS, in_format, with_base
from fourways.cli.recording import LEDGER, SUBJECT
from fourways.cli.terminal import echo
from fourways.errors import InputError, Problem

if TYPE_CHECKING:
    from fourways.model.base import RuleBase


@click.command(name="advise")
@click.argument("profile", type=click.Path(path_type=Path), required=False)
@ANSWERS
@in_format
@click.option("--explain", is_flag=True, help="Show every rule that fired, as a tree.")
@click.option("--record", is_flag=True, help="Record the decision in the ledger.")
@SUBJECT
@LEDGER
@with_base
def command(
    base: "RuleBase",
    profile: Path | None,
    pairs: tuple[str, ...],
    form: str,
    explain: bool,
    record: bool,
    subject: str | None,
    ledger: str | None,
) -> None:
    """Recommend for one profile: PROFILE, a YAML file of `attribute: value` lines, or --set.

    Attributes that are missing are unknown. `fourways advise --set help` lists the attributes.
    """
    if pairs == ("help",):
        _list_attributes(base)
        return
    if not record and (subject or ledger):
        raise InputError(Problem("--subject and --ledger need --record"))
    if profile is None and not pairs:
        raise InputError(
            Problem(
                "no profile",
                hint="Name a YAML file, or give answers: --set current_role=pmo_analyst.",
            )
        )
    advice = app.advise(base, profile, pairs)
    if record:
        # Recorded first: nobody sees advice that nobody can account for.
        number = app.record_decision("advise", advice.decision, advice.notes, subject, ledger)
        echo(f"Saved as record {number}.", err=True)
    if form == "json":
        echo(json.dumps(advice.as_json(), indent=2))
        return
    from fourways.cli.show import show_decision, show_justification

    show_decision(advice.decision, advice.notes)
    if explain:
        echo()
        show_justification(advice.decision)


def _list_attributes(base: "RuleBase") -> None:
    for attribute in base.attributes.values():
        echo(f"{attribute.id} ({attribute.kind}): {attribute.question}")
        for value in attribute.values:
            echo(f"    {value.id}: {value.label}")
