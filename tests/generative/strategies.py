"""Random conditions, rule bases and profiles; every class of condition and every operator occurs."""

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache

from hypothesis import strategies as st

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
    count_disjuncts,
)
from fourways.model.profile import Answer, Attribute, Kind, Profile, Value
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
from fourways.rulebase import load_sources
from fourways.rulebase.checks import certain
from fourways.rulebase.conditions import MAX_DISJUNCTS
from rule_bases import KNOWLEDGE


@cache
def empty_base() -> RuleBase:
    """Return the small rule base without rules."""
    sources = {f"knowledge/{name}": text for name, text in KNOWLEDGE.items()}
    return dataclasses.replace(load_sources({**sources, "rules/rules.yaml": ""}), sources={})


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
    """Return profiles of which any number of answers is unknown."""
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
def answer_tests(
    draw: st.DrawFn, operators: tuple[str, ...], attributes: Mapping[str, Attribute] = ATTRIBUTES
) -> Test:
    asked = [
        (operator, attribute)
        for operator in operators
        for attribute in attributes.values()
        if attribute.kind in OPERATORS[operator].kinds
    ]
    operator, attribute = draw(st.sampled_from(asked))
    operand = draw(OPERANDS[operator](attribute))
    row = OPERATORS[operator]
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


def conditions(
    findings: tuple[str, ...] = (),
    paths: tuple[str, ...] = (),
    tests: st.SearchStrategy[Test] = _TESTS,
) -> Parts:
    """Return conditions on answers, and on what may be concluded before."""
    of_answers = st.recursive(
        tests,
        lambda parts: st.one_of([branch(parts) for branch in BRANCHES.values()]),
        max_leaves=6,
    )
    known = [CONCLUDED[Found](name) for name in findings]
    known += [CONCLUDED[Recommended](path) for path in paths]
    leaves = [of_answers, *([st.sampled_from(known)] * (2 if known else 0))]
    combined = st.recursive(
        st.one_of(leaves),
        lambda parts: st.one_of(BRANCHES[All](parts), BRANCHES[Any](parts)),
        max_leaves=4,
    )
    return st.one_of(st.just(ALWAYS), combined).filter(
        lambda c: count_disjuncts(c) <= MAX_DISJUNCTS
    )


# ----------------------------------------------------------------- rule bases

FINDINGS = ("f0", "f1", "f2", "f3")
PATHS = tuple(empty_base().paths)


def _later(paths: tuple[str, ...]) -> Mapping[Stratum, st.SearchStrategy[Conclusion]]:
    path = st.sampled_from(paths)
    # Few factors, so that ties and the cutoff are met often.
    factors = st.sampled_from([10, 20, 30, 50, 70, 99])
    return {
        Stratum.EVIDENCE: st.builds(Evidence, path, st.just("word"), factors, st.booleans()),
        Stratum.TARGETS: st.builds(
            Target, st.just("elsewhere"), path, st.sampled_from(list(Time)), st.just("word")
        ),
        Stratum.GUIDANCE: st.sampled_from([Action("Go."), Caution("Mind.")]),
    }


@st.composite
def rule_bases(draw: st.DrawFn, of: st.SearchStrategy[RuleBase] | None = None) -> RuleBase:
    """Return a small rule base with findings that chain, evidence, targets and guidance.

    Args:
        draw: makes the choices.
        of: the knowledge that the rules are about; the small one by default.
    """
    known = draw(of) if of is not None else empty_base()
    tests = _TESTS
    if of is not None:
        answered = answer_tests(tuple(OPERANDS), known.attributes)
        tests = st.one_of(answered, answered.map(Complement.of))
    rules: list[Rule] = []

    def add(when: Condition, then: Conclusion) -> None:
        because, said = draw(_saying(when)), draw(_saying(when))
        if isinstance(then, Action | Caution):
            then = dataclasses.replace(then, text=f"{then.text}{said}")
        rules.append(Rule(f"r{len(rules)}", "A rule", when, then, because, house=True))

    findings = FINDINGS[: draw(st.integers(0, len(FINDINGS)))]
    for index, name in enumerate(findings):
        for _ in range(draw(st.integers(1, 2))):
            add(draw(conditions(findings[:index], tests=tests)), Finding(name))
    for stratum, conclusions in _later(tuple(known.paths)).items():
        paths = () if stratum is Stratum.EVIDENCE else tuple(known.paths)
        for _ in range(draw(st.integers(0, 4))):
            add(draw(conditions(findings, paths, tests)), draw(conclusions))
    return dataclasses.replace(known, rules=tuple(rules))


def _saying(when: Condition) -> st.SearchStrategy[str]:
    """Return texts that name some of what is known wherever a condition holds."""
    names = sorted(certain(when))
    named = st.lists(st.sampled_from(names), max_size=2) if names else st.just([])
    return st.builds(
        lambda start, some: start + ", ".join(f"{{{name}}}" for name in some) or "so",
        st.sampled_from(["", "as "]),
        named,
    )


# ------------------------------------------------------------------ knowledge

# Names that a dataframe might use for itself; values in the names of others; and labels whose first letter is not one letter in capitals.
_NAMES = ("x", "x_x", "place", "key0", "row", "code", "text", "count")
_VALUES = ("a", "aa", "a_a", "b", "ab", "none_of_them")
_LABELS = ("so", "\u00dfo", "\u00e9tat", "\u01c6o", "9")


@st.composite
def _attributes(draw: st.DrawFn, name: str) -> Attribute:
    kind = draw(st.sampled_from(list(Kind)))
    match kind:
        case Kind.ROLE:
            ids = list(empty_base().roles)
        case Kind.YES_NO:
            ids = ["true", "false"]
        case _:
            ids = draw(st.lists(st.sampled_from(_VALUES), min_size=1, max_size=5, unique=True))
    label = st.sampled_from(_LABELS)
    in_sentence = st.sampled_from(("", "said otherwise"))
    values = tuple(Value(one, f"{draw(label)} {one}", in_sentence=draw(in_sentence)) for one in ids)
    titles = empty_base().titles if kind is Kind.ROLE else None
    return Attribute(name, kind, "all", "?", f"the {name}", "", (), values, titles)


@st.composite
def knowledge(draw: st.DrawFn) -> RuleBase:
    """Return attributes, paths in an order and a cutoff, and no rules yet."""
    base = empty_base()
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4, unique=True))
    paths = draw(st.lists(st.sampled_from(PATHS), min_size=1, unique=True))
    cutoff = draw(st.sampled_from([0, 10, 20, 30, 51, 98, 99]))
    return dataclasses.replace(
        base,
        attributes={name: draw(_attributes(name)) for name in names},
        paths={path: base.paths[path] for path in paths},
        certainty=dataclasses.replace(base.certainty, cutoff=cutoff, words={}),
    )
