"""`fourways rules coverage`: which statement each rule rests on, and the other way round."""

import json
from dataclasses import dataclass

import click

from fourways.cli.options import with_folders
from fourways.cli.rules.own import in_format, sound
from fourways.model.base import RuleBase
from fourways.rulebase.locations import BaseFolders


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the rules and the article's statements cover each other.

    Attributes:
        statements: each statement with the rules that rest on it.
        reasons: why no rule rests on a statement, where none does.
        rules: each rule with the statements that it rests on; a rule of the house has none.
        house: the rules of the house.
        gaps: statements without rule or reason, rules without statement that are not of the house.
    """

    statements: dict[str, tuple[str, ...]]
    reasons: dict[str, str]
    rules: dict[str, tuple[str, ...]]
    house: tuple[str, ...]
    gaps: tuple[str, ...]


def coverage_of(base: RuleBase) -> Coverage:
    """Give the coverage of a rule base, statements and rules in their own order."""
    statements = {
        name: tuple(rule.id for rule in base.rules if name in rule.cites)
        for name in base.statements
    }
    reasons = {s.id: s.no_rule for s in base.statements.values() if s.no_rule}
    rules = {rule.id: rule.cites for rule in base.rules}
    house = tuple(rule.id for rule in base.rules if rule.house)
    return Coverage(
        statements=statements,
        reasons=reasons,
        rules=rules,
        house=house,
        gaps=(
            *(name for name, using in statements.items() if not using and name not in reasons),
            *(name for name, cites in rules.items() if not cites and name not in house),
        ),
    )


@click.command(short_help="Show which rules rest on which statement, both ways.")
@in_format
@with_folders
def coverage(folders: BaseFolders, form: str) -> None:
    """Show which rules rest on each statement of the article, and the other way round.

    A statement that no rule rests on says why. Ends with 1 when there is a gap: a statement
    without a rule or a reason, or a rule without a statement that is not of the house.
    """
    found = coverage_of(sound(folders))
    if form == "json":
        click.echo(json.dumps(_as_json(found), indent=2))
    else:
        _print(found)
    if found.gaps:
        raise click.exceptions.Exit(1)


def _print(found: Coverage) -> None:
    width = max(len(name) for name in (*found.statements, *found.rules))
    click.echo("Statements, and the rules that rest on them")
    for name, using in found.statements.items():
        reason = found.reasons.get(name)
        without = f"no rule: {reason}" if reason else "GAP: neither a rule nor a reason"
        click.echo(f"  {name:{width}}  {', '.join(using) or without}")
    click.echo("\nRules, and the statements that they rest on")
    for name, cites in found.rules.items():
        without = "rule of the house" if name in found.house else "GAP: no statement"
        click.echo(f"  {name:{width}}  {', '.join(cites) or without}")
    used = sum(bool(using) for using in found.statements.values())
    click.echo(
        f"\n{len(found.statements)} statements: {used} with rules, {len(found.reasons)} with a "
        f"reason for having none. {len(found.rules)} rules: {len(found.house)} of the house. "
        f"Gaps: {len(found.gaps)}."
    )


def _as_json(found: Coverage) -> dict[str, object]:
    return {
        "statements": {
            name: {"rules": list(using), "no_rule": found.reasons.get(name)}
            for name, using in found.statements.items()
        },
        "rules": {
            name: {"cites": list(cites), "house": name in found.house}
            for name, cites in found.rules.items()
        },
        "gaps": list(found.gaps),
    }
