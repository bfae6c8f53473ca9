"""`fourways rules coverage` and `sources`: how the rules rest on the article."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from fourways.cli.options import in_format, with_base, with_folders
from fourways.cli.rules.check import load_or_exit
from fourways.model.base import RuleBase
from fourways.rulebase.locations import BaseFolders


@click.command(short_help="Show which rules are based on which statement, both ways.")
@in_format
@with_folders
def coverage(folders: BaseFolders, form: str) -> None:
    """Show which rules are based on each statement of the article, and the other way round.

    A statement that no rule is based on says why. Exits with 1 if there is a gap: a statement
    without a rule or a reason, or a rule that cites no statement and isn't a house rule.
    """
    from fourways.rulebase.coverage import coverage_of

    found = coverage_of(load_or_exit(folders))
    if form == "json":
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        width = max(map(len, (*found.statements, *found.rules)))
        click.echo("Statements, and the rules based on them")
        for name, statement in found.statements.items():
            reason = statement.no_rule
            without = f"no rule: {reason}" if reason else "GAP: neither a rule nor a reason"
            click.echo(f"  {name:{width}}  {', '.join(statement.rules) or without}")
        click.echo("\nRules, and the statements they are based on")
        for name, rule in found.rules.items():
            without = "house rule" if rule.house else "GAP: no statement"
            click.echo(f"  {name:{width}}  {', '.join(rule.cites) or without}")
        used = sum(bool(one.rules) for one in found.statements.values())
        excused = sum(bool(one.no_rule) for one in found.statements.values())
        house = sum(rule.house for rule in found.rules.values())
        click.echo(
            f"\n{len(found.statements)} statements: {used} with rules, {excused} with a reason "
            f"for having none. {len(found.rules)} rules: {house} of them house rules. "
            f"Gaps: {len(found.gaps)}."
        )
    if found.gaps:
        raise click.exceptions.Exit(1)


@click.command(short_help="Check the statements against the article's text.")
@click.argument("article", metavar="ARTICLE.txt", type=click.Path(path_type=Path))
@in_format
@with_base
def sources(base: RuleBase, article: Path, form: str) -> None:
    """Check that the statements are sentences of the article in ARTICLE.txt.

    The article isn't part of fourways: each statement has a fingerprint of its sentence instead.
    If you have the article as a text file, you can check that nothing is cited that it doesn't
    say. Case, punctuation and line breaks don't matter. Exits with 1 if a statement is missing.
    """
    from fourways.rulebase.coverage import missing_statements
    from fourways.rulebase.nodes import read_text

    missing = missing_statements(base, read_text(article, str(article)))
    total = len(base.statements)
    found = total - len(missing)
    if form == "json":
        names = [statement.id for statement in missing]
        click.echo(json.dumps({"found": found, "of": total, "missing": names}, indent=2))
    else:
        for statement in missing:
            click.echo(f"missing: {statement.id}, {statement.words} words: {statement.says}")
        click.echo(f"{found} of {total} statements found in {article}")
    if missing:
        raise click.exceptions.Exit(1)
