"""`fourways rules`: list, check and test the rules, and start a base of one's own."""

import click

from fourways.cli.rules.cases import test
from fourways.cli.rules.check import check
from fourways.cli.rules.coverage import coverage
from fourways.cli.rules.diff import diff
from fourways.cli.rules.listing import list_rules
from fourways.cli.rules.schema import schema
from fourways.cli.rules.show import show
from fourways.cli.rules.sources import sources
from fourways.cli.rules.start import init


@click.group(name="rules")
def command() -> None:
    """List, check and test the rules, and start rules of your own.

    A rule says: when this is known about a person, then that follows, and here is the sentence of
    the article that says so. The rules and what they name are YAML files, in two folders, rules/
    and knowledge/. Rules of your own go on top of the built-in ones: name their folders with
    --rules and --knowledge, or the folder that holds both with the environment variable
    FOURWAYS_BASE.
    """


for _command in (list_rules, show, check, test, coverage, diff, sources, schema, init):
    command.add_command(_command)
