"""`fourways rules sources`: are the statements those of the article that the user holds?"""

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

import click

from fourways.cli.options import with_base
from fourways.cli.rules.own import in_format
from fourways.model.base import RuleBase, Statement
from fourways.rulebase.nodes import read_text

_WORD = re.compile(r"[^\W_]+")
_DIGITS = 16


def words_of(text: str) -> list[str]:
    """Give the words of a text for comparison: compatibility forms undone, case folded."""
    return _WORD.findall(normalize("NFKC", text).casefold())


def fingerprint(words: Iterable[str]) -> str:
    """Give the first 16 hexadecimal digits of SHA-256 over words joined by single spaces."""
    return sha256(" ".join(words).encode()).hexdigest()[:_DIGITS]


def missing(statements: Iterable[Statement], article: str) -> list[Statement]:
    """Give the statements whose words stand nowhere in an article, one after the other."""
    words = words_of(article)
    seen: dict[int, set[str]] = {}
    lacking = []
    for statement in statements:
        length = statement.words
        if length not in seen:
            starts = range(len(words) - length + 1)
            seen[length] = {fingerprint(words[start : start + length]) for start in starts}
        if statement.fingerprint not in seen[length]:
            lacking.append(statement)
    return lacking


@click.command(short_help="Check the statements against the article's text.")
@click.argument("article", metavar="ARTICLE.txt", type=click.Path(path_type=Path))
@in_format
@with_base
def sources(base: RuleBase, article: Path, form: str) -> None:
    """Check that the statements are sentences of the article in ARTICLE.txt.

    The article is not part of fourways: every statement has a fingerprint of its sentence instead.
    Whoever holds the article as a text file can check with it that nothing is cited that the
    article does not say. Case, punctuation and line breaks do not matter. Ends with 1 when a
    statement is missing.
    """
    statements = base.statements.values()
    lacking = missing(statements, read_text(article, str(article)))
    found = len(statements) - len(lacking)
    if form == "json":
        names = [statement.id for statement in lacking]
        click.echo(json.dumps({"found": found, "of": len(statements), "missing": names}, indent=2))
    else:
        for statement in lacking:
            click.echo(f"missing: {statement.id}, {statement.words} words: {statement.says}")
        click.echo(f"{found} of {len(statements)} statements found in {article}")
    if lacking:
        raise click.exceptions.Exit(1)
