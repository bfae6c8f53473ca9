"""What changed from one rule base to another, and which of it is behind another decision."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any as Anything

from fourways.model.base import RuleBase
from fourways.model.conditions import All, Any, Condition, Not, Test
from fourways.model.decision import Decision, Firing
from fourways.model.rules import Conclusion, Evidence, Rule, Target

RULE_PARTS = ("title", "when", "then", "because", "cites", "reading", "house")
MOVE_PARTS = ("from", "when", "then", "cites", "reading", "house")
"""What can change in a rule and in a move, as their files name it."""

CUTOFF, BANDS = "cutoff", "certainties in words"
PATH_ORDER, RULE_ORDER = "order of paths", "order of rules"


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that is in both bases under one name, and the parts of it that differ."""

    id: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What came, what went and what changed, by name, in the order of the files."""

    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    changed: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.changed)


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """What differs between two rule bases.

    Rules are compared as they are written: one that names a word is not changed when the word gets
    another factor, for that is a change of the word.

    Attributes:
        before, after: the two bases.
        kinds: the differences by what it is that differs: rules, moves, attributes and so on.
        settings: the names of what stands once in a base and differs, such as the cutoff.
    """

    before: RuleBase
    after: RuleBase
    kinds: Mapping[str, Differences]
    settings: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.settings) or any(self.kinds.values())


@dataclass(frozen=True, slots=True)
class Behind:
    """The rules by which two decisions on one person part, by name, in firing order.

    Attributes:
        came, went: those that fire only after, and only before.
        weighed: those that fire in both, but count otherwise.
    """

    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    weighed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.weighed)


def rule_changes(before: RuleBase, after: RuleBase) -> RuleChanges:
    """Compare two rule bases.

    Args:
        before: as it was.
        after: as it is to be; what has another name there counts as gone and come.
    """
    one, other = entries(before), entries(after)
    kinds = {kind: _differences(kind, one[kind], other[kind]) for kind in one}
    old, new = settings(before), settings(after)
    differing = tuple(name for name in old if not _same(name, old[name], new[name]))
    return RuleChanges(before, after, kinds, differing)


def entries(base: RuleBase) -> dict[str, Mapping[str, Anything]]:
    """Give all that has a name in a base, by what it is and by its name."""
    moves = {rule.id: rule for rule in base.rules if isinstance(rule.then, Target)}
    return {
        "rules": {rule.id: rule for rule in base.rules if rule.id not in moves},
        "moves": moves,
        "attributes": base.attributes,
        "words": base.certainty.words,
        "paths": base.paths,
        "roles": base.roles,
        "posts": base.posts,
        "families": base.families,
        "sections": {section.id: section for section in base.sections},
        "statements": base.statements,
        "readings": base.readings,
    }


def settings(base: RuleBase) -> dict[str, Anything]:
    """Give what stands once in a base, by its name."""
    titles = base.titles
    # Roles and their other names are compared with the roles; here are the names made of parts.
    of_roles = {n.casefold() for role in base.roles.values() for n in (role.title, *role.names)}
    made = {name: role for name, role in titles.names.items() if name not in of_roles}
    of_titles = {
        field.name: made if field.name == "names" else getattr(titles, field.name)
        for field in fields(titles)
        if field.name != "roles"
    }
    return {
        CUTOFF: base.certainty.cutoff,
        BANDS: base.certainty.bands,
        PATH_ORDER: tuple(base.paths),
        RULE_ORDER: tuple(rule.id for rule in base.rules),
        "title of the article": base.title,
        **{f"job titles, {name}": value for name, value in of_titles.items()},
    }


def behind(before: Decision, after: Decision) -> Behind:
    """Give the rules that make the first recommendation another one.

    These are the rules for and against the two paths concerned that fire only once or count
    otherwise, and those that conclude the findings for it, where these are not there in both.

    Args:
        before: by the old rule base.
        after: by the new one, on the same person.
    """
    paths = {before.recommendation, after.recommendation} - {None}
    fired_before, fired_after = _fired(before), _fired(after)
    return Behind(
        came=_bearing(after, before, paths),
        went=_bearing(before, after, paths),
        weighed=tuple(
            name
            for name, firing in fired_after.items()
            if name in fired_before
            and fired_before[name].rule.then != firing.rule.then
            and any(
                isinstance(then, Evidence) and then.path in paths
                for then in (fired_before[name].rule.then, firing.rule.then)
            )
        ),
    )


def _fired(decision: Decision) -> dict[str, Firing]:
    return {firing.rule.id: firing for firing in decision.trace}


def _bearing(one: Decision, other: Decision, paths: Collection[str | None]) -> tuple[str, ...]:
    """Give the rules that fire in one decision only and bear on some paths."""
    elsewhere = _fired(other)
    waiting = [
        firing
        for firing in one.trace
        if isinstance(firing.rule.then, Evidence)
        and firing.rule.then.path in paths
        and firing.rule.id not in elsewhere
    ]
    found = set()
    while waiting:
        firing = waiting.pop()
        if firing.rule.id in found:
            continue
        found.add(firing.rule.id)
        for match in firing.matched:
            if match.sort == "finding" and match.name not in other.findings:
                waiting += one.findings[match.name]
    return tuple(f.rule.id for f in one.trace if f.rule.id in found and f.rule.id not in elsewhere)


# -------------------------------------------------------------------- comparing


def _same(name: str, before: Anything, after: Anything) -> bool:
    if name in (PATH_ORDER, RULE_ORDER):
        # What came or went moves nothing: only what is in both can change places.
        in_both = {*before} & {*after}
        return [n for n in before if n in in_both] == [n for n in after if n in in_both]
    return bool(before == after)


def _differences(
    kind: str, before: Mapping[str, Anything], after: Mapping[str, Anything]
) -> Differences:
    parts = {
        name: tuple(_differing(kind, before[name], after[name]))
        for name in after
        if name in before and before[name] != after[name]
    }
    return Differences(
        came=tuple(name for name in after if name not in before),
        went=tuple(name for name in before if name not in after),
        changed=tuple(Changed(name, differing) for name, differing in parts.items() if differing),
    )


def _differing(kind: str, before: Anything, after: Anything) -> Iterator[str]:
    if isinstance(before, str):
        yield "title"
    elif isinstance(before, Rule):
        for part in MOVE_PARTS if kind == "moves" else RULE_PARTS:
            if _as_written(before, part) != _as_written(after, part):
                yield part
    else:
        for field in fields(before):
            if field.compare and getattr(before, field.name) != getattr(after, field.name):
                yield field.name


def _as_written(rule: Rule, part: str) -> object:
    """Give a part of a rule without what it only stands for: factors, and the values accepted."""
    match part:
        case "from":
            return rule.origin
        case "when":
            return _condition_as_written(own_condition(rule))
        case "then":
            return _conclusion_as_written(rule.then)
    return getattr(rule, part)


def own_condition(rule: Rule) -> Condition:
    """Give the condition that a rule writes; a move's without its path and where it starts."""
    if not (isinstance(rule.then, Target) and isinstance(rule.when, All)):
        return rule.when
    return All(rule.when.parts[1 if rule.origin is None else 2 :])


def _condition_as_written(condition: Condition) -> Condition:
    match condition:
        case Test():
            return replace(condition, accepted=frozenset())
        case All() | Any():
            return replace(condition, parts=tuple(map(_condition_as_written, condition.parts)))
        case Not():
            return Not(_condition_as_written(condition.part))
    return condition


def _conclusion_as_written(then: Conclusion) -> Conclusion:
    return replace(then, factor=0) if isinstance(then, Evidence) else then
