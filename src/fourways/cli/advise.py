"""`fourways advise`: a recommendation for one profile, without questions."""

import json
from pathlib import Path

import click

from fourways.cli.options import ANSWERS, with_base
from fourways.cli.recording import LEDGER, SUBJECT, record_decision
from fourways.errors import InputError, Problem
from fourways.model.base import RuleBase


@click.command(name="advise")
@click.argument("profile", type=click.Path(path_type=Path), required=False)
@ANSWERS
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
@click.option("--explain", is_flag=True, help="Show every rule that took part, as a tree.")
@click.option("--record", is_flag=True, help="Put the decision on record in the ledger.")
@SUBJECT
@LEDGER
@with_base
def command(
    base: RuleBase,
    profile: Path | None,
    pairs: tuple[str, ...],
    form: str,
    explain: bool,
    record: bool,
    subject: str | None,
    place: str | None,
) -> None:
    """Recommend for one profile: PROFILE, a YAML file of `attribute: value` lines, or --set.

    What is left out is unknown. `fourways rules show` and `fourways rules list` tell about the
    rules; `fourways advise --set help` lists the attributes.
    """
    from fourways.answers.profiles import ReadProfile, profile_of, read_profile
    from fourways.engines.experta_engine import ExpertaEngine
    from fourways.explain.justification import as_json
    from fourways.model.profile import Profile

    if pairs == ("help",):
        _list_attributes(base)
        return
    if not record and (subject or place):
        raise InputError(Problem("--subject and --ledger go with --record"))
    if profile is None and not pairs:
        raise InputError(
            Problem(
                "no profile",
                hint="Name a YAML file, or give answers: --set current_role=pmo_analyst.",
            )
        )
    read = read_profile(profile, base.attributes) if profile else ReadProfile(Profile())
    given = profile_of(pairs, base.attributes)
    answers = Profile({**read.profile, **given.profile})
    decision = ExpertaEngine(base).decide(answers)
    notes = (*read.notes, *given.notes)
    if record:
        # On record first: nobody is told what is not there to be answered for.
        number = record_decision("advise", decision, notes, subject, place)
        click.echo(f"On record as {number}.", err=True)
    if form == "json":
        click.echo(json.dumps({**as_json(decision), "notes": list(notes)}, indent=2))
        return
    from fourways.cli.show import show_decision, show_justification

    show_decision(decision, notes)
    if explain:
        click.echo()
        show_justification(decision)


def _list_attributes(base: RuleBase) -> None:
    for attribute in base.attributes.values():
        click.echo(f"{attribute.id} ({attribute.kind}): {attribute.question}")
        for value in attribute.values:
            click.echo(f"    {value.id}: {value.label}")
