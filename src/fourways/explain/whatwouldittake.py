"""What would it take: the smallest sets of changes that put a path first.

Only changes that the knowledge declares are proposed: what a person can do, what can happen, and
what they could want. Every set of them up to a size is decided, the smallest first; a set that
contains a solution is skipped.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import combinations

from fourways.engines.fast import CompactEngine
from fourways.explain.changes import (
    Changes,
    brought_about_by,
    changed,
    sets_of_changes,
    single_changes,
)
from fourways.model.profile import By, Profile

MOST_CHANGES = 3
"""More changes would make another person."""

NEAR = 2
"""A path that takes more changes is no near miss."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What would put a path first.

    Attributes:
        path: the path, and `certainty` what it has now, from -0.99 to 0.99.
        behind: how far the first path is ahead.
        already_first: whether it is first already; then there is nothing to propose.
        sets: the minimal sets of changes without a wish, those that a person can do first.
        wishes: the minimal sets with a wish.
    """

    path: str
    certainty: float
    behind: float
    already_first: bool
    sets: tuple[Changes, ...] = ()
    wishes: tuple[Changes, ...] = ()


def what_would_it_take(
    engine: CompactEngine,
    profile: Profile,
    path: str,
    *,
    keep: Collection[str] = (),
    most: int = MOST_CHANGES,
) -> Proposals:
    """Return the minimal sets of changes that make a path the first recommendation.

    Args:
        engine: the rules.
        profile: the known answers.
        path: the path that is to come first; of equal ones the article's first one does.
        keep: attributes that can't or won't change.
        most: how many changes a set has at most.
    """
    before = engine.bits(profile)
    certainties = engine.certainties(before)
    now = Proposals(
        path,
        certainties[path] / 100,
        (max(certainties.values()) - certainties[path]) / 100,
        already_first=engine.first(before) == path,
    )
    if now.already_first:
        return now
    attributes = engine.base.attributes
    proposable = (
        change
        for name, attribute in attributes.items()
        if name not in keep
        for change in single_changes(attribute, profile.get(name))
        if change.by
    )
    found: dict[Changes, By] = {}
    for changes in sets_of_changes(proposable, most):
        smaller = (part for size in range(1, len(changes)) for part in combinations(changes, size))
        if any(part in found for part in smaller):
            continue
        after = before
        for name in {change.attribute for change in changes}:
            answer = profile.get(name)
            new = changed(attributes[name], answer, changes)
            after ^= engine.answer_bits(name, answer) ^ engine.answer_bits(name, new)
        if engine.first(after) == path:
            found[changes] = brought_about_by(changes)

    def sets(by: By) -> tuple[Changes, ...]:
        return tuple(changes for changes, one in found.items() if one is by)

    return replace(now, sets=sets(By.DO) + sets(By.HAPPENS), wishes=sets(By.WISH))


def near_misses(
    engine: CompactEngine, profile: Profile, *, keep: Collection[str] = ()
) -> tuple[Proposals, ...]:
    """Return the smallest sets that put each path first, the best path first."""
    return tuple(
        _smallest(what_would_it_take(engine, profile, standing.path, keep=keep, most=NEAR))
        for standing in engine.standings(profile)
    )


def _smallest(proposals: Proposals) -> Proposals:
    """Return the proposals with only the smallest sets of those that the same brings about."""
    least: dict[By, int] = {}
    for changes in (*proposals.sets, *proposals.wishes):
        least.setdefault(brought_about_by(changes), len(changes))

    def smallest(sets: tuple[Changes, ...]) -> tuple[Changes, ...]:
        return tuple(one for one in sets if len(one) == least[brought_about_by(one)])

    return replace(proposals, sets=smallest(proposals.sets), wishes=smallest(proposals.wishes))
