"""Prints text with its control characters escaped: nothing in a file may steer the terminal."""

import shutil
import textwrap

import click

from fourways.errors import escape_controls


def escape_lines(text: str) -> str:
    """Return lines of text with their control characters escaped, except line feeds."""
    return "\n".join(map(escape_controls, text.split("\n")))


def echo(text: str = "", *, err: bool = False) -> None:
    """Print lines of text."""
    click.echo(escape_lines(text), err=err)


def tell(*paragraphs: str, indent: str = "") -> None:
    """Print paragraphs, wrapped to the terminal."""
    width = max(min(shutil.get_terminal_size().columns, 88), 20)
    for paragraph in paragraphs:
        lines = textwrap.wrap(
            escape_controls(paragraph), width, initial_indent=indent, subsequent_indent=indent
        )
        click.echo("\n".join(lines))
