"""What may still come first while answers are missing, and which answer would tell most.

Any of the open questions may be answered in any way, or stay open. For each path an answer is
looked for that puts it first; the search leaves aside only what the bounds of the certainties
exclude, so that a path that is called impossible is impossible.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import count

from fourways.engines.fast import CompactEngine
from fourways.explain.reachable import (
    Question,
    Search,
    TooMuchError,
    few_answers,
    in_reach,
    open_questions,
)
from fourways.model.profile import Answer, Profile

_EFFORT = 2_000
"""How many combinations of answers are looked at while a person waits; ours take a few hundred."""


@dataclass(frozen=True, slots=True)
class Separation:
    """What an answer to an open question would tell.

    Attributes:
        attribute: the question.
        remaining: how many outcomes would be left, on the average over the answers.
        first_after: the first recommendations, each with an answer that leads to it at once.
    """

    attribute: str
    remaining: float
    first_after: tuple[tuple[str | None, Answer], ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What may still come first.

    Attributes:
        now: the first recommendation with what is known; None where no path is supported.
        possible: the paths that may come first, in the article's order.
        none_possible: whether it may be that no path is supported.
        separations: the open questions that bear on it, the one that tells most first.
    """

    now: str | None
    possible: tuple[str, ...]
    none_possible: bool
    separations: tuple[Separation, ...]

    @property
    def settled(self) -> bool:
        """Whether no answer changes the first recommendation any more."""
        return len(self.possible) + self.none_possible == 1


def outcomes(engine: CompactEngine, profile: Profile, never: Collection[str] = ()) -> Outcomes:
    """Give what may still come first, and the question that would separate the outcomes best.

    Args:
        engine: the rules.
        profile: what is known.
        never: attributes that will not be known.
    """
    bits = engine.bits(profile) & engine.tested
    questions = open_questions(engine, profile, never)
    possible = _possible(engine, bits, questions)
    separations = [_separation(engine, bits, one, questions, possible) for one in questions]
    separations.sort(key=_most_telling)
    return Outcomes(
        now=engine.first(bits),
        possible=tuple(path for path in engine.base.paths if path in possible),
        none_possible=None in possible,
        separations=tuple(separations) if len(possible) > 1 else (),
    )


def settled(engine: CompactEngine, profile: Profile, never: Collection[str] = ()) -> bool:
    """Tell whether no answer changes the first recommendation any more, while a person waits.

    Exact where the search ends soon; where it does not, it is called open.

    Args:
        engine: the rules.
        profile: what is known.
        never: attributes that will not be known.
    """
    if not few_answers(engine, profile, never):
        return False
    bits = engine.bits(profile) & engine.tested
    questions = open_questions(engine, profile, never)
    first = engine.first(bits)
    # Mostly the bounds tell, or one answer more; what neither tells is searched for.
    spent = count()
    others = [
        Search(engine, target, most=_EFFORT, spent=spent)
        for target in (*engine.base.paths, None)
        if target != first
    ]
    if all(other.excluded(engine.base.paths, bits, questions) for other in others):
        return True
    if any(engine.first(bits | more) != first for one in questions for more, _ in one.answers):
        return False
    try:
        return not any(other.finds(bits, questions) for other in others)
    except TooMuchError:
        return False


def telling(
    engine: CompactEngine, profile: Profile, never: Collection[str], among: Collection[str]
) -> tuple[str, ...]:
    """Give those of some questions that bear on the paths, the one that separates them best first.

    Quicker than `outcomes`: what may come first is judged by the bounds alone.

    Args:
        engine: the rules.
        profile: what is known.
        never: attributes that will not be known.
        among: the questions.
    """
    if not few_answers(engine, profile, never):
        return ()
    bits = engine.bits(profile) & engine.tested
    questions = open_questions(engine, profile, never)
    targets = (*engine.base.paths, None)
    separations = [
        _separation(engine, bits, one, questions, targets)
        for one in questions
        if one.attribute in among
    ]
    separations.sort(key=_most_telling)
    return tuple(one.attribute for one in separations)


def _possible(engine: CompactEngine, bits: int, questions: tuple[Question, ...]) -> set[str | None]:
    """Give the first recommendations that some answers lead to; None for no path at all."""
    found: set[str | None] = {engine.first(bits)}
    for question in questions:
        found |= {engine.first(bits | more) for more, _ in question.answers}
    targets: tuple[str | None, ...] = (*engine.base.paths, None)
    return found | {
        target
        for target in targets
        if target not in found and Search(engine, target).finds(bits, questions)
    }


def _separation(
    engine: CompactEngine,
    bits: int,
    question: Question,
    questions: tuple[Question, ...],
    possible: Collection[str | None],
) -> Separation:
    rest = tuple(one for one in questions if one is not question)
    left = [in_reach(engine, bits | more, rest, possible) for more, _ in question.answers]
    firsts: dict[str | None, Answer] = {}
    for more, answer in question.answers:
        firsts.setdefault(engine.first(bits | more), answer)
    return Separation(question.attribute, sum(left) / len(left), tuple(firsts.items()))


def _most_telling(one: Separation) -> tuple[float, int]:
    return one.remaining, -len(one.first_after)
