"""Takes a tree of nodes apart, keeping every problem instead of stopping at the first."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from fourways.errors import Location, Problem, RuleBaseError, did_you_mean, shortened
from fourways.rulebase.nodes import MAX_PROBLEMS, Entry, Listing, Mapping, Node, Scalar

T = TypeVar("T")

NAME = re.compile(r"[a-z][a-z0-9_]*")
DOTTED_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_HUNDREDTHS = re.compile(r"0(?:\.[0-9]{1,2})?")
_WHOLE = re.compile(r"[0-9]{1,9}")

_SHAPE = {Scalar: "a single value", Listing: "a list", Mapping: "keys with values"}


@dataclass(slots=True)
class Reader:
    """Reads nodes as what they should be, and collects what they are not."""

    problems: list[Problem] = field(default_factory=list)

    def problem(self, message: str, location: Location, hint: str = "") -> None:
        """Note a problem.

        Raises:
            RuleBaseError: with all problems so far, when there are more than anyone reads.
        """
        self.problems.append(Problem(message, location, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise RuleBaseError(
                *in_order(self.problems),
                Problem("more may follow", hint="Mend these first, then check again."),
            )

    def expected(self, what: str, node: Node) -> None:
        """Note that a node has the wrong shape."""
        self.problem(f"expected {what}, found {_SHAPE[type(node)]}", node.location)

    def fields(
        self, node: Node, required: Collection[str], optional: Collection[str] = ()
    ) -> Mapping:
        """Give a mapping with these keys; other keys and missing ones are problems."""
        if not isinstance(node, Mapping):
            self.expected("keys with values", node)
            return Mapping((), node.location)
        for entry in node.entries:
            if entry.key not in required and entry.key not in optional:
                hint = did_you_mean(entry.key, [*required, *optional])
                self.problem(f"unknown key '{shortened(entry.key)}'", entry.location, hint)
        for key in required:
            if key not in node.by_key:
                self.problem(f"'{key}' is missing", node.location)
        return node

    def named(self, node: Node, what: str, dotted: bool = False) -> tuple[Entry, ...]:
        """Give the entries of a mapping whose keys name something."""
        for entry in self.entries(node):
            self.name(entry.key, what, entry.location, dotted)
            if not entry.key:
                self.problem(f"{what} without a name", entry.location)
        return self.entries(node) if isinstance(node, Mapping) else ()

    def entries(self, node: Node) -> tuple[Entry, ...]:
        """Give the entries of a mapping with any keys."""
        if isinstance(node, Mapping):
            return node.entries
        self.expected("keys with values", node)
        return ()

    def items(self, node: Node) -> tuple[Node, ...]:
        """Give the items of a list."""
        if isinstance(node, Listing):
            return node.items
        self.expected("a list", node)
        return ()

    def text(self, mapping: Mapping, key: str, default: str = "") -> str:
        """Give the text under a key; empty text under it is a problem."""
        entry = mapping.by_key.get(key)
        return default if entry is None else self.scalar(entry.value)

    def name(self, word: str, what: str, location: Location, dotted: bool = False) -> str:
        """Give a word that is to name something; what is no plain name is a problem.

        Names stand in files, placeholders and results, between commas, semicolons and colons.
        """
        if word and not (DOTTED_NAME if dotted else NAME).fullmatch(word):
            hint = "letters, digits, '_', '-' and '.'" if dotted else "lower-case letters and '_'"
            self.problem(f"'{shortened(word)}' is no name for {what}", location, f"Use {hint}.")
        return word

    def scalar(self, node: Node) -> str:
        """Give a single value as text."""
        if not isinstance(node, Scalar):
            self.expected("a single value", node)
            return ""
        text = " ".join(node.text.split())
        if not text:
            self.problem("a value is missing", node.location)
        return text

    def texts(self, mapping: Mapping, key: str) -> tuple[str, ...]:
        """Give the list of texts under a key."""
        return tuple(text for text, _ in self.located(mapping, key))

    def located(self, mapping: Mapping, key: str) -> Iterator[tuple[str, Location]]:
        """Give the texts of the list under a key, with their locations; each may stand once."""
        entry = mapping.by_key.get(key)
        seen = set()
        for item in self.items(entry.value) if entry else ():
            text = self.scalar(item)
            if text in seen:
                self.problem(f"'{shortened(text)}' is named twice", item.location)
            seen.add(text)
            yield text, item.location

    def truth(self, mapping: Mapping, key: str) -> bool:
        """Give true or false under a key; false when it is not there."""
        entry = mapping.by_key.get(key)
        if entry is None:
            return False
        text = self.scalar(entry.value)
        if text not in ("true", "false"):
            self.problem(f"'{key}' is true or false, not '{shortened(text)}'", entry.value.location)
        return text == "true"

    def whole(self, mapping: Mapping, key: str) -> int | None:
        """Give the whole number under a key, from 0; None when it is not there."""
        entry = mapping.by_key.get(key)
        if entry is None:
            return None
        text = self.scalar(entry.value)
        if not _WHOLE.fullmatch(text):
            message = f"'{key}' is a whole number of up to 9 digits, not '{shortened(text)}'"
            self.problem(message, entry.value.location)
            return None
        return int(text)

    def hundredths(self, mapping: Mapping, key: str) -> int:
        """Give the number under a key, from 0 up to but not 1, in hundredths."""
        entry = mapping.by_key.get(key)
        if entry is None:
            return 0
        text = self.scalar(entry.value)
        if not _HUNDREDTHS.fullmatch(text):
            self.problem(
                f"'{key}' is a number from 0.00 to 0.99, not '{shortened(text)}'",
                entry.value.location,
            )
            return 0
        return int(Decimal(text) * 100)

    def one_of(self, word: str, known: Collection[str], what: str, location: Location) -> bool:
        """Tell whether a word is known; an unknown one is a problem with a hint."""
        if word in known:
            return True
        if word:
            self.problem(f"unknown {what} '{shortened(word)}'", location, did_you_mean(word, known))
        return False

    def member(
        self, mapping: Mapping, key: str, known: Callable[[str], T], choices: Collection[str]
    ) -> T | None:
        """Give what the word under a key names, from a closed list."""
        entry = mapping.by_key.get(key)
        if entry is None:
            return None
        word = self.scalar(entry.value)
        return known(word) if self.one_of(word, choices, key, entry.value.location) else None


def in_order(problems: list[Problem]) -> list[Problem]:
    """Give each problem once, in the order of the locations."""
    return sorted(
        dict.fromkeys(problems),
        key=lambda p: (
            (p.location.file, p.location.line, p.location.column) if p.location else ("", 0, 0)
        ),
    )
