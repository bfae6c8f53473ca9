"""The help of every command, for docs/cli.md.

Used from a cog block, as docs/transcripts.py is.
"""

from collections.abc import Iterator

import click

from fourways.cli import main

WIDTH = 88


def all_commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Give (name, command, context) for fourways and each command below it, in their order."""
    yield from _walk(main, "fourways", None)


def _walk(
    command: click.Command, name: str, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(
        command, parent=parent, info_name=name, terminal_width=WIDTH, **command.context_settings
    )
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for one in command.list_commands(context):
            below = command.get_command(context, one)
            assert below is not None, f"{context.command_path} {one} is listed and not there"
            yield from _walk(below, one, context)


def contents() -> None:
    """Print a table of the commands, each with the first line of its help."""
    print("| command | what it does |\n|---|---|")
    for name, command, _ in all_commands():
        anchor = name.replace(" ", "-")
        print(f"| [`{name}`](#{anchor}) | {command.get_short_help_str(limit=200)} |")


def helps() -> None:
    """Print what `--help` says, for each command under a heading of its own."""
    for name, _, context in all_commands():
        lines = (line.rstrip() for line in context.get_help().splitlines())
        print(f"\n## {name}\n")
        print("```console", f"$ {name} --help", *lines, "```", sep="\n")
