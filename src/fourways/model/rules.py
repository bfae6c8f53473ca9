"""Rules: a condition, what it concludes, and where it comes from."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from fourways.errors import Location
from fourways.model.certainty import shown
from fourways.model.conditions import All, Condition, Recommended


class Stratum(IntEnum):
    """The order in which rules are run; paths are ranked between evidence and targets."""

    FINDINGS = 0
    EVIDENCE = 1
    TARGETS = 2
    GUIDANCE = 3


class Time(StrEnum):
    """When a move can be made."""

    NOW = "now"
    IN_TIME = "in_time"


@dataclass(frozen=True, slots=True)
class Finding:
    """Concludes a finding."""

    id: str

    def __str__(self) -> str:
        return f"finding {self.id}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts for a path, or against it.

    Attributes:
        path: the path.
        word: the modal word that says how strongly; `factor` its hundredths.
        against: whether it speaks against the path.
    """

    path: str
    word: str
    factor: int
    against: bool = False

    def __str__(self) -> str:
        side = "against" if self.against else "for"
        return f"{side} {self.path}, {self.word} {shown(self.factor)}"


@dataclass(frozen=True, slots=True)
class Target:
    """Names a next job, a role or a post, on a path, now or in time."""

    to: str
    path: str
    time: Time
    word: str

    def __str__(self) -> str:
        return f"{self.path}: {self.to}, {self.time.value}"


@dataclass(frozen=True, slots=True)
class Action:
    """Advises to do something."""

    text: str

    def __str__(self) -> str:
        return "action"


@dataclass(frozen=True, slots=True)
class Caution:
    """Warns of something."""

    text: str

    def __str__(self) -> str:
        return "caution"


Conclusion = Finding | Evidence | Target | Action | Caution
"""Its text is brief and in the rules' own words."""

_STRATUM = {
    Finding: Stratum.FINDINGS,
    Evidence: Stratum.EVIDENCE,
    Target: Stratum.TARGETS,
    Action: Stratum.GUIDANCE,
    Caution: Stratum.GUIDANCE,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One step of the reasoning.

    Attributes:
        id: its name.
        title: what it says, in a line.
        when: its condition.
        then: what it concludes.
        because: the reason in plain words; {finding.because} and {attribute} stand for more.
        cites: the statements of the article that it rests on.
        reading: the sense that it takes of ambiguous statements.
        house: whether it is an organization's own rule, which cites nothing.
        default: whether it is the usual next step, which is said where nothing else counts.
        origin: for a move of the role graph, the roles that it starts from; none means anyone.
        location: where it is written.
    """

    id: str
    title: str
    when: Condition
    then: Conclusion
    because: str = ""
    cites: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    house: bool = False
    default: bool = False
    origin: tuple[str, ...] | None = None
    location: Location | None = field(default=None, compare=False)

    @property
    def path(self) -> str | None:
        """The path that it counts for or against, or that its job or advice is about."""
        if isinstance(self.then, Evidence | Target):
            return self.then.path
        parts = self.when.parts if isinstance(self.when, All) else (self.when,)
        return next((part.path for part in parts if isinstance(part, Recommended)), None)

    @property
    def stratum(self) -> Stratum:
        """When it is run."""
        return _STRATUM[type(self.then)]
