"""Parse numbers and bands of numbers as surveys write them: "1,000 to 4,999 employees"."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

MAX_LENGTH = 200
"""Characters of a number or a band; a longer text is neither."""

_DASHES = re.compile("[\u2010-\u2015\u2212]")
# 1,000 and 1.000 and 1'000 and 1 000, perhaps with decimals; then 1000, 250.0, 1e9.
_GROUPED = r"(?P<whole>\d{1,3}(?:[ ,.'_\u2019]\d{3}){1,6})(?P<rest>[.,]\d{1,2})?(?![\d.,]\d)"
_PLAIN = r"\d{1,20}(?:[.,]\d{1,9})?(?:e\+?\d{1,2}\b)?"
_TOKEN = re.compile(
    rf"(?P<number>{_GROUPED}|{_PLAIN})(?:\s?(?P<times>k|m|thousand|million)\b)?"
    "|[^\\W\\d_]+|[<>]=?|[-+~\u2264\u2265]"
)
_PUNCTUATION = re.compile(r"[\s()\[\].,:;'\"/!]*")
_TIMES = {None: 1, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_FILLERS = frozenset(
    ("a", "the", "of", "in", "total", "about", "around", "approximately", "approx", "ca", "circa",
     "roughly", "i", "we", "is", "are", "have", "has", "am")
)  # fmt: skip

# What surveys write around numbers (#), without units and filler words.
_ONE = ("#", "~ #")
_BETWEEN = ("# - #", "# ~ #", "# to #", "# up to #", "# through #", "from # to #",
            "between # and #", "between # to #", "between # - #")  # fmt: skip
_AT_LEAST = ("# +", "# plus", "# or more", "# and more", "# or above", "# and above", "# or over",
             "# and over", "# or greater", "# or larger", "# and up", "# and upwards",
             "# upwards", "at least #", "min #", "minimum #", "from #", ">= #",
             "\u2265 #")  # fmt: skip
_OVER = ("> #", "more than #", "over #", "above #", "greater than #", "larger than #",
         "bigger than #")  # fmt: skip
_AT_MOST = ("<= #", "\u2264 #", "up to #", "at most #", "no more than #", "not more than #",
            "max #", "maximum #", "# or less", "# or fewer", "# and less", "# and fewer",
            "# or under", "# and under", "# or below", "# and below")  # fmt: skip
_UNDER = ("< #", "less than #", "fewer than #", "under #", "below #", "smaller than #")

BOUND_WORDS = frozenset(
    word
    for shape in (*_ONE, *_BETWEEN, *_AT_LEAST, *_OVER, *_AT_MOST, *_UNDER)
    for word in shape.split()
)
"""Words that turn a number into a bound, so they are never units."""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of numbers.

    Attributes:
        low: the lower bound; 0 if the text has none.
        high: the upper bound; None if there is none.
        below: whether the upper bound itself is excluded: "fewer than 10".
    """

    low: Decimal
    high: Decimal | None
    below: bool = False


def parse_band(text: str, units: Collection[str]) -> Band | None:
    """Return the numbers that a text stands for; None if it isn't a number or a band.

    Args:
        text: as written.
        units: words in lower case that may stand beside a number: what is counted.
    """
    if len(text) > MAX_LENGTH:
        return None
    plain = _DASHES.sub("-", normalize("NFKC", text).casefold())
    if len(plain) > MAX_LENGTH or not _PUNCTUATION.fullmatch(_TOKEN.sub("", plain)):
        return None
    numbers: list[Decimal] = []
    words: list[str] = []
    for token in _TOKEN.finditer(plain):
        if token["number"]:
            numbers.append(_number(token) * _TIMES[token["times"]])
            words.append("#")
        elif token.group() not in _FILLERS and token.group() not in units:
            words.append(token.group())
    return _band(" ".join(words), numbers)


def _number(token: re.Match[str]) -> Decimal:
    if token["whole"]:
        rest = (token["rest"] or "").replace(",", ".")
        return Decimal(re.sub(r"\D", "", token["whole"]) + rest)
    return Decimal(token["number"].replace(",", "."))


def _band(shape: str, numbers: list[Decimal]) -> Band | None:
    if shape in _ONE:
        return Band(numbers[0], numbers[0])
    if shape in _BETWEEN and numbers[0] <= numbers[1]:
        return Band(numbers[0], numbers[1])
    if shape in _AT_LEAST:
        return Band(numbers[0], None)
    if shape in _OVER:
        return Band(numbers[0] + 1, None)
    if shape in _AT_MOST:
        return Band(Decimal(0), numbers[0])
    if shape in _UNDER:
        return Band(Decimal(0), numbers[0], below=True)
    return None
