"""Other rule engines on the same rules, each made from the model, none written by hand.

A peer answers with how certain each path is and with the rules that fired in order; ranking is
the same sort for all, and not timed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from fourways.model.base import RuleBase
from fourways.model.profile import Profile

Answered = tuple[Mapping[str, int], Sequence[str]]
"""The certainty of each path in hundredths, and the names of the rules that fired, in order."""


class Peer(Protocol):
    """A rule engine with the rules loaded."""

    def prepared(self, profiles: Sequence[Profile]) -> Sequence[object]:
        """Give the profiles as the engine takes them; this is not timed."""

    def run(self, asked: Sequence[object]) -> Sequence[object]:
        """Decide; this is timed."""

    def answered(self, given: object) -> Answered:
        """Give what it decided for a profile; this is not timed."""


def _clips(base: RuleBase) -> Peer:
    from benchmarks.speed.peers.clips import Clips

    return Clips(base)


def _gorules(base: RuleBase) -> Peer:
    from benchmarks.speed.peers.gorules import GoRules

    return GoRules(base)


def _experta(base: RuleBase) -> Peer:
    from benchmarks.speed.peers.experta import Experta

    return Experta(base)


PEERS: Mapping[str, Callable[[RuleBase], Peer]] = {
    "clips": _clips,
    "gorules": _gorules,
    "experta": _experta,
}
"""What loads the rules into each engine; none is imported before it is asked for."""
