"""CLIPS, GoRules and experta on our rules, each made from the model, no rule written by hand.

Each class has three methods: `prepare` returns profiles in the engine's form, `decide` is what is
timed, and `outcome` returns the certainties of the paths and the rules that fired.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from fourways.engines.experta_engine import ExpertaEngine
from fourways.model import conditions
from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN, HALF
from fourways.model.conditions import Condition, Found, Recommended, Test, leaves, without_negation
from fourways.model.decision import Decision
from fourways.model.profile import Kind, Profile, name_of
from fourways.model.rules import Evidence, Finding, Rule, Stratum

Outcome = tuple[Mapping[str, int], Sequence[str]]
"""The certainty of each path in hundredths, and the ids of the rules that fired, in order."""


def outcome_of(decision: Decision) -> Outcome:
    """Return the outcome of one of our own decisions."""
    certainties = {standing.path: standing.certainty for standing in decision.standings}
    return certainties, [firing.rule.id for firing in decision.trace]


class Experta:
    """The engine that people and auditors see."""

    def __init__(self, base: RuleBase) -> None:
        self._engine = ExpertaEngine(base)

    def prepare(self, profiles: Sequence[Profile]) -> Sequence[Profile]:
        return profiles

    def decide(self, profiles: Sequence[Profile]) -> list[Decision]:
        return [self._engine.decide(profile) for profile in profiles]

    def outcome(self, decision: Decision) -> Outcome:
        return outcome_of(decision)


def _render(
    condition: Condition, leaf: Callable[[Condition], str], both: Callable[[bool, list[str]], str]
) -> str:
    """Return a condition in another language.

    Args:
        condition: the condition, without negation.
        leaf: renders a test, a finding or a path.
        both: joins parts, by "and" if true, else by "or".
    """
    if not isinstance(condition, conditions.All | conditions.Any):
        return leaf(condition)
    parts = [_render(part, leaf, both) for part in condition.parts]
    return both(isinstance(condition, conditions.All), parts)


def _is_about_one(test: Test) -> tuple[bool, bool]:
    """Return whether a test is about a single answer (else a set), and whether it is positive."""
    negative = isinstance(test, conditions.Complement)
    inner = test.test if isinstance(test, conditions.Complement) else test
    if isinstance(inner, conditions.Among):
        return True, not negative
    return False, isinstance(inner, conditions.Holds) is not negative


# ------------------------------------------------------------------- CLIPS

_CLIPS_FUNCTIONS = (
    "(deffunction whole (?x) (bind ?i (integer ?x)) (if (< ?x ?i) then (- ?i 1) else ?i))",
    "(deffunction certainty (?supported ?opposed)"
    " (bind ?larger (max ?supported ?opposed))"
    " (if (= ?larger 0.0) then (bind ?larger 1.0))"
    f" (max -{CERTAIN} (min {CERTAIN}"
    f" (whole (+ (* (/ (- ?opposed ?supported) ?larger) 100) {HALF!r})))))",
    "(defglobal ?*fired* = (create$))",
)


class Clips:
    """CLIPS, by clipspy: a defrule for each rule, certainties combined inside.

    An answer is a fact for each value that applies, `asked` one for each set that was asked for.
    A rule has the salience of its position, appends its number to what fired, and multiplies the
    doubt about its path.
    """

    def __init__(self, base: RuleBase) -> None:
        import clips

        self._base, self._environment = base, clips.Environment()
        # clipspy asks a router in Python about each character that CLIPS parses. It only collects
        # error messages; without it, asserting facts is ten times as fast.
        for router in self._environment.routers():
            if router.name == "python-error-router":
                router.deactivate()
        for construct in (*_CLIPS_FUNCTIONS, *_clips_constructs(base)):
            self._environment.build(construct)
        find = self._environment.find_global
        self._fired, self._certainties = find("fired"), [find(f"c-{path}") for path in base.paths]

    def prepare(self, profiles: Sequence[Profile]) -> list[str]:
        return ["\n".join(_clips_facts(profile)) for profile in profiles]

    def decide(self, prepared: Sequence[str]) -> list[tuple[tuple[int, ...], list[int]]]:
        decided = []
        for facts in prepared:
            self._environment.reset()
            if facts:
                self._environment.load_facts(facts)
            self._environment.run()
            decided.append((self._fired.value, [one.value for one in self._certainties]))
        return decided

    def outcome(self, decided: tuple[tuple[int, ...], list[int]]) -> Outcome:
        fired, certainties = decided
        paths = dict(zip(self._base.paths, certainties, strict=True))
        return paths, [self._base.rules[number].id for number in fired]


def _clips_facts(profile: Profile) -> Iterator[str]:
    for attribute, answer in profile.items():
        if isinstance(answer, frozenset):
            yield f"(asked {attribute})"
            yield from (f"(answer {attribute} {member})" for member in sorted(answer))
        else:
            yield f"(answer {attribute} {name_of(answer)})"


def _clips_constructs(base: RuleBase) -> Iterator[str]:
    for path in base.paths:
        yield f"(defglobal ?*for-{path}* = 1.0 ?*against-{path}* = 1.0 ?*c-{path}* = 0)"
    last = len(base.rules)
    before_ranking = sum(rule.stratum <= Stratum.EVIDENCE for rule in base.rules)
    for number, rule in enumerate(base.rules):
        yield _clips_rule(rule, number, last - number + (number < before_ranking))
    ranked = (
        f"(bind ?*c-{path}* (certainty ?*for-{path}* ?*against-{path}*))"
        f" (if (> ?*c-{path}* {base.certainty.cutoff}) then (assert (supported {path})))"
        for path in base.paths
    )
    yield f"(defrule rank (declare (salience {last - before_ranking + 1})) => {' '.join(ranked)})"


def _clips_rule(rule: Rule, number: int, salience: int) -> str:
    condition = without_negation(rule.when)
    does = f"(bind ?*fired* (create$ ?*fired* {number}))"
    if isinstance(rule.then, Finding):
        does += f" (assert (concluded {rule.then.id}))"
    elif isinstance(rule.then, Evidence):
        doubt = f"?*{'against' if rule.then.against else 'for'}-{rule.then.path}*"
        does += f" (bind {doubt} (* {doubt} {1.0 - rule.then.factor / 100!r}))"
    if conditions.count_disjuncts(condition) > 1:
        # CLIPS activates it for each disjunct that is met; it counts once.
        does = f"(if (not (member$ {number} ?*fired*)) then {does})"
    pattern = _render(condition, _clips_leaf, _clips_join)
    return f"(defrule r{number} (declare (salience {salience})) {pattern} => {does})"


def _clips_join(every: bool, parts: list[str]) -> str:
    return f"({'and' if every else 'or'} {' '.join(parts)})" if parts else ""


def _clips_leaf(leaf: Condition) -> str:
    match leaf:
        case Found():
            return f"(concluded {leaf.finding})"
        case Recommended():
            return f"(supported {leaf.path})"
        case Test():
            values, name = sorted(leaf.accepted), leaf.attribute
            fact = f"(answer {name} {'|'.join(values)})"
            match _is_about_one(leaf):
                case (True, False):
                    return f"(answer {name} {'&'.join(f'~{value}' for value in values)})"
                case (False, True) if len(values) > 1:
                    return f"(exists {fact})"
                case (False, False):
                    return f"(and (asked {name}) (not {fact}))"
            return fact
    raise TypeError(f"no pattern for {type(leaf).__name__}")


# ----------------------------------------------------------------- GoRules


class GoRules:
    """GoRules, by zen-engine: decision tables that collect the rules that fire, and expressions.

    A finding is in a later table than those that it builds on; then come evidence, and the rest.
    After each table, expressions say which findings hold and which paths are supported. zen-engine
    calculates in decimals, so that rounding halves up needs nothing more.
    """

    def __init__(self, base: RuleBase) -> None:
        import zen

        self._base = base
        content = {"rules": _gorules_decision(base)}
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
        # The decision is compiled at its first use.
        self.decide(self.prepare([Profile()]))

    def prepare(self, profiles: Sequence[Profile]) -> list[Any]:
        return [{"key": "rules", "context": _gorules_context(self._base, one)} for one in profiles]

    def decide(self, requests: list[Any]) -> list[Any]:
        return self._engine.evaluate_batch(requests)

    def outcome(self, answer: Any) -> Outcome:
        if not answer["success"]:
            raise RuntimeError(answer["error"])
        result = answer["data"]["result"]
        tables = (rows for name, rows in result.items() if name.startswith("table_"))
        fired = sorted(int(row["rule"]) for rows in tables for row in rows or ())
        certainties = {path: int(result[f"certainty_{path}"]) for path in self._base.paths}
        return certainties, [self._base.rules[number].id for number in fired]


def _gorules_context(base: RuleBase, profile: Profile) -> dict[str, Any]:
    context: dict[str, Any] = {}
    for name, attribute in base.attributes.items():
        answer = profile.get(name)
        if attribute.kind is Kind.SET:
            context[f"asked_{name}"] = answer is not None
            context[name] = sorted(answer) if isinstance(answer, frozenset) else []
        else:
            context[name] = None if answer is None else name_of(answer)
    return context


def _gorules_decision(base: RuleBase) -> Any:
    """Return the rules as a decision in the engine's own JSON."""
    numbers = {rule.id: number for number, rule in enumerate(base.rules)}
    fired: dict[str, str] = {}
    nodes: list[Any] = []

    def add(kind: str, content: Any) -> None:
        name, position = f"n{len(nodes)}", {"x": 0, "y": 0}
        nodes.append(
            {"id": name, "name": name, "type": kind, "position": position, "content": content}
        )

    add("inputNode", {})
    for index, rules in enumerate(_gorules_tables(base)):
        rows = []
        expressions: dict[str, str] = {}
        for rule in rules:
            fired[rule.id] = f"some(table_{index}, #.rule == {numbers[rule.id]})"
            when = _render(without_negation(rule.when), _gorules_leaf, _gorules_join)
            rows.append({"_id": rule.id, "when": when, "then": str(numbers[rule.id])})
            if isinstance(rule.then, Finding):
                rest = expressions.get(f"found_{rule.then.id}", "false")
                expressions[f"found_{rule.then.id}"] = f"{rest} or {fired[rule.id]}"
        # An input without a field: each row has its whole condition.
        inputs = [{"id": "when", "name": "when"}]
        outputs = [{"id": "then", "name": "rule", "field": "rule"}]
        table = {"inputs": inputs, "outputs": outputs, "rules": rows}
        way = {"hitPolicy": "collect", "passThrough": True, "outputPath": f"table_{index}"}
        add("decisionTableNode", table | way)
        if rules and rules[0].stratum is Stratum.EVIDENCE:
            for path in base.paths:
                expressions |= _gorules_certainty(base, path, fired)
        listed = [{"id": key, "key": key, "value": value} for key, value in expressions.items()]
        if listed:
            add("expressionNode", {"passThrough": True, "expressions": listed})
    add("outputNode", {})
    edges = [
        {"id": f"e{n}", "sourceId": one["id"], "targetId": other["id"], "type": "edge"}
        for n, (one, other) in enumerate(pairwise(nodes))
    ]
    return {"nodes": nodes, "edges": edges}


