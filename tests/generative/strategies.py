"""Random conditions, rule bases and profiles; every class of condition and every operator occurs."""

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache

from hypothesis import strategies as st

from fourways.loading.conditions import MAX_WAYS
from fourways.loading.knowledge import (
    read_article,
    read_attributes,
    read_certainty,
    read_paths,
    read_posts,
)
from fourways.loading.nodes import parse
from fourways.loading.reader import Reader
from fourways.loading.titles import read_titles
from fourways.model.base import RuleBase
from fourways.model.conditions import (
    ALWAYS,
    OPERATORS,
    All,
    Among,
    Any,
    Complement,
    Condition,
    Found,
    Holds,
    Lacks,
    Not,
    Recommended,
    Test,
    ways,
)
from fourways.model.profile import Answer, Attribute, Kind, Profile
from fourways.model.rules import (
    Action,
    Caution,
    Conclusion,
    Evidence,
    Finding,
    Rule,
    Stratum,
    Target,
    Time,
)
from rule_bases import KNOWLEDGE


@cache
def empty_base() -> RuleBase:
    """Give the small rule base without rules."""
    reader = Reader()
    trees = {name: parse(text, name) for name, text in KNOWLEDGE.items()}
    article = read_article(reader, trees["article.yaml"])
    posts = read_posts(reader, trees["roles.yaml"])
    titles = read_titles(reader, trees["titles.yaml"], posts.roles)
    return RuleBase(
        attributes=read_attributes(reader, trees["profile.yaml"], posts.roles, titles),
        certainty=read_certainty(reader, trees["certainty.yaml"]),
        paths=read_paths(reader, trees["paths.yaml"], ["S0"]),
        roles=posts.roles,
        posts=posts.posts,
        families=posts.families,
        titles=titles,
        title=article.title,
        sections=article.sections,
        statements={},
        readings={},
        rules=(),
        sources={},
    )


# ------------------------------------------------------------------- profiles


def answers(attribute: Attribute) -> st.SearchStrategy[Answer]:
    values = [value.id for value in attribute.values]
    match attribute.kind:
        case Kind.SET:
            return st.frozensets(st.sampled_from(values))
        case Kind.YES_NO:
            return st.booleans()
        case Kind.SCALE | Kind.CHOICE | Kind.ROLE:
            return st.sampled_from(values)


def profiles(attributes: Mapping[str, Attribute]) -> st.SearchStrategy[Profile]:
    """Give profiles of which any number of answers is unknown."""
    return st.fixed_dictionaries(
        {}, optional={name: answers(attribute) for name, attribute in attributes.items()}
    ).map(Profile)


# ----------------------------------------------------------------- conditions

ATTRIBUTES = empty_base().attributes


def _one(attribute: Attribute) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sampled_from([(value.id,) for value in attribute.values])


def _several(attribute: Attribute) -> st.SearchStrategy[tuple[str, ...]]:
    values = st.sampled_from([value.id for value in attribute.values])
    return st.lists(values, min_size=1, unique=True).map(tuple)


def _families(_: Attribute) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(empty_base().families)), min_size=1, unique=True).map(
        tuple
    )


OPERANDS: Mapping[str, Callable[[Attribute], st.SearchStrategy[tuple[str, ...]]]] = {
    "is": _one,
    "one_of": _several,
    "at_least": _one,
    "at_most": _one,
    "family": _families,
    "includes": _one,
    "includes_any": _several,
    "excludes": _several,
}
"""What may stand to the right of each operator."""


@st.composite
def answer_tests(draw: st.DrawFn, operators: tuple[str, ...]) -> Test:
    operator = draw(st.sampled_from(operators))
    row = OPERATORS[operator]
    fitting = [attribute for attribute in ATTRIBUTES.values() if attribute.kind in row.kinds]
    attribute = draw(st.sampled_from(fitting))
    operand = draw(OPERANDS[operator](attribute))
    if operator == "family":
        roles = empty_base().roles.values()
        accepted = frozenset(role.id for role in roles if role.family in operand)
    else:
        accepted = row.accepts(operand, attribute.order)
    return row.node(attribute.id, operator, operand, accepted)


