"""Options that several commands share."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from fourways.model.base import RuleBase
    from fourways.rulebase import BaseFolders

FOLDER = click.Path(path_type=Path)

ANSWERS = click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="ATTRIBUTE=VALUE",
    help="An answer; replaces the one in PROFILE. For several values: a,b.",
)

in_format = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs.",
)


def with_folders(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for the folders of the rule base to a command, which gets `folders`."""

    @click.option("--knowledge", type=FOLDER, metavar="DIR", help="Your own knowledge files.")
    @click.option("--rules", type=FOLDER, metavar="DIR", help="Your own rule files.")
    @wraps(function)
    def command(
        *args: object, knowledge: Path | None, rules: Path | None, **options: object
    ) -> object:
        from fourways.rulebase.locations import ENVIRONMENT, builtin_folders

        folders = builtin_folders()
        if ENVIRONMENT in os.environ:
            folders = folders.with_base(Path(os.environ[ENVIRONMENT]))
        return function(*args, folders=folders.with_own(knowledge, rules), **options)

    return command


def with_base(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the same options to a command, which gets the loaded rule base as `base`."""

    @with_folders
    @wraps(function)
    def command(*args: object, folders: "BaseFolders", **options: object) -> object:
        return function(*args, base=load_base(folders), **options)

    return command


def load_base(folders: "BaseFolders") -> "RuleBase":
    """Return the rule base in some folders."""
    from fourways.rulebase import load

    return load(folders)
