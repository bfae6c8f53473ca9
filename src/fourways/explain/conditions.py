"""Conditions in plain words, from the labels of attributes and values."""

import re
from collections.abc import Sequence

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
    "family": ("is of the kind {or}", "is not of the kind {or}"),
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
    return _clause(without_negation(condition), base, nested=False)


def parts_in_words(condition: Condition, base: RuleBase) -> tuple[str, ...]:
    """Give what a condition asks as clauses that must all hold, each on its own."""
    plain = without_negation(condition)
    if isinstance(plain, All) and plain.parts:
        return tuple(_clause(part, base, nested=False) for part in plain.parts)
    return (_clause(plain, base, nested=False),)


def finding_in_words(finding: str, base: RuleBase) -> str:
    """Give a finding as the reasons from which it can be concluded, one or the other."""
    reasons = [_filled(rule.because, base) for rule in base.concluding.get(finding, ())]
    return _joined(reasons, "or") or finding


def _clause(condition: Condition, base: RuleBase, nested: bool) -> str:
    match condition:
        case All(parts=()):
            return "always"
        case All():
            parts = [_clause(part, base, nested=True) for part in condition.parts]
            return f"both {_joined(parts, 'and')}" if nested else ", and ".join(parts)
        case Any():
            parts = [_clause(part, base, nested=True) for part in condition.parts]
            return f"either {_joined(parts, 'or')}" if nested else ", or ".join(parts)
        case Found():
            return f"it is found that {finding_in_words(condition.finding, base)}"
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
    labels = [_label(test, name, attribute, base) for name in test.operand]
    # One alternative that is denied is "not", two are "neither".
    wording = WORDS[test.operator][negated]
    if len(labels) == 1:
        wording = wording.replace("is neither {nor}", "is not {or}")
        wording = wording.replace("includes neither {nor}", "does not include {or}")
    text = wording.format(**{"or": _joined(labels, "or"), "nor": _joined(labels, "nor")})
    return f"{attribute.label} {text}"


def _yes_or_no(test: Test, attribute: Attribute, negated: bool) -> str:
    """Give the label of the answer that is asked for, which is a clause of its own."""
    assert isinstance(test, Among)
    return next(v.label for v in attribute.values if (v.id in test.accepted) is not negated)


def _label(test: Test, name: str, attribute: Attribute, base: RuleBase) -> str:
    return f'"{base.families[name] if test.operator == "family" else attribute.by_id[name].label}"'


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
