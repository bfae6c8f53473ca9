"""Checks that need the whole rule base: findings, cycles, placeholders, uncited statements."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from fourways.errors import Location, did_you_mean
from fourways.model.conditions import (
    Condition,
    Found,
    Test,
    disjuncts,
    leaves,
)
from fourways.model.profile import Attribute
from fourways.model.rules import Action, Caution, Finding, Rule
from fourways.rulebase.knowledge import Article
from fourways.rulebase.reader import Reader

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")


def check_sections(reader: Reader, article: Article, files: Collection[str]) -> None:
    """Note sections whose rules are not there."""
    for section in article.sections:
        if section.rules and f"rules/{section.rules}" not in files:
            location = article.locations[section.id]
            reader.problem(f"rules/{section.rules} is missing", location)


def check_ids(reader: Reader, rules: Iterable[Rule]) -> None:
    """Note rules of the same name."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id and rule.id in seen and rule.location:
            reader.problem(
                f"duplicate id '{rule.id}', first at {seen[rule.id].location}", rule.location
            )
        seen.setdefault(rule.id, rule)


def check_findings(
    reader: Reader, rules: Iterable[Rule], named: Iterable[tuple[str, Location]]
) -> None:
    """Note findings that a condition names and no rule concludes."""
    concluded = {rule.then.id for rule in rules if isinstance(rule.then, Finding)}
    for name, location in named:
        reader.one_of(name, concluded, "finding", location)


def in_firing_order(reader: Reader, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Give the rules as they are run: by stratum, findings before what builds on them.

    Within that the order of the files holds. Findings that build on each other in a circle are
    a problem.
    """
    concluding: dict[str, list[int]] = {}
    for index, rule in enumerate(rules):
        if isinstance(rule.then, Finding):
            concluding.setdefault(rule.then.id, []).append(index)
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for index, rule in enumerate(rules):
        if isinstance(rule.then, Finding):
            sorter.add(
                index, *(i for name in _findings(rule.when) for i in concluding.get(name, []))
            )
    try:
        sorter.prepare()
    except CycleError as error:
        circle = [rules[index] for index in error.args[1]]
        location = min((r.location for r in circle if r.location), key=lambda p: (p.file, p.line))
        names = " -> ".join(rule.id for rule in reversed(circle))
        reader.problem(f"findings build on each other in a circle: {names}", location)
        return tuple(rules)
    findings: list[int] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        findings += ready
        sorter.done(*ready)
    rest = [rule for rule in rules if not isinstance(rule.then, Finding)]
    return (*(rules[i] for i in findings), *sorted(rest, key=lambda rule: rule.stratum))


def _findings(condition: Condition) -> list[str]:
    return [leaf.finding for leaf in leaves(condition) if isinstance(leaf, Found)]


def check_placeholders(
    reader: Reader, rules: Iterable[Rule], attributes: Mapping[str, Attribute]
) -> None:
    """Note placeholders that name nothing, or something that need not be known there."""
    findings = {rule.then.id for rule in rules if isinstance(rule.then, Finding)}
    for rule in rules:
        texts = [rule.because]
        if isinstance(rule.then, Action | Caution):
            texts.append(rule.then.text)
        sure = certain(rule.when)
        assert rule.location
        if any(_BRACE.search(PLACEHOLDER.sub("", text)) for text in texts):
            reader.problem("a brace that belongs to no placeholder", rule.location)
        for name in (name for text in texts for name in PLACEHOLDER.findall(text)):
            finding, dot, part = name.partition(".")
            if dot and part == "because" and finding in findings:
                fact = f"finding {finding}"
            elif not dot and name in attributes:
                fact = name
            else:
                known = [*attributes, *(f"{finding}.because" for finding in findings)]
                reader.problem(
                    f"unknown placeholder '{{{name}}}'", rule.location, did_you_mean(name, known)
                )
                continue
            if fact not in sure:
                reader.problem(
                    f"'{{{name}}}' need not be known where '{rule.id}' fires",
                    rule.location,
                    "Name only what every way of meeting the condition makes known.",
                )


def certain(condition: Condition) -> frozenset[str]:
    """Return what is known whenever a condition is true: attributes, and "finding NAME"."""
    known = [
        {leaf.attribute for leaf in one if isinstance(leaf, Test)}
        | {f"finding {leaf.finding}" for leaf in one if isinstance(leaf, Found)}
        for one in disjuncts(condition)
    ]
    return frozenset(set.intersection(*known)) if known else frozenset()


def check_statements(reader: Reader, rules: Iterable[Rule], article: Article) -> None:
    """Note statements that no rule rests on and no reason excuses, and the reverse."""
    cited = {name for rule in rules for name in rule.cites}
    for statement in article.statements.values():
        location = article.locations[statement.id]
        if statement.id not in cited and not statement.no_rule:
            reader.problem(
                f"no rule rests on statement '{statement.id}'",
                location,
                "Cite it in a rule, or say under `no_rule` why none does.",
            )
        if statement.id in cited and statement.no_rule:
            reader.problem(
                f"statement '{statement.id}' is cited, yet has a `no_rule`", location, "Drop one."
            )
