"""The `why_not` column is what `explain.whynot` gives, on every profile and any rules."""

from collections.abc import Callable, Sequence

import narwhals as nw
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import profiles, rule_bases

from every_answer import every_pair, single_answers
from fourways.engines.columnar import (
    ColumnarEngine,
    answer_column,
    contract_form,
    supported_column,
)
from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain.changes import applied
from fourways.explain.repairs import Repairs
from fourways.explain.whynot import why_not
from fourways.explain.whynotcell import needed, why_not_cell
from fourways.explain.whynotcolumns import WhyNotColumns
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from fourways.rulebase import load_builtin
from random_profiles import random_profiles

BASE = load_builtin()


def answered(base: RuleBase, profiles: Sequence[Profile]) -> pl.DataFrame:
    """Give a frame of profiles as the columnar engine takes it."""
    forms = {
        answer_column(name): [
            contract_form(attribute, p[name]) if name in p else None for p in profiles
        ]
        for name, attribute in base.attributes.items()
    }
    return pl.DataFrame(forms, schema=dict.fromkeys(forms, pl.String))


def evaluated(profiles: Sequence[Profile]) -> pl.DataFrame:
    """Give a frame of profiles as the columnar engine leaves it."""
    return ColumnarEngine(BASE).run(nw.from_native(answered(BASE, profiles))).to_native()


def cells(profiles: Sequence[Profile]) -> list[str]:
    return WhyNotColumns(BASE).of_answers(evaluated(profiles)).to_list()


def expected(base: RuleBase, profiles: Sequence[Profile]) -> list[str]:
    engine, repairs = ReferenceEngine(base), Repairs(base)
    return [why_not_cell(engine.decide(profile), repairs) for profile in profiles]


def test_the_column_is_that_of_single_decisions_for_thousands_of_profiles() -> None:
    profiles = random_profiles(BASE, 5000, seed=41)

    assert cells(profiles) == expected(BASE, profiles)


def test_the_column_is_that_of_single_decisions_for_every_pair_of_values() -> None:
    values = {name: single_answers(attribute) for name, attribute in BASE.attributes.items()}
    pairs = [Profile(), *every_pair(values)]

    assert cells(pairs) == expected(BASE, pairs)


def test_the_column_names_the_nearest_rule_of_why_not_and_the_tests_that_its_repair_meets() -> None:
    reference, compact, repairs = ReferenceEngine(BASE), CompactEngine(BASE), Repairs(BASE)
    profiles = random_profiles(BASE, 400, seed=42)
    for profile, cell in zip(profiles, cells(profiles), strict=True):
        decision = reference.decide(profile)
        supported = {standing.path for standing in decision.ranking}
        said = dict(part.split(": ", 1) for part in cell.split("; ") if part)
        assert [*said] == [path for path in BASE.paths if path not in supported]
        for path, text in said.items():
            nearest = why_not(decision, compact, path, repairs).missing[0]
            tests = " and ".join(needed(t, t.attribute in profile) for t in nearest.unmet)
            assert text == f"{nearest.rule.id} needs {tests}"
            bits = compact.bits(applied(BASE, profile, nearest.repair or ()))
            assert compact.fires(nearest.rule, bits)


def test_codes_say_the_same_as_texts_and_what_has_no_column_is_unknown() -> None:
    profiles = random_profiles(BASE, 300, seed=43)
    answers = {
        name: [None, *dict.fromkeys(p[name] for p in profiles if name in p)]
        for name in BASE.attributes
    }
    known = [name for name in BASE.attributes if name != "aspirations"]
    profiles = [profile.having("aspirations", None) for profile in profiles]
    codes = pl.DataFrame(
        {name: [answers[name].index(p.get(name)) for p in profiles] for name in known},
        schema=dict.fromkeys(known, pl.UInt32),
    )
    supported = evaluated(profiles).select(supported_column(path) for path in BASE.paths)

    column = WhyNotColumns(BASE).of_codes(codes, answers, supported)

    assert column.name == "why_not"
    assert column.to_list() == expected(BASE, profiles)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_column_is_that_of_single_decisions_for_any_rules(data: st.DataObject) -> None:
    base = data.draw(rule_bases())
    drawn = data.draw(st.lists(profiles(base.attributes), min_size=1, max_size=8))

    engine = ReferenceEngine(base)
    ranked = [{s.path for s in engine.decide(profile).ranking} for profile in drawn]
    frame = answered(base, drawn).with_columns(
        pl.Series(supported_column(path), [path in supported for supported in ranked])
        for path in base.paths
    )

    assert WhyNotColumns(base).of_answers(frame).to_list() == expected(base, drawn)


def test_of_two_ways_as_short_an_unknown_answer_is_nearer_than_a_changed_one(
    small_base: Callable[[str], RuleBase],
) -> None:
    base = small_base(
        "- {id: a, title: A, when: {any: [{size: {is: high}}, {colour: {is: red}}]},"
        " then: {path: alpha, certainty: c40}, because: so, house: true}\n"
    )
    drawn = [Profile({"size": "low"}), Profile({"colour": "blue"})]
    frame = answered(base, drawn).with_columns(
        pl.lit(False).alias(supported_column(path)) for path in base.paths
    )

    column = WhyNotColumns(base).of_answers(frame).to_list()

    assert column == expected(base, drawn)
    assert column[0].startswith("alpha: a needs colour to be red (unknown); ")
    assert column[1].startswith("alpha: a needs size to be high (unknown); ")
