"""Reads the conditions of rules; a closed list of worded operators, no expressions."""

from collections.abc import Mapping
from dataclasses import dataclass

from fourways.errors import did_you_mean, shortened, use_one_of
from fourways.model.base import Role
from fourways.model.conditions import (
    ALWAYS,
    OPERATORS,
    All,
    Among,
    Any,
    Condition,
    Found,
    Not,
    Recommended,
    Test,
    count_disjuncts,
    leaves,
)
from fourways.model.profile import Attribute
from fourways.rulebase.nodes import Entry, Listing, Node, Scalar
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.reader import Reader

WORDS = ("all", "any", "not", "finding", "recommended")
"""The keys of a condition other than attributes."""

MAX_TESTS = 100
MAX_DISJUNCTS = 64
"""How many disjuncts a condition may have; twice as many take twice the time to load."""


@dataclass(frozen=True, slots=True)
class ConditionReader:
    """Reads conditions.

    Attributes:
        reader: knows the names, and collects the problems.
        attributes: what a condition can ask about.
        roles: the roles, for their families.
    """

    reader: Reader
    attributes: Mapping[str, Attribute]
    roles: Mapping[str, Role]

    def read(self, node: Node, guidance: bool) -> Condition:
        """Return the condition that a node writes.

        Args:
            node: the word `always`, or one key: all, any, not, finding, recommended or an
                attribute.
            guidance: whether it may ask what is recommended.
        """
        if isinstance(node, Scalar) and node.text == "always":
            return ALWAYS
        condition = self._condition(node, guidance, negated=False)
        message, hint = "", ""
        if sum(1 for _ in leaves(condition)) > MAX_TESTS:
            message = f"a condition of more than {MAX_TESTS} tests"
            hint = "Let rules conclude findings, and test those."
        elif count_disjuncts(condition) > MAX_DISJUNCTS:
            message = f"a condition that can be met in more than {MAX_DISJUNCTS} ways"
            hint = (
                "Split it over several rules, or name several values in one `includes_any` or "
                "`one_of`."
            )
        if message:
            self.reader.problem(message, node.location, hint)
            return All(tuple(leaves(condition)))  # simple enough for the checks that follow
        return condition

    def _condition(self, node: Node, guidance: bool, negated: bool) -> Condition:
        problem = self.reader.problem
        if isinstance(node, Scalar) and node.text == "always":
            problem("'always' must be the whole condition", node.location, "Leave it out here.")
        elif not isinstance(node, MappingNode):
            problem("expected a condition", node.location, "Such as `finding: NAME`.")
        else:
            if len(node.entries) != 1:
                message = f"a condition has one key, this one has {len(node.entries)}"
                problem(message, node.location, "Put several below `all` or `any`.")
            conditions = [self._entry(entry, guidance, negated) for entry in node.entries]
            return conditions[0] if conditions else ALWAYS
        return ALWAYS

    def _entry(self, entry: Entry, guidance: bool, negated: bool) -> Condition:
        key, value, reader = entry.key, entry.value, self.reader
        if key in ("all", "any"):
            items = reader.items(value)
            if isinstance(value, Listing) and not items:
                reader.problem(f"'{key}' needs at least one condition", entry.location)
            parts = tuple(self._condition(item, guidance, negated) for item in items)
            return All(parts) if key == "all" else Any(parts)
        if key == "not":
            return Not(self._condition(value, guidance, not negated))
        if key in ("finding", "recommended"):
            name = reader.scalar(value)
            reader.one_of(name, "finding" if key == "finding" else "path", value.location)
            if negated:
                reader.problem(
                    f"'not' on '{key}'",
                    entry.location,
                    "What was not concluded may only be unknown. Use `not` on answers.",
                )
            if key == "finding":
                return Found(name)
            if not guidance:
                reader.problem(
                    "'recommended' is only for actions, cautions and moves", entry.location
                )
            return Recommended(name)
        if key not in self.attributes:
            hint = did_you_mean(key, [*self.attributes, *WORDS])
            reader.problem(f"unknown attribute '{shortened(key)}'", entry.location, hint)
            return ALWAYS
        return self._test(self.attributes[key], entry)

    def _test(self, attribute: Attribute, entry: Entry) -> Test:
        # A broken test still says which attribute it is about: no follow-up problem.
        test: Test = Among(attribute.id, "", (), frozenset())
        operators = self.reader.entries(entry.value)
        if isinstance(entry.value, MappingNode) and len(operators) != 1:
            message = f"'{attribute.id}' needs one operator, not {len(operators)}"
            self.reader.problem(message, entry.location)
        known = [name for name, op in OPERATORS.items() if attribute.kind in op.kinds]
        for one in operators:
            if one.key not in OPERATORS:
                hint = did_you_mean(one.key, known)
                self.reader.problem(f"unknown operator '{shortened(one.key)}'", one.location, hint)
            elif one.key not in known:
                message = f"'{one.key}' is not for a {attribute.kind} such as '{attribute.id}'"
                self.reader.problem(message, one.location, use_one_of(known))
            elif operand := self._operand(attribute, one):
                operator = OPERATORS[one.key]
                accepted = operator.accepts(operand, attribute.order)
                if one.key == "family":
                    accepted = frozenset(r.id for r in self.roles.values() if r.family in operand)
                test = operator.node(attribute.id, one.key, operand, accepted)
        return test

    def _operand(self, attribute: Attribute, operator: Entry) -> tuple[str, ...]:
        """Return the names on the right side; none if one of them is wrong."""
        several = isinstance(operator.value, Listing) and OPERATORS[operator.key].several
        nodes = self.reader.items(operator.value) if several else (operator.value,)
        if not nodes:
            self.reader.problem(f"'{operator.key}' needs at least one value", operator.location)
        sort = "family" if operator.key == "family" else f"value of {attribute.id}"
        names: list[str] = []
        for node in nodes:
            name = self.reader.scalar(node)
            if name in names:
                self.reader.problem(f"'{shortened(name)}' is named twice", node.location)
            if self.reader.one_of(name, sort, node.location):
                names.append(name)
        return tuple(names) if len(names) == len(nodes) else ()