def _tests_of(node: type[Test]) -> st.SearchStrategy[Test]:
    return answer_tests(tuple(name for name, row in OPERATORS.items() if row.node is node))


LEAVES: Mapping[type[Test], st.SearchStrategy[Test]] = {
    Among: _tests_of(Among),
    Holds: _tests_of(Holds),
    Lacks: _tests_of(Lacks),
    Complement: answer_tests(tuple(OPERANDS)).map(Complement.of),
}
"""A strategy for each class of test."""

Parts = st.SearchStrategy[Condition]
BRANCHES: Mapping[type[Condition], Callable[[Parts], Parts]] = {
    All: lambda parts: st.lists(parts, min_size=1, max_size=3).map(lambda p: All(tuple(p))),
    Any: lambda parts: st.lists(parts, min_size=1, max_size=3).map(lambda p: Any(tuple(p))),
    Not: lambda parts: parts.map(Not),
}
"""A strategy for each class of condition that has parts."""

CONCLUDED: Mapping[type[Condition], Callable[[str], Condition]] = {
    Found: Found,
    Recommended: Recommended,
}
"""A class for each sort of conclusion that a condition can ask for; never below `not`."""

_TESTS = st.one_of(list(LEAVES.values()))
_OF_ANSWERS = st.recursive(
    _TESTS, lambda parts: st.one_of([branch(parts) for branch in BRANCHES.values()]), max_leaves=6
)


def conditions(findings: tuple[str, ...] = (), paths: tuple[str, ...] = ()) -> Parts:
    """Give conditions on answers, and on what may be concluded before."""
    known = [CONCLUDED[Found](name) for name in findings]
    known += [CONCLUDED[Recommended](path) for path in paths]
    leaves = [_OF_ANSWERS, *([st.sampled_from(known)] * (2 if known else 0))]
    combined = st.recursive(
        st.one_of(leaves),
        lambda parts: st.one_of(BRANCHES[All](parts), BRANCHES[Any](parts)),
        max_leaves=4,
    )
    return st.one_of(st.just(ALWAYS), combined).filter(lambda c: ways(c) <= MAX_WAYS)


# ----------------------------------------------------------------- rule bases

FINDINGS = ("f0", "f1", "f2", "f3")
PATHS = tuple(empty_base().paths)


def _evidence() -> st.SearchStrategy[Conclusion]:
    # Few factors, so that ties and the cutoff are met often.
    factors = st.sampled_from([10, 20, 30, 50, 70, 99])
    return st.builds(Evidence, st.sampled_from(PATHS), st.just("word"), factors, st.booleans())


_LATER: Mapping[Stratum, st.SearchStrategy[Conclusion]] = {
    Stratum.EVIDENCE: _evidence(),
    Stratum.TARGETS: st.builds(
        Target,
        st.just("elsewhere"),
        st.sampled_from(PATHS),
        st.sampled_from(list(Time)),
        st.just("word"),
    ),
    Stratum.GUIDANCE: st.sampled_from([Action("Go."), Caution("Mind.")]),
}


@st.composite
def rule_bases(draw: st.DrawFn) -> RuleBase:
    """Give a small rule base with findings that chain, evidence, targets and guidance."""
    rules: list[Rule] = []

    def add(when: Condition, then: Conclusion) -> None:
        rules.append(Rule(f"r{len(rules)}", "A rule", when, then, "so", house=True))

    findings = FINDINGS[: draw(st.integers(0, len(FINDINGS)))]
    for index, name in enumerate(findings):
        for _ in range(draw(st.integers(1, 2))):
            add(draw(conditions(findings[:index])), Finding(name))
    for stratum, conclusions in _LATER.items():
        paths = () if stratum is Stratum.EVIDENCE else PATHS
        for _ in range(draw(st.integers(0, 4))):
            add(draw(conditions(findings, paths)), draw(conclusions))
    return dataclasses.replace(empty_base(), rules=tuple(rules))
