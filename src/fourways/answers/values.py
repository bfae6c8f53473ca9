"""Parse one answer as a person or a file writes it.

The attribute's declaration is all there is to go by: its values, their other names, and the
numbers they start at.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from unicodedata import normalize

from fourways.answers.bands import BOUND_WORDS, Band, parse_band
from fourways.answers.titles import matcher_of
from fourways.errors import did_you_mean, quoted, shortened
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
"""Normalized spellings of an unknown answer; a value with the same name has precedence."""

_NO_ANSWER = re.compile(r"[-\u2010-\u2015\u2212.?/*_\u2026\s]*|\\+N")
_NOTHING = frozenset((NOTHING, "none of these", "none of the above", "nothing"))
_YES = frozenset(("true", "t", "yes", "y", "1", "1.0"))
_NO = frozenset(("false", "f", "no", "n", "0", "0.0"))
_YES_OR_NO_AND_MORE = re.compile(r"(yes|no)\s*[,;:.!\u2013\u2014-]\s*[^\W\d_]", re.IGNORECASE)
_DATE = re.compile(
    r"(?:\d{1,4}[-/ ])?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[-/ ]\d{1,4})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An answer, and what had to be inferred to get it.

    Attributes:
        answer: the answer; None if it is unknown.
        note: what was inferred, for the user; empty if the text says it outright.
    """

    answer: Answer | None
    note: str = ""


class UnreadableAnswerError(ValueError):
    """A text that isn't an answer: what is wrong with it, and what to write instead."""

    def __init__(self, problem: str, suggestion: str) -> None:
        self.problem = problem
        self.suggestion = suggestion
        super().__init__(f"{problem}. {suggestion}".strip())


def normalized(text: str) -> str:
    """Return a text for comparison: lower case, words of letters and digits, single spaces."""
    if not text.isascii():
        text = normalize("NFKC", text).replace("\u2019", "")
    words = re.findall(r"[^\W_]+|&", text.casefold().replace("'", ""))
    return " ".join(words) or text.strip()


def parse_answer(attribute: Attribute, text: str) -> ParsedAnswer:
    """Return the answer that a text gives to an attribute's question.

    Args:
        attribute: what was asked.
        text: as written. The values of a set are separated by semicolons, line breaks, bars, or
            by commas where the text around them isn't the name of one value.

    Raises:
        UnreadableAnswerError: the text isn't a valid answer.
    """
    text = text.strip()
    values = _values_by_name(attribute.values)
    if attribute.kind is Kind.SET:
        return _parse_set(attribute, text, values)
    value = values.get(normalized(text))
    if value is not None and attribute.kind is not Kind.ROLE:
        return ParsedAnswer(value == "true" if attribute.kind is Kind.YES_NO else value)
    if _is_unknown(text):
        return ParsedAnswer(None)
    if attribute.kind is Kind.YES_NO:
        return _parse_yes_no(text)
    if attribute.titles is not None:
        match = matcher_of(attribute.titles).match(text)
        if match.role in attribute.by_id:
            return ParsedAnswer(match.role, match.note)
    if any(value.start is not None for value in attribute.values):
        return _parse_number(attribute, text)
    raise _invalid(attribute, text)


def _is_unknown(text: str) -> bool:
    return _NO_ANSWER.fullmatch(text) is not None or normalized(text) in UNKNOWN


def _parse_set(attribute: Attribute, text: str, values: Mapping[str, str]) -> ParsedAnswer:
    members = list(_split_members(text, values))
    names = [normalized(member) for member in members]
    if len(names) == 1 and names[0] in _NOTHING:
        return ParsedAnswer(frozenset())
    if not names or (_is_unknown(text) and normalized(text) not in values):
        return ParsedAnswer(None)
    for member, name in zip(members, names, strict=True):
        if name in _NOTHING:
            raise UnreadableAnswerError(
                f"{quoted(member)} contradicts the other values",
                f'Use "{NOTHING}" alone, or leave it out.',
            )
        if name not in values:
            raise _invalid(attribute, member)
    return ParsedAnswer(frozenset(values[name] for name in names))


