"""Which first recommendations answers can still lead to: a search that leaves nothing out.

Any of the open questions may be answered in any way, or stay open. The search leaves aside only
what the bounds of the certainties exclude, so that what it does not find is not there.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from weakref import WeakKeyDictionary

from fourways.engines.fast import CompactEngine
from fourways.explain.changes import steps
from fourways.model.profile import Answer, Kind, Profile

_MANY_VALUES = 12
"""Sets of more values have too many answers to go through while a person waits."""


@dataclass(frozen=True, slots=True)
class Question:
    """An open question: the bits of each kind of answer, and of all together."""

    attribute: str
    answers: tuple[tuple[int, Answer], ...]
    all_bits: int


def few_answers(engine: CompactEngine, profile: Profile, never: Collection[str]) -> bool:
    """Tell whether all answers to the open questions can be gone through while a person waits."""
    return not any(
        attribute.kind is Kind.SET and len(attribute.values) > _MANY_VALUES
        for name, attribute in engine.base.attributes.items()
        if name not in profile and name not in never
    )


def open_questions(
    engine: CompactEngine, profile: Profile, never: Collection[str]
) -> tuple[Question, ...]:
    """Give the open questions that bear on the paths.

    Args:
        engine: the rules.
        profile: what is known.
        never: attributes that will not be known.
    """
    asked = _questions.setdefault(engine, {})
    questions = []
    for name in engine.base.attributes:
        if name in profile or name in never:
            continue
        if name not in asked:
            asked[name] = _question(engine, name)
        if asked[name].all_bits:
            questions.append(asked[name])
    return tuple(questions)


_questions: WeakKeyDictionary[CompactEngine, dict[str, Question]] = WeakKeyDictionary()
"""What depends on the rules alone is looked for once."""


def _question(engine: CompactEngine, name: str) -> Question:
    attribute = engine.base.attributes[name]
    # Answers that no rule tells apart are one.
    answers: dict[int, Answer] = {}
    for step in steps(attribute, None, len(attribute.values)):
        answers.setdefault(engine.answer_bits(name, step.answer) & engine.tested, step.answer)
    all_bits = 0
    for bits in answers:
        all_bits |= bits
    return Question(name, tuple(answers.items()), all_bits)


class TooMuchError(Exception):
    """The search takes longer than a person should wait."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search for answers that put a path first; with None, that leave no path supported."""

    engine: CompactEngine
    target: str | None
    most: int | None = None
    spent: Iterator[int] = field(default_factory=count)

    def finds(self, bits: int, questions: tuple[Question, ...]) -> bool:
        """Tell whether there are such answers."""
        # Against one rival at a time few answers matter, and most that is impossible shows.
        rivals = [path for path in self.engine.base.paths if path != self.target]
        return all(self._beats((rival,), bits, questions) for rival in rivals) and self._beats(
            tuple(rivals), bits, questions
        )

    def _beats(self, rivals: tuple[str, ...], bits: int, questions: tuple[Question, ...]) -> bool:
        """Tell whether some answers put the path before some rivals."""
        paths = {*rivals, *([self.target] if self.target else [])}
        bearing = self.engine.bearing(paths)

        def swing(question: Question) -> int:
            bounds = self.engine.bounds(bits, bits | question.all_bits)
            return sum(most - least for path, least, most in bounds if path in paths)

        narrowed = (_narrowed(question, bearing) for question in questions)
        # What moves the paths most comes first: what it leaves open is soon settled.
        relevant = sorted(
            (question for question in narrowed if question.all_bits), key=swing, reverse=True
        )
        return self._reachable(rivals, bits, tuple(relevant))

    def _reachable(
        self, rivals: tuple[str, ...], bits: int, questions: tuple[Question, ...]
    ) -> bool:
        if not self.excluded(rivals, bits, ()):
            return True
        if not questions or self.excluded(rivals, bits, questions):
            return False
        if self.most is not None and next(self.spent) >= self.most:
            raise TooMuchError
        question, *later = questions
        rest = tuple(later)
        tried = sorted(
            {0, *(more for more, _ in question.answers)},
            key=lambda more: -self._lead(rivals, bits | more),
        )
        return any(self._reachable(rivals, bits | more, rest) for more in tried)

    def excluded(self, rivals: Collection[str], bits: int, questions: tuple[Question, ...]) -> bool:
        """Tell whether the bounds say that the path comes before none of these whatever comes.

        Without questions this is exact.
        """
        bounds = _bounds(self.engine, bits, questions)
        return _excluded(self.target, rivals, bounds, self.engine.base.certainty.cutoff)

    def _lead(self, rivals: tuple[str, ...], bits: int) -> int:
        """Give by how much the path is ahead of the rivals; of none, how little they have."""
        certainties = dict(self.engine.certainties(bits))
        own = 0 if self.target is None else certainties[self.target]
        return own - max((certainties[path] for path in rivals), default=0)


def _narrowed(question: Question, bearing: int) -> Question:
    """Give a question with only those answers that some paths tell apart."""
    answers = {more & bearing: answer for more, answer in question.answers}
    return Question(question.attribute, tuple(answers.items()), question.all_bits & bearing)


def in_reach(
    engine: CompactEngine,
    bits: int,
    questions: Iterable[Question],
    targets: Collection[str | None],
) -> int:
    """Give how many of some first recommendations the bounds of the certainties do not exclude."""
    bounds = _bounds(engine, bits, questions)
    cutoff = engine.base.certainty.cutoff
    return sum(not _excluded(target, engine.base.paths, bounds, cutoff) for target in targets)


_Bounds = tuple[tuple[str, int, int], ...]


def _bounds(engine: CompactEngine, bits: int, questions: Iterable[Question]) -> _Bounds:
    possible = bits
    for question in questions:
        possible |= question.all_bits
    return tuple(engine.bounds(bits, possible))


def _excluded(target: str | None, rivals: Collection[str], bounds: _Bounds, cutoff: int) -> bool:
    if target is None:
        return any(least > cutoff for path, least, _ in bounds if path in rivals)
    most = next(most for path, _, most in bounds if path == target)
    if most <= cutoff:
        return True
    before = True
    for path, least, _ in bounds:
        if path == target:
            before = False
        elif path in rivals and (least > most or (least == most and before)):
            return True
    return False
