"""What may still come first while answers are missing, and which question narrows it down most.

Each open question may be answered in any way, or stay open. For each path the search looks for
answers that put it first. It skips only what the bounds of the certainties exclude, so a path that
is called impossible is impossible.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from fourways.engines.fast import Interval, union
from fourways.explain.relevance import Outlook
from fourways.model.profile import Answer, Kind

_EFFORT = 2_000
"""How many combinations of answers `settled` tries at most; the built-in rules need hundreds."""

_MANY_VALUES = 12
"""Sets with more values have too many answers to try while a person waits."""


Target = str | None
"""A path that is to come first; None if no path is to be supported."""


@dataclass(frozen=True, slots=True)
class First:
    """An answer, and the path that comes first with it and nothing else; None for no path."""

    answer: Answer
    recommendation: Target


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a question separates the possible outcomes.

    Attributes:
        attribute, question: what is asked.
        outcomes_left_on_average: how many outcomes are left, averaged over the answers.
        first_after: each path that an answer puts first at once, with such an answer.
    """

    attribute: str
    question: str
    outcomes_left_on_average: float
    first_after: tuple[First, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What may still come first.

    Attributes:
        now: the first recommendation with the known answers; None where no path is supported.
        possible: the paths that may come first, in the article's order; None for no path.
        settled: whether only one outcome is left.
        questions: the open questions that affect it, the one that narrows it down most first.
    """

    now: Target
    possible: tuple[Target, ...]
    settled: bool
    questions: tuple[Separation, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """An open question: its answers by their bits, and all bits that an answer can set."""

    attribute: str
    answers: Mapping[int, Answer]
    bits: int


def outcomes(outlook: Outlook) -> Outcomes:
    """Return what may still come first, and the questions that separate it, the best first."""
    engine, sure, questions = outlook.engine, outlook.sure, _questions(outlook)
    found = {engine.first(sure)}
    found |= {engine.first(sure | bits) for one in questions for bits in one.answers}
    for target in (*engine.base.paths, None):
        if target not in found and _can_lead(outlook, target, questions, count()):
            found.add(target)
    possible = tuple(target for target in (*engine.base.paths, None) if target in found)
    return Outcomes(
        now=engine.first(sure),
        possible=possible,
        settled=len(possible) == 1,
        questions=tuple(_ranked(outlook, questions, possible)) if len(possible) > 1 else (),
    )


def settled(outlook: Outlook) -> bool:
    """Return whether no answer can change the first recommendation, while a person waits.

    Exact where the search ends soon; otherwise the recommendation is called open.
    """
    engine, sure = outlook.engine, outlook.sure
    first = engine.first(sure)
    cutoff = engine.base.certainty.cutoff
    others = [target for target in (*engine.base.paths, None) if target != first]
    if all(_excluded(other, outlook.bounds, cutoff) for other in others):
        return True
    if not _few_answers(outlook):
        return False
    questions = _questions(outlook)
    if any(engine.first(sure | bits) != first for one in questions for bits in one.answers):
        return False
    effort = iter(range(_EFFORT))
    try:
        return not any(_can_lead(outlook, one, questions, effort) for one in others)
    except _TooMuchError:
        return False


def telling(outlook: Outlook, among: Collection[str]) -> tuple[str, ...]:
    """Return some open questions that affect the ranking, the one that separates it best first.

    Quicker than `outcomes`: the bounds of the certainties say what may come first.
    """
    if not _few_answers(outlook):
        return ()
    targets = (*outlook.base.paths, None)
    return tuple(one.attribute for one in _ranked(outlook, _questions(outlook), targets, among))


def _few_answers(outlook: Outlook) -> bool:
    attributes = (outlook.base.attributes[name] for name in outlook.unanswered)
    return not any(a.kind is Kind.SET and len(a.values) > _MANY_VALUES for a in attributes)


def _questions(outlook: Outlook) -> tuple[_Question, ...]:
    """Return the open questions that affect the ranking."""
    questions = []
    for name in outlook.unanswered:
        answers = outlook.engine.distinct_answers(name)
        if bits := union(answers):
            questions.append(_Question(name, answers, bits))
    return tuple(questions)


def _ranked(
    outlook: Outlook,
    questions: Sequence[_Question],
    possible: Collection[Target],
    among: Collection[str] | None = None,
) -> list[Separation]:
    """Return the separations, the one that leaves the fewest of the possible outcomes first."""
    separations = []
    for question in questions:
        if among is None or question.attribute in among:
            others = union(one.bits for one in questions if one is not question)
            separations.append(_separation(outlook, question, others, possible))
    return sorted(separations, key=lambda s: (s.outcomes_left_on_average, -len(s.first_after)))


def _separation(
    outlook: Outlook, question: _Question, other_bits: int, possible: Collection[Target]
) -> Separation:
    engine, cutoff = outlook.engine, outlook.base.certainty.cutoff
    left = 0
    firsts: dict[Target, Answer] = {}
    for bits, answer in question.answers.items():
        sure = outlook.sure | bits
        bounds = engine.bounds(sure, sure | other_bits)
        left += sum(not _excluded(one, bounds, cutoff) for one in possible)
        firsts.setdefault(engine.first(sure), answer)
    return Separation(
        question.attribute,
        engine.base.attributes[question.attribute].question,
        left / len(question.answers),
        tuple(First(answer, path) for path, answer in firsts.items()),
    )


def _excluded(target: Target, bounds: Mapping[str, Interval], cutoff: int) -> bool:
    """Return whether a path can't come first; exact where nothing is open."""
    if target is None:
        return any(interval.least > cutoff for interval in bounds.values())
    most = bounds[target].most
    if most <= cutoff:
        return True
    # Of equal paths the earlier one comes first.
    earlier = True
    for path, interval in bounds.items():
        if path == target:
            earlier = False
        elif interval.least + earlier > most:
            return True
    return False


class _TooMuchError(Exception):
    """The search takes longer than a person should wait."""


def _can_lead(
    outlook: Outlook, target: Target, questions: Sequence[_Question], effort: Iterator[int]
) -> bool:
    """Return whether some answers put a path first; with None, leave no path supported.

    Args:
        outlook: what is still open.
        target: the path.
        questions: the open questions.
        effort: yields once for each combination that may be tried.

    Raises:
        _TooMuchError: the effort is spent.
    """
    engine, cutoff = outlook.engine, outlook.base.certainty.cutoff

    def swing(question: _Question) -> int:
        bounds = engine.bounds(outlook.sure, outlook.sure | question.bits)
        return sum(one.most - one.least for one in bounds.values())

    def lead(bits: int) -> int:
        certainties = engine.certainties(bits)
        own = certainties.pop(target) if target else 0
        return own - max(certainties.values(), default=0)

    def search(sure: int, left: Sequence[_Question]) -> bool:
        if not _excluded(target, engine.bounds(sure, sure), cutoff):
            return True
        possible = sure | union(one.bits for one in left)
        if not left or _excluded(target, engine.bounds(sure, possible), cutoff):
            return False
        if next(effort, None) is None:
            raise _TooMuchError
        tried = sorted({sure, *(sure | bits for bits in left[0].answers)}, key=lead, reverse=True)
        return any(search(one, left[1:]) for one in tried)

    # The question that moves the paths most comes first: the others then decide little.
    return search(outlook.sure, sorted(questions, key=swing, reverse=True))
