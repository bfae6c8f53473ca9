"""Why not a path: what counts against it, and what each rule that could support it lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fourways.explain.changes import Change, Changes, changed
from fourways.explain.conditions import Clause, clauses, in_words
from fourways.explain.repairs import Repairs
from fourways.explain.wording import Reason, reason
from fourways.model.base import RuleBase
from fourways.model.conditions import All, Any, Complement, Condition, Found, Test, truth_of
from fourways.model.decision import Decision
from fourways.model.profile import Answer, Profile
from fourways.model.rules import Rule
from fourways.model.truth import Truth, disjunction

COLUMN = "why_not"
"""The column of a results file with the cells of `why_not_cell`."""

MARKS = {True: "met", False: "failed", None: "unknown"}
"""How a condition stands: it is met, the answer is another one, or there is no answer."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a condition.

    Attributes:
        says: the part in words.
        mark: met, failed or unknown.
        parts: what it consists of; for a finding the conditions of the rules that conclude it.
    """

    says: str
    mark: str
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The fewest changes that can come about and make a rule fire.

    Attributes:
        changes: the changes.
        certainty: what the path would have then, from -0.99 to 0.99.
        recommendation: what would come first then.
    """

    changes: Changes
    certainty: float
    recommendation: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A rule that could support the path and didn't fire.

    Attributes:
        rule, title, cites: the rule and the statements that it rests on.
        condition: its condition, each part marked.
        can_fire: whether any answers make it fire.
        unmet: the tests that fail or are unknown, and that the fewest changes would meet.
        proposal: None where it would take changes that can't come about.
    """

    rule: str
    title: str
    cites: tuple[str, ...]
    condition: Part
    can_fire: bool
    unmet: tuple[Clause, ...]
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a path is not the first recommendation.

    Attributes:
        path: the path, and `certainty` what it has, from -0.99 to 0.99.
        recommendation: what comes first, and `ahead` its certainty.
        supporting, opposing: the rules that support it and that count against it.
        missing: the rules that could support it, nearest first.
    """

    path: str
    certainty: float
    recommendation: str | None
    ahead: float
    supporting: tuple[Reason, ...]
    opposing: tuple[Reason, ...]
    missing: tuple[Missing, ...]


def why_not(decision: Decision, repairs: Repairs, path: str) -> WhyNot:
    """Return why a path is not the first recommendation.

    Args:
        decision: what was decided.
        repairs: by the same rules.
        path: the path.
    """
    return WhyNot(
        path=path,
        certainty=next(s.certainty for s in decision.standings if s.path == path) / 100,
        recommendation=decision.recommendation,
        ahead=decision.standings[0].certainty / 100,
        supporting=tuple(reason(decision, one) for one in decision.evidence(path)),
        opposing=tuple(reason(decision, one) for one in decision.evidence(path, against=True)),
        missing=tuple(
            Missing(
                rule.id,
                rule.title,
                rule.cites,
                marked(decision.base, decision.profile, decision.base.conditions[rule.id]),
                can_fire=repair is not None,
                unmet=clauses(repair.unmet, decision.base) if repair else (),
                proposal=_proposal(decision.profile, repairs, rule, path),
            )
            for rule, repair in repairs.nearest_first(decision.profile, path)
        ),
    )


def _proposal(profile: Profile, repairs: Repairs, rule: Rule, path: str) -> Proposal | None:
    repair = repairs.of(profile, rule, proposed=True)
    if repair is None:
        return None
    bits = repairs.engine.bits(applied(repairs.engine.base, profile, repair.changes))
    certainty = repairs.engine.certainties(bits)[path] / 100
    return Proposal(repair.changes, certainty, repairs.engine.first(bits))


def applied(base: RuleBase, profile: Profile, changes: Iterable[Change]) -> Profile:
    """Return a profile after some changes."""
    changes = tuple(changes)
    for name in dict.fromkeys(one.attribute for one in changes):
        attribute = base.attributes[name]
        profile = profile.having(name, changed(attribute, profile.get(name), changes))
    return profile


def marked(base: RuleBase, profile: Mapping[str, Answer], condition: Condition) -> Part:
    """Return a condition with each part marked, and findings opened up into their rules."""

    def truth(node: Condition) -> Truth:
        return truth_of(node, profile, finding, recommended=lambda _: None)

    def finding(name: str) -> Truth:
        return disjunction(truth(base.conditions[rule.id]) for rule in base.concluding[name])

    def part(node: Condition) -> Part:
        says = ""
        inner: tuple[Condition, ...] = ()
        match node:
            case All(parts=[only]):
                return part(only)
            case All(parts=inner):
                says = "all of these" if inner else "always"
            case Any(parts=inner):
                says = "one of these"
            case Found(finding=name):
                inner = tuple(base.conditions[rule.id] for rule in base.concluding[name])
        says = says or in_words(node, base)
        return Part(says, MARKS[truth(node)], tuple(part(one) for one in inner))

    return part(condition)


# ------------------------------------------------------------ the cell of a results file

_NEEDS = {
    "is": ("to be", "not to be"),
    "one_of": ("to be", "not to be"),
    "at_least": ("to be at least", "to be less than"),
    "at_most": ("to be at most", "to be more than"),
    "family": ("to be of the kind", "not to be of the kind"),
    "includes": ("to include", "not to include"),
    "includes_any": ("to include", "not to include"),
    "excludes": ("not to include", "to include"),
}
"""Each operator after its attribute, and its opposite."""


def why_not_cell(profile: Profile, repairs: Repairs) -> str:
    """Return the nearest rule of each path that isn't supported, for programs.

    Args:
        profile: the known answers.
        repairs: the rules, and what they need.

    Returns:
        "move_out: out.considering needs job_search to be considering (unknown); stay: ...";
        empty where every path is supported.
    """
    engine = repairs.engine
    certainties = engine.certainties(engine.bits(profile))
    return "; ".join(
        f"{path}: {_nearest(profile, repairs, path)}"
        for path, certainty in certainties.items()
        if certainty <= engine.base.certainty.cutoff
    )


def _nearest(profile: Profile, repairs: Repairs, path: str) -> str:
    rules = repairs.nearest_first(profile, path)
    if not rules:
        return "nothing more can speak for it"
    rule, repair = rules[0]
    if repair is None:
        return f"no answers can meet {rule.id}"
    return f"{rule.id} needs " + " and ".join(_needed(test, profile) for test in repair.unmet)


def _needed(test: Test, profile: Profile) -> str:
    wording = _NEEDS[test.operator][isinstance(test, Complement)]
    mark = MARKS[False if test.attribute in profile else None]
    return f"{test.attribute} {wording} {' or '.join(test.operand)} ({mark})"
