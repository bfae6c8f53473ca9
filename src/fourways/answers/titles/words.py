"""Puts a job title into standard words, in the parts that its punctuation makes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from fourways.model.titles import Titles

_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_APOSTROPHE = re.compile(r"['\u2018\u2019`]")
_PART = re.compile(r"[,;:|()\[\]{}/\\\t\r\n\u2022\u00b7\u2013\u2014]|\s-+|-+\s")
_WORD = re.compile(r"[^\W_]+")
_LEAST_PLURAL = 3
"""Letters that a word has at least when its last s may be the mark of a plural."""


WrittenPart = tuple[list[str], bool, bool]
"""Words as written, whether they follow a slash, whether they stand in brackets."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a title.

    Attributes:
        words: its standard words.
        written: how many words it has as written.
        choice: it stands after a slash: one of several jobs.
        aside: it stands in brackets.
    """

    words: tuple[str, ...]
    written: int
    choice: bool = False
    aside: bool = False


class StandardWords:
    """Turns words as written into standard words.

    Args:
        titles: what is known about job titles.
    """

    def __init__(self, titles: Titles) -> None:
        self._single: dict[str, tuple[str, ...]] = {}
        self._rows: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._vocabulary = frozenset(_all_words(titles))
        for written, standard in titles.spellings.items():
            words = tuple(_WORD.findall(written.casefold()))
            if len(words) == 1:
                self._single[words[0]] = tuple(standard.split())
        for written, standard in titles.spellings.items():
            words = tuple(_WORD.findall(written.casefold()))
            if len(words) > 1:
                self._rows[self._each(words)] = tuple(standard.split())
        self._rows.update({self._each(_WORD.findall(row)): () for row in titles.noise})
        self._longest: dict[str, int] = {}
        self._back = max(map(len, self._rows), default=0)
        for row in self._rows:
            self._longest[row[0]] = max(self._longest.get(row[0], 0), len(row))

    @property
    def known(self) -> Iterator[str]:
        """The words that a misspelt one may stand for."""
        yield from self._vocabulary
        yield from self._single

    def is_known(self, word: str) -> bool:
        """Tell whether a word is one of those that titles are matched by."""
        return word in self._vocabulary or self._standard(word) != (word,)

    def of(self, text: str) -> tuple[str, ...]:
        """Give the standard words of a phrase."""
        return self._in_rows(self._each(written_words(text)))

    def in_place_of(self, words: Iterable[str]) -> tuple[str, ...]:
        """Give the standard words of words as written."""
        return self._in_rows(self._each(words))

    def _each(self, words: Iterable[str]) -> tuple[str, ...]:
        standard: list[str] = []
        for word in words:
            standard += self._standard(word)
        return tuple(standard)

    def _standard(self, word: str) -> tuple[str, ...]:
        found = self._single.get(word)
        if found is not None:
            return found
        if len(word) >= _LEAST_PLURAL and word.endswith("s"):
            found = self._single.get(word[:-1])
            if found is not None:
                return found
            if word[:-1] in self._vocabulary:
                return (word[:-1],)
        return (word,)

    def _in_rows(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Replace words in a row, the longest first, until none is left to replace."""
        start = 0
        # Each replacement may lead to one more, but not without end.
        left = 2 * len(words)
        while start < len(words) and left:
            longest = self._longest.get(words[start], 0)
            for length in range(min(longest, len(words) - start), 0, -1):
                standard = self._rows.get(words[start : start + length])
                if standard is not None:
                    words = (*words[:start], *standard, *words[start + length :])
                    # What was put in may make a row with the words before it.
                    start = max(0, start - self._back) - 1
                    left -= 1
                    break
            start += 1
        return words


def _all_words(titles: Titles) -> Iterator[str]:
    """Give each standard word that matching rests on."""
    for phrase in (
        *titles.names, *titles.alone, *titles.spellings.values(), *titles.posts, *titles.jobs,
        *titles.units, *(row for out in titles.rules_out for row in out.words),
        *(word for level in titles.levels for word in level.words),
    ):  # fmt: skip
        yield from phrase.casefold().split()


def written_words(text: str) -> list[str]:
    """Give the words of a phrase, in lower case and without marks; an ampersand is "and"."""
    text = text.casefold()
    if "." in text:
        text = _INITIALS.sub(lambda found: found.group().replace(".", ""), text)
    text = _APOSTROPHE.sub("", text)
    return _WORD.findall(text.replace("&", " and ").replace("+", " and "))


def written_parts(title: str) -> list[WrittenPart]:
    """Give the parts of a title as they are written."""
    parts = []
    depth = 0
    start, choice = 0, False
    text = title if title.isascii() else normalize("NFKC", title)
    for mark in (*_PART.finditer(text), None):
        end = mark.start() if mark else len(text)
        if words := written_words(text[start:end]):
            parts.append((words, choice, depth > 0))
            choice = False
        if mark:
            start = mark.end()
            choice = choice or mark.group() in "/\\"
            depth = max(0, depth + (mark.group() in "([{") - (mark.group() in ")]}"))
    return parts
