"""`fourways roles`: which role a job title is matched with, and the roles there are."""

import json
import sys
from collections.abc import Iterator, Sequence

import click

from fourways import app
from fourways.cli.options import in_format, with_base
from fourways.errors import InputError, Problem
from fourways.model.base import RuleBase
from fourways.model.certainty import shown

_STANDARD_INPUT = "-"


@click.group(name="roles")
def command() -> None:
    """Match job titles with roles, and list the roles.

    Files of people are read with the same matching, so you can check here what will become of a
    job title. Roles and titles are in roles.yaml and titles.yaml; bring your own with --knowledge.
    """


@command.command(name="match")
@click.argument("titles", nargs=-1, required=True, metavar="TITLE...")
@in_format
@with_base
def match(base: RuleBase, titles: tuple[str, ...], form: str) -> None:
    """Show which role each TITLE is matched with, how, and how sure that is.

    Put a title of several words in quotes. Use - to read titles from standard input, one per
    line. A title that fits no role counts as another job; nothing is guessed.
    """
    matches = app.match_titles(base, _titles(titles))
    if not matches:
        raise InputError(Problem("there are no titles", hint="Write one on each line."))
    header = ("title", "role", "how", "score", "note")
    rows = [(title, one.role, one.how.value, one.score, one.note) for title, one in matches.items()]
    if form == "json":
        _print_json(header, [(*row[:3], row[3] / 100, row[4]) for row in rows])
    else:
        _print_table(header, [(*row[:3], shown(row[3]), row[4]) for row in rows])


def _titles(arguments: tuple[str, ...]) -> Iterator[str]:
    for title in arguments:
        if title != _STANDARD_INPUT:
            yield title
            continue
        for line in sys.stdin.buffer:
            if text := line.decode(errors="replace").strip("\ufeff \t\r\n"):
                yield text


@command.command(name="list")
@in_format
@with_base
def list_roles(base: RuleBase, form: str) -> None:
    """List the roles, with the other names in roles.yaml.

    The words in titles.yaml make many more names.
    """
    rows = [(role.id, role.title, role.family, role.names) for role in base.roles.values()]
    if form == "json":
        _print_json(("role", "title", "family", "names"), rows)
    else:
        header = ("role", "title", "family", "other names")
        _print_table(header, [(*row[:3], ", ".join(row[3])) for row in rows])


def _print_json(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    objects = [dict(zip(header, row, strict=True)) for row in rows]
    click.echo(json.dumps(objects, indent=2, ensure_ascii=False))


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = [tuple(_printable(cell) for cell in row) for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _printable(text: str) -> str:
    text = " ".join(text.split())
    return "".join(character if character.isprintable() else "?" for character in text)
