"""GoRules, by zen-engine: decision tables that collect the rules that fire, and expressions.

One table for each level of findings, one for evidence, one for targets and guidance; between
them expressions that say which findings and paths came out. zen-engine counts in decimals, so
that rounding halves up needs nothing besides.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any as Json

import zen

from benchmarks.speed.peers import Answered
from fourways.model.base import RuleBase
from fourways.model.certainty import CERTAIN
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
    leaves,
    without_negation,
)
from fourways.model.profile import Kind, Profile, name_of
from fourways.model.rules import Evidence, Finding, Rule, Stratum

_KEY = "rules"


class GoRules:
    """An engine with one decision; profiles are given to it all at once, its quickest way.

    Args:
        base: the rules.
    """

    def __init__(self, base: RuleBase) -> None:
        self._base = base
        tables = list(_tables(base))
        self._collected = [name for name, _ in tables]
        loader = {"type": "static", "content": {_KEY: decision(base, tables)}}
        self._engine = zen.ZenEngine({"loader": loader})
        # The decision is compiled at its first use.
        self.run(self.prepared([Profile()]))

    def prepared(self, profiles: Sequence[Profile]) -> list[Json]:
        """Give the requests."""
        return [{"key": _KEY, "context": _context(self._base, one)} for one in profiles]

    def run(self, asked: Sequence[Json]) -> list[Json]:
        """Decide all of them."""
        return self._engine.evaluate_batch(list(asked))

    def answered(self, given: Json) -> Answered:
        """Give the certainties by path and the names of the rules.

        Raises:
            RuntimeError: the engine could not evaluate the rules.
        """
        if not given["success"]:
            raise RuntimeError(given["error"])
        result = given["data"]["result"]
        fired = sorted(int(row["rule"]) for name in self._collected for row in result[name] or ())
        certainties = {path: int(result[f"certainty_{path}"]) for path in self._base.paths}
        return certainties, [self._base.rules[number].id for number in fired]


def decision(base: RuleBase, tables: Iterable[tuple[str, Sequence[Rule]]]) -> Json:
    """Give the rules as a decision in the engine's own JSON.

    Args:
        base: the rules.
        tables: them again, by the table that they stand in.
    """
    numbers = {rule.id: number for number, rule in enumerate(base.rules)}
    nodes = [_node(0, "inputNode", {})]

    def add(sort: str, content: Json) -> None:
        nodes.append(_node(len(nodes), sort, content))

    def fired(table: str, rule: Rule) -> str:
        return f"some({table}, #.rule == {numbers[rule.id]})"

    for table, rules in tables:
        add("decisionTableNode", _table(table, rules, numbers))
        expressions: dict[str, str] = {}
        for rule in rules:
            if isinstance(rule.then, Finding):
                name, found = f"found_{rule.then.id}", fired(table, rule)
                expressions[name] = " or ".join(filter(None, (expressions.get(name), found)))
        if rules and rules[0].stratum is Stratum.EVIDENCE:
            says = {rule.id: fired(table, rule) for rule in rules}
            for path in base.paths:
                expressions |= _certainty(base, path, says)
        if expressions:
            listed = [{"id": k, "key": k, "value": v} for k, v in expressions.items()]
            add("expressionNode", {"passThrough": True, "expressions": listed})
    add("outputNode", {})
    edges = [
        {"id": f"e{n}", "sourceId": one["id"], "targetId": next_["id"], "type": "edge"}
        for n, (one, next_) in enumerate(pairwise(nodes))
    ]
    return {"nodes": nodes, "edges": edges}


def _tables(base: RuleBase) -> Iterator[tuple[str, Sequence[Rule]]]:
    """Give the rules table by table: a finding comes in a later one than what it builds on."""
    depth: dict[str, int] = {}
    levels: dict[int, list[Rule]] = {}
    concluding = base.stratum(Stratum.FINDINGS)
    for rule in concluding:
        assert isinstance(rule.then, Finding)
        built_on = [leaf.finding for leaf in leaves(rule.when) if isinstance(leaf, Found)]
        level = max((depth[name] + 1 for name in built_on), default=0)
        depth[rule.then.id] = max(level, depth.get(rule.then.id, 0))
    for rule in concluding:
        assert isinstance(rule.then, Finding)
        levels.setdefault(depth[rule.then.id], []).append(rule)
    for level in sorted(levels):
        yield f"findings{level}", levels[level]
    yield "evidence", base.stratum(Stratum.EVIDENCE)
    yield "rest", (*base.stratum(Stratum.TARGETS), *base.stratum(Stratum.GUIDANCE))


def _node(number: int, sort: str, content: Json) -> Json:
    name = f"n{number}"
    place = {"x": 0, "y": 0}
    return {"id": name, "name": name, "type": sort, "position": place, "content": content}


def _table(name: str, rules: Sequence[Rule], numbers: dict[str, int]) -> Json:
    return {
        "hitPolicy": "collect",
        "passThrough": True,
        "outputPath": name,
        # An input without a field of its own: each row says its whole condition.
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": "then", "name": "rule", "field": "rule"}],
        "rules": [
            {
                "_id": rule.id,
                "when": _expression(without_negation(rule.when)),
                "then": str(numbers[rule.id]),
            }
            for rule in rules
        ],
    }


def _certainty(base: RuleBase, path: str, fired: Mapping[str, str]) -> dict[str, str]:
    """Give the expressions for the certainty of a path, and whether it came out.

    Args:
        base: the rules.
        path: the path.
        fired: for each rule that is evidence, the expression that says whether it fired.
    """
    doubts = {}
    for side, against in (("for", False), ("against", True)):
        left = [
            f"({fired[rule.id]} ? {(100 - rule.then.factor) / 100} : 1)"
            for rule in base.evidence[path]
            if isinstance(rule.then, Evidence) and rule.then.against is against
        ]
        doubts[f"{side}_{path}"] = " * ".join(left) or "1"
    supported, opposed = f"$.for_{path}", f"$.against_{path}"
    larger = f"$.larger_{path}"
    hundredths = f"floor(({opposed} - {supported}) / ({larger} == 0 ? 1 : {larger}) * 100 + 0.5)"
    return doubts | {
        f"larger_{path}": f"max([{supported}, {opposed}])",
        f"certainty_{path}": f"max([-{CERTAIN}, min([{CERTAIN}, {hundredths}])])",
        f"supported_{path}": f"$.certainty_{path} > {base.certainty.cutoff}",
    }


def _expression(condition: Condition) -> str:
    match condition:
        case All(parts=()):
            return "true"
        case All():
            return f"({' and '.join(map(_expression, condition.parts))})"
        case Any():
            return f"({' or '.join(map(_expression, condition.parts))})"
        case Found():
            return f"found_{condition.finding}"
        case Recommended():
            return f"supported_{condition.path}"
        case Test():
            return _test(condition)
    raise TypeError(f"no expression for {type(condition).__name__}")


def _test(test: Test) -> str:
    name = test.attribute
    values = [json.dumps(value) for value in sorted(test.accepted)]
    among = f"{name} in [{', '.join(values)}]" if len(values) > 1 else f"{name} == {values[0]}"
    holds = " or ".join(f"{value} in {name}" for value in values)
    match test:
        case Among():
            return f"({among})"
        case Complement(test=Among()):
            return f"({name} != null and not ({among}))"
        case Holds() | Complement(test=Lacks()):
            return f"({holds})"
        case Lacks() | Complement(test=Holds()):
            return f"(asked_{name} and not ({holds}))"
    raise TypeError(f"no expression for {type(test).__name__}")


def _context(base: RuleBase, profile: Profile) -> dict[str, Json]:
    context: dict[str, Json] = {}
    for name, attribute in base.attributes.items():
        answer = profile.get(name)
        if attribute.kind is Kind.SET:
            context[f"asked_{name}"] = answer is not None
            context[name] = sorted(answer) if isinstance(answer, frozenset) else []
        else:
            context[name] = None if answer is None else name_of(answer)  # type: ignore[arg-type]
    return context
