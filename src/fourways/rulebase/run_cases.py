"""Compares what cases expect with what the engines decide."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fourways.errors import Location
from fourways.model.base import RuleBase
from fourways.model.certainty import shown
from fourways.model.decision import Decision, Engine
from fourways.model.rules import Target
from fourways.rulebase.cases import NO_PATH, Case


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something a case expects, and the actual result."""

    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that an engine doesn't meet, or on which the engines differ.

    Attributes:
        case: its title.
        location: the case in its file.
        engines: the names of the engines that fail it.
        mismatches: what was expected, and what came.
    """

    case: str
    location: Location
    engines: tuple[str, ...]
    mismatches: tuple[Mismatch, ...]


@dataclass(frozen=True, slots=True)
class Untested:
    """A rule that no case expects to do something.

    Attributes:
        rule: its name.
        location: the rule in its file.
        never: "fire" or "stay silent".
        built_in: whether the rule comes with fourways, and so has to be tested.
    """

    rule: str
    location: Location | None
    never: str
    built_in: bool


@dataclass(frozen=True, slots=True)
class CasesReport:
    """The results of running cases: how many passed and failed, and what they leave untested."""

    passed: int
    failed: int
    failures: tuple[Failure, ...]
    untested: tuple[Untested, ...]

    @property
    def ok(self) -> bool:
        """Whether no case failed and every built-in rule is tested."""
        return not self.failures and not any(one.built_in for one in self.untested)


def run_cases(
    base: RuleBase,
    cases: Sequence[Case],
    engines: Mapping[str, Engine],
    built_in: Collection[str] = (),
) -> CasesReport:
    """Run cases on every engine.

    Args:
        base: the rules.
        cases: what is expected of them.
        engines: the engines by name, all for `base`.
        built_in: the files whose rules must be tested, as locations name them.
    """
    always = tuple(dict.fromkeys(name for case in cases for name in case.always))
    failures = [failure for case in cases for failure in _failures(case, always, engines)]
    failed = len({failure.location for failure in failures})
    fires = {name for case in cases for name in case.fires} | {*always}
    silent = {name for case in cases for name in case.silent} | {*always}
    return CasesReport(
        passed=len(cases) - failed,
        failed=failed,
        failures=tuple(failures),
        untested=tuple(
            Untested(rule.id, rule.location, never, bool(at and at.file in built_in))
            for tested, never in ((fires, "fire"), (silent, "stay silent"))
            for rule in base.rules
            if rule.id not in tested
            for at in (rule.location,)
        ),
    )


def _failures(
    case: Case, always: Sequence[str], engines: Mapping[str, Engine]
) -> Iterator[Failure]:
    decisions = {name: engine.decide(case.profile) for name, engine in engines.items()}
    failing: dict[tuple[Mismatch, ...], list[str]] = {}
    for name, decision in decisions.items():
        if found := tuple(_mismatches(case, decision, always)):
            failing.setdefault(found, []).append(name)
    for found, names in failing.items():
        yield Failure(case.title, case.location, tuple(names), found)
    (first, judge), *others = decisions.items()
    for name, decision in others:
        if (decision.standings, decision.trace) != (judge.standings, judge.trace):
            differ = Mismatch(f"{first} and {name} agree", "they differ")
            yield Failure(case.title, case.location, (first, name), (differ,))


def _mismatches(case: Case, decision: Decision, always: Sequence[str]) -> Iterator[Mismatch]:
    ranking = tuple(standing.path for standing in decision.ranking)
    ranked = _listed(f"{s.path} {shown(s.certainty)}" for s in decision.ranking)
    first = decision.recommendation or NO_PATH
    if case.first not in (None, first):
        yield Mismatch(f"first: {case.first}", f"first: {first} ({ranked})")
    if case.ranking not in (None, ranking):
        yield Mismatch(f"ranking: {_listed(case.ranking or ())}", f"ranking: {ranked}")
    fired = {firing.rule.id for firing in decision.trace}
    jobs = {f.rule.then.to for f in decision.trace if isinstance(f.rule.then, Target)}
    for names, actual, wanted, otherwise in (
        (case.supported, ranking, "is supported", f"supported: {ranked}"),
        (case.fires, fired, "fires", "it is silent"),
        (always, fired, "fires always", "it is silent"),
        (case.findings, decision.findings, "is found", f"found: {_listed(decision.findings)}"),
        (case.targets, jobs, "is a next job", f"next jobs: {_listed(sorted(jobs))}"),
    ):
        yield from (Mismatch(f"{n} {wanted}", otherwise) for n in names if n not in actual)
    for names, actual, wanted, otherwise in (
        (case.unsupported, ranking, "is not supported", f"supported: {ranked}"),
        (case.silent, fired, "is silent", "it fires"),
    ):
        yield from (Mismatch(f"{n} {wanted}", otherwise) for n in names if n in actual)
    certainty = {standing.path: standing.certainty for standing in decision.standings}
    for path, expected in case.certainty.items():
        if certainty[path] != expected:
            yield Mismatch(f"{path} {shown(expected)}", f"{path} {shown(certainty[path])}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or NO_PATH
