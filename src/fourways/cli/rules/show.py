"""`fourways rules show`: one rule in plain words."""

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import click

from fourways.cli.options import with_base
from fourways.cli.rules.conclusions import as_json, in_a_sentence
from fourways.cli.rules.own import in_format
from fourways.errors import InputError, Problem, did_you_mean
from fourways.explain.conditions import in_words, parts_in_words
from fourways.model.base import RuleBase
from fourways.model.conditions import Found, leaves
from fourways.model.rules import Finding, Rule

_WIDTH = 96
_MARGIN = 12


@click.command(short_help="Show a rule in plain words.")
@click.argument("name", metavar="ID")
@in_format
@with_base
def show(base: RuleBase, name: str, form: str) -> None:
    """Show a rule in plain words: its condition, what follows, and where it comes from.

    ID is the name of the rule, such as out.rising, or of a move, such as G10.
    `fourways rules list` has them all.
    """
    if name not in base.by_id:
        hint = did_you_mean(name, base.by_id) or "`fourways rules list` has them all."
        raise InputError(Problem(f"unknown rule '{name}'", hint=hint))
    rule = base.by_id[name]
    if form == "json":
        click.echo(json.dumps(_as_json(rule, base), indent=2))
        return
    click.echo(f"{rule.id}\n{rule.title}.\n")
    for label, text in lines_of(rule, base):
        first, *others = wrap(text, _WIDTH - _MARGIN, break_long_words=False)
        click.echo(f"{label:{_MARGIN}}{first}")
        for line in others:
            click.echo(f"{'':{_MARGIN}}{line}")


def lines_of(rule: Rule, base: RuleBase) -> Iterator[tuple[str, str]]:
    """Give what there is to say about a rule: a label for the margin, and a text."""
    for index, clause in enumerate(parts_in_words(rule.when, base)):
        yield ("and" if index else "When"), clause
    yield "then", f"{in_a_sentence(rule.then, base)}."
    if rule.because:
        yield "Because", rule.because
    for cite in rule.cites:
        yield "Rests on", f"{cite}: {base.statements[cite].says}"
    if rule.house:
        yield "Rests on", "your organisation's own judgement; it is a rule of the house"
    for taken in rule.reading:
        reading = base.readings[taken[:-1]]
        yield "Reading", f"{taken}: {reading.question} {reading.options[taken[-1]]}."
    for finding, others in _builds_on(rule, base).items():
        yield "Builds on", f"{finding}, from {', '.join(others)}"
    if isinstance(rule.then, Finding):
        yield "Used by", ", ".join(_used_by(rule, base)) or "no rule"
    if rule.location:
        yield "Stands in", str(rule.location)


def _findings(rule: Rule) -> list[str]:
    named = (leaf.finding for leaf in leaves(rule.when) if isinstance(leaf, Found))
    return list(dict.fromkeys(named))


def _builds_on(rule: Rule, base: RuleBase) -> dict[str, list[str]]:
    return {finding: [r.id for r in base.concluding[finding]] for finding in _findings(rule)}


def _used_by(rule: Rule, base: RuleBase) -> list[str]:
    assert isinstance(rule.then, Finding)
    return [other.id for other in base.rules if rule.then.id in _findings(other)]


def _as_json(rule: Rule, base: RuleBase) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "when": in_words(rule.when, base),
        "then": as_json(rule.then),
        "because": rule.because,
        "cites": {cite: base.statements[cite].says for cite in rule.cites},
        "house": rule.house,
        "readings": [
            {
                "id": taken,
                "question": base.readings[taken[:-1]].question,
                "takes": base.readings[taken[:-1]].options[taken[-1]],
            }
            for taken in rule.reading
        ],
        "builds_on": _builds_on(rule, base),
        "used_by": _used_by(rule, base) if isinstance(rule.then, Finding) else [],
        "place": str(rule.location) if rule.location else None,
    }
