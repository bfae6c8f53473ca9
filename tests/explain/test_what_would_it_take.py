"""What would it take: exactly the minimal sets of changes, against enumeration of all of them."""

from itertools import combinations, groupby

import pytest

from fourways.engines.compact import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain.changes import (
    Change,
    Sort,
    all_in_words,
    applied,
    gathered,
    in_words,
)
from fourways.explain.whatwouldittake import what_would_it_take
from fourways.model.base import RuleBase
from fourways.model.profile import Answer, Kind, Profile
from random_profiles import random_profiles

WISHES = ("aspirations", "pnl_appetite", "needs_title_or_pay")


def single_changes(base: RuleBase, profile: Profile, wishes: bool) -> list[Change]:
    """Every change there is, written down anew so that it can judge the search."""
    found = []
    for name, attribute in base.attributes.items():
        if name in WISHES and not wishes:
            continue
        answer = profile.get(name)
        for value in attribute.values:
            if attribute.kind is Kind.SET:
                held = isinstance(answer, frozenset) and value.id in answer
                found.append(Change(name, Sort.REMOVE if held else Sort.ADD, value.id))
            elif str(answer).lower() != value.id or answer is None:
                found.append(Change(name, Sort.ANSWER, value.id))
        if attribute.kind is Kind.SET and answer is None:
            found.append(Change(name, Sort.NOTHING, "none"))
    return found


def go_together(changes: tuple[Change, ...]) -> bool:
    """A single answer changes once, and "none" goes with no member."""
    for one, other in combinations(changes, 2):
        if one.attribute == other.attribute and not (
            {one.sort, other.sort} <= {Sort.ADD, Sort.REMOVE}
        ):
            return False
    return True


class BruteForce:
    """Decides every set of changes, and keeps those of which no part does."""

    def __init__(self, base: RuleBase, engine: CompactEngine) -> None:
        self.base, self.engine = base, engine
        self._turned: dict[tuple[Answer | None, tuple[Change, ...]], int] = {}

    def sets(self, profile: Profile, path: str, wishes: bool, most: int) -> set[frozenset[Change]]:
        bits = self.engine.bits(profile)
        if self.engine.first(bits) == path:
            return {frozenset()}
        found: set[frozenset[Change]] = set()
        changes = single_changes(self.base, profile, wishes)
        for size in range(1, most + 1):
            for chosen in combinations(changes, size):
                if not go_together(chosen):
                    continue
                after = bits
                for _, own in groupby(chosen, key=lambda change: change.attribute):
                    after ^= self._turns(profile, tuple(own))
                if self.engine.first(after) == path:
                    candidate = frozenset(chosen)
                    if not any(smaller < candidate for smaller in found):
                        found.add(candidate)
        return found

    def _turns(self, profile: Profile, changes: tuple[Change, ...]) -> int:
        """Give the bits that some changes of one attribute turn over."""
        answer = profile.get(changes[0].attribute)
        if (answer, changes) not in self._turned:
            before = Profile({} if answer is None else {changes[0].attribute: answer})
            after = self.engine.bits(applied(self.base, before, changes))
            self._turned[answer, changes] = self.engine.bits(before) ^ after
        return self._turned[answer, changes]


@pytest.mark.parametrize(
    ("count", "most", "wishes", "seed"),
    [(1600, 2, False, 1), (400, 2, True, 2), (20, 3, False, 3), (6, 3, True, 4)],
)
def test_the_sets_are_exactly_those_that_enumeration_finds(
    base: RuleBase, compact: CompactEngine, count: int, most: int, wishes: bool, seed: int
) -> None:
    brute_force = BruteForce(base, compact)
    paths = list(base.paths)
    for index, profile in enumerate(random_profiles(base, count, seed)):
        path = paths[index % len(paths)]
        found = what_would_it_take(compact, profile, path, wishes=wishes, most=most)

        assert len(set(map(frozenset, found))) == len(found)
        expected = brute_force.sets(profile, path, wishes, most)
        assert set(map(frozenset, found)) == expected, (profile, path)


def test_every_set_makes_the_path_the_first_recommendation_of_the_reference_engine(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 25, seed=5):
        for path in base.paths:
            for changes in what_would_it_take(compact, profile, path, most=2)[:10]:
                after = reference.decide(applied(base, profile, changes))
                assert after.recommendation == path


def test_what_is_to_be_kept_is_not_changed(base: RuleBase, compact: CompactEngine) -> None:
    keep = ("growth_blockers", "current_role")
    for profile in random_profiles(base, 100, seed=6):
        for changes in what_would_it_take(compact, profile, "move_out", keep=keep, most=2):
            assert not {change.attribute for change in changes} & {*keep}


def test_wishes_are_proposed_only_when_asked_for(base: RuleBase, compact: CompactEngine) -> None:
    profile = Profile({"current_role": "pmo_analyst"})

    unasked = what_would_it_take(compact, profile, "stay", most=3)
    asked = what_would_it_take(compact, profile, "stay", most=1, wishes=True)

    assert unasked == ()
    assert (Change("aspirations", Sort.ADD, "stay"),) in asked


def test_a_path_that_is_first_already_takes_nothing(compact: CompactEngine) -> None:
    profile = Profile({"aspirations": frozenset({"stay"})})

    assert what_would_it_take(compact, profile, "stay") == ((),)


def test_the_smallest_sets_are_those_of_the_smallest_size(
    base: RuleBase, compact: CompactEngine
) -> None:
    for profile in random_profiles(base, 60, seed=7):
        every = what_would_it_take(compact, profile, "move_sideways", most=3)
        fewest = what_would_it_take(compact, profile, "move_sideways", most=3, smallest=True)

        assert fewest == tuple(one for one in every if len(one) == len(every[0]))


def test_changes_are_told_in_the_words_of_the_profile(base: RuleBase) -> None:
    changes = (
        Change("growth_blockers", Sort.REMOVE, "waiting_for_vacancy"),
        Change("current_role", Sort.ANSWER, "pmo_analyst"),
    )

    assert all_in_words(base, changes) == (
        'if a more senior job opened up now, and if your job were "PMO analyst"'
    )


def test_every_change_has_words_that_start_with_if(base: RuleBase) -> None:
    everything = Profile(
        {
            name: frozenset(value.id for value in attribute.values)
            for name, attribute in base.attributes.items()
            if attribute.kind is Kind.SET
        }
    )
    for profile in (Profile(), everything):
        for change in single_changes(base, profile, wishes=True):
            assert in_words(base, change).startswith("if ")


def test_gathered_sets_are_the_same_sets(base: RuleBase, compact: CompactEngine) -> None:
    for profile in random_profiles(base, 60, seed=8):
        sets = what_would_it_take(compact, profile, "move_out", most=2)
        spelt_out = [
            frozenset((*one.common, *((change,) if change else ())))
            for one in gathered(sets)
            for change in (one.one_of or (None,))
        ]

        assert len(spelt_out) == len(sets)
        assert set(spelt_out) == set(map(frozenset, sets))
