"""Reads one answer as a person or a file writes it.

The declaration of the attribute is all there is to go by: its values, their other names, the
numbers that they start from. What cannot be read is said, with what was meant perhaps.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from unicodedata import normalize

from fourways.answers.bands import SAID_OF_NUMBERS, Band, read_band
from fourways.answers.titles import matcher_of
from fourways.errors import did_you_mean, shortened
from fourways.model.profile import NOTHING, Answer, Attribute, Kind, Value

UNKNOWN = frozenset((
    "", "na", "n a", "null", "nil", "nan", "none", "blank", "empty", "missing", "unknown",
    "unspecified", "undisclosed", "not known", "not specified", "not stated", "not available",
    "not applicable", "not provided", "not given", "not answered", "not sure", "im not sure",
    "unsure", "no answer", "no response", "skipped", "dont know", "do not know", "i dont know",
    "i do not know", "dk", "prefer not to say", "prefer not to answer", "prefer not to disclose",
    "i prefer not to say", "i prefer not to answer", "i would prefer not to say",
    "id prefer not to say", "rather not say", "id rather not say", "tbd", "tbc",
    "to be confirmed", "to be determined",
))  # fmt: skip
"""Spellings of an answer that is not known, normalised; a value of the same name comes first."""

_NO_ANSWER = re.compile(r"[-\u2010-\u2015\u2212.?/*_\u2026\s]*|\\+N")
_NOTHING = frozenset((NOTHING, "none of these", "none of the above", "nothing"))
_YES = frozenset(("true", "t", "yes", "y", "1", "1.0"))
_NO = frozenset(("false", "f", "no", "n", "0", "0.0"))
_AND_MORE = re.compile(r"(yes|no)\s*[,;:.!\u2013\u2014-]\s*[^\W\d_]", re.IGNORECASE)
_DATE = re.compile(
    r"(?:\d{1,4}[-/ ])?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[-/ ]\d{1,4})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
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
    if not text.isascii():
        text = normalize("NFKC", text).replace("\u2019", "")
    words = re.findall(r"[^\W_]+|&", text.casefold().replace("'", ""))
    return " ".join(words) or text.strip()


def parse_answer(attribute: Attribute, text: str) -> ParsedAnswer:
    """Give the answer that a text stands for.

    Args:
        attribute: what was asked.
        text: as written; the values of a set are separated by semicolons, by line breaks, by
            bars, or by commas where each part is a value.

    Raises:
        UnreadableAnswerError: the text names no value of the attribute.
    """
    text = text.strip()
    match attribute.kind:
        case Kind.SET:
            return _read_set(attribute, text)
        case Kind.YES_NO:
            return _read_yes_no(attribute, text)
        case Kind.ROLE:
            return _read_role(attribute, text)
    name = _named(attribute).get(normalised(text))
    if name is not None:
        return ParsedAnswer(name)
    if _is_unknown(text):
        return ParsedAnswer(None)
    if any(value.start is not None for value in attribute.values):
        return _read_number(attribute, text)
    raise _no_value(attribute, text)


def _is_unknown(text: str) -> bool:
    return _NO_ANSWER.fullmatch(text) is not None or normalised(text) in UNKNOWN


def _read_set(attribute: Attribute, text: str) -> ParsedAnswer:
    known = _named(attribute)
    parts = list(_parts(text, known))
    if len(parts) == 1 and normalised(parts[0]) in _NOTHING:
        return ParsedAnswer(frozenset())
    if not parts or (_is_unknown(text) and normalised(text) not in known):
        return ParsedAnswer(None)
    for part in parts:
        if normalised(part) in _NOTHING:
            raise UnreadableAnswerError(
                f"'{shortened(part)}' beside other values",
                f"Write '{NOTHING}' alone, or leave it out.",
            )
        if normalised(part) not in known:
            raise _no_value(attribute, part)
    return ParsedAnswer(frozenset(known[normalised(part)] for part in parts))


def _parts(text: str, known: dict[str, str]) -> Iterator[str]:
    """Give the members of a set as they are written.

    A comma parts them only where the words around it are no name of a value.
    """
    for part in re.split(r"[;|\r\n]", text):
        within = part.split(",") if "," in part and normalised(part) not in known else (part,)
        yield from (one.strip() for one in within if one.strip())


def _read_yes_no(attribute: Attribute, text: str) -> ParsedAnswer:
    name = _named(attribute).get(normalised(text))
    if name is not None:
        return ParsedAnswer(name == "true")
    word = normalize("NFKC", text).casefold().strip(" .!'\"()")
    if word in _YES or word in _NO:
        return ParsedAnswer(word in _YES)
    if _is_unknown(text):
        return ParsedAnswer(None)
    if begun := _AND_MORE.match(text):
        word = begun[1].casefold()
        return ParsedAnswer(word in _YES, f"'{shortened(text)}' taken as {word}")
    raise UnreadableAnswerError(
        f"'{shortened(text)}' is neither yes nor no", "Write yes, no, or nothing."
    )


def _read_role(attribute: Attribute, text: str) -> ParsedAnswer:
    if _is_unknown(text):
        return ParsedAnswer(None)
    if attribute.titles is None:
        raise _no_value(attribute, text)
    match = matcher_of(attribute.titles).match(text)
    if match.role not in attribute.by_id:
        raise _no_value(attribute, text)
    return ParsedAnswer(match.role, match.note)


def _read_number(attribute: Attribute, text: str) -> ParsedAnswer:
    """Give the value whose numbers a number or a band lies among.

    A band that merely ends where the next value starts, such as 11-50, lies before it. One that
    is open to several values is not known, unless no rule tells these apart.
    """
    band = read_band(text, _units(attribute.values, attribute.units))
    shares = _shares(attribute.values, band) if band else {}
    if band is None or not shares:
        raise _no_number(attribute, text)
    fitting = list(shares)
    after = fitting.pop() if len(fitting) > 1 and band.high == fitting[-1].start else None
    if len(fitting) == 1:
        first = fitting[0]
        end = f"its end, {after.start}, is {after.words} already" if after else ""
        return ParsedAnswer(first.id, f"'{text}' taken as {first.words}; {end}" if end else "")
    words = [value.words for value in fitting]
    could = f"'{text}' could be {', '.join(words[:-1])} or {words[-1]}"
    if any(group.issuperset(value.id for value in fitting) for group in attribute.alike):
        most = max(fitting, key=shares.__getitem__)
        return ParsedAnswer(
            most.id, f"{could}; taken as {most.words}, for no rule tells them apart"
        )
    return ParsedAnswer(None, f"{could}, and counts as unknown")


def _shares(values: tuple[Value, ...], band: Band) -> dict[Value, Decimal]:
    """Give the values that a band reaches, each with how far it goes there."""
    bands = [(value, value.start) for value in values if value.start is not None]
    ends = [Decimal(start) for _, start in bands[1:]]
    shares = {}
    for (value, start), end in zip(bands, [*ends, Decimal("Infinity")], strict=True):
        high = Decimal("Infinity") if band.high is None else band.high
        reached = high > start if band.below else high >= start
        if reached and band.low < end:
            shares[value] = min(high, end) - max(band.low, Decimal(start))
    return shares


@lru_cache(maxsize=64)
def _units(values: tuple[Value, ...], units: tuple[str, ...]) -> frozenset[str]:
    """Give the words that may stand beside a number: what is counted, and names of values."""
    names = (name for value in values for name in (value.id, *value.names))
    words = " ".join((*units, *names)).casefold().replace("_", " ")
    return frozenset(re.findall(r"[^\W\d_]+", words)) - SAID_OF_NUMBERS


def _no_value(attribute: Attribute, text: str) -> UnreadableAnswerError:
    word = shortened(text).lower().replace(" ", "_")
    return UnreadableAnswerError(
        f"'{shortened(text)}' is no value of {attribute.id}",
        did_you_mean(word, [value.id for value in attribute.values]),
    )


def _no_number(attribute: Attribute, text: str) -> UnreadableAnswerError:
    wrong = _no_value(attribute, text)
    if _DATE.fullmatch(text):
        said = "Perhaps a spreadsheet made a date of a band. Write a number, or '6 to 25'."
        return UnreadableAnswerError(wrong.problem, said)
    least = min(value.start for value in attribute.values if value.start is not None)
    said = f"A number from {least} on is understood, or a band such as '10 to 49'."
    return UnreadableAnswerError(wrong.problem, f"{wrong.suggestion} {said}".strip())


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
