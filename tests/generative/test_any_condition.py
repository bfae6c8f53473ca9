"""What holds for every condition; and that the strategies know every condition there is."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import (
    ATTRIBUTES,
    BRANCHES,
    CONCLUDED,
    FINDINGS,
    LEAVES,
    OPERANDS,
    PATHS,
    conditions,
    profiles,
)

from fourways.model.conditions import (
    OPERATORS,
    All,
    Any,
    Condition,
    Not,
    count_disjuncts,
    disjuncts,
    leaves,
    truth_of,
    without_negation,
)
from fourways.model.conditions import (
    Test as AnswerTest,
)
from fourways.model.profile import Profile
from fourways.model.truth import Truth

THOROUGH = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
ANY_CONDITION = conditions(FINDINGS, PATHS)


def subclasses(of: type[Condition]) -> Iterator[type[Condition]]:
    for one in of.__subclasses__():
        # A dataclass with slots replaces the class that it decorates, which lingers on.
        if getattr(__import__(one.__module__, fromlist=["_"]), one.__name__) is one:
            yield one
        yield from subclasses(one)


def nodes(condition: Condition) -> Iterator[Condition]:
    yield condition
    match condition:
        case All() | Any():
            for part in condition.parts:
                yield from nodes(part)
        case Not():
            yield from nodes(condition.part)


def truth(condition: Condition, profile: Profile, concluded: frozenset[str]) -> Truth:
    def known(name: str) -> Truth:
        return True if name in concluded else None

    return truth_of(condition, profile, finding=known, recommended=known)


def test_every_class_of_condition_has_a_strategy() -> None:
    assert set(subclasses(Condition)) - {AnswerTest} == {*LEAVES, *BRANCHES, *CONCLUDED}


def test_every_operator_has_a_strategy() -> None:
    assert set(OPERANDS) == set(OPERATORS)


@pytest.mark.parametrize("node", [*LEAVES, *BRANCHES, *CONCLUDED], ids=lambda node: node.__name__)
def test_every_class_of_condition_occurs(node: type[Condition]) -> None:
    assert _occurs(lambda condition: any(isinstance(one, node) for one in nodes(condition)))


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_occurs(operator: str) -> None:
    assert _occurs(
        lambda condition: any(
            getattr(leaf, "operator", "") == operator for leaf in leaves(condition)
        )
    )


def _occurs(wanted) -> bool:
    from hypothesis import find

    find(ANY_CONDITION, wanted, settings=settings(max_examples=2000, database=None))
    return True


@THOROUGH
@given(ANY_CONDITION, profiles(ATTRIBUTES), st.frozensets(st.sampled_from([*FINDINGS, *PATHS])))
def test_pushing_negation_down_keeps_the_truth(
    condition: Condition, profile: Profile, concluded: frozenset[str]
) -> None:
    positive = without_negation(condition)

    assert truth(positive, profile, concluded) is truth(condition, profile, concluded)
    assert not any(isinstance(node, Not) for node in nodes(positive))


@THOROUGH
@given(ANY_CONDITION, profiles(ATTRIBUTES), st.frozensets(st.sampled_from([*FINDINGS, *PATHS])))
def test_a_negation_is_the_opposite_and_of_the_unknown_unknown(
    condition: Condition, profile: Profile, concluded: frozenset[str]
) -> None:
    plain = truth(condition, profile, concluded)

    assert truth(Not(condition), profile, concluded) is (None if plain is None else not plain)


@THOROUGH
@given(ANY_CONDITION, profiles(ATTRIBUTES), profiles(ATTRIBUTES))
def test_what_is_decided_stays_so_whatever_else_becomes_known(
    condition: Condition, known: Profile, more: Profile
) -> None:
    before = truth(condition, known, frozenset())

    if before is not None:
        assert truth(condition, Profile({**more, **known}), frozenset()) is before


@THOROUGH
@given(ANY_CONDITION, profiles(ATTRIBUTES), st.frozensets(st.sampled_from([*FINDINGS, *PATHS])))
def test_a_condition_is_true_where_one_of_its_disjuncts_is(
    condition: Condition, profile: Profile, concluded: frozenset[str]
) -> None:
    sets = disjuncts(condition)

    assert (truth(condition, profile, concluded) is True) is any(
        all(truth(leaf, profile, concluded) is True for leaf in leaves) for leaves in sets
    )
    assert 1 <= len(sets) <= count_disjuncts(condition)
    assert not any(one < other for one in sets for other in sets)
