"""What a report tells about a run: counts of people, and how they were made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

UNKNOWN = ""
"""The value of a breakdown for the people of whom the attribute is unknown."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How many people of each kind got each first recommendation.

    Attributes:
        attribute: the attribute that parts the people, such as their role.
        counts: value of the attribute, or `UNKNOWN`, to first recommendation (a path, or
            "none") to people; what is left out is 0.
    """

    attribute: str
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures. All counts are exact; the page hides what is small.

    Attributes:
        file: the name of the input.
        rows: the rows of the input: `results` and `rejects` together.
        first: first recommendation, a path or "none", to people; they are `results` together.
        also: path to the people for whom it is supported, but not first.
        certainties: certainty of the first recommendation, in hundredths, to people.
        breakdowns: the first recommendations by role, by organisation size and so on.
        problems: reason for a reject to how often it occurs; a row may have several.
        distinct: the distinct profiles that were decided.
        verified: how many of those a second engine decided as well, with the same outcome.
        decided_by, verified_by: the engines.
        versions: of the programs that made the results.
        detected: how the input was read, a phrase each: "encoding UTF-8".
        noted: the rows with a note of the intake, such as a job title that was matched.
        missing: the attributes that the input has no column for.
        protected: the columns that no rule ever reads.
        fired: rule to the people for whom it fired; the page shows the evidence among them.
        finished: when the run ended, as it shall be shown; empty where that is left out.

    Raises:
        ValueError: the counts contradict each other.
    """

    file: str
    rows: int
    results: int
    rejects: int
    first: Mapping[str, int]
    also: Mapping[str, int]
    certainties: Mapping[int, int]
    breakdowns: tuple[Breakdown, ...]
    problems: Mapping[str, int]
    distinct: int
    verified: int
    decided_by: str
    verified_by: str
    versions: Mapping[str, str]
    detected: tuple[str, ...] = ()
    noted: int = 0
    missing: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    fired: Mapping[str, int] = field(default_factory=dict)
    finished: str = ""

    def __post_init__(self) -> None:
        if self.rows != self.results + self.rejects:
            raise ValueError("the rows are not the results and the rejects")
        for what, people in (("first", self.first), *self._parted()):
            if sum(people.values()) != self.results:
                raise ValueError(f"the people of '{what}' are not the results")

    def _parted(self) -> list[tuple[str, Mapping[str, int]]]:
        return [
            (b.attribute, {value: sum(row.values()) for value, row in b.counts.items()})
            for b in self.breakdowns
        ]
