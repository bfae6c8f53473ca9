"""Finds out which attribute the heading of a column speaks of, in a word or in a question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

from fourways.answers.protected import is_protected, parted
from fourways.answers.values import normalised
from fourways.model.profile import Attribute

MAX_LENGTH = 500
"""Characters of a heading; what is longer names no attribute."""

# Words of questions that do not say what is asked for.
_ASKING = frozenset((
    "what", "which", "is", "are", "was", "were", "your", "yours", "you", "my", "our", "we", "i",
    "the", "a", "an", "of", "in", "at", "for", "by", "to", "with", "on", "from", "within", "or",
    "and", "if", "as", "please", "enter", "select", "specify", "state", "give", "indicate",
    "choose", "provide", "tell", "us", "current", "currently", "present", "presently", "now",
    "today", "best", "closest", "most", "similar", "following", "describes", "describe",
    "described", "that", "do", "does", "did", "have", "has", "had", "work", "works", "working",
    "employed", "where", "approximately", "approx", "about", "roughly", "exact", "any",
    "applicable", "optional", "required", "all", "apply", "selected", "choice", "single",
    "respondent", "employee", "worker", "reflects", "fits", "matches", "daily", "free", "form",
))  # fmt: skip
_NUMBERING = re.compile(r"\W*(?:q(?:uestion)?\s*)?\d+(?:[._]\d+)*[a-z]?\s*[.):_-]+\s*", re.I)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# Words in brackets that make it another person's or another time's.
_ANOTHER = re.compile(
    r"\b(?:previous|former|past|last|old|next|future|desired|target|manager|supervisor)\b", re.I
)
_YES_OR_NO = re.compile(
    r"\s*(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|should)\b", re.I
)


class Said(IntEnum):
    """How a heading says an attribute, from the plainest on; the plainer column counts."""

    OWN_NAME = 0
    OTHER_NAME = 1
    IN_OTHER_WORDS = 2


class Headings:
    """Knows the headings that attributes go by.

    Args:
        attributes: what can be known.
    """

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self._own = {normalised(name): name for name in attributes}
        self._names: dict[str, str] = {}
        self._words: dict[frozenset[str], str] = {}
        # The first attribute that goes by a name has it.
        for attribute in reversed(list(attributes.values())):
            for name in (attribute.question, *attribute.columns, attribute.label, attribute.id):
                self._names[normalised(name)] = attribute.id
                self._names[_joined(name)] = attribute.id
            for name in attribute.columns:
                self._words[_content(name)] = attribute.id
        self._words.pop(frozenset(), None)

    def attribute_of(self, heading: str) -> tuple[str, Said] | None:
        """Give the attribute that a heading speaks of, and how it says so."""
        if len(heading) > MAX_LENGTH or is_protected(heading):
            return None
        plain = normalised(heading)
        if plain in self._own:
            return self._own[plain], Said.OWN_NAME
        for form in (plain, normalised(parted(heading)), _joined(heading)):
            if form in self._names:
                return self._names[form], Said.OTHER_NAME
        for form in _bare(heading):
            found = self._names.get(normalised(form)) or self._words.get(_content(form))
            if found:
                return found, Said.IN_OTHER_WORDS
        return None


def count_recognized(header: Sequence[str], attributes: Mapping[str, Attribute]) -> int:
    """Count the attributes that the columns of a header speak of."""
    headings = Headings(attributes)
    found = (headings.attribute_of(name) for name in header)
    return len({one[0] for one in found if one is not None})


def _joined(name: str) -> str:
    """Give a name as one word: "jobtitle" is "job title"."""
    return normalised(name).replace(" ", "")


def _bare(heading: str) -> Iterator[str]:
    """Give a heading without its number and without what stands in brackets."""
    bare = _NUMBERING.sub("", heading, count=1) if _NUMBERING.match(heading) else heading
    yield bare
    if not any(_ANOTHER.search(aside) for aside in _BRACKETS.findall(bare)):
        yield _BRACKETS.sub(" ", bare)


def _content(heading: str) -> frozenset[str]:
    """Give the words that say what is asked for; none where yes or no is the answer."""
    if _YES_OR_NO.match(heading):
        return frozenset()
    words = normalised(parted(heading)).replace("how many", "number")
    return frozenset(word for word in words.split() if word not in _ASKING)
