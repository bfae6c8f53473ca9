"""How a decision came about: the tree from a recommendation down to answers and statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fourways import __version__
from fourways.explain import wording
from fourways.model.certainty import shown
from fourways.model.decision import Decision, Firing, Match
from fourways.model.profile import Answer, Attribute
from fourways.model.rules import Action, Caution, Evidence, Rule, Target, Time


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that took part.

    Attributes:
        order: its position in the order of firing, from 1.
        rule: the rule.
        says: its reason in words.
        facts: the answers that it matched, in words.
        findings: the steps that concluded the findings that it matched.
    """

    order: int
    rule: Rule
    says: str
    facts: tuple[str, ...]
    findings: tuple["Step", ...]


@dataclass(frozen=True, slots=True)
class PathJustification:
    """A recommended path, how its certainty is computed, and the rules for it and against it."""

    path: str
    arithmetic: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Justification:
    """Everything that a decision rests on: the recommended paths, then the guidance."""

    paths: tuple[PathJustification, ...]
    guidance: tuple[Step, ...]


def justification(decision: Decision) -> Justification:
    """Return the tree of a decision."""
    order = {firing.rule.id: index for index, firing in enumerate(decision.trace, start=1)}

    def steps(firings: Iterable[Firing]) -> tuple[Step, ...]:
        return tuple(map(step, firings))

    def step(firing: Firing) -> Step:
        return Step(
            order=order[firing.rule.id],
            rule=firing.rule,
            says=wording.text_of(decision, firing),
            facts=tuple(_fact(decision, m) for m in firing.matched if m.sort == "answer"),
            findings=steps(
                concluding
                for match in firing.matched
                if match.sort == "finding"
                for concluding in decision.findings[match.name]
            ),
        )

    ranked = [standing.path for standing in decision.ranking]
    return Justification(
        paths=tuple(
            PathJustification(
                path,
                arithmetic(decision, path),
                (
                    *steps(decision.evidence(path)),
                    *steps(decision.evidence(path, against=True)),
                    *steps(decision.targets(path)),
                ),
            )
            for path in ranked
        ),
        guidance=steps(
            firing
            for path in (*ranked, None)
            for sort in (Action, Caution)
            for firing in decision.advice(sort, path)
        ),
    )


def arithmetic(decision: Decision, path: str) -> str:
    """Return how the certainty of a path is computed: "0.70 and 0.40 together 0.82"."""

    def factors(against: bool) -> list[int]:
        evidence = [f.rule.then for f in decision.evidence(path, against)]
        return [e.factor for e in evidence if isinstance(e, Evidence)]

    certainty = next(s.certainty for s in decision.standings if s.path == path)
    supporting = " and ".join(shown(factor) for factor in factors(against=False))
    opposing = " and ".join(shown(factor) for factor in factors(against=True))
    if opposing:
        return f"{supporting or 'nothing'} for, {opposing} against, together {shown(certainty)}"
    if " and " in supporting:
        return f"{supporting} together {shown(certainty)}"
    return supporting


def _fact(decision: Decision, match: Match) -> str:
    attribute = decision.base.attributes[match.name]
    assert match.value is not None
    return f"{attribute.id}: {attribute.in_words(match.value)}"


def as_json(decision: Decision) -> dict[str, Any]:
    """Return a decision as plain data, the same for the same profile and rules."""
    base = decision.base
    return {
        "fourways": __version__,
        "rule_base": base.digest,
        "profile": {
            name: _plain(base.attributes[name], answer) for name, answer in decision.profile.items()
        },
        "recommendation": decision.recommendation,
        "close": list(decision.close),
        "only_default": decision.only_default,
        "would_help": list(decision.would_help),
        "ranking": [
            {
                "path": standing.path,
                "certainty": standing.certainty / 100,
                "in_words": base.certainty.in_words(standing.certainty),
                "arithmetic": arithmetic(decision, standing.path),
                "targets": {
                    time.value: list(wording.targets(decision, standing.path, time))
                    for time in Time
                },
                "because": list(wording.reasons(decision, standing.path)),
                "against": list(wording.counter_reasons(decision, standing.path)),
                "actions": list(wording.advice(decision, Action, standing.path)),
                "cautions": list(wording.advice(decision, Caution, standing.path)),
            }
            for standing in decision.ranking
        ],
        "actions": list(wording.advice(decision, Action, None)),
        "cautions": list(wording.advice(decision, Caution, None)),
        "unknown": list(decision.unknown),
        "trace": [
            {
                "order": index,
                "rule": firing.rule.id,
                "matched": [_matched(decision, match) for match in firing.matched],
                "concludes": _concludes(firing),
                "says": wording.text_of(decision, firing),
                "cites": list(firing.rule.cites),
                "reading": list(firing.rule.reading),
                "house": firing.rule.house,
            }
            for index, firing in enumerate(decision.trace, start=1)
        ],
    }


def _plain(attribute: Attribute, answer: Answer) -> Any:
    return list(attribute.members(answer)) if isinstance(answer, frozenset) else answer


def _matched(decision: Decision, match: Match) -> dict[str, Any]:
    if match.value is None:
        return {match.sort: match.name}
    return {
        match.sort: match.name,
        "value": _plain(decision.base.attributes[match.name], match.value),
    }


def _concludes(firing: Firing) -> dict[str, Any]:
    match firing.rule.then:
        case Evidence() as evidence:
            side = "against" if evidence.against else "path"
            factor = evidence.factor / 100
            return {side: evidence.path, "certainty": evidence.word, "factor": factor}
        case Target() as target:
            return {"target": target.to, "path": target.path, "time": target.time.value}
        case then:
            return {type(then).__name__.lower(): getattr(then, "id", True)}
