"""`fourways rules check` and `test`: is the rule base valid, and do its cases pass?"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from fourways import app
from fourways.cli.options import FOLDER, in_format, load_base, with_folders
from fourways.errors import FourwaysError, Problem, RuleBaseError
from fourways.model.base import RuleBase
from fourways.model.rules import Stratum
from fourways.rulebase.locations import BaseFolders

if TYPE_CHECKING:
    from fourways.rulebase.run_cases import CasesReport

in_folder = click.argument("own", metavar="[DIR]", type=FOLDER, required=False)


@click.command(short_help="Check the rules and list every problem.")
@in_folder
@in_format
@with_folders
def check(folders: BaseFolders, own: Path | None, form: str) -> None:
    """Check the rules and what they name, and list every problem.

    Checks the built-in base, with the knowledge/ and rules/ in DIR on top if you name it. Every
    problem comes with its file, line and column, and with what to do about it. Exits with 1 if
    there is a problem.
    """
    try:
        base = load_base(folders.with_base(own) if own else folders)
    except RuleBaseError as error:
        if form == "text":
            exit_with(error)
        click.echo(json.dumps({"problems": [_as_json(p) for p in error.problems]}, indent=2))
        raise click.exceptions.Exit(1) from None
    moves = len(base.stratum(Stratum.TARGETS))
    counts = {
        "rules": len(base.rules) - moves,
        "findings": len(base.concluding),
        "moves": moves,
        "statements": len(base.statements),
    }
    if form == "json":
        click.echo(json.dumps({"problems": [], **counts, "digest": base.digest}, indent=2))
        return
    listed = ", ".join(f"{number} {name}" for name, number in counts.items())
    click.echo(f"No problems: {listed}. Rule base {base.digest}.")


def _as_json(problem: Problem) -> dict[str, object]:
    where = asdict(problem.location) if problem.location else {}
    return {**where, "message": problem.message, "hint": problem.hint}


def load_or_exit(folders: BaseFolders) -> RuleBase:
    """Return a rule base; print what is wrong with an invalid one and exit with 1."""
    try:
        return load_base(folders)
    except RuleBaseError as error:
        exit_with(error)


def exit_with(error: FourwaysError) -> NoReturn:
    """Print problems and exit with 1."""
    for problem in error.problems:
        click.echo(f"fourways: {problem}", err=True)
    raise click.exceptions.Exit(1) from None


@click.command(short_help="Run the cases and show the ones that fail.")
@in_folder
@in_format
@with_folders
def test(folders: BaseFolders, own: Path | None, form: str) -> None:
    """Run the cases: profiles for which the file says what must come out.

    Cases are in rules/cases/*.yaml and run on two engines. A case has a profile and what you
    expect; anything you leave out may come out either way:

    \b
      - case: If there is no way up, promotion is found elsewhere
        profile:
          growth_blockers: [waiting_for_vacancy]
          aspirations: [promotion]
        first: move_out                # the recommendation, or none
        ranking: [move_out, move_up]   # all supported paths, in order
        supported: [move_up]           # and unsupported: [...]
        fires: [out.no_path]            # rules, and moves such as G10
        silent: [line.wish]            # rules that must not fire
        always: [up.default]           # fires here and in every other case
        findings: [ladder_closed]
        targets: [higher_level_elsewhere]
        certainty: {move_out: 0.85}

    Also lists the rules that no case expects to fire, or to stay silent: an error for built-in
    rules, a notice for your own. Exits with 1 if something failed.
    """  # noqa: D301 - click needs the character, not the two letters
    try:
        report = app.check_cases(folders.with_base(own) if own else folders)
    except RuleBaseError as error:
        exit_with(error)
    if form == "json":
        click.echo(json.dumps(asdict(report), indent=2))
    else:
        _print(report)
    if not report.ok:
        raise click.exceptions.Exit(1)


def _print(report: "CasesReport") -> None:
    for failure in report.failures:
        click.echo(f"{failure.location.file}:{failure.location.line}: {failure.case}")
        for mismatch in failure.mismatches:
            click.echo(f"  expected  {mismatch.expected}")
            click.echo(f"  actual    {mismatch.actual}")
        click.echo(f"  engines   {', '.join(failure.engines)}\n")
    for one in report.untested:
        where = f"{one.location.file}:{one.location.line}: " if one.location else ""
        notice = "" if one.built_in else "notice: "
        click.echo(f"{where}{notice}{one.rule}: no case expects it to {one.never}")
    click.echo(f"{report.passed} passed, {report.failed} failed")
