"""Reads a tree of nodes by its shape, and collects every problem on the way."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fourways.errors import Location, Problem, RuleBaseError, did_you_mean, shortened
from fourways.rulebase.nodes import MAX_PROBLEMS, Entry, Listing, Node, Scalar
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.shapes import (
    Choice,
    Hundredths,
    ListOf,
    MapOf,
    Name,
    Raw,
    Record,
    Ref,
    Shape,
    Truth,
    Whole,
)

NAME = re.compile(r"[a-z][a-z0-9_]*")
DOTTED_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_HUNDREDTHS = re.compile(r"-?0(?:\.[0-9]{1,2})?")
_WHOLE = re.compile(r"[0-9]{1,9}")

_FOUND = {Scalar: "a single value", Listing: "a list", MappingNode: "keys with values"}


class Values(dict[str, Any]):
    """The values of a mapping, by key; the missing optional ones have their defaults.

    Attributes:
        location: the mapping.
        entries: the entries that were written, by key, with their locations.
    """

    def __init__(self, location: Location, entries: Mapping[str, Entry]) -> None:
        super().__init__()
        self.location = location
        self.entries = entries

    def at(self, key: str) -> Location:
        """Return the location of a value, or of the mapping where it is missing."""
        return self.entries[key].value.location if key in self.entries else self.location


@dataclass(slots=True)
class Reader:
    """Reads nodes and collects problems.

    Attributes:
        names: what can be named, by sort.
        problems: what is wrong, so far.
    """

    names: dict[str, Collection[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, message: str, location: Location, hint: str = "") -> None:
        """Add a problem.

        Raises:
            RuleBaseError: with all problems so far, if there are more than anyone reads.
        """
        self.problems.append(Problem(message, location, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            more = Problem("there may be more", hint="Fix these first, then check again.")
            raise RuleBaseError(*in_order(self.problems), more)

    def raise_problems(self) -> None:
        """Raise the problems, if there are any.

        Raises:
            RuleBaseError: with every problem, in the order of the locations.
        """
        if self.problems:
            raise RuleBaseError(*in_order(self.problems))

    def read(self, shape: Shape, node: Node, key: str = "") -> Any:
        """Return a node as a plain value: `Values`, a tuple, text, a number or a truth value.

        Args:
            shape: what the node should be.
            node: the node.
            key: the key that it is under, for messages.
        """
        match shape:
            case Raw():
                return node
            case Record():
                return self._record(shape, node)
            case MapOf():
                return self._map(shape, node)
            case ListOf():
                return tuple(self._items(shape, node))
        text = self.scalar(node)
        return self._value(shape, text, node.location, key) if text else shape.default

    def _value(self, shape: Shape, text: str, location: Location, key: str) -> Any:
        wrong = ""
        match shape:
            case Name():
                self.name(shape, text, location)
            case Ref() if not self.one_of(text, shape.sort, location, shape.what):
                return ""
            case Choice() if text not in shape.words:
                hint = did_you_mean(text, shape.words)
                self.problem(f"unknown {key} '{shortened(text)}'", location, hint)
                return ""
            case Truth():
                if text in ("true", "false"):
                    return text == "true"
                wrong = "true or false"
            case Whole():
                if _WHOLE.fullmatch(text):
                    return int(text)
                wrong = "a whole number of up to 9 digits"
            case Hundredths():
                if _HUNDREDTHS.fullmatch(text) and (shape.signed or text[0] != "-"):
                    return int(Decimal(text) * 100)
                wrong = f"a number from {'-0.99' if shape.signed else '0.00'} to 0.99"
        if wrong:
            self.problem(f"'{key}' must be {wrong}, not '{shortened(text)}'", location)
            return shape.default
        return text

    def _record(self, shape: Record, node: Node) -> Values:
        shapes = {**shape.required, **shape.optional}
        values = Values(node.location, node.by_key if isinstance(node, MappingNode) else {})
        for entry in self.entries(node):
            if entry.key in shapes:
                values[entry.key] = self.read(shapes[entry.key], entry.value, entry.key)
            else:
                hint = did_you_mean(entry.key, shapes)
                self.problem(f"unknown key '{shortened(entry.key)}'", entry.location, hint)
        for key in shape.required:
            if key not in values and isinstance(node, MappingNode):
                self.problem(f"'{key}' is missing", node.location)
        for key, shape_of_key in shapes.items():
            empty = Values(node.location, {}) if isinstance(shape_of_key, MapOf) else None
            values.setdefault(key, shape_of_key.default if empty is None else empty)
        return values

    def _map(self, shape: MapOf, node: Node) -> Values:
        values = Values(node.location, node.by_key if isinstance(node, MappingNode) else {})
        for entry in self.entries(node):
            match shape.key:
                case Name(what=what) if not entry.key:
                    self.problem(f"{what} without a name", entry.location)
                case Name():
                    self.name(shape.key, entry.key, entry.location)
                case Ref(sort=sort):
                    self.one_of(entry.key, sort, entry.location)
            values[entry.key] = self.read(shape.value, entry.value, entry.key)
        return values

    def _items(self, shape: ListOf, node: Node) -> list[Any]:
        items: list[Any] = []
        for item in self.items(node):
            value = self.read(shape.item, item)
            if value and isinstance(value, str) and value in items:
                self.problem(f"'{shortened(value)}' is named twice", item.location)
            items.append(value)
        return items

    # ------------------------------------------------------------------ parts of nodes

    def entries(self, node: Node) -> tuple[Entry, ...]:
        """Return the entries of a mapping; none of anything else, which is a problem."""
        if isinstance(node, MappingNode):
            return node.entries
        self._expected("keys with values", node)
        return ()

    def items(self, node: Node) -> tuple[Node, ...]:
        """Return the items of a list; none of anything else, which is a problem."""
        if isinstance(node, Listing):
            return node.items
        self._expected("a list", node)
        return ()

    def scalar(self, node: Node) -> str:
        """Return a single value as text; empty or anything else is a problem."""
        if not isinstance(node, Scalar):
            self._expected("a single value", node)
            return ""
        text = " ".join(node.text.split())
        if not text:
            self.problem("a value is missing", node.location)
        return text

    def name(self, shape: Name, text: str, location: Location) -> None:
        """Check a new name."""
        if not (DOTTED_NAME if shape.dotted else NAME).fullmatch(text):
            allowed = "lower-case letters and '_'"
            if shape.dotted:
                allowed = "letters, digits, '_', '-' and '.'"
            message = f"'{shortened(text)}' isn't a valid name for {shape.what}"
            self.problem(message, location, f"Use {allowed}.")

    def one_of(self, text: str, sort: str, location: Location, what: str = "") -> bool:
        """Check that a name is one of the base; return whether it is."""
        known = self.names[sort]
        if text and text not in known:
            if sort == "reading":  # Another letter of the same question is nearest.
                known = [name for name in known if name[:-1] == text[:-1]] or known
            hint = did_you_mean(text, known)
            self.problem(f"unknown {what or sort} '{shortened(text)}'", location, hint)
            return False
        return bool(text)

    def _expected(self, what: str, node: Node) -> None:
        self.problem(f"expected {what}, found {_FOUND[type(node)]}", node.location)


def in_order(problems: list[Problem]) -> list[Problem]:
    """Return each problem once, in the order of the locations."""

    def key(problem: Problem) -> tuple[str, int, int]:
        at = problem.location
        return (at.file, at.line, at.column) if at else ("", 0, 0)

    return sorted(dict.fromkeys(problems), key=key)
