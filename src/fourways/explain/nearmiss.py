"""Near misses: for every path at once, how far it is from the first place."""

from collections.abc import Collection
from dataclasses import dataclass

from fourways.engines.fast import CompactEngine
from fourways.explain.whatwouldittake import Proposals, what_would_it_take
from fourways.model.decision import Decision

MOST_CHANGES = 2
"""A path that takes more is no near miss."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A path, and what is missing for it to come first.

    Attributes:
        path: the path; `certainty` is what it came to, in hundredths.
        behind: by how many hundredths the first recommendation is ahead; 0 for itself.
        proposals: the smallest sets of changes that put it first.
    """

    path: str
    certainty: int
    behind: int
    proposals: Proposals


def near_misses(
    decision: Decision,
    engine: CompactEngine,
    *,
    keep: Collection[str] = (),
    most: int = MOST_CHANGES,
) -> tuple[NearMiss, ...]:
    """Return every path as it stands, best first, with the smallest changes that put it first.

    Args:
        decision: what was decided.
        engine: the same rules.
        keep: attributes that cannot or will not change.
        most: how many changes are looked for at most.
    """
    highest = decision.standings[0].certainty
    return tuple(
        NearMiss(
            path=standing.path,
            certainty=standing.certainty,
            behind=highest - standing.certainty,
            proposals=what_would_it_take(
                engine, decision.profile, standing.path, keep=keep, most=most
            ).smallest(),
        )
        for standing in decision.standings
    )
