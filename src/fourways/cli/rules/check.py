"""`fourways rules check`: is the rule base sound?"""

import json
from pathlib import Path

import click

from fourways.cli.options import loaded, with_folders
from fourways.cli.rules.own import fail, in_folder, in_format, with_folder
from fourways.errors import Problem, RuleBaseError
from fourways.model.base import RuleBase
from fourways.rulebase.locations import BaseFolders


@click.command(short_help="Check the rules and say all that is wrong.")
@in_folder
@in_format
@with_folders
def check(folders: BaseFolders, own: Path | None, form: str) -> None:
    """Check the rules and what they name, and say all that is wrong.

    Checks the built-in base, with the knowledge/ and rules/ in DIR on top when you name it. Every
    problem comes with its file, line and column, and with what to do about it. Ends with 1 when
    there is a problem.
    """
    try:
        base = loaded(with_folder(folders, own))
    except RuleBaseError as error:
        if form == "json":
            problems = [_as_json(problem) for problem in error.problems]
            click.echo(json.dumps({"problems": problems}, indent=2))
            raise click.exceptions.Exit(1) from None
        fail(error)
    counts = _counts(base)
    if form == "json":
        click.echo(json.dumps({"problems": [], **counts, "digest": base.digest}, indent=2))
        return
    listed = ", ".join(f"{number} {name}" for name, number in counts.items())
    click.echo(f"No problems: {listed}. Rule base {base.digest}.")


def _counts(base: RuleBase) -> dict[str, int]:
    from fourways.model.rules import Target

    moves = sum(isinstance(rule.then, Target) for rule in base.rules)
    return {
        "rules": len(base.rules) - moves,
        "findings": len(base.concluding),
        "moves": moves,
        "statements": len(base.statements),
    }


def _as_json(problem: Problem) -> dict[str, object]:
    location = problem.location
    return {
        "file": location.file if location else None,
        "line": location.line if location else None,
        "column": location.column if location else None,
        "message": problem.message,
        "hint": problem.hint,
    }
