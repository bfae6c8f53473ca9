"""Conditions in words, from the labels of attributes and values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fourways.explain.wording import PLACEHOLDER
from fourways.model.base import RuleBase
from fourways.model.conditions import (
    All,
    Any,
    Complement,
    Condition,
    Found,
    Recommended,
    Test,
    without_negation,
)
from fourways.model.profile import Kind

WORDS = {
    "is": ("is {or}", "is not {or}"),
    "one_of": ("is {or}", "is neither {nor}"),
    "at_least": ("is at least {or}", "is less than {or}"),
    "at_most": ("is at most {or}", "is more than {or}"),
    "family": ("is in {or}", "is not in {or}"),
    "includes": ("includes {or}", "does not include {or}"),
    "includes_any": ("includes {or}", "includes neither {nor}"),
    "excludes": ("includes neither {nor}", "includes {or}"),
}
"""Each operator in words, and its opposite."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition on an answer: its attribute, and the condition in words."""

    attribute: str
    says: str


def clauses(tests: Iterable[Test], base: RuleBase) -> tuple[Clause, ...]:
    """Return tests of answers in words."""
    return tuple(Clause(test.attribute, in_words(test, base)) for test in tests)


def in_words(condition: Condition, base: RuleBase) -> str:
    """Return a condition as a clause.

    Args:
        condition: what a rule asks.
        base: the rule base that it belongs to; has the labels.

    Returns:
        Such as: what you want next includes "a more senior job", and your job is "PMO analyst".
    """
    return _clause(All((without_negation(condition),)), base)


def parts_in_words(condition: Condition, base: RuleBase) -> tuple[str, ...]:
    """Return the clauses of a condition that must all hold, one for each line."""
    parts = tuple(_conjuncts(without_negation(condition)))
    return tuple(_clause(part, base) for part in parts) or ("always",)


def joined(parts: Iterable[str], word: str) -> str:
    """Return parts as a list in a sentence: "a, b or c"."""
    *first, last = [*parts] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, All):
        for part in condition.parts:
            yield from _conjuncts(part)
    else:
        yield condition


def _clause(condition: Condition, base: RuleBase) -> str:
    match condition:
        case All():
            parts = tuple(_conjuncts(condition))
            if len(parts) == 1:
                return _clause(parts[0], base)
            return ", and ".join(_bracketed(part, base) for part in parts) or "always"
        case Any():
            return ", or ".join(_bracketed(part, base) for part in condition.parts)
        case Found():
            # A finding is said by the reasons from which it can be concluded.
            reasons = (rule.because for rule in base.concluding[condition.finding])
            return ", or ".join(_without_person(reason, base) for reason in reasons)
        case Recommended():
            return f'"{base.paths[condition.path].title}" is one of your recommended paths'
        case Complement():
            return _test(condition.test, base, negated=True)
        case Test():
            return _test(condition, base, negated=False)
    raise TypeError(f"no words for {type(condition).__name__}")


def _bracketed(condition: Condition, base: RuleBase) -> str:
    """Return a clause among others, in brackets where it has alternatives itself."""
    several = isinstance(condition, All | Any) or (
        isinstance(condition, Found) and len(base.concluding[condition.finding]) > 1
    )
    return f"({_clause(condition, base)})" if several else _clause(condition, base)


def _test(test: Test, base: RuleBase, negated: bool) -> str:
    attribute = base.attributes[test.attribute]
    if attribute.kind is Kind.YES_NO:
        # The answer is a clause of its own.
        return next(v.words for v in attribute.values if (v.id in test.accepted) is not negated)
    names = base.families if test.operator == "family" else None
    values = [f'"{names[name] if names else attribute.by_id[name].words}"' for name in test.operand]
    # One denied alternative is "not", two are "neither".
    wording = WORDS[test.operator][negated]
    if len(values) == 1:
        wording = wording.replace("is neither {nor}", "is not {or}")
        wording = wording.replace("includes neither {nor}", "does not include {or}")
    text = wording.format(**{"or": joined(values, "or"), "nor": joined(values, "nor")})
    return f"{attribute.label} {text}"


def _without_person(template: str, base: RuleBase) -> str:
    """Return a reason with labels and other findings in its placeholders."""

    def words(name: str) -> str:
        finding, dot, _ = name.partition(".")
        return _clause(Found(finding), base) if dot else base.attributes[name].label

    return PLACEHOLDER.sub(lambda found: words(found[1]), template)
