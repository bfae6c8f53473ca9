"""Finds the values of an attribute that no rule tells apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fourways.model.conditions import Test, leaves
from fourways.model.profile import Attribute
from fourways.model.rules import Rule


def with_alike(
    attributes: Mapping[str, Attribute], rules: Sequence[Rule]
) -> Mapping[str, Attribute]:
    """Return the attributes with the values that no rule tells apart.

    Args:
        attributes: what can be known; only values that stand for numbers are looked at.
        rules: all that may ask for them.
    """
    tests: dict[str, list[Test]] = {name: [] for name in attributes}
    for rule in rules:
        for leaf in leaves(rule.when):
            if isinstance(leaf, Test):
                tests[leaf.attribute].append(leaf)
    return {
        name: replace(attribute, alike=_alike(attribute, tests[name], rules))
        for name, attribute in attributes.items()
    }


def _alike(
    attribute: Attribute, tests: Sequence[Test], rules: Sequence[Rule]
) -> tuple[frozenset[str], ...]:
    if any(f"{{{attribute.id}}}" in _texts(rule) for rule in rules):
        # The value is said in words, so each is another.
        return ()
    groups: dict[tuple[bool, ...], set[str]] = {}
    for value in attribute.values:
        if value.start is not None:
            truth = tuple(value.id in test.accepted for test in tests)
            groups.setdefault(truth, set()).add(value.id)
    return tuple(frozenset(group) for group in groups.values())


def _texts(rule: Rule) -> str:
    return rule.because + str(getattr(rule.then, "text", ""))
