"""What if: two decisions side by side, before some answers change and after."""

from collections.abc import Iterable
from dataclasses import dataclass

from fourways.model.decision import Decision, Firing
from fourways.model.profile import Answer
from fourways.model.rules import Action, Caution, Target


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer before and after; None where it is unknown."""

    attribute: str
    before: Answer | None
    after: Answer | None


@dataclass(frozen=True, slots=True)
class PathChange:
    """A path before and after: its place among the supported ones from 1, and its certainty.

    Attributes:
        path: the path.
        place_before, place_after: None where it is not supported.
        before, after: its certainty in hundredths; 0 where the rules know no such path.
    """

    path: str
    place_before: int | None
    place_after: int | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a change of answers does.

    Attributes:
        before, after: the two decisions.
        answers: the answers that differ.
        paths: every path, as they stand after, best first; then those that are gone.
        came, went: the rules that fire only after, and only before, guidance and moves aside.
        guidance_came, guidance_went: the actions and cautions that do.
        targets_came, targets_went: the moves of the role graph that do.
    """

    before: Decision
    after: Decision
    answers: tuple[ChangedAnswer, ...]
    paths: tuple[PathChange, ...]
    came: tuple[Firing, ...]
    went: tuple[Firing, ...]
    guidance_came: tuple[Firing, ...]
    guidance_went: tuple[Firing, ...]
    targets_came: tuple[Firing, ...]
    targets_went: tuple[Firing, ...]


def what_if(before: Decision, after: Decision) -> WhatIf:
    """Compare two decisions.

    Args:
        before: with the answers as they are.
        after: with other answers; or by other rules, which may have other paths and attributes.
    """
    attributes = {**before.base.attributes, **after.base.attributes}
    paths = dict.fromkeys(s.path for s in (*after.standings, *before.standings))
    asked = [(name, before.profile.get(name), after.profile.get(name)) for name in attributes]
    came, went = _only_in(after, before), _only_in(before, after)
    return WhatIf(
        before=before,
        after=after,
        answers=tuple(ChangedAnswer(*one) for one in asked if one[1] != one[2]),
        paths=tuple(_path(before, after, path) for path in paths),
        came=_sorted_out(came, guidance=False),
        went=_sorted_out(went, guidance=False),
        guidance_came=_sorted_out(came, guidance=True),
        guidance_went=_sorted_out(went, guidance=True),
        targets_came=tuple(f for f in came if isinstance(f.rule.then, Target)),
        targets_went=tuple(f for f in went if isinstance(f.rule.then, Target)),
    )


def _only_in(one: Decision, other: Decision) -> tuple[Firing, ...]:
    fired = {firing.rule.id for firing in other.trace}
    return tuple(firing for firing in one.trace if firing.rule.id not in fired)


def _sorted_out(firings: Iterable[Firing], guidance: bool) -> tuple[Firing, ...]:
    return tuple(
        firing
        for firing in firings
        if isinstance(firing.rule.then, Action | Caution) is guidance
        and not isinstance(firing.rule.then, Target)
    )


def _path(before: Decision, after: Decision, path: str) -> PathChange:
    def place(decision: Decision) -> int | None:
        ranked = [standing.path for standing in decision.ranking]
        return ranked.index(path) + 1 if path in ranked else None

    def certainty(decision: Decision) -> int:
        return next((s.certainty for s in decision.standings if s.path == path), 0)

    return PathChange(path, place(before), place(after), certainty(before), certainty(after))
