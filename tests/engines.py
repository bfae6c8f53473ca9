"""The engines that must agree: what is tested on one is tested on all."""

from collections.abc import Callable, Iterable
from functools import cache

import narwhals as nw
import polars as pl

from fourways.engines.columnar import (
    ColumnarEngine,
    answer_column,
    certainty_column,
    contract_form,
    position_column,
    rule_column,
)
from fourways.engines.experta_engine import ExpertaEngine
from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.decision import Decision, Engine, Firing, Standing, matched
from fourways.model.profile import Answer, Profile
from fourways.model.rules import Finding, Rule, Stratum
from fourways.rulebase import load_builtin


class OneRow:
    """The columnar engine on a frame of one row.

    It says which rules fired and how certain each path is; the facts that a rule matched are
    looked up here.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self.engine = ColumnarEngine(base)

    def decide(self, profile: Profile) -> Decision:
        answers = {
            answer_column(name): [
                contract_form(attribute, profile[name]) if name in profile else None
            ]
            for name, attribute in self.base.attributes.items()
        }
        frame = pl.DataFrame(answers, schema=dict.fromkeys(answers, pl.String))
        (row,) = self.engine.run(nw.from_native(frame)).rows(named=True)
        standings = [Standing(path, row[certainty_column(path)]) for path in self.base.paths]
        standings.sort(key=lambda standing: row[position_column(standing.path)])
        return decision(
            self.base,
            profile,
            [
                rule
                for stratum in Stratum
                for rule in self.base.stratum(stratum)
                if row[rule_column(rule)]
            ],
            standings,
        )


class Compact:
    """The engine that works on bits, with a decision as the others have it."""

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self.engine = CompactEngine(base)

    def decide(self, profile: Profile) -> Decision:
        fired, standings = self.engine.fired(profile), self.engine.standings(profile)
        return decision(self.base, profile, fired, standings)


def decision(
    base: RuleBase, profile: Profile, fired: Iterable[Rule], standings: Iterable[Standing]
) -> Decision:
    """Return the decision in which these rules fired, with the facts that they matched."""
    rules = tuple(fired)
    findings = {rule.then.id for rule in rules if isinstance(rule.then, Finding)}
    ranked = tuple(standings)
    supported = [s.path for s in ranked if s.certainty > base.certainty.cutoff]
    trace = tuple(Firing(rule, matched(rule.when, profile, findings, supported)) for rule in rules)
    return Decision(base, profile, trace, ranked)


ENGINES: dict[str, Callable[[RuleBase], Engine]] = {
    "reference": ReferenceEngine,
    "experta": ExpertaEngine,
}
"""Those that decide one profile and say why."""

ALL_ENGINES = {**ENGINES, "columnar": OneRow, "compact": Compact}


@cache
def on_built_in(engine: str) -> Engine:
    """Return an engine on the built-in base; one is built for all tests."""
    return ALL_ENGINES[engine](load_builtin())


def profile_of(**answers: object) -> Profile:
    """Return a profile; lists and sets become the sets of what applies."""
    read: dict[str, Answer] = {}
    for name, answer in answers.items():
        assert isinstance(answer, str | bool | list | set | tuple | frozenset)
        read[name] = answer if isinstance(answer, str | bool) else frozenset(answer)
    return Profile(read)
