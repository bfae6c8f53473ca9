"""What if: two decisions side by side, before some answers change and after."""

from collections.abc import Callable
from dataclasses import dataclass

from fourways.explain.wording import Reason, reason
from fourways.model.decision import Decision
from fourways.model.profile import Answer
from fourways.model.rules import Action, Caution, Conclusion, Target


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer before and after; None where it is unknown."""

    attribute: str
    before: Answer | None
    after: Answer | None


@dataclass(frozen=True, slots=True)
class Place:
    """A path's place among the supported ones, from 1 (None if unsupported), and its certainty."""

    place: int | None
    certainty: float


@dataclass(frozen=True, slots=True)
class PathChange:
    """A path before and after."""

    path: str
    before: Place
    after: Place


@dataclass(frozen=True, slots=True)
class Recommendations:
    """The first path before and after; None where no path is supported."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The rules that fire only after, and only before."""

    came: tuple[Reason, ...]
    went: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a change of answers does.

    Attributes:
        answers: the answers that differ.
        recommendation: the first path before and after.
        paths: every path, in the order after the change.
        rules, guidance, targets: the findings and evidence, the advice, and the next jobs.
    """

    answers: tuple[ChangedAnswer, ...]
    recommendation: Recommendations
    paths: tuple[PathChange, ...]
    rules: Difference
    guidance: Difference
    targets: Difference


def what_if(before: Decision, after: Decision) -> WhatIf:
    """Compare two decisions by the same rules."""
    answers = (
        ChangedAnswer(name, before.profile.get(name), after.profile.get(name))
        for name in after.base.attributes
    )
    advice, jobs = (Action, Caution), (Target,)
    return WhatIf(
        answers=tuple(one for one in answers if one.before != one.after),
        recommendation=Recommendations(before.recommendation, after.recommendation),
        paths=tuple(
            PathChange(one.path, _place(before, one.path), _place(after, one.path))
            for one in after.standings
        ),
        rules=_difference(before, after, lambda then: not isinstance(then, (*advice, *jobs))),
        guidance=_difference(before, after, lambda then: isinstance(then, advice)),
        targets=_difference(before, after, lambda then: isinstance(then, jobs)),
    )


def _difference(
    before: Decision, after: Decision, counts: Callable[[Conclusion], bool]
) -> Difference:
    def only_in(one: Decision, other: Decision) -> tuple[Reason, ...]:
        fired = {firing.rule.id for firing in other.trace}
        return tuple(
            reason(one, firing)
            for firing in one.trace
            if firing.rule.id not in fired and counts(firing.rule.then)
        )

    return Difference(only_in(after, before), only_in(before, after))


def _place(decision: Decision, path: str) -> Place:
    ranked = [standing.path for standing in decision.ranking]
    certainty = next(one.certainty for one in decision.standings if one.path == path)
    return Place(ranked.index(path) + 1 if path in ranked else None, certainty / 100)
