"""The columnar engine gives the cells that a single decision gives, on every dataframe library."""

import dataclasses
from collections.abc import Iterable, Sequence
from itertools import product
from random import Random
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from columnar import CELLS, agree, by_file, by_frame
from hypothesis import HealthCheck, given, settings
from judge import CELLS as DECISION
from judge import Judge, People
from strategies import knowledge, rule_bases

import fourways
from engines import ENGINES
from every_answer import every_answer, every_pair, every_profile, single_answers
from fourways.batch.contract import texts
from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.errors import InputError
from fourways.model.base import RuleBase
from fourways.model.conditions import ALWAYS, Among, Holds
from fourways.model.profile import Answer, Kind, Profile
from fourways.model.rules import Action, Caution, Evidence, Rule, Target, Time
from fourways.rulebase import load_builtin
from random_profiles import frame_of, random_answer, random_profiles

BASE = load_builtin()
REFERENCE = ReferenceEngine(BASE)
SETS = [name for name, a in BASE.attributes.items() if a.kind is Kind.SET]


def full_profiles(count: int, seed: int) -> list[Profile]:
    """Return random profiles in which nothing is unknown."""
    random = Random(seed)
    return [
        Profile({name: random_answer(a, random) for name, a in BASE.attributes.items()})
        for _ in range(count)
    ]


def test_every_cell_of_random_profiles_is_that_of_the_reference() -> None:
    profiles = random_profiles(BASE, 4000, seed=1)

    agree(BASE, profiles, (texts(REFERENCE.decide(profile)) for profile in profiles))


def test_every_pair_of_values_of_two_attributes_gives_every_cell_of_the_reference() -> None:
    values = {name: single_answers(attribute) for name, attribute in BASE.attributes.items()}
    pairs = [Profile(), *every_pair(values)]

    agree(BASE, pairs, (texts(REFERENCE.decide(profile)) for profile in pairs))


def judged(profiles: Sequence[Profile]) -> None:
    """Assert that the columnar engine decides profiles as the reference engine does."""
    people = People.of(BASE, profiles)
    decided = fourways.evaluate_frame(people.texts(), BASE, texts=False)
    assert decided.select(DECISION).equals(Judge(BASE).cells(people))


def test_every_pair_of_answers_is_decided_alike_alone_and_on_a_random_background() -> None:
    answers = {name: every_answer(attribute) for name, attribute in BASE.attributes.items()}
    pairs = list(every_pair(answers))
    behind = random_profiles(BASE, len(pairs), seed=0)

    judged([*pairs, *(Profile({**b, **p}) for b, p in zip(behind, pairs, strict=True))])


def test_each_attribute_alone_unknown_and_alone_known_is_decided_alike() -> None:
    judged(
        [
            one
            for full in full_profiles(1000, seed=2)
            for name in full
            for one in (full.having(name, None), Profile({name: full[name]}))
        ]
    )


def test_sets_that_are_full_or_empty_or_not_asked_for_are_decided_alike() -> None:
    def states(name: str) -> tuple[Answer | None, ...]:
        return None, frozenset(), frozenset(BASE.attributes[name].by_id)

    profiles = []
    for background in random_profiles(BASE, 300, seed=3):
        for chosen in product(*map(states, SETS)):
            answers = {**background, **dict(zip(SETS, chosen, strict=True))}
            known = {name: answer for name, answer in answers.items() if answer is not None}
            profiles.append(Profile(known))

    judged(profiles)


@pytest.mark.parametrize("written", [None, "", "  ", "\t"])
def test_null_and_blank_are_unknown(written: str | None) -> None:
    blank = pl.DataFrame({name: [written] for name in BASE.attributes})
    expected = [texts(REFERENCE.decide(Profile()))]

    # Its type is not known where a column holds nothing but nulls.
    assert by_frame(BASE, blank) == by_file(BASE, blank) == expected


def by_size() -> RuleBase:
    """Return rules that tell every size from every other, which those of the article need not."""
    path = next(iter(BASE.paths))
    rules = [
        Rule(
            size, "R", Among(SIZE, "is", (size,), frozenset({size})), Evidence(path, "", 50), "So."
        )
        for size in BASE.attributes[SIZE].by_id
    ]
    move = Rule("move", "R", ALWAYS, Target("other", path, Time.NOW, ""))
    return dataclasses.replace(BASE, rules=(*rules, move, Rule("go", "R", ALWAYS, Action("Go."))))


SIZE = "organisation_size"
HEADCOUNTS = {
    0: "micro", 1: "micro", 9: "micro", 10: "small", 11: "small", 49: "small", 50: "medium",
    51: "medium", 249: "medium", 250: "large", 251: "large", 3_000_000: "large", None: None,
}  # fmt: skip


def sizes(base: RuleBase, answers: Iterable[str | None]) -> list[tuple[str, ...]]:
    """Return the cells for people of whom only the size of their organisation is known."""
    engine = ReferenceEngine(base)
    return [texts(engine.decide(Profile().having(SIZE, answer))) for answer in answers]


@pytest.mark.parametrize("sort", [pl.Int64, pl.UInt32, pl.Float64, pl.String])
def test_a_headcount_at_each_boundary_is_its_band(sort: type[pl.DataType]) -> None:
    base = by_size()
    frame = pl.DataFrame({SIZE: pl.Series(list(HEADCOUNTS), dtype=pl.Int64).cast(sort)})

    # A file is parsed; a frame has to hold numbers.
    decided = by_file(base, frame) if sort is pl.String else by_frame(base, frame)

    assert decided == sizes(base, HEADCOUNTS.values())


