"""What would it take: the smallest sets of changes that put a path first.

Only changes that the knowledge declares are proposed: what a person can do, what can happen, and
what they could want. Every set of them up to the size is decided, none is guessed: level by level,
so that a set is looked at only when no part of it does already.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

from fourways.engines.fast import CompactEngine
from fourways.explain.changes import Change, Sort, can_be_proposed, comes_about_by, steps
from fourways.model.profile import By, Profile

MOST_CHANGES = 3
"""What is looked for at most: who hears of more changes hears of another person."""


Sets = tuple[tuple[Change, ...], ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What would put a path first.

    Attributes:
        already: whether the path is first as it is; then there is nothing to propose.
        by: for what the changes come about by, the minimal sets, the smallest first. Sets of
            which one change is something that happens are with these, and sets with a wish are
            with the wishes.
    """

    already: bool
    by: Mapping[By, Sets]

    @property
    def sets(self) -> Sets:
        """The sets without wishes: first what a person can do, then what can happen."""
        return self.by[By.DO] + self.by[By.HAPPENS]

    @property
    def wishes(self) -> Sets:
        """The sets with a wish."""
        return self.by[By.WISH]

    def smallest(self) -> "Proposals":
        """Return, for each of what changes come about by, only the sets of the smallest size."""
        return Proposals(
            self.already,
            {
                by: tuple(one for one in sets if len(one) == len(sets[0]))
                for by, sets in self.by.items()
            },
        )


@dataclass(frozen=True, slots=True)
class _Move:
    """What can be done to one attribute.

    Attributes:
        atoms: a bit for each change.
        turns: the bits of the tests that it turns over.
    """

    atoms: int
    turns: int


@dataclass(slots=True)
class _Moves:
    """All that can be done: for each attribute, by how many changes it is.

    Attributes:
        by_attribute: for each attribute a mapping from size to moves.
        meant: for each bit of a change, the changes that all do the same to every rule.
    """

    by_attribute: list[dict[int, list[_Move]]] = field(default_factory=list)
    meant: dict[int, list[Change]] = field(default_factory=dict)


def what_would_it_take(
    engine: CompactEngine,
    profile: Profile,
    path: str,
    *,
    keep: Collection[str] = (),
    most: int = MOST_CHANGES,
) -> Proposals:
    """Return the minimal sets of changes that make a path the first recommendation.

    Args:
        engine: the rules.
        profile: what is known now.
        path: the path that is to come first; of equal ones the article's first one does.
        keep: attributes that cannot or will not change.
        most: how many changes a set has at most.

    Returns:
        All sets of which no part does.
    """
    bits = engine.bits(profile)
    if engine.first(bits) == path:
        return Proposals(True, dict.fromkeys(By, ()))
    moves = _moves(engine, profile, [n for n in engine.base.attributes if n not in keep], most)
    solved: set[int] = set()
    for size in range(1, most + 1):
        found = {
            atoms
            for atoms in _leading(engine, moves.by_attribute, bits, path, size)
            if not any(part in solved for part in _parts(atoms))
        }
        solved |= found
        # What holds a solution holds no other minimal one.
        for by_size in moves.by_attribute:
            for size_of_move, listed in by_size.items():
                by_size[size_of_move] = [
                    move
                    for move in listed
                    if move.atoms not in solved
                    and not any(part in solved for part in _parts(move.atoms))
                ]
    sets = _spelt_out(engine, moves, solved)
    return Proposals(
        False,
        {by: tuple(s for s in sets if comes_about_by(engine.base, s) is by) for by in By},
    )


def _moves(
    engine: CompactEngine, profile: Profile, attributes: Collection[str], most: int
) -> _Moves:
    moves = _Moves()
    bit_of: dict[Change, int] = {}
    for name in attributes:
        answer = profile.get(name)
        before = 0 if answer is None else engine.answer_bits(name, answer) & engine.tested
        by_size: dict[int, list[_Move]] = defaultdict(list)
        alike: dict[int, int] = {}
        attribute = engine.base.attributes[name]
        for step in steps(attribute, answer, most):
            if not can_be_proposed(attribute, step.changes):
                continue
            turns = before ^ (engine.answer_bits(name, step.answer) & engine.tested)
            if len(step.changes) == 1:
                change = step.changes[0]
                single = change.sort is Sort.ANSWER
                if single and turns == 0:
                    continue
                # Single answers that turn the same tests stand for each other.
                bit = alike.get(turns) if single else None
                if bit is not None:
                    moves.meant[bit].append(change)
                    continue
                bit_of[change] = bit = 1 << len(bit_of)
                moves.meant[bit] = [change]
                alike[turns] = bit
            atoms = sum(bit_of[change] for change in step.changes)
            by_size[len(step.changes)].append(_Move(atoms, turns))
        if any(move.turns for listed in by_size.values() for move in listed):
            moves.by_attribute.append(by_size)
    return moves


def _leading(
    engine: CompactEngine,
    moves: list[dict[int, list[_Move]]],
    bits: int,
    path: str,
    size: int,
    atoms: int = 0,
) -> Iterator[int]:
    """Yield the sets of exactly a size that put the path first."""
    for index, by_size in enumerate(moves):
        for move in by_size.get(size, ()):
            if engine.first(bits ^ move.turns) == path:
                yield atoms | move.atoms
        later = moves[index + 1 :]
        for smaller in range(1, size):
            for move in by_size.get(smaller, ()):
                yield from _leading(
                    engine, later, bits ^ move.turns, path, size - smaller, atoms | move.atoms
                )


def _parts(atoms: int) -> Iterator[int]:
    """Give the proper parts of a set, without the empty one."""
    bits = []
    while atoms:
        bits.append(atoms & -atoms)
        atoms &= atoms - 1
    for size in range(1, len(bits)):
        for part in combinations(bits, size):
            yield sum(part)


def _spelt_out(
    engine: CompactEngine, moves: _Moves, solved: Collection[int]
) -> list[tuple[Change, ...]]:
    """Return the sets with each of the changes that stand for each other, as declared."""
    order = {change: _place(engine, change) for meant in moves.meant.values() for change in meant}
    sets = [
        tuple(sorted(changes, key=order.__getitem__))
        for atoms in solved
        for changes in product(*(m for bit, m in moves.meant.items() if bit & atoms))
    ]
    return sorted(sets, key=lambda changes: (len(changes), [order[change] for change in changes]))


def _place(engine: CompactEngine, change: Change) -> tuple[int, int]:
    """Give where a change stands: its attribute, then its value, as declared."""
    attributes = engine.base.attributes
    value = attributes[change.attribute].order.get(change.value, -1)
    return list(attributes).index(change.attribute), value
