"""What would it take: exactly the minimal sets of changes, against enumeration of all of them."""

from itertools import combinations, groupby

import pytest

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain.changes import (
    Change,
    Sort,
    all_in_words,
    applied,
    comes_about_by,
    gathered,
)
from fourways.explain.whatwouldittake import what_would_it_take
from fourways.model.base import RuleBase
from fourways.model.profile import WISHES, Answer, By, Kind, Profile
from random_profiles import random_profiles


def single_changes(base: RuleBase, profile: Profile) -> list[Change]:
    """Every change that is declared, written down anew so that it can judge the search."""
    found = []
    for name, attribute in base.attributes.items():
        answer = profile.get(name)
        for value in attribute.values:
            if attribute.kind is Kind.SET:
                held = isinstance(answer, frozenset) and value.id in answer
                if held and value.if_not:
                    found.append(Change(name, Sort.REMOVE, value.id))
                elif not held and value.if_so:
                    found.append(Change(name, Sort.ADD, value.id))
            elif value.if_so and (str(answer).lower() != value.id or answer is None):
                found.append(Change(name, Sort.ANSWER, value.id))
    return found


def go_together(changes: tuple[Change, ...]) -> bool:
    """A single answer changes once."""
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

    def sets(self, profile: Profile, path: str, most: int) -> set[frozenset[Change]]:
        bits = self.engine.bits(profile)
        if self.engine.first(bits) == path:
            return {frozenset()}
        found: set[frozenset[Change]] = set()
        changes = single_changes(self.base, profile)
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


@pytest.mark.parametrize(("count", "most", "seed"), [(1600, 2, 1), (60, 3, 3)])
def test_the_sets_are_exactly_those_that_enumeration_finds(
    base: RuleBase, compact: CompactEngine, count: int, most: int, seed: int
) -> None:
    brute_force = BruteForce(base, compact)
    paths = list(base.paths)
    for index, profile in enumerate(random_profiles(base, count, seed)):
        path = paths[index % len(paths)]
        proposals = what_would_it_take(compact, profile, path, most=most)
        found = (*proposals.sets, *proposals.wishes)

        assert len(set(map(frozenset, found))) == len(found)
        expected = brute_force.sets(profile, path, most)
        assert proposals.already is (expected == {frozenset()})
        assert set(map(frozenset, found)) == expected - {frozenset()}, (profile, path)


def test_every_set_makes_the_path_the_first_recommendation_of_the_reference_engine(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 25, seed=5):
        for path in base.paths:
            proposals = what_would_it_take(compact, profile, path, most=2)
            for changes in (*proposals.sets[:5], *proposals.wishes[:5]):
                after = reference.decide(applied(base, profile, changes))
                assert after.recommendation == path


def test_what_is_to_be_kept_is_not_changed(base: RuleBase, compact: CompactEngine) -> None:
    keep = ("growth_blockers", "aspirations")
    for profile in random_profiles(base, 100, seed=6):
        proposals = what_would_it_take(compact, profile, "move_out", keep=keep, most=2)
        for changes in (*proposals.sets, *proposals.wishes):
            assert not {change.attribute for change in changes} & {*keep}


def test_wishes_are_apart_and_what_can_be_done_comes_first(
    base: RuleBase, compact: CompactEngine
) -> None:
    for profile in random_profiles(base, 100, seed=9):
        for path in base.paths:
            proposals = what_would_it_take(compact, profile, path, most=2)
            kinds = [comes_about_by(base, changes) for changes in proposals.sets]
            assert kinds == sorted(kinds, key=[By.DO, By.HAPPENS].index)
            for changes in proposals.sets:
                assert all(base.attributes[c.attribute].about != WISHES for c in changes)
            for changes in proposals.wishes:
                assert any(base.attributes[c.attribute].about == WISHES for c in changes)


def test_a_path_that_only_a_wish_would_put_first_has_wishes(compact: CompactEngine) -> None:
    proposals = what_would_it_take(compact, Profile({"current_role": "pmo_analyst"}), "stay")

    assert proposals.sets == ()
    assert (Change("aspirations", Sort.ADD, "stay"),) in proposals.wishes


def test_a_path_that_is_first_already_takes_nothing(compact: CompactEngine) -> None:
    profile = Profile({"aspirations": frozenset({"stay"})})

    proposals = what_would_it_take(compact, profile, "stay")

    assert proposals.already
    assert (proposals.sets, proposals.wishes) == ((), ())


@pytest.mark.parametrize("attribute", ["current_role", "pmo_scope", "organisation_size"])
def test_another_job_or_employer_is_never_proposed(base: RuleBase, attribute: str) -> None:
    assert not [v.id for v in base.attributes[attribute].values if v.if_so or v.if_not]


def test_skills_are_gained_and_projects_grow_and_beliefs_are_left_alone(base: RuleBase) -> None:
    everything = {
        name: frozenset(attribute.by_id)
        for name, attribute in base.attributes.items()
        if attribute.kind is Kind.SET
    }
    proposed = {
        (change.attribute, change.sort, change.value)
        for profile in (Profile(), Profile({**everything, "largest_project": "large"}))
        for change in single_changes(base, profile)
    }

    assert {v for a, _, v in proposed if a == "largest_project"} == {"large"}
    assert {s for a, s, _ in proposed if a == "transferable_skills"} == {Sort.ADD}
    assert not [v for _, _, v in proposed if v == "believes_dead_end"]


def test_the_smallest_sets_are_those_of_the_smallest_size(
    base: RuleBase, compact: CompactEngine
) -> None:
    for profile in random_profiles(base, 60, seed=7):
        every = what_would_it_take(compact, profile, "move_sideways", most=3)
        fewest = every.smallest()

        for by, sets in every.by.items():
            assert fewest.by[by] == tuple(one for one in sets if len(one) == len(sets[0]))


def test_changes_are_told_in_the_words_of_the_profile(base: RuleBase) -> None:
    changes = (
        Change("growth_blockers", Sort.REMOVE, "waiting_for_vacancy"),
        Change("job_search", Sort.ANSWER, "serious"),
    )

    assert all_in_words(base, changes) == (
        "if a more senior job opened up now, and if you started actively looking for another job"
    )


def test_gathered_sets_are_the_same_sets(base: RuleBase, compact: CompactEngine) -> None:
    for profile in random_profiles(base, 60, seed=8):
        sets = what_would_it_take(compact, profile, "move_out", most=2).wishes
        spelt_out = [
            frozenset((*one.common, *((change,) if change else ())))
            for one in gathered(sets)
            for change in (one.one_of or (None,))
        ]

        assert len(spelt_out) == len(sets)
        assert set(spelt_out) == set(map(frozenset, sets))
