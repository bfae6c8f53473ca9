"""Finds the role that a job title names, says how it was found and how sure that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from fourways.answers.titles.names import Found, NamesInTitles
from fourways.answers.titles.spelling import Spelling
from fourways.answers.titles.words import (
    Part,
    StandardWords,
    WrittenPart,
    written_parts,
    written_words,
)
from fourways.errors import shortened
from fourways.model.certainty import shown
from fourways.model.titles import Titles

MAX_LENGTH = 500
"""Characters of a title; what is longer is no title."""
MAX_KEPT = 200_000
"""Matches that are kept, so that a title is matched once."""


class How(StrEnum):
    """How a title was matched, from the surest on."""

    EXACT = "exact"
    NAME = "another name"
    ABBREVIATIONS = "abbreviations"
    WORDING = "its words"
    SPELLING = "spelling"
    NONE = "no match"


_SURE = {How.EXACT: 100, How.NAME: 100, How.ABBREVIATIONS: 95, How.WORDING: 90}


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """The role that a title was taken for.

    Attributes:
        role: the role.
        how: how it was matched.
        score: how sure that is, in hundredths; 0 where nothing matched.
        note: what was inferred, in words; empty where the title is the role's own.
    """

    role: str
    how: How
    score: int
    note: str = ""


class KnowsTitles(Protocol):
    """What has the knowledge of job titles, such as a rule base."""

    @property
    def titles(self) -> Titles:
        """What is known about job titles."""


class TitleMatcher:
    """Matches titles; each is matched once.

    Args:
        base: what is known about job titles, or what has this knowledge.
    """

    def __init__(self, base: KnowsTitles | Titles) -> None:
        self._titles = titles = base if isinstance(base, Titles) else base.titles
        self._kept: dict[str, TitleMatch] = {}
        self._words = StandardWords(titles)
        self._names = NamesInTitles(titles, self._words)
        self._spelling = Spelling(titles.misspelt, self._words, self._names.full)
        own = {name: role for role, title in titles.roles.items() for name in (role, title)}
        self._own = {_plain(name): role for name, role in own.items()}
        self._others = {_plain(n): r for n, r in (*titles.alone.items(), *titles.names.items())}

    def match(self, title: str) -> TitleMatch:
        """Give the role of a title; one that fits none counts as another job."""
        found = self._kept.get(title)
        if found is None:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            found = self._kept[title] = self._match(title)
        return found

    def match_all(self, titles: Iterable[str]) -> dict[str, TitleMatch]:
        """Give each distinct title with its role."""
        return {title: self._match(title) for title in dict.fromkeys(titles)}

    def _match(self, title: str) -> TitleMatch:
        if len(title) > MAX_LENGTH:
            return self._none(title, "it is too long for a title")
        plain = _plain(title)
        if plain in self._own:
            return TitleMatch(self._own[plain], How.EXACT, _SURE[How.EXACT])
        if plain in self._others:
            return self._taken(title, self._others[plain], How.NAME, _SURE[How.NAME])
        parts = written_parts(title)
        found = self._names.find(self._standard(parts))
        if found is not None:
            how = How.ABBREVIATIONS if found.whole else How.WORDING
            return self._as_found(title, found, how, _SURE[how])
        mended, likeness = self._mended(parts)
        found = self._names.find(self._standard(mended)) if likeness < 100 else None
        if found is not None:
            sure = likeness if found.whole else likeness * _SURE[How.WORDING] // 100
            return self._as_found(title, found, How.SPELLING, sure)
        return self._none(title)

    def _standard(self, parts: Iterable[WrittenPart]) -> list[Part]:
        return [
            Part(self._words.in_place_of(words), len(words), choice, aside)
            for words, choice, aside in parts
        ]

    def _mended(self, parts: Iterable[WrittenPart]) -> tuple[list[WrittenPart], int]:
        """Give the parts with misspelt words mended, and how like the least like one is."""
        least = 100
        mended = []
        for words, choice, aside in parts:
            right: list[str] = []
            for word in words:
                known, likeness = self._spelling.mended(word)
                right += known
                least = min(least, likeness)
            mended.append((right, choice, aside))
        return mended, least

    def _as_found(self, title: str, found: Found, how: How, sure: int) -> TitleMatch:
        if found.ruled_out:
            return self._none(title, f"it speaks of {found.ruled_out}")
        sure = sure - 10 if found.loose else sure
        return self._taken(title, found.role, how, sure)

    def _taken(self, title: str, role: str, how: How, sure: int) -> TitleMatch:
        added = "" if how is How.NAME else f" ({how}, {shown(sure)})"
        name = self._titles.roles[role]
        return TitleMatch(role, how, sure, f"'{shortened(title)}' taken as {name}{added}")

    def _none(self, title: str, reason: str = "") -> TitleMatch:
        why = f": {reason}" if reason else ""
        note = f"'{shortened(title)}' matched no known post and counts as other{why}"
        return TitleMatch(self._titles.otherwise, How.NONE, 0, note)


@lru_cache(maxsize=16)
def matcher_of(titles: Titles) -> TitleMatcher:
    """Give the matcher of what is known about job titles, the same one each time."""
    return TitleMatcher(titles)


def _plain(text: str) -> str:
    return " ".join(written_words(text.replace("_", " ")))
