"""Why not a path: the rules that could have spoken for it, what each lacks, what spoke against."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from fourways.engines.compact import CompactEngine
from fourways.explain import conditions
from fourways.explain.changes import WISHES, Change, Step, applied, steps
from fourways.explain.relevance import Outlook
from fourways.model.base import RuleBase
from fourways.model.conditions import (
    All,
    Any,
    Condition,
    Found,
    Recommended,
    Test,
    without_negation,
)
from fourways.model.decision import Decision, Firing
from fourways.model.profile import Answer, Attribute, Kind, Profile
from fourways.model.rules import Evidence, Rule
from fourways.model.truth import Truth, conjunction, disjunction

MARKS = {True: "met", False: "failed", None: "unknown"}
"""What is said of a condition: it holds, the answer is another one, or there is no answer."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a condition, and how it stands.

    Attributes:
        says: the part in words; of several that go together, how they do.
        truth: whether it is met; None where an answer is missing.
        parts: what it consists of; of a finding, the conditions of the rules that conclude it.
        test: the test of an answer, where it is one; such a part has no parts.
    """

    says: str
    truth: Truth
    parts: tuple["Part", ...] = ()
    test: Test | None = None

    @property
    def mark(self) -> str:
        """How it stands, in a word: met, failed or unknown."""
        return MARKS[self.truth]

    def tests(self) -> Iterator["Part"]:
        """Give the tests of answers that it comes down to."""
        if self.test is not None:
            yield self
        for part in self.parts:
            yield from part.tests()


@dataclass(frozen=True, slots=True)
class Missing:
    """A rule that could have spoken for the path and did not.

    Attributes:
        rule: the rule.
        condition: its condition, each part marked.
        repair: the fewest changes that make it fire; None where nothing can.
        certainty: what the path would come to after the repair, in hundredths.
        first: what would be the first recommendation then.
    """

    rule: Rule
    condition: Part
    repair: tuple[Change, ...] | None
    certainty: int
    first: str | None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a path is not the first recommendation.

    Attributes:
        decision: what was decided.
        path: the path that is asked about; `certainty` is what it came to, in hundredths.
        supporting, opposing: the rules that spoke for it and against it.
        missing: the rules that could have spoken for it, nearest first.
    """

    decision: Decision
    path: str
    certainty: int
    supporting: tuple[Firing, ...]
    opposing: tuple[Firing, ...]
    missing: tuple[Missing, ...]


def why_not(decision: Decision, engine: CompactEngine, path: str) -> WhyNot:
    """Give why a path is not the first recommendation.

    Args:
        decision: what was decided.
        engine: the same rules; looks for repairs.
        path: the path that is asked about.
    """
    supporting = decision.evidence(path)
    fired = {firing.rule.id for firing in supporting}
    outlook = Outlook(decision.base, decision.profile)
    missing = [
        _missing(outlook, engine, path, rule)
        for rule in decision.base.evidence[path]
        if isinstance(rule.then, Evidence) and not rule.then.against and rule.id not in fired
    ]
    return WhyNot(
        decision=decision,
        path=path,
        certainty=next(s.certainty for s in decision.standings if s.path == path),
        supporting=supporting,
        opposing=decision.evidence(path, against=True),
        missing=tuple(sorted(missing, key=_distance)),
    )


def _distance(missing: Missing) -> tuple[bool, int, int]:
    """Give how far a rule is from firing; of equally near ones the stronger comes first."""
    assert isinstance(missing.rule.then, Evidence)
    changes = missing.repair
    return changes is None, len(changes or ()), -missing.rule.then.factor


def _missing(outlook: Outlook, engine: CompactEngine, path: str, rule: Rule) -> Missing:
    repair = repair_of(outlook.base, outlook.profile, rule)
    bits = engine.bits(applied(outlook.base, outlook.profile, repair or ()))
    return Missing(
        rule=rule,
        condition=marked(without_negation(rule.when), outlook),
        repair=repair,
        certainty=dict(engine.certainties(bits))[path],
        first=engine.first(bits),
    )


# ----------------------------------------------------------------- conditions


