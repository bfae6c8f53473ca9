"""`fourways rules`: list, check and test the rules, and start your own."""

import click

from fourways.cli.rules.article import coverage, sources
from fourways.cli.rules.check import check, test
from fourways.cli.rules.diff import diff
from fourways.cli.rules.show import list_rules, show
from fourways.cli.rules.start import init, schema


@click.group(name="rules")
def command() -> None:
    """List, check and test the rules, and start your own.

    A rule says: if this is known about a person, then that follows, and this sentence of the
    article says so. The rules and what they name are YAML files, in two folders, rules/ and
    knowledge/. Your own rules go on top of the built-in ones: name their folders with --rules and
    --knowledge, or the folder that has both with the environment variable FOURWAYS_BASE.
    """


for _command in (list_rules, show, check, test, coverage, diff, sources, schema, init):
    command.add_command(_command)
