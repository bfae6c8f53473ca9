"""Runners of the rules: one meaning, several engines that must agree.

`reference` is plain Python and the judge of the others; `experta_engine` runs the rules in
working memory and is what people and auditors see.
"""

from typing import Protocol

from fourways.model.decision import Decision
from fourways.model.profile import Profile


class Engine(Protocol):
    """Anything that answers a profile."""

    def decide(self, profile: Profile) -> Decision:
        """Give the decision for what is known about one person."""