def test_a_fraction_below_a_boundary_is_below_it() -> None:
    base = by_size()

    assert by_frame(base, pl.DataFrame({SIZE: [9.5, 10.0]})) == sizes(base, ["micro", "small"])


def test_a_number_that_is_no_headcount_is_unknown() -> None:
    base = by_size()
    frame = pl.DataFrame({SIZE: [-1.0, float("nan"), float("-inf")]})

    assert by_frame(base, frame) == sizes(base, [None] * 3)


def test_true_and_false_are_understood() -> None:
    frame = pl.DataFrame({"needs_title_or_pay": [True, False, None]})
    profiles = [Profile({"needs_title_or_pay": said}) for said in (True, False)]

    assert by_frame(BASE, frame) == [texts(REFERENCE.decide(p)) for p in (*profiles, Profile())]


# ------------------------------------------------------------------ other rules


def test_more_rules_than_a_whole_number_has_bits_are_told_apart() -> None:
    values = [(a, value.id) for a in BASE.attributes.values() for value in a.values]
    rules: list[Rule] = []
    for index, (attribute, value) in enumerate(values):
        node = Holds if attribute.kind is Kind.SET else Among
        when = node(attribute.id, "is", (value,), frozenset({value}))
        said, path = f"{attribute.id} {value}.", list(BASE.paths)[index % 2]
        for number, then in enumerate((Evidence(path, "", 20), Action(said), Caution(said))):
            rules.append(Rule(f"r{index}.{number}", "R", when, then, said))
    rules.append(by_size().by_id["move"])
    base = dataclasses.replace(BASE, rules=tuple(sorted(rules, key=lambda rule: rule.stratum)))
    engine, profiles = ReferenceEngine(base), random_profiles(BASE, 1000, seed=7)

    assert len(rules) > 2 * 64
    agree(base, profiles, decided := [texts(engine.decide(profile)) for profile in profiles])
    assert by_file(base, frame_of(profiles, base)) == decided


def test_much_evidence_stays_short_of_certain_and_is_a_tie_with_as_much() -> None:
    first, second, *_ = BASE.paths
    factors = [(second, 99), (second, 50), (first, 99)]
    rules = [
        Rule(f"r{index}", "R", ALWAYS, Evidence(path, "", factor), "So.")
        for index, (path, factor) in enumerate(factors)
    ]
    base = dataclasses.replace(by_size(), rules=(*rules, *by_size().rules[-2:]))

    agree(base, [Profile()], sizes(base, [None]))
    assert by_frame(base, frame_of([Profile()], base))[0][2] == f"{first}:0.99;{second}:0.99"


def space(base: RuleBase) -> list[Profile]:
    """Return every profile that a small rule base allows; of very many, a sample."""
    every = list(every_profile({n: every_answer(a) for n, a in base.attributes.items()}))
    return every if len(every) <= 400 else Random(1).sample(every, 400)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_bases(knowledge()))
def test_on_any_attributes_paths_and_rules_all_engines_decide_alike(base: RuleBase) -> None:
    profiles = space(base)
    reference, compact = ReferenceEngine(base), CompactEngine(base)
    decisions = [reference.decide(profile) for profile in profiles]

    agree(base, profiles, map(texts, decisions))
    for profile, decision in zip(profiles, decisions, strict=True):
        assert compact.standings(profile) == decision.standings
        assert compact.fired(profile) == tuple(firing.rule for firing in decision.trace)
    if len(base.rules) % 4 == 0:  # a file costs more than a frame
        assert by_file(base, frame_of(profiles, base)) == list(map(texts, decisions))
    experta = ENGINES["experta"](base)
    for decision in decisions[:: len(decisions) // 3 or 1]:
        assert experta.decide(decision.profile) == decision


# ------------------------------------------------------------------ libraries


@pytest.mark.parametrize("library", ["polars", "pandas", "pyarrow", "duckdb"])
def test_every_library_gives_the_same(library: str) -> None:
    frame = frame_of(random_profiles(BASE, 300, seed=2), BASE).with_row_index("row")
    expected = fourways.evaluate_frame(frame.lazy()).collect()
    given: Any = {
        "polars": lambda: frame,
        "pandas": frame.to_pandas,
        "pyarrow": frame.to_arrow,
        "duckdb": lambda: duckdb.from_arrow(frame.to_arrow()),
    }[library]()

    got = fourways.evaluate_frame(given)

    assert type(got) is type(given)
    if isinstance(got, pd.DataFrame):
        got = pl.from_pandas(got)
    elif library == "duckdb":
        got = got.to_arrow_table()
    cells = pl.DataFrame(got).sort("row").select(CELLS)
    assert cells.equals(expected.select(CELLS))


def test_a_frame_without_a_column_to_read_is_refused() -> None:
    with pytest.raises(InputError, match="no column of the frame is named like an attribute"):
        fourways.evaluate_frame(pl.DataFrame({"a": [1]}))


def test_a_frame_with_a_result_column_is_refused() -> None:
    with pytest.raises(InputError, match="the frame has columns named ranking"):
        fourways.evaluate_frame(pl.DataFrame({"current_role": ["other"], "ranking": ["x"]}))
