"""The reference engine with a memory, which makes it quick enough to judge a million profiles.

The truth of a condition hangs on nothing but the answers, findings and paths that it names. So
what the reference engine said of a rule holds for every profile that is the same in these; and
whatever is asked for the first time, the reference engine itself answers.
"""

from collections.abc import Callable
from operator import itemgetter

from fourways.batch.contract import texts
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.conditions import Found, Recommended, leaves
from fourways.model.conditions import Test as AnswerTest
from fourways.model.decision import Decision, Firing, Standing, standings
from fourways.model.profile import Profile
from fourways.model.rules import Finding, Rule, Stratum

CELLS = ("recommendation", "certainty", "ranking", "targets", "rules")
"""The result columns that hold no sentences; `texts` gives them first."""

_Facts = dict[str, object]


class RememberingReference(ReferenceEngine):
    """Gives the cells of decisions, most of them from what was said of others before."""

    def __init__(self, base: RuleBase) -> None:
        super().__init__(base)
        self._strata: dict[Stratum, list[tuple[Rule, _Named, dict[object, bool]]]] = {
            stratum: [(rule, _named_in(rule), {}) for rule in base.stratum(stratum)]
            for stratum in Stratum
        }
        findings = (f"finding {name}" for name in base.concluding)
        paths = (f"path {name}" for name in base.paths)
        self._nothing: _Facts = dict.fromkeys([*base.attributes, *findings, *paths])
        self._standings: dict[tuple[str, ...], tuple[Standing, ...]] = {}
        self._cells: dict[object, tuple[str, ...]] = {}

    def cells(self, profile: Profile) -> tuple[str, ...]:
        """Give the cells of a decision, in the order of `CELLS`."""
        facts = self._nothing | dict(profile)
        findings: set[str] = set()
        supported: set[str] = set()

        def run(stratum: Stratum) -> list[Rule]:
            fired = []
            for rule, named, remembered in self._strata[stratum]:
                key = named(facts)
                fires = remembered.get(key)
                if fires is None:
                    fires = remembered[key] = self._fires(rule, profile, findings, supported)
                if fires:
                    fired.append(rule)
                    if isinstance(rule.then, Finding):
                        findings.add(rule.then.id)
                        facts[f"finding {rule.then.id}"] = True
            return fired

        found, evidence = run(Stratum.FINDINGS), run(Stratum.EVIDENCE)
        ranked = self._ranked(evidence)
        for standing in ranked:
            if standing.certainty > self.base.certainty.cutoff:
                supported.add(standing.path)
                facts[f"path {standing.path}"] = True
        moves, guidance = run(Stratum.TARGETS), run(Stratum.GUIDANCE)
        key = (ranked, *(rule.id for rule in moves))
        if key not in self._cells:
            trace = tuple(Firing(rule, ()) for rule in moves)
            self._cells[key] = texts(Decision(self.base, Profile(), trace, ranked))[:4]
        fired = (*found, *evidence, *moves, *guidance)
        return (*self._cells[key], ";".join([rule.id for rule in fired]))

    def _ranked(self, evidence: list[Rule]) -> tuple[Standing, ...]:
        key = tuple([rule.id for rule in evidence])
        if key not in self._standings:
            self._standings[key] = standings(self.base, evidence)
        return self._standings[key]


_Named = Callable[[_Facts], object]


def _named_in(rule: Rule) -> _Named:
    """Give what takes from all that is known the part that a rule names."""
    names: dict[str, None] = {}
    for leaf in leaves(rule.when):
        match leaf:
            case AnswerTest(attribute=name):
                names[name] = None
            case Found(finding=name):
                names[f"finding {name}"] = None
            case Recommended(path=name):
                names[f"path {name}"] = None
    return itemgetter(*names) if names else lambda _: None
