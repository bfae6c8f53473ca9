"""Runs cases: compares what a domain expert expects with what the engines give."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fourways.model.base import RuleBase
from fourways.model.cases import NO_PATH, Case
from fourways.model.certainty import shown
from fourways.model.decision import Decision, Engine
from fourways.model.rules import Rule, Target


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something expected, and what came instead."""

    expected: str
    came: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did not come out as expected, or on which the engines differ.

    Attributes:
        case: the case.
        engines: the names of the engines that it failed on.
        mismatches: what was expected there and what came.
    """

    case: Case
    engines: tuple[str, ...]
    mismatches: tuple[Mismatch, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of cases gave.

    Attributes:
        cases: the cases, in their order.
        failures: what failed, in the order of the cases.
        never_fires: rules that no case expects to fire.
        never_silent: rules that no case expects to be silent, and none to fire always.
    """

    cases: tuple[Case, ...]
    failures: tuple[Failure, ...]
    never_fires: tuple[Rule, ...]
    never_silent: tuple[Rule, ...]

    @property
    def failed(self) -> int:
        """How many cases failed."""
        return len({failure.case.location for failure in self.failures})

    @property
    def passed(self) -> int:
        """How many cases came out as expected."""
        return len(self.cases) - self.failed


def run(base: RuleBase, cases: Sequence[Case], engines: Mapping[str, Engine]) -> Outcome:
    """Run cases on every engine.

    Args:
        base: the rules.
        cases: what is expected of them.
        engines: the engines by name, all over `base`.
    """
    always = tuple(dict.fromkeys(name for case in cases for name in case.always))
    failures = [failure for case in cases for failure in _failures(case, always, engines)]
    to_fire = {name for case in cases for name in (*case.fires, *case.always)}
    to_be_silent = {name for case in cases for name in case.silent}
    return Outcome(
        cases=tuple(cases),
        failures=tuple(failures),
        never_fires=tuple(rule for rule in base.rules if rule.id not in to_fire),
        never_silent=tuple(
            rule for rule in base.rules if rule.id not in to_be_silent and rule.id not in always
        ),
    )


def _failures(
    case: Case, always: Sequence[str], engines: Mapping[str, Engine]
) -> Iterator[Failure]:
    decisions = {name: engine.decide(case.profile) for name, engine in engines.items()}
    failing: dict[tuple[Mismatch, ...], list[str]] = {}
    for name, decision in decisions.items():
        if found := mismatches(case, decision, always):
            failing.setdefault(found, []).append(name)
    for found, names in failing.items():
        yield Failure(case, tuple(names), found)
    (first, judge), *others = decisions.items()
    for name, decision in others:
        if (decision.standings, decision.trace) != (judge.standings, judge.trace):
            difference = Mismatch(f"{first} and {name} agree", "they differ")
            yield Failure(case, (first, name), (difference,))


def mismatches(case: Case, decision: Decision, always: Sequence[str] = ()) -> tuple[Mismatch, ...]:
    """Give where a decision is not what a case expects; `always` are rules that must fire too."""
    return tuple(_mismatches(case, decision, always))


def _mismatches(case: Case, decision: Decision, always: Sequence[str]) -> Iterator[Mismatch]:
    ranking = tuple(standing.path for standing in decision.ranking)
    with_certainty = _listed(f"{s.path} {shown(s.certainty)}" for s in decision.ranking)
    first = decision.recommendation or NO_PATH
    if case.first is not None and case.first != first:
        yield Mismatch(f"first: {case.first}", f"first: {first} ({with_certainty})")
    if case.ranking is not None and case.ranking != ranking:
        yield Mismatch(f"ranking: {_listed(case.ranking)}", f"ranking: {with_certainty}")
    fired = {firing.rule.id for firing in decision.trace}
    named = {f.rule.then.to for f in decision.trace if isinstance(f.rule.then, Target)}
    for names, present, wanted, otherwise in (
        (case.supported, ranking, "is supported", f"supported: {with_certainty}"),
        (case.fires, fired, "fires", "it is silent"),
        (always, fired, "fires always", "it is silent"),
        (case.findings, decision.findings, "is found", f"found: {_listed(decision.findings)}"),
        (case.targets, named, "is a next job", f"next jobs: {_listed(sorted(named))}"),
    ):
        yield from (Mismatch(f"{n} {wanted}", otherwise) for n in names if n not in present)
    for names, present, wanted, otherwise in (
        (case.unsupported, ranking, "is not supported", f"supported: {with_certainty}"),
        (case.silent, fired, "is silent", "it fires"),
    ):
        yield from (Mismatch(f"{n} {wanted}", otherwise) for n in names if n in present)
    certainty = {standing.path: standing.certainty for standing in decision.standings}
    for path, expected in case.certainty.items():
        if certainty[path] != expected:
            yield Mismatch(f"{path} {shown(expected)}", f"{path} {shown(certainty[path])}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or NO_PATH
