"""How evidence adds up; every number is worked by hand beside its row."""

from collections.abc import Callable

import pytest

from fourways.model.certainty import shown
from fourways.model.decision import Decision

# (factors for the path, factors against it, certainty in hundredths)
TABLE = [
    ([], [], 0),
    ([40], [], 40),
    ([70, 40], [], 82),  # 1 - 0.30 * 0.60
    ([40, 70], [], 82),  # the order does not matter
    ([50, 50], [], 75),  # 1 - 0.50 * 0.50
    ([30, 60, 40], [], 83),  # 1 - 0.70 * 0.40 * 0.60 = 0.832
    ([5, 5], [], 10),  # 1 - 0.95 * 0.95 = 0.0975
    ([50, 1], [], 51),  # 1 - 0.50 * 0.99 = 0.505: a half goes up
    ([], [50], -50),
    ([], [50, 1], -50),  # -0.505: a half goes up here too
    ([], [70, 40], -82),
    ([50], [50], 0),
    ([80], [50], 60),  # (0.80 - 0.50) / (1 - 0.50)
    ([50], [80], -60),
    ([60], [50], 20),  # (0.60 - 0.50) / (1 - 0.50)
    ([30, 60], [50], 44),  # (0.72 - 0.50) / (1 - 0.50)
    ([90], [10, 20], 86),  # (0.90 - 0.28) / (1 - 0.28) = 0.8611
    # However much there is, nothing is certain.
    ([95, 95], [], 99),  # 0.9975
    ([99] * 20, [], 99),
    ([], [99] * 20, -99),
    ([99] * 20, [99] * 20, 0),
    ([99] * 20, [99] * 20 + [50], -50),  # in doubts: (0.5 - 1) / 1, times the same 0.01 ** 20
    ([99] * 200, [99] * 200, 0),  # more than a float holds
]


def rules_of(path: str, supporting: list[int], opposing: list[int]) -> str:
    """Return rules that always fire, with these factors."""
    evidence = [("path", factor) for factor in supporting] + [("against", f) for f in opposing]
    return "".join(
        f"- {{id: {path}{index}, title: R, when: always, because: So., house: true,"
        f" then: {{{side}: {path}, certainty: c{factor:02}}}}}\n"
        for index, (side, factor) in enumerate(evidence)
    )


def certainty_of(decision: Decision, path: str) -> int:
    return next(standing.certainty for standing in decision.standings if standing.path == path)


@pytest.mark.parametrize(("supporting", "opposing", "certainty"), TABLE)
def test_evidence_for_and_against_a_path_combines_to_its_certainty(
    decide_by: Callable[..., Decision], supporting: list[int], opposing: list[int], certainty: int
) -> None:
    decision = decide_by(rules_of("beta", supporting, opposing))

    assert certainty_of(decision, "beta") == certainty
    assert certainty_of(decision, "alpha") == 0


@pytest.mark.parametrize(
    ("supporting", "opposing", "supported"),
    [
        ([19], [], False),
        ([20], [], False),
        ([21], [], True),
        ([60], [50], False),  # 0.20 again, as (0.60 - 0.50) / (1 - 0.50)
        ([61], [50], True),
        ([], [80], False),
        ([], [], False),
    ],
)
def test_a_path_is_supported_above_the_cutoff_and_not_at_it(
    decide_by: Callable[..., Decision],
    supporting: list[int],
    opposing: list[int],
    supported: bool,
) -> None:
    decision = decide_by(rules_of("beta", supporting, opposing))

    assert decision.recommendation == ("beta" if supported else None)
    assert [standing.path for standing in decision.ranking] == ["beta"] * supported


def test_paths_are_ranked_by_certainty(decide_by: Callable[..., Decision]) -> None:
    rules = rules_of("alpha", [30], []) + rules_of("beta", [], [40]) + rules_of("gamma", [50], [])

    decision = decide_by(rules)

    assert [(s.path, s.certainty) for s in decision.standings] == [
        ("gamma", 50),
        ("alpha", 30),
        ("beta", -40),
    ]
    assert decision.recommendation == "gamma"
    assert decision.close == ()


def test_ties_go_by_the_order_of_the_paths_and_are_told(
    decide_by: Callable[..., Decision],
) -> None:
    # 1 - 0.50 * 0.50 = 0.75 for the later path, by other evidence than the earlier one's.
    rules = rules_of("gamma", [50, 50], []) + rules_of("beta", [75], [])

    decision = decide_by(rules)

    assert [s.path for s in decision.ranking] == ["beta", "gamma"]
    assert decision.recommendation == "beta"
    assert decision.close == ("gamma",)


def test_certainties_that_are_shown_alike_are_close(decide_by: Callable[..., Decision]) -> None:
    # 1 - 0.70 * 0.40 * 0.60 = 0.832 and 0.83 are both shown as 0.83.
    decision = decide_by(rules_of("gamma", [30, 60, 40], []) + rules_of("alpha", [83], []))

    assert decision.close == ("gamma",)


@pytest.mark.parametrize(
    ("hundredths", "text"), [(0, "0.00"), (7, "0.07"), (85, "0.85"), (-5, "-0.05"), (-99, "-0.99")]
)
def test_a_certainty_is_shown_with_two_decimals(hundredths: int, text: str) -> None:
    assert shown(hundredths) == text
