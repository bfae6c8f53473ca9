"""Certainty factors after MYCIN and EMYCIN (Shortliffe and Buchanan 1975; van Melle 1980).

Factors and certainties are whole hundredths (70 stands for 0.70), so that what is shown, ranked,
stored and compared is one and the same number.
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
    """How strongly words speak, and how a certainty is said.

    Attributes:
        cutoff: a path counts as supported above this, in hundredths.
        words: the modal words, by name.
        bands: (least certainty, what is said), from the highest down.
        close: paths count as close when no more than this apart, in hundredths.
    """

    cutoff: int
    words: dict[str, Word]
    bands: tuple[tuple[int, str], ...]
    close: int = 0

    def in_words(self, certainty: int) -> str:
        """Give a certainty in words."""
        return next((says for start, says in self.bands if certainty >= start), "not supported")


def doubt(factors: Iterable[int]) -> float:
    """Give what pieces of evidence leave open together: 1 less their measure of belief.

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
    """Give the certainty of a path, in hundredths: (MB - MD) / (1 - min(MB, MD)).

    However much evidence there is, what comes out stays short of certain, at 99 or -99.
    """
    # In terms of doubt, so that much evidence on both sides does not round to 0 / 0.
    supported, opposed = doubt(supporting), doubt(opposing)
    certainty = (opposed - supported) / (max(supported, opposed) or 1.0)
    return max(-CERTAIN, min(CERTAIN, floor(certainty * 100 + HALF)))


def shown(hundredths: int) -> str:
    """Give hundredths with two decimals: 7 is 0.07."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