def _gorules_tables(base: RuleBase) -> Iterator[Sequence[Rule]]:
    depth: dict[str, int] = {}
    findings = [(rule, rule.then.id) for rule in base.rules if isinstance(rule.then, Finding)]
    for rule, name in findings:
        built_on = [depth[leaf.finding] for leaf in leaves(rule.when) if isinstance(leaf, Found)]
        depth[name] = max(depth.get(name, 0), *(one + 1 for one in built_on), 0)
    for level in sorted(set(depth.values())):
        yield [rule for rule, name in findings if depth[name] == level]
    yield base.stratum(Stratum.EVIDENCE)
    yield [*base.stratum(Stratum.TARGETS), *base.stratum(Stratum.GUIDANCE)]


def _gorules_certainty(base: RuleBase, path: str, fired: Mapping[str, str]) -> dict[str, str]:
    doubts = {True: ["1"], False: ["1"]}
    for rule in base.evidence[path]:
        if isinstance(rule.then, Evidence):
            left = (100 - rule.then.factor) / 100
            doubts[rule.then.against].append(f"({fired[rule.id]} ? {left} : 1)")
    supported, opposed, larger = f"$.for_{path}", f"$.against_{path}", f"$.larger_{path}"
    hundredths = f"floor(({opposed} - {supported}) / ({larger} == 0 ? 1 : {larger}) * 100 + 0.5)"
    return {
        f"for_{path}": " * ".join(doubts[False]),
        f"against_{path}": " * ".join(doubts[True]),
        f"larger_{path}": f"max([{supported}, {opposed}])",
        f"certainty_{path}": f"max([-{CERTAIN}, min([{CERTAIN}, {hundredths}])])",
        f"supported_{path}": f"$.certainty_{path} > {base.certainty.cutoff}",
    }


def _gorules_join(every: bool, parts: list[str]) -> str:
    return f"({(' and ' if every else ' or ').join(parts)})" if parts else "true"


def _gorules_leaf(leaf: Condition) -> str:
    match leaf:
        case Found():
            return f"found_{leaf.finding}"
        case Recommended():
            return f"supported_{leaf.path}"
        case Test():
            name, values = leaf.attribute, [json.dumps(value) for value in sorted(leaf.accepted)]
            is_one, is_positive = _is_about_one(leaf)
            if is_one:
                among = f"{name} in [{', '.join(values)}]"
                return f"({among})" if is_positive else f"({name} != null and not ({among}))"
            holds = " or ".join(f"{value} in {name}" for value in values)
            return f"({holds})" if is_positive else f"(asked_{name} and not ({holds}))"
    raise TypeError(f"no expression for {type(leaf).__name__}")