def marked(condition: Condition, outlook: Outlook) -> Part:
    """Give a condition without `not`, each part marked, findings opened up into their rules."""
    base = outlook.base
    match condition:
        case Test(attribute=name):
            known = name in outlook.profile
            truth = condition.met_by(outlook.profile[name]) if known else None
            return Part(conditions.in_words(condition, base), truth, test=condition)
        case All(parts=parts):
            all_of = tuple(marked(part, outlook) for part in parts)
            if len(all_of) == 1:
                return all_of[0]
            says = "all of these" if all_of else "always"
            return Part(says, conjunction(part.truth for part in all_of), all_of)
        case Any(parts=parts):
            any_of = tuple(marked(part, outlook) for part in parts)
            return Part("one of these", disjunction(part.truth for part in any_of), any_of)
        case Found(finding=name):
            from_rules = tuple(
                marked(without_negation(rule.when), outlook) for rule in base.concluding[name]
            )
            says = conditions.in_words(condition, base)
            return Part(says, disjunction(part.truth for part in from_rules), from_rules)
        case Recommended(path=path):
            bounds, cutoff = outlook.bounds[path], base.certainty.cutoff
            open_yet = None if bounds.most > cutoff else False
            truth = True if bounds.least > cutoff else open_yet
            return Part(conditions.in_words(condition, base), truth)
    raise TypeError(f"no marks for {type(condition).__name__}")


# -------------------------------------------------------------------- repairs


def repair_of(base: RuleBase, profile: Profile, rule: Rule) -> tuple[Change, ...] | None:
    """Give the fewest changes that make a finding or a piece of evidence fire.

    Of equally many, those that leave the wishes alone and stay near the answers given.

    Returns:
        The changes, in the declared order; nothing to change where it fires; None where it cannot.
    """
    repairs = [
        repair
        for tests in _ways(base, without_negation(rule.when))
        if (repair := _meeting(base, profile, tests)) is not None
    ]
    return min(repairs, key=lambda repair: _cost(base, profile, repair), default=None)


Tests = frozenset[Test]


def _ways(base: RuleBase, condition: Condition) -> tuple[Tests, ...]:
    """Give the ways of meeting a condition: the tests that must be met together."""
    match condition:
        case Test():
            return (frozenset({condition}),)
        case All(parts=parts):
            ways: tuple[Tests, ...] = (frozenset(),)
            for part in parts:
                more = _ways(base, part)
                ways = _shortest(one | other for one, other in product(ways, more))
            return ways
        case Any(parts=parts):
            return _shortest(way for part in parts for way in _ways(base, part))
        case Found(finding=name):
            rules = base.concluding[name]
            return _shortest(
                way for rule in rules for way in _ways(base, without_negation(rule.when))
            )
    raise TypeError(f"no ways for {type(condition).__name__}")


def _shortest(ways: Iterable[Tests]) -> tuple[Tests, ...]:
    """Give the ways that hold no other one, each once, in their order."""
    listed = list(dict.fromkeys(ways))
    return tuple(way for way in listed if not any(other < way for other in listed))


def _meeting(base: RuleBase, profile: Profile, tests: Tests) -> tuple[Change, ...] | None:
    """Give the fewest changes after which all tests are met; None where they exclude each other."""
    changes: list[Change] = []
    for name, attribute in base.attributes.items():
        asked = [test for test in tests if test.attribute == name]
        answer = profile.get(name)
        if all(answer is not None and test.met_by(answer) for test in asked):
            continue
        nearest = min(
            (
                step
                for step in steps(attribute, answer, len(attribute.values))
                if all(test.met_by(step.answer) for test in asked)
            ),
            key=lambda step: _farness(attribute, answer, step),
            default=None,
        )
        if nearest is None:
            return None
        changes += nearest.changes
    return tuple(changes)


def _farness(attribute: Attribute, answer: Answer | None, step: Step) -> tuple[int, int]:
    """Give the number of changes, and on a scale how far it is from the answer."""
    if attribute.kind is not Kind.SCALE or not isinstance(answer, str):
        return len(step.changes), 0
    place = attribute.order
    return len(step.changes), abs(place[str(step.answer)] - place[answer])


def _cost(base: RuleBase, profile: Profile, repair: tuple[Change, ...]) -> tuple[int, int, int]:
    wished = [change for change in repair if base.attributes[change.attribute].about == WISHES]
    changed = [change for change in repair if change.attribute in profile]
    return len(repair), len(wished), len(changed)
