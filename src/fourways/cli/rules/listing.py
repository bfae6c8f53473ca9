"""`fourways rules list`: the rules in the order in which they fire."""

import json

import click

from fourways.cli.options import with_base
from fourways.cli.rules.conclusions import KINDS, as_json, in_brief, path_of
from fourways.cli.rules.own import in_format
from fourways.errors import InputError, Problem, did_you_mean
from fourways.model.base import RuleBase
from fourways.model.conditions import Recommended, leaves
from fourways.model.rules import Rule


@click.command(name="list")
@click.option("--path", metavar="PATH", help="Only rules about this way on, such as move_up.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only rules of this kind.")
@in_format
@with_base
def list_rules(base: RuleBase, path: str | None, kind: str | None, form: str) -> None:
    """List the rules in the order in which they fire.

    First come the rules that conclude findings, then the evidence for and against the ways on,
    then the moves from job to job, and the guidance last. Each line has the name of the rule, what
    it concludes, and the statements of the article that it rests on.
    """
    if path is not None and path not in base.paths:
        raise InputError(Problem(f"unknown path '{path}'", hint=did_you_mean(path, base.paths)))
    rules = [
        rule
        for rule in base.rules
        if (kind is None or isinstance(rule.then, KINDS[kind]))
        and (path is None or _is_about(rule, path))
    ]
    if form == "json":
        click.echo(json.dumps([_row(rule) for rule in rules], indent=2))
        return
    lines = [("rule", "concludes", "cites")]
    lines += [(rule.id, in_brief(rule.then), cited(rule)) for rule in rules]
    widths = [max(len(line[column]) for line in lines) for column in range(2)]
    for name, concludes, cites in lines:
        click.echo(f"{name:{widths[0]}}  {concludes:{widths[1]}}  {cites}")


def _is_about(rule: Rule, path: str) -> bool:
    """Tell whether a rule concludes something about a path, or is asked once it came out."""
    asked = {leaf.path for leaf in leaves(rule.when) if isinstance(leaf, Recommended)}
    return path == path_of(rule.then) or path in asked


def cited(rule: Rule) -> str:
    """Give the places that a rule rests on."""
    return "rule of the house" if rule.house else ", ".join(rule.cites)


def _row(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "then": as_json(rule.then),
        "cites": list(rule.cites),
        "house": rule.house,
    }
