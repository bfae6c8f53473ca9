"""`fourways roles`: the roles that the rules know, and which of them a job title names."""

import json
import sys
from collections.abc import Iterator

import click

from fourways.cli.options import in_format, with_base
from fourways.errors import InputError, Problem
from fourways.model.base import RuleBase
from fourways.model.certainty import shown

STANDARD_INPUT = "-"
"""Written in place of a title: the titles come from standard input, one a line."""


@click.group(name="roles")
def command() -> None:
    """Match job titles with the roles that the rules know, and list these roles.

    Files hold job titles as people write them. The same matching is done when a file is read, so
    here you can see what will become of a title. What is known about titles stands in two files,
    roles.yaml and titles.yaml; you can bring your own with --knowledge.
    """


@command.command(name="match")
@click.argument("titles", nargs=-1, required=True, metavar="TITLE...")
@in_format
@with_base
def match(base: RuleBase, titles: tuple[str, ...], form: str) -> None:
    """Show which role each TITLE is taken for, how it was matched, and how sure that is.

    Put a title of several words in quotes. With - the titles come from standard input, one a line.
    A title that fits no role counts as another job. It is never guessed.
    """
    from fourways.answers.titles import TitleMatcher

    matches = TitleMatcher(base).match_all(_each(titles))
    if not matches:
        raise InputError(Problem("there are no titles", hint="Write one on each line."))
    if form == "json":
        rows = [
            {
                "title": title,
                "role": found.role,
                "how": str(found.how),
                "score": found.score / 100,
                "note": found.note,
            }
            for title, found in matches.items()
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    _show(
        ("title", "role", "how", "score", "note"),
        [
            (title, found.role, str(found.how), shown(found.score), found.note)
            for title, found in matches.items()
        ],
    )


def _each(titles: tuple[str, ...]) -> Iterator[str]:
    for title in titles:
        if title != STANDARD_INPUT:
            yield title
            continue
        # Bytes that are no text are shown as such instead of ending the command.
        lines = (line.decode(errors="replace").strip("\ufeff \t\r\n") for line in sys.stdin.buffer)
        yield from (line for line in lines if line)


@command.command(name="list")
@in_format
@with_base
def list_roles(base: RuleBase, form: str) -> None:
    """List the roles, with the other names that each goes by.

    These are names that are written out in roles.yaml. More are made of the words in titles.yaml.
    """
    if form == "json":
        rows = [
            {"role": role.id, "title": role.title, "family": role.family, "names": role.names}
            for role in base.roles.values()
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    _show(
        ("role", "title", "family", "other names"),
        [(role.id, role.title, role.family, ", ".join(role.names)) for role in base.roles.values()],
    )


def _show(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table; what would move the cursor of a terminal is printed as a question mark."""
    lines = [tuple(map(_printable, row)) for row in (header, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header) - 1)]
    for *cells, last in lines:
        spaced = [f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)]
        click.echo("  ".join((*spaced, last)).rstrip())


def _printable(text: str) -> str:
    text = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "?" for letter in text)
