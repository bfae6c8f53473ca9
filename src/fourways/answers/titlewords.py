"""Split a job title into segments and put its words into standard form."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from fourways.model.titles import Titles

Words = tuple[str, ...]

_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_APOSTROPHE = re.compile(r"['\u2018\u2019`]")
_SEPARATOR = re.compile(r"[,;:|()\[\]{}/\\\t\r\n\u2022\u00b7\u2013\u2014]|\s-+|-+\s")
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_PLURAL = 3
_MAX_PASSES = 8
"""Passes of phrase replacement; spellings that lead back to each other would never end."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The words between two separators of a title.

    Attributes:
        words: its standard words; none if all of them are noise.
        written: the number of words as written.
        after_slash: whether it follows a slash, as an alternative.
        bracketed: whether it is in brackets.
    """

    words: Words
    written: int
    after_slash: bool = False
    bracketed: bool = False


class Vocabulary:
    """The words that titles are matched by, and the other spellings of these words."""

    def __init__(self, titles: Titles) -> None:
        self._misspelt = titles.misspelt
        self._known = frozenset(_known_words(titles))
        spellings = {_key(written): standard for written, standard in titles.spellings.items()}
        self._spellings = {key: text for key, text in spellings.items() if " " not in key}
        phrases = {key: text for key, text in spellings.items() if " " in key}
        phrases |= {_key(noise): "" for noise in titles.noise}
        self._phrases = {self._each(key.split()): text for key, text in phrases.items()}
        # The longest first: "project management office" before "project management".
        longest_first = sorted(self._phrases, key=len, reverse=True)
        self._phrase = re.compile(rf"(?<!\S)(?:{'|'.join(longest_first) or '(?!)'})(?!\S)")
        words = self._known.union(self._spellings)
        # Sorted, so that of two words equally similar it is always the same one.
        self._long_words = sorted(word for word in words if len(word) >= self._misspelt.letters)
        for name in map(self.standard, titles.names):
            self._spellings.setdefault("".join(name), " ".join(name))  # "projectmanager"

    def standard(self, text: str) -> Words:
        """Return the standard words of a text without separators."""
        return self._standard_words(split_words(text))

    def segments(self, title: str) -> Iterator[Segment]:
        """Yield the parts of a title between commas, brackets, slashes, dashes and the like."""
        text = normalize("NFKC", title)
        start, depth, after_slash = 0, 0, False
        for separator in (*_SEPARATOR.finditer(text), None):
            end = separator.start() if separator else len(text)
            if words := split_words(text[start:end]):
                yield Segment(self._standard_words(words), len(words), after_slash, depth > 0)
                after_slash = False
            if separator:
                start = separator.end()
                after_slash = after_slash or separator.group() in "/\\"
                depth = max(0, depth + (separator.group() in "([{") - (separator.group() in ")]}"))

    def correct(self, title: str) -> tuple[str, int]:
        """Return a title with misspelt words replaced by known ones, and how similar these are.

        The similarity is the least one, in hundredths; 100 if nothing was replaced.
        """
        from rapidfuzz import fuzz, process

        least = 100

        def corrected(match: re.Match[str]) -> str:
            nonlocal least
            word = match.group()
            if len(word) < self._misspelt.letters or word in self._misspelt.distinct:
                return word
            if word in self._known or self._standard(word) != word:
                return word
            similar = process.extractOne(
                word, self._long_words, scorer=fuzz.ratio, score_cutoff=self._misspelt.likeness
            )
            if similar is None:
                return word
            least = min(least, int(similar[1]))
            return str(similar[0])

        return _WORD.sub(corrected, normalize("NFKC", title).casefold()), least

    def _standard_words(self, words: Iterable[str]) -> Words:
        text = self._each(words)
        for _ in range(_MAX_PASSES):
            replaced = self._phrase.sub(lambda match: self._phrases[match.group()], text)
            replaced = " ".join(replaced.split())
            if replaced == text:
                break
            text = replaced
        return tuple(text.split())

    def _each(self, words: Iterable[str]) -> str:
        return " ".join(map(self._standard, words))

    def _standard(self, word: str) -> str:
        if word in self._spellings:
            return self._spellings[word]
        singular = word[:-1]
        if len(word) >= _SHORTEST_PLURAL and word.endswith("s"):
            if singular in self._spellings:
                return self._spellings[singular]
            if singular in self._known:
                return singular
        return word


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation; "&" and "+" are "and"."""
    text = _INITIALS.sub(lambda match: match.group().replace(".", ""), text.casefold())
    text = _APOSTROPHE.sub("", text)
    return _WORD.findall(text.replace("&", " and ").replace("+", " and "))


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _known_words(titles: Titles) -> Iterator[str]:
    for phrase in (
        *titles.names, *titles.alone, *titles.spellings.values(), *titles.posts, *titles.jobs,
        *titles.units, *(words for out in titles.rules_out for words in out.words),
        *(word for level in titles.levels for word in level.words),
    ):  # fmt: skip
        yield from phrase.casefold().split()