def _split_members(text: str, values: Mapping[str, str]) -> Iterator[str]:
    for part in re.split(r"[;|\r\n]", text):
        # A value's own name may have a comma.
        members = (part,) if normalized(part) in values else part.split(",")
        yield from (member.strip() for member in members if member.strip())


def _parse_yes_no(text: str) -> ParsedAnswer:
    word = normalize("NFKC", text).casefold().strip(" .!'\"()")
    if word in _YES or word in _NO:
        return ParsedAnswer(word in _YES)
    if match := _YES_OR_NO_AND_MORE.match(text):
        word = match[1].casefold()
        return ParsedAnswer(word in _YES, f"{quoted(text)} read as {word}")
    raise UnreadableAnswerError(
        f"{quoted(text)} isn't yes or no", "Use yes or no, or leave it blank."
    )


def _parse_number(attribute: Attribute, text: str) -> ParsedAnswer:
    """Return the value that a number or a band of numbers belongs to.

    A band that merely ends where the next value starts, such as 11-50, belongs to the value
    before. One that reaches several values is unknown, unless no rule tells these apart.
    """
    band = parse_band(text, _units(attribute.values, attribute.units))
    overlaps = _overlaps(attribute.values, band) if band else {}
    if band is None or not overlaps:
        raise _invalid_number(attribute, text)
    reached = list(overlaps)
    touched = reached.pop() if len(reached) > 1 and band.high == reached[-1].start else None
    if len(reached) > 1:
        words = [value.words for value in reached]
        could_be = f"{quoted(text)} could be {', '.join(words[:-1])} or {words[-1]}"
        if not any(group.issuperset(value.id for value in reached) for group in attribute.alike):
            return ParsedAnswer(None, f"{could_be}, so it counts as unknown")
        most = max(reached, key=overlaps.__getitem__)
        note = f"{could_be}; read as {most.words}, as no rule tells them apart"
        return ParsedAnswer(most.id, note)
    note = ""
    if touched:
        note = (
            f"{quoted(text)} read as {reached[0].words}, "
            f"although {touched.start} itself is {touched.words}"
        )
    return ParsedAnswer(reached[0].id, note)


def _overlaps(values: tuple[Value, ...], band: Band) -> dict[Value, Decimal]:
    """Return the values that a band reaches, each with the width of the overlap."""
    starts = [(value, Decimal(value.start)) for value in values if value.start is not None]
    ends = [start for _, start in starts[1:]]
    high = Decimal("Infinity") if band.high is None else band.high
    overlaps = {}
    for (value, start), end in zip(starts, [*ends, Decimal("Infinity")], strict=True):
        reached = high > start if band.below else high >= start
        if reached and band.low < end:
            overlaps[value] = min(high, end) - max(band.low, start)
    return overlaps


@lru_cache(maxsize=64)
def _values_by_name(values: tuple[Value, ...]) -> dict[str, str]:
    return {
        normalized(name): value.id
        for value in values
        for name in (*value.names, value.label, value.id)
    }


@lru_cache(maxsize=64)
def _units(values: tuple[Value, ...], units: tuple[str, ...]) -> frozenset[str]:
    """Return the words that may stand beside a number: its units, and names of the values."""
    names = (name for value in values for name in (value.id, *value.names))
    words = " ".join((*units, *names)).casefold().replace("_", " ")
    return frozenset(re.findall(r"[^\W\d_]+", words)) - BOUND_WORDS


def _invalid(attribute: Attribute, text: str) -> UnreadableAnswerError:
    word = shortened(text).lower().replace(" ", "_")
    return UnreadableAnswerError(
        f"{quoted(text)} isn't a valid {attribute.id}",
        did_you_mean(word, [value.id for value in attribute.values]),
    )


def _invalid_number(attribute: Attribute, text: str) -> UnreadableAnswerError:
    error = _invalid(attribute, text)
    if _DATE.fullmatch(text):
        return UnreadableAnswerError(
            error.problem,
            "Perhaps a spreadsheet turned a range into a date. "
            'Use a number, or a range such as "6 to 25".',
        )
    least = min(value.start for value in attribute.values if value.start is not None)
    numbers = f'A number from {least} up works too, or a range such as "10 to 49".'
    return UnreadableAnswerError(error.problem, f"{error.suggestion} {numbers}".strip())
