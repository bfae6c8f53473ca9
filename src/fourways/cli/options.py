"""Options that several commands share."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from fourways.model.base import RuleBase
from fourways.rulebase.locations import ENVIRONMENT, BaseFolders, base_in, builtin_folders

FOLDER = click.Path(path_type=Path)

ANSWERS = click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="ATTRIBUTE=VALUE",
    help="An answer; goes over the one in PROFILE. Several values of a set: a;b.",
)


def with_folders(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the folders of the rule base, as `folders`."""

    @click.option("--knowledge", type=FOLDER, metavar="DIR", help="Knowledge files of your own.")
    @click.option("--rules", type=FOLDER, metavar="DIR", help="Rule files of your own.")
    @wraps(function)
    def command(
        *args: object, knowledge: Path | None, rules: Path | None, **options: object
    ) -> object:
        folders = builtin_folders()
        if ENVIRONMENT in os.environ:
            folders = folders.with_own(*base_in(Path(os.environ[ENVIRONMENT])))
        return function(*args, folders=folders.with_own(knowledge, rules), **options)

    return command


def with_base(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the rule base, as `base`."""

    @with_folders
    @wraps(function)
    def command(*args: object, folders: BaseFolders, **options: object) -> object:
        return function(*args, base=loaded(folders), **options)

    return command


def loaded(folders: BaseFolders) -> RuleBase:
    """Give the rule base of some folders."""
    from fourways.rulebase import load

    return load(folders)
