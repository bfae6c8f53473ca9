"""Checks that need the whole rule base: missing files, cycles, placeholders, uncited statements."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from fourways.errors import did_you_mean
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
    """Report sections whose file of rules is missing."""
    for section in article.sections:
        if section.rules and f"rules/{section.rules}" not in files:
            reader.problem(f"rules/{section.rules} is missing", article.locations[section.id])


def check_ids(reader: Reader, rules: Iterable[Rule]) -> None:
    """Report rules of the same name."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id and rule.id in seen and rule.location:
            first = seen[rule.id].location
            reader.problem(f"duplicate id '{rule.id}', first at {first}", rule.location)
        seen.setdefault(rule.id, rule)


def in_firing_order(reader: Reader, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules in the order in which they run: by stratum, findings before their users.

    Within that, the order of the files. Findings that build on each other in a circle are a
    problem.
    """
    concluding: dict[str, list[int]] = {}
    for index, rule in enumerate(rules):
        if isinstance(rule.then, Finding):
            concluding.setdefault(rule.then.id, []).append(index)
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for index in (index for indices in concluding.values() for index in indices):
        used = {leaf.finding for leaf in leaves(rules[index].when) if isinstance(leaf, Found)}
        sorter.add(index, *(i for name in used for i in concluding.get(name, ())))
    try:
        sorter.prepare()
    except CycleError as error:
        circle = [rules[index] for index in error.args[1]]
        location = min(
            (r.location for r in circle if r.location), key=lambda at: (at.file, at.line)
        )
        names = " -> ".join(rule.id for rule in reversed(circle))
        reader.problem(f"findings build on each other in a circle: {names}", location)
        return tuple(rules)
    ordered: list[Rule] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += (rules[index] for index in ready)
        sorter.done(*ready)
    rest = [rule for rule in rules if not isinstance(rule.then, Finding)]
    return (*ordered, *sorted(rest, key=lambda rule: rule.stratum))


def check_placeholders(
    reader: Reader, rules: Iterable[Rule], attributes: Mapping[str, Attribute]
) -> None:
    """Report placeholders that name nothing, or something that may be unknown there."""
    findings = dict.fromkeys(r.then.id for r in rules if isinstance(r.then, Finding))
    names = [*attributes, *(f"{finding}.because" for finding in findings)]
    for rule in rules:
        assert rule.location
        advice = rule.then.text if isinstance(rule.then, Action | Caution) else ""
        text = f"{rule.because} {advice}"
        if _BRACE.search(PLACEHOLDER.sub("", text)):
            reader.problem("a brace outside a placeholder", rule.location)
        for name in PLACEHOLDER.findall(text):
            if name not in names:
                hint = did_you_mean(name, names)
                reader.problem(f"unknown placeholder '{{{name}}}'", rule.location, hint)
            elif name not in certain(rule.when):
                reader.problem(
                    f"'{{{name}}}' may be unknown where '{rule.id}' fires",
                    rule.location,
                    "Name only what is known in every way of meeting the condition.",
                )


def certain(condition: Condition) -> frozenset[str]:
    """Return the placeholders that can be filled in whenever a condition is true."""
    known = [
        {leaf.attribute for leaf in one if isinstance(leaf, Test)}
        | {f"{leaf.finding}.because" for leaf in one if isinstance(leaf, Found)}
        for one in disjuncts(condition)
    ]
    return frozenset(set.intersection(*known)) if known else frozenset()


def check_statements(reader: Reader, rules: Iterable[Rule], article: Article) -> None:
    """Report statements without a rule or a reason for having none, and those with both."""
    cited = {name for rule in rules for name in rule.cites}
    for statement in article.statements.values():
        location = article.locations[statement.id]
        if statement.id not in cited and not statement.no_rule:
            reader.problem(
                f"no rule is based on statement '{statement.id}'",
                location,
                "Cite it in a rule, or say under `no_rule` why there is none.",
            )
        if statement.id in cited and statement.no_rule:
            reader.problem(
                f"statement '{statement.id}' is cited and has a `no_rule`", location, "Remove one."
            )
