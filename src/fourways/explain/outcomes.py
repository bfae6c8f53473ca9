"""What may still come first while answers are missing, and which answer would tell most.

Any of the open questions may be answered in any way, or stay open. For each path an answer is
looked for that puts it first; the search leaves aside only what the bounds of the certainties
exclude, so that a path that is called impossible is impossible.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import count

from fourways.engines.compact import CompactEngine
from fourways.explain.changes import steps
from fourways.model.profile import Answer, Kind, Profile

_EFFORT = 2_000
"""How many combinations of answers are looked at while a person waits; ours take a few hundred."""

_MANY_VALUES = 12
"""Sets of more values have too many answers to go through while a person waits."""


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


@dataclass(frozen=True, slots=True)
class _Question:
    """An open question: the bits of each kind of answer, and of all together."""

    attribute: str
    answers: tuple[tuple[int, Answer], ...]
    all_bits: int


def outcomes(engine: CompactEngine, profile: Profile, never: Collection[str] = ()) -> Outcomes:
    """Give what may still come first, and the question that would separate the outcomes best.

    Args:
        engine: the rules.
        profile: what is known.
        never: attributes that will not be known.
    """
    bits = engine.bits(profile) & engine.tested
    questions = _questions(engine, profile, never)
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
    if not _few_answers(engine, profile, never):
        return False
    bits = engine.bits(profile) & engine.tested
    questions = _questions(engine, profile, never)
    first = engine.first(bits)
    # Mostly the bounds tell, or one answer more; what neither tells is searched for.
    spent = count()
    others = [
        _Search(engine, target, most=_EFFORT, spent=spent)
        for target in (*engine.base.paths, None)
        if target != first
    ]
    if all(other.excluded(engine.base.paths, bits, questions) for other in others):
        return True
    if any(engine.first(bits | more) != first for one in questions for more, _ in one.answers):
        return False
    try:
        return not any(other.finds(bits, questions) for other in others)
    except _TooMuchError:
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
    if not _few_answers(engine, profile, never):
        return ()
    bits = engine.bits(profile) & engine.tested
    questions = _questions(engine, profile, never)
    targets = (*engine.base.paths, None)
    separations = [
        _separation(engine, bits, one, questions, targets)
        for one in questions
        if one.attribute in among
    ]
    separations.sort(key=_most_telling)
    return tuple(one.attribute for one in separations)


def _few_answers(engine: CompactEngine, profile: Profile, never: Collection[str]) -> bool:
    return not any(
        attribute.kind is Kind.SET and len(attribute.values) > _MANY_VALUES
        for name, attribute in engine.base.attributes.items()
        if name not in profile and name not in never
    )


def _questions(
    engine: CompactEngine, profile: Profile, never: Collection[str]
) -> tuple[_Question, ...]:
    questions = []
    for name, attribute in engine.base.attributes.items():
        if name in profile or name in never:
            continue
        # Answers that no rule tells apart are one.
        answers: dict[int, Answer] = {}
        for step in steps(attribute, None, len(attribute.values)):
            answers.setdefault(engine.answer_bits(name, step.answer) & engine.tested, step.answer)
        all_bits = 0
        for bits in answers:
            all_bits |= bits
        if all_bits:
            questions.append(_Question(name, tuple(answers.items()), all_bits))
    return tuple(questions)


def _possible(
    engine: CompactEngine, bits: int, questions: tuple[_Question, ...]
) -> set[str | None]:
    """Give the first recommendations that some answers lead to; None for no path at all."""
    found: set[str | None] = {engine.first(bits)}
    for question in questions:
        found |= {engine.first(bits | more) for more, _ in question.answers}
    targets: tuple[str | None, ...] = (*engine.base.paths, None)
    return found | {
        target
        for target in targets
        if target not in found and _Search(engine, target).finds(bits, questions)
    }


class _TooMuchError(Exception):
    """The search takes longer than a person should wait."""


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for answers that put a path first; with None, that leave no path supported."""

    engine: CompactEngine
    target: str | None
    most: int | None = None
    spent: Iterator[int] = field(default_factory=count)

    def finds(self, bits: int, questions: tuple[_Question, ...]) -> bool:
        """Tell whether there are such answers."""
        # Against one rival at a time few answers matter, and most that is impossible shows.
        rivals = [path for path in self.engine.base.paths if path != self.target]
        return all(self._beats((rival,), bits, questions) for rival in rivals) and self._beats(
            tuple(rivals), bits, questions
        )

    def _beats(self, rivals: tuple[str, ...], bits: int, questions: tuple[_Question, ...]) -> bool:
        """Tell whether some answers put the path before some rivals."""
        paths = {*rivals, *([self.target] if self.target else [])}
        bearing = self.engine.bearing(paths)

        def swing(question: _Question) -> int:
            bounds = self.engine.bounds(bits, bits | question.all_bits)
            return sum(most - least for path, least, most in bounds if path in paths)

        narrowed = (_narrowed(question, bearing) for question in questions)
        # What moves the paths most comes first: what it leaves open is soon settled.
        relevant = sorted(
            (question for question in narrowed if question.all_bits), key=swing, reverse=True
        )
        return self._reachable(rivals, bits, tuple(relevant))

    def _reachable(
        self, rivals: tuple[str, ...], bits: int, questions: tuple[_Question, ...]
    ) -> bool:
        if not self.excluded(rivals, bits, ()):
            return True
        if not questions or self.excluded(rivals, bits, questions):
            return False
        if self.most is not None and next(self.spent) >= self.most:
            raise _TooMuchError
        question, *later = questions
        rest = tuple(later)
        tried = sorted(
            {0, *(more for more, _ in question.answers)},
            key=lambda more: -self._lead(rivals, bits | more),
        )
        return any(self._reachable(rivals, bits | more, rest) for more in tried)

    def excluded(
        self, rivals: Collection[str], bits: int, questions: tuple[_Question, ...]
    ) -> bool:
        """Tell whether the bounds say that the path comes before none of these whatever comes.

        Without questions this is exact.
        """
        possible = bits
        for question in questions:
            possible |= question.all_bits
        bounds = {path: (least, most) for path, least, most in self.engine.bounds(bits, possible)}
        cutoff = self.engine.base.certainty.cutoff
        if self.target is None:
            return any(bounds[path][0] > cutoff for path in rivals)
        most = bounds[self.target][1]
        if most <= cutoff:
            return True
        before = True
        for path, (least, _) in bounds.items():
            if path == self.target:
                before = False
            elif path in rivals and (least > most or (least == most and before)):
                return True
        return False

    def _lead(self, rivals: tuple[str, ...], bits: int) -> int:
        """Give by how much the path is ahead of the rivals; of none, how little they have."""
        certainties = dict(self.engine.certainties(bits))
        own = 0 if self.target is None else certainties[self.target]
        return own - max((certainties[path] for path in rivals), default=0)


def _narrowed(question: _Question, bearing: int) -> _Question:
    """Give a question with only those answers that some paths tell apart."""
    answers = {more & bearing: answer for more, answer in question.answers}
    return _Question(question.attribute, tuple(answers.items()), question.all_bits & bearing)


def _separation(
    engine: CompactEngine,
    bits: int,
    question: _Question,
    questions: tuple[_Question, ...],
    possible: Collection[str | None],
) -> Separation:
    rest = tuple(one for one in questions if one is not question)
    left = [
        sum(
            not _Search(engine, target).excluded(engine.base.paths, bits | more, rest)
            for target in possible
        )
        for more, _ in question.answers
    ]
    firsts: dict[str | None, Answer] = {}
    for more, answer in question.answers:
        firsts.setdefault(engine.first(bits | more), answer)
    return Separation(question.attribute, sum(left) / len(left), tuple(firsts.items()))


def _most_telling(one: Separation) -> tuple[float, int]:
    return one.remaining, -len(one.first_after)
