"""What a user can mend: problems with their location and a remedy, shown without a traceback."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands: a file, a line and a column, both counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it stands, and what to do about it."""

    message: str
    location: Location | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        return f"{where}{self.message}{'.' if self.hint else ''} {self.hint}".rstrip()


class FourwaysError(Exception):
    """The base of every error that a user can mend.

    Args:
        problems: what is wrong, all of it, in the order of the locations.
    """

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RuleBaseError(FourwaysError):
    """The knowledge or the rules are not what they should be."""


class InputError(FourwaysError):
    """A profile, a file or an option is not what it should be."""


class OutputError(FourwaysError):
    """A result could not be written."""


class LedgerError(FourwaysError):
    """The ledger could not be opened, read or written."""


class DisagreementError(FourwaysError):
    """Two engines differ, or a result differs from what the rules give."""


def shortened(word: str) -> str:
    """Give a word for a message: its beginning, when it is long."""
    return word if len(word) <= 60 else f"{word[:57]}..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give the remedy for a misspelt word: the nearest known ones, or all when they are few."""
    from difflib import get_close_matches

    known = list(known)
    near = get_close_matches(word.lower(), known, n=2, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(repr(name) for name in near)}?"
    if 0 < len(known) <= 12:
        return f"Known are {', '.join(known)}."
    return ""
