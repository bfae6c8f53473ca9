"""Certainty factors after MYCIN and EMYCIN (Shortliffe and Buchanan 1975; van Melle 1980).

Factors and certainties are whole hundredths (70 is 0.70), so that the same number is shown,
ranked, stored and compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

CERTAIN = 99
"""The most that evidence can amount to, in hundredths: certainty stays below 1."""

HALF = 0.5 + 1e-9
"""Rounds halves up: the addend is far above the error of a product and far below a hundredth."""


@dataclass(frozen=True, slots=True)
class Word:
    """A modal word of the article.

    Attributes:
        id: its name in rules.
        factor: how strongly it counts, in hundredths.
        modality: its class, M1 to M7.
        meaning: what it says.
        calibrated: what decided the factor.
    """

    id: str
    factor: int
    modality: str
    meaning: str
    calibrated: str = ""


@dataclass(frozen=True, slots=True)
class Certainties:
    """The factors of the modal words, and certainties in words.

    Attributes:
        cutoff: a path counts as supported above this, in hundredths.
        words: the modal words, by name.
        bands: (least certainty, words), from the highest down.
        close: paths at most this far apart count as close, in hundredths.
    """

    cutoff: int
    words: dict[str, Word]
    bands: tuple[tuple[int, str], ...]
    close: int = 0

    def in_words(self, certainty: int) -> str:
        """Return a certainty in words."""
        return next((says for start, says in self.bands if certainty >= start), "not supported")


def doubt(factors: Iterable[int]) -> float:
    """Return the doubt that pieces of evidence leave: 1 less their measure of belief.

    Args:
        factors: in hundredths, in file order, which every engine keeps.

    Returns:
        prod(1 - factor), from 1 down to 0; 0.70 and 0.40 give 0.18, a belief of 0.82.
    """
    left = 1.0
    for factor in factors:
        left *= 1.0 - factor / 100
    return left


def combined(supporting: Sequence[int], opposing: Sequence[int]) -> int:
    """Return the certainty of a path, in hundredths: (MB - MD) / (1 - min(MB, MD)).

    It is never certain: however much evidence there is, it is at most 99 and at least -99.
    """
    # Computed from the doubts, so that much evidence on both sides does not round to 0 / 0.
    supported, opposed = doubt(supporting), doubt(opposing)
    certainty = (opposed - supported) / (max(supported, opposed) or 1.0)
    return max(-CERTAIN, min(CERTAIN, floor(certainty * 100 + HALF)))


def shown(hundredths: int) -> str:
    """Return hundredths with two decimals: 7 is 0.07."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
