"""Conditions in plain words, from the labels of attributes and values."""

import re
from collections.abc import Iterator, Sequence

from fourways.model.base import RuleBase
from fourways.model.conditions import (
    All,
    Among,
    Any,
    Complement,
    Condition,
    Found,
    Recommended,
    Test,
    without_negation,
)
from fourways.model.profile import Attribute, Kind

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")

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


def in_words(condition: Condition, base: RuleBase) -> str:
    """Give a condition as a clause.

    Args:
        condition: what a rule asks.
        base: the rule base that it belongs to; gives the labels.

    Returns:
        Such as: what you want next includes "a more senior job", and your job is "PMO analyst".
    """
    return _clause(All((without_negation(condition),)), base)


def parts_in_words(condition: Condition, base: RuleBase) -> tuple[str, ...]:
    """Give what a condition asks as clauses that must all hold, each to stand in its own line."""
    parts = tuple(_conjuncts(without_negation(condition)))
    return tuple(_clause(part, base) for part in parts) or ("always",)


def finding_in_words(finding: str, base: RuleBase) -> str:
    """Return a finding by the reasons from which it can be concluded, one or the other."""
    return ", or ".join(_filled(rule.because, base) for rule in base.concluding[finding])


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, All):
        for part in condition.parts:
            yield from _conjuncts(part)
    else:
        yield condition


def _within(condition: Condition, base: RuleBase) -> str:
    """Give a clause so that it can stand among others: alternatives in brackets."""
    several = isinstance(condition, All | Any) or (
        isinstance(condition, Found) and len(base.concluding[condition.finding]) > 1
    )
    return f"({_clause(condition, base)})" if several else _clause(condition, base)


def _clause(condition: Condition, base: RuleBase) -> str:
    match condition:
        case All():
            parts = tuple(_conjuncts(condition))
            if len(parts) == 1:
                return _clause(parts[0], base)
            return ", and ".join(_within(part, base) for part in parts) or "always"
        case Any():
            return ", or ".join(_within(part, base) for part in condition.parts)
        case Found():
            return finding_in_words(condition.finding, base)
        case Recommended():
            return f'"{base.paths[condition.path].title}" is one of your ways on'
        case Complement():
            return _test(condition.test, base, negated=True)
        case Test():
            return _test(condition, base, negated=False)
    raise TypeError(f"no words for {type(condition).__name__}")


def _test(test: Test, base: RuleBase, negated: bool) -> str:
    attribute = base.attributes[test.attribute]
    if attribute.kind is Kind.YES_NO:
        return _yes_or_no(test, attribute, negated)
    values = [_quoted(test, name, attribute, base) for name in test.operand]
    # One alternative that is denied is "not", two are "neither".
    wording = WORDS[test.operator][negated]
    if len(values) == 1:
        wording = wording.replace("is neither {nor}", "is not {or}")
        wording = wording.replace("includes neither {nor}", "does not include {or}")
    text = wording.format(**{"or": _joined(values, "or"), "nor": _joined(values, "nor")})
    return f"{attribute.label} {text}"


def _yes_or_no(test: Test, attribute: Attribute, negated: bool) -> str:
    """Return the answer that is asked for, which is a clause of its own."""
    assert isinstance(test, Among)
    return next(v.words for v in attribute.values if (v.id in test.accepted) is not negated)


def _quoted(test: Test, name: str, attribute: Attribute, base: RuleBase) -> str:
    return f'"{base.families[name] if test.operator == "family" else attribute.by_id[name].words}"'


def _filled(template: str, base: RuleBase) -> str:
    """Give a reason without a person in it: labels and other findings for the placeholders."""

    def words(name: str) -> str:
        finding, dot, _ = name.partition(".")
        return finding_in_words(finding, base) if dot else base.attributes[name].label

    return _PLACEHOLDER.sub(lambda found: words(found[1]), template)


def _joined(parts: Sequence[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
