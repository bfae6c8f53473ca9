"""Mends misspelt words of job titles, and says how like the known words they are."""

from collections.abc import Iterable

from fourways.answers.titles.words import StandardWords
from fourways.model.titles import Misspelt

_JOINED = 95
"""How sure it is, in hundredths, that a name written as one word is meant."""
MAX_KEPT = 100_000
"""Words that are kept, so that a word is mended once."""


class Spelling:
    """Finds the known word that a misspelt one stands for.

    Args:
        misspelt: when a word counts as misspelt.
        words: the known words.
        joined: names of roles written as one word, to their words.
    """

    def __init__(
        self, misspelt: Misspelt, words: StandardWords, joined: Iterable[tuple[str, ...]]
    ) -> None:
        self._misspelt = misspelt
        self._words = words
        # In order, so that of two words equally like it is always the same that counts.
        self._known = sorted({word for word in words.known if len(word) >= misspelt.letters})
        self._joined = {"".join(words): words for words in joined if len(words) > 1}
        self._seen: dict[str, tuple[tuple[str, ...], int]] = {}

    def mended(self, word: str) -> tuple[tuple[str, ...], int]:
        """Give the words that a word stands for, and how sure that is in hundredths.

        A known word is given back, with 100, and so is one that is like no known one.
        """
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) >= MAX_KEPT:
                self._seen.clear()
            found = self._seen[word] = self._mend(word)
        return found

    def _mend(self, word: str) -> tuple[tuple[str, ...], int]:
        if self._words.is_known(word):
            return (word,), 100
        if word in self._joined:
            return self._joined[word], _JOINED
        if len(word) < self._misspelt.letters or word in self._misspelt.distinct:
            return (word,), 100
        from rapidfuzz import fuzz, process

        found = process.extractOne(
            word, self._known, scorer=fuzz.ratio, score_cutoff=self._misspelt.likeness
        )
        return ((found[0],), int(found[1])) if found else ((word,), 100)
