"""Whose decision is explained: a profile, a row of results, or a decision on record."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from fourways import app
from fourways.cli.files import opened
from fourways.cli.options import ANSWERS, FOLDER, load_base, with_folders
from fourways.cli.recording import LEDGER
from fourways.errors import InputError, Problem, escape_controls
from fourways.rulebase.locations import BaseFolders

PROFILE = click.argument("file", type=FOLDER, required=False, metavar="[PROFILE.yaml]")


def with_person(function: Callable[..., Any]) -> Callable[..., Any]:
    """Pass a command the rules as `base` and the answers it is about as `profile`.

    A decision on record comes with the rules of its day, unless the options name others.
    """

    @ANSWERS
    @click.option(
        "--results", type=FOLDER, metavar="OUT.csv", help="What `fourways batch` wrote; with --row."
    )
    @click.option("--row", type=click.IntRange(min=1), metavar="N", help="The row, from 1.")
    @click.option(
        "--record",
        "number",
        type=click.IntRange(min=1),
        metavar="ID",
        help="A decision on record, by the rules of its day; or by those that --rules and "
        "--knowledge name.",
    )
    @click.option(
        "--rules-of-now", "now", is_flag=True, help="A decision on record by the rules of now."
    )
    @LEDGER
    @with_folders
    @wraps(function)
    def command(
        *args: object,
        file: Path | None,
        pairs: tuple[str, ...],
        results: Path | None,
        row: int | None,
        number: int | None,
        now: bool,
        ledger: str | None,
        folders: BaseFolders,
        **options: object,
    ) -> object:
        if number is None and (now or ledger is not None):
            raise InputError(
                Problem(
                    "--ledger and --rules-of-now are for a decision on record",
                    hint="Name it with --record ID.",
                )
            )
        if (results is None) != (row is None):
            raise InputError(Problem("--results and --row go together"))
        named = [one for one in (file, results, number) if one is not None]
        if len(named) > 1:
            raise InputError(
                Problem("more than one decision", hint="Use one of a profile, --results, --record.")
            )
        if not named and not pairs:
            raise InputError(
                Problem(
                    "no profile",
                    hint="Name a YAML file, give answers such as --set current_role=pmo_analyst, "
                    "or --results OUT.csv --row N, or --record ID.",
                )
            )
        person = _explained(file, results, row, number, ledger, now, folders)
        for note in person.notes:
            click.echo(escape_controls(note), err=True)
        profile = app.with_answers(person.base, person.profile, pairs)
        return function(*args, base=person.base, profile=profile, **options)

    return command


def _explained(
    file: Path | None,
    results: Path | None,
    row: int | None,
    number: int | None,
    ledger: str | None,
    now: bool,
    folders: BaseFolders,
) -> app.Explained:
    if number is not None:
        named = click.get_current_context().params
        own = now or named.get("rules") is not None or named.get("knowledge") is not None
        return app.decision_on_record(number, ledger, load_base(folders) if own else None)
    base = load_base(folders)
    if results is not None and row is not None:
        with opened(results) as (stream, _):
            return app.decision_in_results(base, results, stream, row)
    return app.decision_in_file(base, file)
