"""Why not a path: the rules that could have spoken for it, what each lacks, what spoke against."""

from collections.abc import Iterator
from dataclasses import dataclass

from fourways.engines.fast import CompactEngine
from fourways.explain import conditions
from fourways.explain.changes import Change, applied
from fourways.explain.relevance import Outlook
from fourways.explain.repairs import Repair, Repairs
from fourways.model.conditions import (
    All,
    Any,
    Condition,
    Found,
    Recommended,
    Test,
)
from fourways.model.decision import Decision, Firing
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
        repair: the fewest changes of answers that make it fire; None where nothing can.
        unmet: the tests of answers that fail or are unknown, and that the repair meets.
        proposal: the fewest changes that can come about and make it fire; None where none do.
        certainty: what the path would come to after the proposal, in hundredths.
        first: what would be the first recommendation then.
    """

    rule: Rule
    condition: Part
    repair: tuple[Change, ...] | None
    unmet: tuple[Test, ...]
    proposal: tuple[Change, ...] | None
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


def why_not(
    decision: Decision, engine: CompactEngine, path: str, repairs: Repairs | None = None
) -> WhyNot:
    """Return why a path is not the first recommendation.

    Args:
        decision: what was decided.
        engine: the same rules; tells what would come of a proposal.
        path: the path that is asked about.
        repairs: for the same rules; kept by who asks more than once.
    """
    outlook = Outlook(decision.base, decision.profile)
    repairs = repairs or Repairs(decision.base)
    return WhyNot(
        decision=decision,
        path=path,
        certainty=next(s.certainty for s in decision.standings if s.path == path),
        supporting=decision.evidence(path),
        opposing=decision.evidence(path, against=True),
        missing=tuple(
            _missing(outlook, engine, path, rule, repair, repairs.of(decision.profile, rule, True))
            for rule, repair in nearest_first(decision, path, repairs)
        ),
    )


def nearest_first(
    decision: Decision, path: str, repairs: Repairs
) -> list[tuple[Rule, Repair | None]]:
    """Give the rules that could have spoken for a path and did not, the nearest first.

    Nearest is the one with the fewest changes to make; of equally near ones the stronger, then
    the earlier one. Those that no answers make fire come last.
    """
    fired = {firing.rule.id for firing in decision.evidence(path)}
    missing = [
        (rule, rule.then.factor, repairs.of(decision.profile, rule))
        for rule in decision.base.evidence[path]
        if isinstance(rule.then, Evidence) and not rule.then.against and rule.id not in fired
    ]
    missing.sort(key=lambda one: (one[2] is None, len(one[2].changes) if one[2] else 0, -one[1]))
    return [(rule, repair) for rule, _, repair in missing]


def _missing(
    outlook: Outlook,
    engine: CompactEngine,
    path: str,
    rule: Rule,
    repair: Repair | None,
    proposal: Repair | None,
) -> Missing:
    changes = proposal.changes if proposal else ()
    bits = engine.bits(applied(outlook.base, outlook.profile, changes))
    return Missing(
        rule=rule,
        condition=marked(outlook.base.conditions[rule.id], outlook),
        repair=repair.changes if repair else None,
        unmet=repair.unmet if repair else (),
        proposal=proposal.changes if proposal else None,
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
                marked(outlook.base.conditions[rule.id], outlook) for rule in base.concluding[name]
            )
            says = conditions.in_words(condition, base)
            return Part(says, disjunction(part.truth for part in from_rules), from_rules)
        case Recommended(path=path):
            bounds, cutoff = outlook.bounds[path], base.certainty.cutoff
            open_yet = None if bounds.most > cutoff else False
            truth = True if bounds.least > cutoff else open_yet
            return Part(conditions.in_words(condition, base), truth)
    raise TypeError(f"no marks for {type(condition).__name__}")
