"""Reads one answer as a person or a file writes it.

The declaration of the attribute is all there is to go by: its values, their other names, the
numbers that they start from. What cannot be read is said, with what was meant perhaps.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from fourways.errors import did_you_mean
from fourways.intake.titles import matcher_of
from fourways.model.profile import NOTHING, Answer, Attribute, Kind, Value

UNKNOWN = frozenset({"", "-", "na", "n a", "null", "nan", "none", "unknown", "dont know"})
"""Spellings of an answer that is not known, normalised; a value of the same name comes first."""

_YES = frozenset({"true", "yes", "y", "1"})
_NO = frozenset({"false", "no", "n", "0"})
_NUMBER = re.compile(r"\d{1,3}(?:[ ,.'_]\d{3}){1,6}|\d{1,20}")


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer as it was understood.

    Attributes:
        answer: the answer; None when it is not known.
        note: what was inferred, where the text did not say it outright.
    """

    answer: Answer | None
    note: str = ""


class UnreadableAnswerError(ValueError):
    """A text that is no answer to the question: what is wrong, and what to write instead."""

    def __init__(self, problem: str, suggestion: str) -> None:
        self.problem = problem
        self.suggestion = suggestion
        super().__init__(f"{problem}. {suggestion}".strip())


def normalised(text: str) -> str:
    """Give a text for comparison: lower case, words of letters and digits, single spaces."""
    words = re.findall(r"[^\W_]+|&", text.casefold().replace("'", "").replace("\u2019", ""))
    return " ".join(words) or text.strip()


def read_answer(attribute: Attribute, text: str) -> Taken:
    """Give the answer that a text stands for.

    Args:
        attribute: what was asked.
        text: as written; the values of a set are separated by semicolons.

    Raises:
        UnreadableAnswerError: the text names no value of the attribute.
    """
    text = text.strip()
    match attribute.kind:
        case Kind.SET:
            return _read_set(attribute, text)
        case Kind.YES_NO:
            return _read_yes_no(text)
        case Kind.ROLE:
            return _read_role(attribute, text)
    name = _named(attribute).get(normalised(text))
    if name is not None:
        return Taken(name)
    if normalised(text) in UNKNOWN:
        return Taken(None)
    if _NUMBER.fullmatch(text) and any(v.start is not None for v in attribute.values):
        return _band(attribute, text)
    raise _no_value(attribute, text)


def _read_set(attribute: Attribute, text: str) -> Taken:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if [normalised(part) for part in parts] == [NOTHING]:
        return Taken(frozenset())
    if not parts or (len(parts) == 1 and normalised(text) in UNKNOWN):
        return Taken(None)
    known = _named(attribute)
    for part in parts:
        if normalised(part) == NOTHING:
            raise UnreadableAnswerError(
                f"'{NOTHING}' beside other values", f"Write '{NOTHING}' alone, or leave it out."
            )
        if normalised(part) not in known:
            raise _no_value(attribute, part)
    return Taken(frozenset(known[normalised(part)] for part in parts))


def _read_yes_no(text: str) -> Taken:
    word = normalised(text)
    if word in _YES or word in _NO:
        return Taken(word in _YES)
    if word in UNKNOWN:
        return Taken(None)
    raise UnreadableAnswerError(f"'{text}' is neither yes nor no", "Write yes, no, or nothing.")


def _read_role(attribute: Attribute, text: str) -> Taken:
    if normalised(text) in UNKNOWN:
        return Taken(None)
    if attribute.titles is None:
        raise _no_value(attribute, text)
    match = matcher_of(attribute.titles).match(text)
    return Taken(match.role, match.note)


def _band(attribute: Attribute, text: str) -> Taken:
    number = int(re.sub(r"\D", "", text))
    bands = [value for value in attribute.values if value.start is not None]
    fitting: list[Value] = [v for v in bands if v.start is not None and v.start <= number]
    if not fitting:
        raise _no_value(attribute, text)
    return Taken(fitting[-1].id)


def _no_value(attribute: Attribute, text: str) -> UnreadableAnswerError:
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return UnreadableAnswerError(
        f"'{shown}' is no value of {attribute.id}",
        did_you_mean(text.lower().replace(" ", "_"), [value.id for value in attribute.values]),
    )


@lru_cache(maxsize=64)
def _names(values: tuple[Value, ...]) -> dict[str, str]:
    return {
        normalised(name): value.id
        for value in values
        for name in (*value.names, value.label, value.id)
    }


def _named(attribute: Attribute) -> dict[str, str]:
    """Give the values by all their names, normalised."""
    return _names(attribute.values)
