"""Errors that users can fix: problems with a location and a remedy, shown without a traceback."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A position in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, its location, and what to do about it.

    Its text is safe to print: control characters are escaped.
    """

    message: str
    location: Location | None = None
    hint: str = ""

    def __str__(self) -> str:
        start = f"{self.location}: " if self.location else ""
        end = f". {self.hint}" if self.hint else ""
        return escape_controls(f"{start}{self.message}{end}")


class FourwaysError(Exception):
    """The base of every error that a user can fix.

    Args:
        problems: everything that is wrong, in the order of the locations.
    """

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__("\n".join(map(str, self.problems)))


class RuleBaseError(FourwaysError):
    """The knowledge or the rules are invalid."""


class InputError(FourwaysError):
    """A profile, a file or an option is invalid."""


class OutputError(FourwaysError):
    """A result could not be written."""


class LedgerError(FourwaysError):
    """The ledger could not be opened, read or written."""


class DisagreementError(FourwaysError):
    """Two engines differ, or a result differs from what the rules produce."""


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those of Unicode that end a line or reverse the direction of text."""


def escape_controls(text: str) -> str:
    """Return a text that is safe on a terminal: its control characters escaped, as repr() does."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def shortened(word: str) -> str:
    """Return a word for a message: its first 57 characters and "..." where it is over 60."""
    return word if len(word) <= 60 else f"{word[:57]}..."


def quoted(text: str) -> str:
    """Return a text as a message quotes it: shortened, controls escaped, in double quotes."""
    return f'"{escape_controls(shortened(text))}"'


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the remedy for a misspelt word: the nearest known ones, or all if they are few."""
    from difflib import get_close_matches

    known = list(known)
    near = get_close_matches(word.lower(), known, n=2, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(repr(name) for name in near)}?"
    return use_one_of(known) if 0 < len(known) <= 12 else ""


def use_one_of(known: Collection[str]) -> str:
    """Return the sentence that names what can be used: "Use red, green or blue."."""
    *others, last = known
    return f"Use {', '.join(others)} or {last}." if others else f"Use {last}."
