"""Reads the conditions of rules; a closed list of worded operators, no expressions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fourways.errors import Location, did_you_mean, shortened, use_one_of
from fourways.model.base import Path, Role
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
    count_disjuncts,
    leaves,
)
from fourways.model.profile import Attribute, Kind
from fourways.rulebase.nodes import Entry, Listing, Node, Scalar
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.reader import Reader

WORDS = ("all", "any", "not", "finding", "recommended")
"""The keys of a condition that are no attribute."""

MAX_TESTS = 100
MAX_DISJUNCTS = 64
"""How many ways there may be to meet one condition; twice as many cost twice the time to load."""


@dataclass(slots=True)
class ConditionReader:
    """Reads conditions, and remembers where they name findings.

    Attributes:
        reader: collects the problems.
        attributes, roles, families, paths: what a condition can name.
        findings: (finding, location) for each finding that a condition names.
    """

    reader: Reader
    attributes: Mapping[str, Attribute]
    roles: Mapping[str, Role]
    families: Mapping[str, str]
    paths: Mapping[str, Path]
    findings: list[tuple[str, Location]] = field(default_factory=list)

    def read(self, node: Node, guidance: bool) -> Condition:
        """Give the whole condition that a node writes.

        Args:
            node: the word `always`, or one key: all, any, not, finding, recommended or an
                attribute.
            guidance: whether it may ask what is recommended.
        """
        if isinstance(node, Scalar) and node.text == "always":
            return ALWAYS
        condition = self._part(node, guidance, negated=False)
        if sum(1 for _ in leaves(condition)) > MAX_TESTS:
            self.reader.problem(
                f"a condition of more than {MAX_TESTS} tests",
                node.location,
                "Let rules conclude findings, and test those.",
            )
            return All(tuple(leaves(condition)))
        if count_disjuncts(condition) > MAX_DISJUNCTS:
            self.reader.problem(
                f"a condition that can be met in more than {MAX_DISJUNCTS} ways",
                node.location,
                "Split it over several rules, or name several values in one `includes_any` or "
                "`one_of`.",
            )
            return All(tuple(leaves(condition)))  # not checked any further
        return condition

    def _part(self, node: Node, guidance: bool, negated: bool) -> Condition:
        if isinstance(node, Scalar) and node.text == "always":
            self.reader.problem(
                "'always' is a condition of its own", node.location, "Leave it out."
            )
            return ALWAYS
        if not isinstance(node, MappingNode):
            self.reader.problem("expected a condition", node.location, "Such as `finding: NAME`.")
            return ALWAYS
        if len(node.entries) != 1:
            self.reader.problem(
                f"a condition has one key, this one has {len(node.entries)}",
                node.location,
                "Put several below `all` or `any`.",
            )
        conditions = [self._entry(entry, guidance, negated) for entry in node.entries]
        return conditions[0] if conditions else ALWAYS

    def _entry(self, entry: Entry, guidance: bool, negated: bool) -> Condition:
        match entry.key:
            case "all" | "any":
                items = self.reader.items(entry.value)
                if isinstance(entry.value, Listing) and not items:
                    self.reader.problem(f"'{entry.key}' of nothing", entry.location)
                parts = tuple(self._part(item, guidance, negated) for item in items)
                return All(parts) if entry.key == "all" else Any(parts)
            case "not":
                return Not(self._part(entry.value, guidance, not negated))
            case "finding":
                name = self.reader.scalar(entry.value)
                self.findings.append((name, entry.value.location))
                self._refuse_negated(negated, "finding", entry)
                return Found(name)
            case "recommended":
                path = self.reader.scalar(entry.value)
                self.reader.one_of(path, self.paths, "path", entry.value.location)
                self._refuse_negated(negated, "recommended path", entry)
                if not guidance:
                    self.reader.problem(
                        "'recommended' is for actions, cautions and moves only", entry.location
                    )
                return Recommended(path)
        if entry.key not in self.attributes:
            hint = did_you_mean(entry.key, [*self.attributes, *WORDS])
            self.reader.problem(f"unknown attribute '{shortened(entry.key)}'", entry.location, hint)
            return ALWAYS
        return self._test(self.attributes[entry.key], entry)

    def _refuse_negated(self, negated: bool, what: str, entry: Entry) -> None:
        if negated:
            self.reader.problem(
                f"'not' on a {what}",
                entry.location,
                "What was not concluded may only be unknown; `not` is for answers.",
            )

    def _test(self, attribute: Attribute, entry: Entry) -> Condition:
        tests = []
        written = self.reader.entries(entry.value)
        if isinstance(entry.value, MappingNode) and len(written) != 1:
            self.reader.problem(
                f"one operator is needed for '{attribute.id}', not {len(written)}", entry.location
            )
        for one in written:
            known = [name for name, op in OPERATORS.items() if attribute.kind in op.kinds]
            if one.key not in OPERATORS:
                hint = did_you_mean(one.key, known)
                self.reader.problem(f"unknown operator '{shortened(one.key)}'", one.location, hint)
                continue
            operator = OPERATORS[one.key]
            if attribute.kind not in operator.kinds:
                self.reader.problem(
                    f"'{one.key}' is not for a {attribute.kind} such as '{attribute.id}'",
                    one.location,
                    use_one_of(known),
                )
                continue
            operand = self._operand(attribute, one)
            if operand is None:
                continue
            if one.key == "family":
                accepted = frozenset(r.id for r in self.roles.values() if r.family in operand)
            else:
                accepted = operator.accepts(operand, attribute.order)
            tests.append(operator.node(attribute.id, one.key, operand, accepted))
        # A broken test still says which attribute it is about: no follow-up problem.
        return tests[0] if tests else Among(attribute.id, "", (), frozenset())

    def _operand(self, attribute: Attribute, entry: Entry) -> tuple[str, ...] | None:
        several = OPERATORS[entry.key].several
        if isinstance(entry.value, Listing) and several:
            nodes = entry.value.items
        else:
            nodes = (entry.value,)
        if not nodes:
            self.reader.problem(f"'{entry.key}' of nothing", entry.location)
            return None
        family = attribute.kind is Kind.ROLE and entry.key == "family"
        known = self.families if family else attribute.by_id
        what = "family" if family else f"value of {attribute.id}"
        names = []
        for node in nodes:
            name = self.reader.scalar(node)
            if not self.reader.one_of(name, known, what, node.location):
                continue
            if name in names:
                self.reader.problem(f"'{shortened(name)}' is named twice", node.location)
            names.append(name)
        return tuple(names) if len(names) == len(nodes) else None
