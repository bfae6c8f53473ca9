"""Match the heading of a column with an attribute, be it a word or a question."""

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum

from fourways.answers.protected import is_protected, split_capitals
from fourways.answers.values import normalized
from fourways.model.profile import Attribute

MAX_LENGTH = 500
"""Characters of a heading; a longer one matches no attribute."""

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
# Words in brackets that make it about another person or another time.
_ANOTHER = re.compile(
    r"\b(?:previous|former|past|last|old|next|future|desired|target|manager|supervisor)\b", re.I
)
_YES_OR_NO = re.compile(
    r"\s*(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|should)\b", re.I
)


class Clarity(IntEnum):
    """How clearly a column belongs to an attribute; of several columns the clearest is read."""

    MAPPED = 0
    OWN_NAME = 1
    OTHER_NAME = 2
    IN_OTHER_WORDS = 3


class Headings:
    """The headings that attributes go by.

    Args:
        attributes: the attributes by id.
    """

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self._own = {normalized(name): name for name in attributes}
        self._names: dict[str, str] = {}
        self._words: dict[frozenset[str], str] = {}
        # Reversed, so that the first attribute with a name has it.
        for attribute in reversed(list(attributes.values())):
            for name in (attribute.question, *attribute.columns, attribute.label, attribute.id):
                self._names[normalized(name)] = self._names[_joined(name)] = attribute.id
            for name in attribute.columns:
                self._words[_content(name)] = attribute.id
        self._words.pop(frozenset(), None)

    def match(self, heading: str) -> tuple[str, Clarity] | None:
        """Return the attribute that a heading names, and how clearly; None for no attribute."""
        if len(heading) > MAX_LENGTH or is_protected(heading):
            return None
        plain = normalized(heading)
        if plain in self._own:
            return self._own[plain], Clarity.OWN_NAME
        for form in (plain, normalized(split_capitals(heading)), _joined(heading)):
            if form in self._names:
                return self._names[form], Clarity.OTHER_NAME
        for form in _without_extras(heading):
            attribute = self._names.get(normalized(form)) or self._words.get(_content(form))
            if attribute:
                return attribute, Clarity.IN_OTHER_WORDS
        return None


def _joined(name: str) -> str:
    return normalized(name).replace(" ", "")


def _without_extras(heading: str) -> Iterator[str]:
    """Yield a heading without its number, then without what is in brackets too."""
    bare = heading[match.end() :] if (match := _NUMBERING.match(heading)) else heading
    yield bare
    if not any(_ANOTHER.search(aside) for aside in _BRACKETS.findall(bare)):
        yield _BRACKETS.sub(" ", bare)


def _content(heading: str) -> frozenset[str]:
    """Return the words that say what is asked for; none if the answer is yes or no."""
    if _YES_OR_NO.match(heading):
        return frozenset()
    words = normalized(split_capitals(heading)).replace("how many", "number")
    return frozenset(words.split()) - _ASKING
