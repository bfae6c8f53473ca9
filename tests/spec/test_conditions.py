"""What conditions mean: a condition, profiles, and whether it is true, false or unknown there."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engines import ALL_ENGINES, profile_of
from fourways.model.base import RuleBase
from fourways.model.conditions import OPERATORS, truth_of
from fourways.model.decision import Engine
from fourways.model.rules import Stratum
from fourways.rulebase import load
from rule_bases import write_base

Row = tuple[dict[str, object], bool | None]

TABLE: dict[str, list[Row]] = {
    "always": [({}, True), ({"size": "low"}, True)],
    # A single answer, of each kind
    "{size: {is: middle}}": [
        ({"size": "low"}, False),
        ({"size": "middle"}, True),
        ({"size": "high"}, False),
        ({}, None),
        ({"colour": "red"}, None),
    ],
    "{colour: {is: red}}": [({"colour": "red"}, True), ({"colour": "blue"}, False), ({}, None)],
    "{post: {is: cook}}": [({"post": "cook"}, True), ({"post": "clerk"}, False), ({}, None)],
    "{ready: {is: true}}": [({"ready": True}, True), ({"ready": False}, False), ({}, None)],
    "{ready: {is: false}}": [({"ready": True}, False), ({"ready": False}, True), ({}, None)],
    "{size: {one_of: [low, high]}}": [
        ({"size": "low"}, True),
        ({"size": "middle"}, False),
        ({"size": "high"}, True),
        ({}, None),
    ],
    "{colour: {one_of: [red, blue]}}": [
        ({"colour": "red"}, True),
        ({"colour": "green"}, False),
        ({}, None),
    ],
    "{post: {one_of: [cook]}}": [({"post": "cook"}, True), ({"post": "pilot"}, False), ({}, None)],
    "{post: {family: near}}": [
        ({"post": "clerk"}, True),
        ({"post": "cook"}, True),
        ({"post": "pilot"}, False),
        ({}, None),
    ],
    "{post: {family: [near, far]}}": [({"post": "pilot"}, True), ({}, None)],
    # A scale, just under, at and just over
    "{size: {at_least: middle}}": [
        ({"size": "low"}, False),
        ({"size": "middle"}, True),
        ({"size": "high"}, True),
        ({}, None),
    ],
    "{size: {at_most: middle}}": [
        ({"size": "low"}, True),
        ({"size": "middle"}, True),
        ({"size": "high"}, False),
        ({}, None),
    ],
    "{size: {at_least: low}}": [({"size": "low"}, True), ({}, None)],
    "{size: {at_most: high}}": [({"size": "high"}, True), ({}, None)],
    # A set; the empty one was asked for, and nothing applies
    "{wants: {includes: x}}": [
        ({"wants": ["x"]}, True),
        ({"wants": ["x", "y"]}, True),
        ({"wants": ["y"]}, False),
        ({"wants": []}, False),
        ({}, None),
    ],
    "{wants: {includes_any: [x, y]}}": [
        ({"wants": ["x"]}, True),
        ({"wants": ["y", "z"]}, True),
        ({"wants": ["x", "y", "z"]}, True),
        ({"wants": ["z"]}, False),
        ({"wants": []}, False),
        ({}, None),
    ],
    "{wants: {excludes: x}}": [
        ({"wants": ["x"]}, False),
        ({"wants": ["x", "y"]}, False),
        ({"wants": ["y"]}, True),
        ({"wants": []}, True),
        ({}, None),
    ],
    "{wants: {excludes: [x, y]}}": [
        ({"wants": ["y", "z"]}, False),
        ({"wants": ["z"]}, True),
        ({"wants": []}, True),
        ({}, None),
    ],
    # not: of the unknown, unknown
    "{not: {size: {is: low}}}": [({"size": "low"}, False), ({"size": "high"}, True), ({}, None)],
    "{not: {size: {at_least: middle}}}": [
        ({"size": "low"}, True),
        ({"size": "middle"}, False),
        ({}, None),
    ],
    "{not: {post: {family: near}}}": [
        ({"post": "pilot"}, True),
        ({"post": "cook"}, False),
        ({}, None),
    ],
    "{not: {ready: {is: true}}}": [({"ready": False}, True), ({"ready": True}, False), ({}, None)],
    "{not: {wants: {includes: x}}}": [
        ({"wants": ["x", "y"]}, False),
        ({"wants": ["y"]}, True),
        ({"wants": []}, True),
        ({}, None),
    ],
    "{not: {wants: {excludes: [x, y]}}}": [
        ({"wants": ["x"]}, True),
        ({"wants": ["z"]}, False),
        ({"wants": []}, False),
        ({}, None),
    ],
    "{not: {not: {wants: {includes: x}}}}": [
        ({"wants": ["x"]}, True),
        ({"wants": []}, False),
        ({}, None),
    ],
    # all: a false part decides, an unknown one leaves it open
    "{all: [{size: {is: low}}, {colour: {is: red}}]}": [
        ({"size": "low", "colour": "red"}, True),
        ({"size": "low", "colour": "blue"}, False),
        ({"size": "low"}, None),
        ({"size": "high"}, False),
        ({"colour": "red"}, None),
        ({}, None),
    ],
    "{all: [{wants: {includes: x}}, {wants: {includes: y}}]}": [
        ({"wants": ["x", "y"]}, True),
        ({"wants": ["x"]}, False),
        ({}, None),
    ],
    "{all: [{ready: {is: true}}]}": [({"ready": True}, True), ({}, None)],
    # any: a true part decides, an unknown one leaves it open
    "{any: [{size: {is: low}}, {colour: {is: red}}]}": [
        ({"size": "low"}, True),
        ({"size": "low", "colour": "red"}, True),
        ({"size": "high", "colour": "red"}, True),
        ({"size": "high", "colour": "blue"}, False),
        ({"size": "high"}, None),
        ({}, None),
    ],
    "{any: [{wants: {includes: x}}, {wants: {excludes: [y, z]}}]}": [
        ({"wants": []}, True),
        ({"wants": ["x", "z"]}, True),
        ({"wants": ["z"]}, False),
        ({}, None),
    ],
    "{any: [{ready: {is: true}}]}": [({"ready": False}, False), ({}, None)],
    # nested
    "{not: {all: [{size: {is: low}}, {colour: {is: red}}]}}": [
        ({"size": "low", "colour": "red"}, False),
        ({"size": "high"}, True),
        ({"colour": "blue"}, True),
        ({"size": "low"}, None),
        ({}, None),
    ],
    "{not: {any: [{size: {is: low}}, {colour: {is: red}}]}}": [
        ({"size": "high", "colour": "blue"}, True),
        ({"size": "low"}, False),
        ({"size": "high"}, None),
        ({}, None),
    ],
    "{all: [{any: [{size: {is: low}}, {ready: {is: true}}]},"
    " {any: [{colour: {is: red}}, {not: {wants: {includes: x}}}]}]}": [
        ({"size": "low", "wants": []}, True),
        ({"ready": True, "colour": "red"}, True),
        ({"size": "low", "wants": ["x"]}, None),
        ({"size": "low", "wants": ["x"], "colour": "blue"}, False),
        ({"size": "high", "ready": False}, False),
        ({"colour": "red"}, None),
        ({}, None),
    ],
    "{any: [{all: [{size: {is: low}}, {ready: {is: true}}]}, {not: {not: {colour: {is: red}}}}]}": [
        ({"size": "low", "ready": True}, True),
        ({"colour": "red"}, True),
        ({"size": "low", "colour": "blue"}, None),
        ({"size": "high", "colour": "blue"}, False),
    ],
}

ROWS = [
    pytest.param(index, answers, truth, id=f"{condition} of {answers}")
    for index, (condition, rows) in enumerate(TABLE.items())
    for answers, truth in rows
]


@cache
def table_base() -> RuleBase:
    rules = "".join(
        f"- {{id: r{index}, title: R, when: {condition}, then: {{finding: f{index}}},"
        " because: so, house: true}\n"
        for index, condition in enumerate(TABLE)
    )
    with TemporaryDirectory() as folder:
        return load(write_base(Path(folder), rules))


@cache
def on_table(engine: str) -> Engine:
    return ALL_ENGINES[engine](table_base())


@pytest.mark.parametrize(("index", "answers", "truth"), ROWS)
def test_a_rule_fires_when_its_condition_is_true_and_not_when_it_is_false_or_unknown(
    engine: str, index: int, answers: dict[str, object], truth: bool | None
) -> None:
    decision = on_table(engine).decide(profile_of(**answers))

    assert (f"f{index}" in decision.findings) is (truth is True)


@pytest.mark.parametrize(("index", "answers", "truth"), ROWS)
def test_a_condition_on_an_unknown_answer_is_unknown_unless_the_others_decide_it(
    index: int, answers: dict[str, object], truth: bool | None
) -> None:
    condition = table_base().by_id[f"r{index}"].when

    assert truth_of(condition, profile_of(**answers), _none_found, _none_found) is truth


def _none_found(_: str) -> None:
    return None


def test_the_table_has_every_operator_with_every_kind_that_it_is_for() -> None:
    base = table_base()
    written = {
        (operator, base.attributes[attribute].kind)
        for condition in TABLE
        for attribute in base.attributes
        for operator in OPERATORS
        if f"{{{attribute}: {{{operator}: " in condition
    }

    assert written == {
        (operator, kind) for operator, row in OPERATORS.items() for kind in row.kinds
    }


@pytest.mark.parametrize("operand", ["x", "[x]"])
def test_one_value_may_stand_for_a_list_of_one(
    small_base: Callable[[str], RuleBase], operand: str
) -> None:
    base = small_base(
        f"[{{id: r, title: R, when: {{wants: {{includes_any: {operand}}}}},"
        " then: {finding: f}, because: so, house: true}]"
    )

    (rule,) = base.stratum(Stratum.FINDINGS)
    assert truth_of(rule.when, profile_of(wants=["x"]), _none_found, _none_found) is True
