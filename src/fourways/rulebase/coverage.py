"""How rules and statements cover each other, and whether the statements are the article's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from unicodedata import normalize

from fourways.model.base import RuleBase, Statement

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class StatementCoverage:
    """The rules based on a statement, or why no rule is."""

    rules: tuple[str, ...]
    no_rule: str


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """The statements that a rule is based on, and whether it is a house rule, which has none."""

    cites: tuple[str, ...]
    house: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How rules and statements cover each other; `gaps` are those without the other."""

    statements: dict[str, StatementCoverage]
    rules: dict[str, RuleCoverage]
    gaps: tuple[str, ...]


def coverage_of(base: RuleBase) -> Coverage:
    """Return the coverage of a rule base, statements and rules in their own order."""
    statements = {
        one.id: StatementCoverage(
            tuple(rule.id for rule in base.rules if one.id in rule.cites), one.no_rule
        )
        for one in base.statements.values()
    }
    rules = {rule.id: RuleCoverage(rule.cites, rule.house) for rule in base.rules}
    uncited = [name for name, one in statements.items() if not one.rules and not one.no_rule]
    without = [name for name, rule in rules.items() if not rule.cites and not rule.house]
    return Coverage(statements, rules, (*uncited, *without))


def missing_statements(base: RuleBase, article: str) -> list[Statement]:
    """Return the statements whose words are nowhere in the text of an article."""
    words = words_of(article)
    fingerprints: dict[int, set[str]] = {}
    for length in {statement.words for statement in base.statements.values()}:
        starts = range(len(words) - length + 1)
        fingerprints[length] = {fingerprint(words[start : start + length]) for start in starts}
    return [s for s in base.statements.values() if s.fingerprint not in fingerprints[s.words]]


def words_of(text: str) -> list[str]:
    """Return the words of a text for comparison: normalized (NFKC) and case-folded."""
    return _WORD.findall(normalize("NFKC", text).casefold())


def fingerprint(words: Iterable[str]) -> str:
    """Return the first 16 hexadecimal digits of SHA-256 over words joined by spaces."""
    return sha256(" ".join(words).encode()).hexdigest()[:16]
