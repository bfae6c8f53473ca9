"""CLIPS, by clipspy: a defrule for each rule, certainties combined inside.

An answer is a fact per value that applies, `asked` one per set that was asked for. A rule has the
salience of its place, appends its number to what fired, and multiplies the doubt about its path.
"""

from collections.abc import Iterator, Sequence

import clips

from benchmarks.speed.peers import Answered
from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN, HALF
from fourways.model.conditions import (
    All,
    Among,
    Any,
    Complement,
    Condition,
    Found,
    Holds,
    Lacks,
    Recommended,
    Test,
    ways,
    without_negation,
)
from fourways.model.profile import Profile, name_of
from fourways.model.rules import Evidence, Finding, Rule, Stratum

_FUNCTIONS = (
    "(deffunction whole (?x) (bind ?i (integer ?x)) (if (< ?x ?i) then (- ?i 1) else ?i))",
    "(deffunction certainty (?supported ?opposed)"
    " (bind ?larger (max ?supported ?opposed))"
    " (if (= ?larger 0.0) then (bind ?larger 1.0))"
    f" (max -{CERTAIN} (min {CERTAIN}"
    f" (whole (+ (* (/ (- ?opposed ?supported) ?larger) 100) {HALF!r})))))",
)


class Clips:
    """An environment with the rules; reset for each profile.

    Args:
        base: the rules.
    """

    def __init__(self, base: RuleBase) -> None:
        self._base = base
        self._environment = clips.Environment()
        # clipspy asks a router in Python about each character that CLIPS parses. It only keeps
        # messages of errors; without it, asserting facts is ten times as fast.
        for router in self._environment.routers():
            if router.name == "python-error-router":
                router.deactivate()
        for construct in constructs(base):
            self._environment.build(construct)
        self._fired = self._environment.find_global("fired")
        self._certainties = [
            self._environment.find_global(f"certainty-{path}") for path in base.paths
        ]

    def prepared(self, profiles: Sequence[Profile]) -> list[str]:
        """Give the facts of each profile as text, which is the quickest way to assert them."""
        return ["\n".join(_facts(profile)) for profile in profiles]

    def run(self, asked: Sequence[str]) -> list[tuple[tuple[int, ...], list[int]]]:
        """Decide one profile after the other."""
        environment = self._environment
        decided = []
        for facts in asked:
            environment.reset()
            if facts:
                environment.load_facts(facts)
            environment.run()
            decided.append((self._fired.value, [one.value for one in self._certainties]))
        return decided

    def answered(self, given: tuple[tuple[int, ...], list[int]]) -> Answered:
        """Give the certainties by path and the names of the rules."""
        fired, certainties = given
        paths = dict(zip(self._base.paths, certainties, strict=True))
        return paths, [self._base.rules[number].id for number in fired]


def constructs(base: RuleBase) -> Iterator[str]:
    """Give the rules as CLIPS constructs, in an order in which they can be built."""
    yield from _FUNCTIONS
    yield "(defglobal ?*fired* = (create$))"
    for path in base.paths:
        yield f"(defglobal ?*for-{path}* = 1.0)"
        yield f"(defglobal ?*against-{path}* = 1.0)"
        yield f"(defglobal ?*certainty-{path}* = 0)"
    last = len(base.rules)
    before_ranking = sum(rule.stratum <= Stratum.EVIDENCE for rule in base.rules)
    for number, rule in enumerate(base.rules):
        salience = last - number + (1 if number < before_ranking else 0)
        yield _rule(rule, number, salience)
    yield (
        f"(defrule rank (declare (salience {last - before_ranking + 1})) =>"
        f" {' '.join(_ranked(base, path) for path in base.paths)})"
    )


def _ranked(base: RuleBase, path: str) -> str:
    return (
        f"(bind ?*certainty-{path}* (certainty ?*for-{path}* ?*against-{path}*))"
        f" (if (> ?*certainty-{path}* {base.certainty.cutoff}) then (assert (supported {path})))"
    )


def _rule(rule: Rule, number: int, salience: int) -> str:
    condition = without_negation(rule.when)
    does = f"(bind ?*fired* (create$ ?*fired* {number}))"
    match rule.then:
        case Finding():
            does += f" (assert (concluded {rule.then.id}))"
        case Evidence(path=path, factor=factor):
            doubt = f"?*{'against' if rule.then.against else 'for'}-{path}*"
            does += f" (bind {doubt} (* {doubt} {1.0 - factor / 100!r}))"
    if ways(condition) > 1:
        # Activated once for each way in which it is met; it counts once.
        does = f"(if (not (member$ {number} ?*fired*)) then {does})"
    return f"(defrule r{number} (declare (salience {salience})) {_pattern(condition)} => {does})"


def _pattern(condition: Condition) -> str:
    match condition:
        case All(parts=()):
            return ""
        case All():
            return f"(and {' '.join(map(_pattern, condition.parts))})"
        case Any():
            return f"(or {' '.join(map(_pattern, condition.parts))})"
        case Found():
            return f"(concluded {condition.finding})"
        case Recommended():
            return f"(supported {condition.path})"
        case Test():
            return _test_pattern(condition)
    raise TypeError(f"no pattern for {type(condition).__name__}")


def _test_pattern(test: Test) -> str:
    fact = f"(answer {test.attribute} {'|'.join(sorted(test.accepted))})"
    match test:
        case Among():
            return fact
        case Complement(test=Among()):
            return f"(answer {test.attribute} {'&'.join(f'~{v}' for v in sorted(test.accepted))})"
        case Holds() | Complement(test=Lacks()):
            return fact if len(test.accepted) == 1 else f"(exists {fact})"
        case Lacks() | Complement(test=Holds()):
            return f"(and (asked {test.attribute}) (not {fact}))"
    raise TypeError(f"no pattern for {type(test).__name__}")


def _facts(profile: Profile) -> Iterator[str]:
    for attribute, answer in profile.items():
        if isinstance(answer, frozenset):
            yield f"(asked {attribute})"
            yield from (f"(answer {attribute} {member})" for member in sorted(answer))
        else:
            yield f"(answer {attribute} {name_of(answer)})"
