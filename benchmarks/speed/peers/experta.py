"""experta, as fourways itself uses it for people and auditors: one profile after the other."""

from collections.abc import Sequence

from benchmarks.speed.peers import Answered
from fourways.engines.experta_engine import ExpertaEngine
from fourways.model.base import RuleBase
from fourways.model.decision import Decision
from fourways.model.profile import Profile


class Experta:
    """The engine with its network built.

    Args:
        base: the rules.
    """

    def __init__(self, base: RuleBase) -> None:
        self._engine = ExpertaEngine(base)

    def prepared(self, profiles: Sequence[Profile]) -> Sequence[Profile]:
        """Give the profiles as they are."""
        return profiles

    def run(self, asked: Sequence[Profile]) -> list[Decision]:
        """Decide one profile after the other."""
        return [self._engine.decide(profile) for profile in asked]

    def answered(self, given: Decision) -> Answered:
        """Give the certainties by path and the names of the rules."""
        certainties = {standing.path: standing.certainty for standing in given.standings}
        return certainties, [firing.rule.id for firing in given.trace]
