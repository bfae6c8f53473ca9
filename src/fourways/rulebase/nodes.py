"""YAML as a tree of nodes with their locations; anything that could deceive is refused.

Only plain data gets through: no anchors, aliases or tags, no key twice, nesting up to 20 deep,
files up to 1 MB of UTF-8. The parser is PyYAML's, its events are read in one pass, and no more
of them than a base of many rules has.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fourways.errors import InputError, Location, Problem, RuleBaseError, shortened

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000
MAX_PROBLEMS = 100

_UNPRINTABLE = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
"""What YAML does not allow in a file, and a byte order mark that is not at its start."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; `quoted` when it can only be text."""

    text: str
    location: Location
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A sequence of nodes."""

    items: tuple["Node", ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its location, and what it maps to."""

    key: str
    location: Location
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and what they map to, in file order."""

    entries: tuple[Entry, ...]
    location: Location
    by_key: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {entry.key: entry for entry in self.entries})


Node = Scalar | Listing | Mapping


def read_text(path: Path, name: str) -> str:
    """Return the text of a file.

    Raises:
        InputError: it is missing, unreadable, over 1 MB, or not UTF-8.
    """
    start = Location(name, 1, 1)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", start)) from None
    if len(data) > MAX_BYTES:
        raise InputError(Problem("is over 1 MB", start, "Split it into several files."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        location = _after(error.object[: error.start].decode("utf-8"), name)
        raise InputError(Problem("is not UTF-8", location, "Save the file as UTF-8.")) from None


def parse(text: str, name: str) -> Node | None:
    """Return the tree of a document, or None for an empty one.

    Args:
        text: the document.
        name: the file's name, for the locations.

    Raises:
        RuleBaseError: it is not YAML, or more than plain data; duplicate keys are all named.
    """
    root, duplicates = tree_of(text, name)
    if duplicates:
        raise RuleBaseError(*duplicates)
    return root


def tree_of(text: str, name: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the tree of a document as `parse` does, and the problems of duplicate keys.

    Raises:
        RuleBaseError: it is not YAML, or more than plain data.
    """
    if unprintable := _UNPRINTABLE.search(text):
        raise RuleBaseError(
            Problem(
                f"the character U+{ord(unprintable.group()):04X} is not allowed",
                _after(text[: unprintable.start()], name),
                "Save the file as plain text in UTF-8.",
            )
        )
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        location = _location(name, mark) if mark else Location(name, 1, 1)
        what = getattr(error, "problem", None) or "unreadable"
        raise RuleBaseError(
            *builder.problems, Problem(f"is not valid YAML: {what}", location)
        ) from None
    return builder.root, tuple(builder.problems)


def _after(text: str, name: str) -> Location:
    """Return the location after a text."""
    lines = text.splitlines() or [""]
    if text.endswith(("\n", "\r")):
        lines.append("")
    return Location(name, len(lines), len(lines[-1]) + 1)


def _location(name: str, mark: Any) -> Location:
    return Location(name, mark.line + 1, mark.column + 1)


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read; `key` waits for its value."""

    location: Location
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None


class _Builder:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.documents = 0
        self.values = 0
        self.open: list[_Open] = []

    def take(self, event: Any) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise self._refused(event, "a second document", "Keep one per file.")
            case yaml.AliasEvent():
                alias = shortened(str(event.anchor))
                raise self._refused(event, f"alias '*{alias}'", "Write the value out.")
            case yaml.ScalarEvent():
                self._check(event)
                if unprintable := _UNPRINTABLE.search(event.value):
                    raise self._refused(event, f"the character U+{ord(unprintable[0]):04X}")
                quoted = event.style is not None
                self._add(Scalar(event.value, _location(self.name, event.start_mark), quoted))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._check(event)
                location = _location(self.name, event.start_mark)
                if self.open and self.open[-1].mapping and self.open[-1].key is None:
                    raise self._refused(event, "a key that is not a word")
                self.open.append(_Open(location, isinstance(event, yaml.MappingStartEvent)))
                if len(self.open) > MAX_DEPTH:
                    raise self._refused(event, f"nesting over {MAX_DEPTH} deep")
            case yaml.SequenceEndEvent():
                done = self.open.pop()
                self._add(Listing(tuple(done.items), done.location))
            case yaml.MappingEndEvent():
                done = self.open.pop()
                self._add(Mapping(tuple(done.entries.values()), done.location))

    def _check(self, event: Any) -> None:
        if event.anchor is not None:
            anchor = shortened(event.anchor)
            raise self._refused(event, f"anchor '&{anchor}'", "Write the value out.")
        if event.tag is not None:
            raise self._refused(event, f"tag '{shortened(event.tag)}'", "Write plain values.")
        self.values += 1
        if self.values > MAX_VALUES or len(self.problems) >= MAX_PROBLEMS:
            raise self._refused(event, "so much in one file", "Split it into several files.")

    def _add(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        into = self.open[-1]
        if not into.mapping:
            into.items.append(node)
        elif into.key is None:
            assert isinstance(node, Scalar)
            into.key = node
        else:
            key = into.key
            into.key = None
            if key.text in into.entries:
                first = into.entries[key.text].location
                name = shortened(key.text)
                self.problems.append(
                    Problem(f"duplicate key '{name}', first in line {first.line}", key.location)
                )
            else:
                into.entries[key.text] = Entry(key.text, key.location, node)

    def _refused(self, event: Any, what: str, hint: str = "") -> RuleBaseError:
        location = _location(self.name, event.start_mark)
        return RuleBaseError(*self.problems, Problem(f"{what} is not allowed", location, hint))
