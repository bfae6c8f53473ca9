"""The use cases, one function each: what the command line and the web page can do.

A use case takes values and returns one finished value; it neither prints nor asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fourways.interview import Interview
    from fourways.model.base import RuleBase
    from fourways.model.decision import Decision
    from fourways.model.profile import Profile

# ------------------------------------------------------------------ one person


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation for one person.

    Attributes:
        decision: what the rules recommend, and why.
        notes: what was inferred while the answers were read.
    """

    decision: "Decision"
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the advice as plain data."""
        from fourways.explain.justification import as_json

        return {**as_json(self.decision), "notes": list(self.notes)}

    def answers_as_yaml(self) -> str:
        """Return the answers as the YAML that `advise` reads."""
        from fourways.answers.profiles import as_yaml

        return as_yaml(self.decision.profile, self.decision.base.attributes)


def advise(base: "RuleBase", file: Path | None = None, answers: Iterable[str] = ()) -> Advice:
    """Return a recommendation for one profile.

    Args:
        base: the rules.
        file: a YAML file of answers.
        answers: texts such as `organisation_size=40`; they replace those in the file.

    Raises:
        FourwaysError: with every problem of the answers.
    """
    from fourways.answers.profiles import ReadProfile, profile_of, read_profile
    from fourways.model.profile import Profile

    read = read_profile(file, base.attributes) if file else ReadProfile(Profile())
    more = profile_of(answers, base.attributes)
    profile = Profile({**read.profile, **more.profile})
    return _advise(base, profile, (*read.notes, *more.notes))


def start_interview(
    base: "RuleBase", answers: Iterable[str] = ()
) -> tuple["Interview", tuple[str, ...]]:
    """Return an interview, and what was inferred from the answers that are known already.

    Raises:
        FourwaysError: with every problem of the answers.
    """
    from fourways.answers.profiles import profile_of
    from fourways.interview import Interview

    known = profile_of(answers, base.attributes)
    return Interview.of(base, known.profile), known.notes


def conclude(interview: "Interview", notes: tuple[str, ...] = ()) -> Advice:
    """Return the recommendation at the end of an interview, or at any point of it."""
    return _advise(interview.base, interview.profile, notes)


def _advise(base: "RuleBase", profile: "Profile", notes: tuple[str, ...]) -> Advice:
    from fourways.engines.experta_engine import ExpertaEngine

    return Advice(ExpertaEngine(base).decide(profile), notes)


# ---------------------------------------------------------------- explanations


# ----------------------------------------------------------------------- rules


# ---------------------------------------------------------------- files of people


# ------------------------------------------------------------- audit and ledger
