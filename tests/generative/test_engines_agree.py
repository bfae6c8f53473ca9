"""The engines agree on everything, and an answer more never takes a rule back."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import ATTRIBUTES, answers, profiles, rule_bases

from engines import ALL_ENGINES, ENGINES, on_built_in
from every_answer import every_pair, single_answers
from fourways.explain.wording import text_of
from fourways.model.base import RuleBase
from fourways.model.decision import Decision, Engine
from fourways.model.profile import Attribute, Kind, Profile
from fourways.model.rules import Stratum
from fourways.rulebase import load_builtin

BASE = load_builtin()
QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))


def agreed(engines: list[Engine], profile: Profile) -> Decision:
    """Return the decision on which all engines agree."""
    first, *others = (engine.decide(profile) for engine in engines)
    for other in others:
        assert other.trace == first.trace
        assert other.standings == first.standings
        assert other == first
    return first


def before_ranking(decision: Decision) -> set[str]:
    """Return the rules that fired among findings and evidence; what comes after may change."""
    firings = (f.rule for f in decision.trace if f.rule.stratum <= Stratum.EVIDENCE)
    return {rule.id for rule in firings}


def built_in() -> list[Engine]:
    # The columnar engine decides these in frames, which takes a hundredth of the time.
    return [on_built_in(name) for name in ALL_ENGINES if name != "columnar"]


@settings(QUICK, max_examples=300)
@given(profiles(BASE.attributes))
def test_the_engines_agree_on_any_profile(profile: Profile) -> None:
    agreed(built_in(), profile)


@settings(QUICK, max_examples=120)
@given(rule_bases(), st.lists(profiles(ATTRIBUTES), min_size=1, max_size=4))
def test_the_engines_agree_on_any_rules(base: RuleBase, some: list[Profile]) -> None:
    engines = [engine(base) for engine in ALL_ENGINES.values()]
    for profile in some:
        agreed(engines, profile)


@st.composite
def one_answer_more(draw: st.DrawFn, attributes: dict[str, Attribute]) -> tuple[Profile, Profile]:
    known = draw(profiles(attributes))
    unknown = sorted(set(attributes) - set(known))
    if not unknown:
        known = known.having(draw(st.sampled_from(sorted(attributes))), None)
        unknown = sorted(set(attributes) - set(known))
    name = draw(st.sampled_from(unknown))
    return known, known.having(name, draw(answers(attributes[name])))


@settings(QUICK, max_examples=500)
@given(one_answer_more(dict(BASE.attributes)))
def test_an_answer_more_takes_no_finding_and_no_evidence_back(
    pair: tuple[Profile, Profile],
) -> None:
    less, more = (before_ranking(on_built_in("reference").decide(profile)) for profile in pair)

    assert less <= more


@settings(QUICK, max_examples=80)
@given(rule_bases(), one_answer_more(dict(ATTRIBUTES)))
def test_an_answer_more_takes_nothing_back_whatever_the_rules(
    base: RuleBase, pair: tuple[Profile, Profile]
) -> None:
    engine = ENGINES["reference"](base)
    less, more = (before_ranking(engine.decide(profile)) for profile in pair)

    assert less <= more


def pairs() -> list[Profile]:
    """Return every pair of values of every two attributes, and every pair within a set."""
    singles = {name: single_answers(attribute) for name, attribute in BASE.attributes.items()}
    within = (
        Profile({name: frozenset(two)})
        for name, attribute in BASE.attributes.items()
        if attribute.kind is Kind.SET
        for two in itertools.combinations(attribute.by_id, 2)
    )
    alone = (Profile({name: answer}) for name, some in singles.items() for answer in some)
    return [Profile(), *alone, *within, *every_pair(singles)]


def test_every_pair_of_answers_gets_a_ranking_in_order_and_every_text_is_complete() -> None:
    engine = on_built_in("reference")
    for profile in pairs():
        decision = engine.decide(profile)
        ranked = [(-standing.certainty, list(BASE.paths).index(standing.path))
                  for standing in decision.standings]  # fmt: skip
        assert ranked == sorted(ranked)
        assert {standing.path for standing in decision.standings} == set(BASE.paths)
        for firing in decision.trace:
            assert "{" not in text_of(decision, firing)


def test_the_engines_agree_on_every_answer_alone_and_on_a_sample_of_pairs() -> None:
    every = pairs()
    alone = [profile for profile in every if len(profile) <= 1]
    # A step that shares no factor with the numbers of values, so that it passes by none of them.
    sample = [profile for profile in every if len(profile) == 2][::7]

    for profile in [*alone, *sample]:
        agreed(built_in(), profile)
