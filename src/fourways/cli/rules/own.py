"""What the commands on rules share: the folder of a base of one's own, the format, failing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from fourways.cli.options import FOLDER, loaded
from fourways.errors import FourwaysError, RuleBaseError
from fourways.model.base import RuleBase
from fourways.rulebase.locations import BaseFolders, base_in

in_folder = click.argument("own", metavar="[DIR]", type=FOLDER, required=False)


def in_format(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the choice between text and JSON, as `form`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="For people, or for programs.",
    )(function)


def with_folder(folders: BaseFolders, own: Path | None) -> BaseFolders:
    """Give the folders with the base in a folder of one's own on top."""
    return folders.with_own(*base_in(own)) if own else folders


def sound(folders: BaseFolders) -> RuleBase:
    """Give the rule base of some folders; one that fails its check ends the command."""
    try:
        return loaded(folders)
    except RuleBaseError as error:
        fail(error)


def fail(error: FourwaysError) -> NoReturn:
    """Print what is wrong and end with 1: a check said no."""
    for problem in error.problems:
        click.echo(f"fourways: {problem}", err=True)
    raise click.exceptions.Exit(1)
