"""The reference engine: the meaning of the rules in plain Python, kept simple to judge the others.

It goes through the rules once, in firing order: all rules that can conclude a finding come before
those that ask for it.
"""

from fourways.model.base import RuleBase
from fourways.model.conditions import truth_of
from fourways.model.decision import Decision, Firing, matched, standings
from fourways.model.profile import Profile
from fourways.model.rules import Finding, Rule, Stratum


class ReferenceEngine:
    """Decides by evaluating every condition, three-valued.

    Args:
        base: the rules.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base

    def decide(self, profile: Profile) -> Decision:
        """Return the decision for the known answers of one person."""
        trace: list[Firing] = []
        findings: set[str] = set()
        supported: set[str] = set()

        def run(stratum: Stratum) -> None:
            for rule in self.base.stratum(stratum):
                if self._fires(rule, profile, findings, supported):
                    trace.append(Firing(rule, matched(rule.when, profile, findings, supported)))
                    if isinstance(rule.then, Finding):
                        findings.add(rule.then.id)

        run(Stratum.FINDINGS)
        run(Stratum.EVIDENCE)
        ranked = standings(self.base, (firing.rule for firing in trace))
        cutoff = self.base.certainty.cutoff
        supported |= {standing.path for standing in ranked if standing.certainty > cutoff}
        run(Stratum.TARGETS)
        run(Stratum.GUIDANCE)
        return Decision(self.base, profile, tuple(trace), ranked)

    @staticmethod
    def _fires(rule: Rule, profile: Profile, findings: set[str], supported: set[str]) -> bool:
        # A finding that is missing is unknown, not false: more answers might conclude it.
        truth = truth_of(
            rule.when,
            profile,
            finding=lambda name: True if name in findings else None,
            recommended=lambda path: True if path in supported else None,
        )
        return truth is True
