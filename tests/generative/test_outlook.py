"""What an outlook calls decided stays so, whatever is answered: on our rules and on random ones."""

from collections.abc import Mapping

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import answers, rule_bases

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain.outcomes import settled
from fourways.explain.relevance import Outlook
from fourways.explain.wording import text_of
from fourways.model.base import RuleBase
from fourways.model.decision import Decision
from fourways.model.profile import Answer, Profile
from fourways.model.rules import Evidence, Finding
from fourways.rulebase import load_builtin

BASE = load_builtin()
QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=100)


def decided(base: RuleBase, profile: Profile) -> Decision:
    return ReferenceEngine(base).decide(profile)


def seen(decision: Decision) -> object:
    """What a person sees: the ranking, and all that is said beside it."""
    supported = {standing.path for standing in decision.ranking}
    return decision.ranking, [
        (firing.rule.id, text_of(decision, firing))
        for firing in decision.trace
        if not isinstance(firing.rule.then, Finding)
        and not (isinstance(firing.rule.then, Evidence) and firing.rule.then.path not in supported)
    ]


@st.composite
def situations(
    draw: st.DrawFn, bases: st.SearchStrategy[RuleBase]
) -> tuple[Outlook, Mapping[str, Answer], Mapping[str, Answer]]:
    """Return an outlook, answers that come after it, and an answer to each question left open."""
    base = draw(bases)
    known: dict[str, Answer] = {}
    coming: dict[str, Answer] = {}
    left: dict[str, Answer] = {}
    never = set()
    # Mostly known, as there is little to be said before.
    for name, attribute in base.attributes.items():
        fate = draw(st.sampled_from(["known", "known", "coming", "left", "never"]))
        if fate == "never":
            never.add(name)
        else:
            {"known": known, "coming": coming, "left": left}[fate][name] = draw(answers(attribute))
    return Outlook(CompactEngine(base), Profile(known), frozenset(never)), coming, left


ANYWHERE = st.one_of(situations(st.just(BASE)), situations(rule_bases()))


@QUICK
@given(ANYWHERE)
def test_an_answer_said_not_to_matter_changes_nothing_that_is_seen(situation) -> None:
    outlook, coming, left = situation
    idle = [name for name in (*coming, *left) if name not in outlook.attributes]
    assume(idle)
    completed = Profile({**outlook.profile, **coming})
    before = seen(decided(outlook.base, completed))
    for name in idle:
        answer = left.get(name)
        assert seen(decided(outlook.base, completed.having(name, answer))) == before


@QUICK
@given(ANYWHERE)
def test_all_that_an_outlook_says_holds_for_whatever_is_answered(situation) -> None:
    outlook, coming, _ = situation
    decision = decided(outlook.base, Profile({**outlook.profile, **coming}))
    fired = {firing.rule.id for firing in decision.trace}
    for name, truth in outlook.truths.items():
        assert truth is None or truth is (name in fired)
    for standing in decision.standings:
        interval = outlook.bounds[standing.path]
        assert interval.least <= standing.certainty <= interval.most
    if settled(outlook):
        assert decision.recommendation == outlook.engine.first(outlook.sure)


@QUICK
@given(ANYWHERE)
def test_with_more_known_no_more_answers_matter(situation) -> None:
    outlook, coming, _ = situation
    later = Outlook(outlook.engine, Profile({**outlook.profile, **coming}), outlook.never)
    assert set(later.attributes) <= set(outlook.attributes)
    assert settled(later) or not settled(outlook)


@QUICK
@given(ANYWHERE)
def test_the_evidence_that_an_answer_brings_is_among_the_rules_that_wait(situation) -> None:
    outlook, _, left = situation
    before = {f.rule.id for f in decided(outlook.base, outlook.profile).trace}
    for name, answer in left.items():
        after = decided(outlook.base, outlook.profile.having(name, answer))
        waiting = {rule.id for rule in outlook.waiting_for(name)}
        paths = {standing.path for standing in after.ranking}
        for firing in after.trace:
            then = firing.rule.then
            if isinstance(then, Evidence) and then.path in paths and firing.rule.id not in before:
                assert firing.rule.id in waiting
