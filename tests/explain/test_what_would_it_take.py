"""What would it take: exactly the minimal sets of changes, against enumeration of all of them."""

from itertools import combinations

import pytest

from fourways.engines.fast import CompactEngine
from fourways.engines.reference import ReferenceEngine
from fourways.explain.changes import (
    Change,
    Operation,
    all_in_words,
    brought_about_by,
    grouped,
    single_changes,
)
from fourways.explain.whatwouldittake import near_misses, what_would_it_take
from fourways.explain.whynot import applied
from fourways.model.base import RuleBase
from fourways.model.profile import WISHES, By, Kind, Profile
from random_profiles import random_profiles


def proposable(base: RuleBase, profile: Profile) -> list[Change]:
    attributes = base.attributes.items()
    return [c for name, a in attributes for c in single_changes(a, profile.get(name)) if c.by]


def minimal_sets(
    engine: CompactEngine, profile: Profile, path: str, most: int
) -> set[frozenset[Change]]:
    """Decide every set of changes, and return those of which no part is enough."""
    found: set[frozenset[Change]] = set()
    for size in range(most + 1):
        for chosen in combinations(proposable(engine.base, profile), size):
            # A single answer changes once.
            given = [c.attribute for c in chosen if c.change is Operation.ANSWER]
            if len(given) > len(set(given)):
                continue
            enough = engine.first(engine.bits(applied(engine.base, profile, chosen))) == path
            if enough and not any(smaller < {*chosen} for smaller in found):
                found.add(frozenset(chosen))
    return found


@pytest.mark.parametrize(("count", "most", "seed"), [(60, 2, 1), (4, 3, 3)])
def test_the_sets_are_exactly_those_that_enumeration_finds(
    base: RuleBase, compact: CompactEngine, count: int, most: int, seed: int
) -> None:
    paths = list(base.paths)
    for index, profile in enumerate(random_profiles(base, count, seed)):
        path = paths[index % len(paths)]
        proposals = what_would_it_take(compact, profile, path, most=most)
        found = (*proposals.sets, *proposals.wishes)

        expected = minimal_sets(compact, profile, path, most)
        assert proposals.already_first is (expected == {frozenset()})
        assert set(map(frozenset, found)) == expected - {frozenset()}, (profile, path)
        assert len(set(map(frozenset, found))) == len(found)


def test_every_set_puts_the_path_first_in_the_reference_engine(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 25, seed=5):
        for path in base.paths:
            proposals = what_would_it_take(compact, profile, path, most=2)
            for changes in (*proposals.sets[:5], *proposals.wishes[:5]):
                assert reference.decide(applied(base, profile, changes)).recommendation == path


def test_kept_answers_are_not_changed(base: RuleBase, compact: CompactEngine) -> None:
    keep = ("growth_blockers", "aspirations")
    for profile in random_profiles(base, 50, seed=6):
        proposals = what_would_it_take(compact, profile, "move_out", keep=keep, most=2)
        for changes in (*proposals.sets, *proposals.wishes):
            assert not {change.attribute for change in changes} & {*keep}


def test_wishes_are_apart_and_what_can_be_done_comes_first(
    base: RuleBase, compact: CompactEngine
) -> None:
    def wished(changes: tuple[Change, ...]) -> bool:
        return any(base.attributes[change.attribute].about == WISHES for change in changes)

    for profile in random_profiles(base, 50, seed=9):
        for path in base.paths:
            proposals = what_would_it_take(compact, profile, path, most=2)
            kinds = [brought_about_by(changes) for changes in proposals.sets]
            assert kinds == sorted(kinds, key=[By.DO, By.HAPPENS].index)
            assert not any(map(wished, proposals.sets))
            assert all(map(wished, proposals.wishes))


def test_a_path_that_is_first_already_takes_nothing(compact: CompactEngine) -> None:
    proposals = what_would_it_take(compact, Profile({"aspirations": frozenset({"stay"})}), "stay")

    assert proposals.already_first
    assert (proposals.sets, proposals.wishes) == ((), ())


@pytest.mark.parametrize("attribute", ["current_role", "pmo_scope", "organisation_size"])
def test_another_job_or_employer_is_never_proposed(base: RuleBase, attribute: str) -> None:
    assert not [v.id for v in base.attributes[attribute].values if v.if_so or v.if_not]


def test_skills_are_gained_projects_grow_and_beliefs_stay(base: RuleBase) -> None:
    everything = {
        name: frozenset(attribute.by_id)
        for name, attribute in base.attributes.items()
        if attribute.kind is Kind.SET
    }
    proposed = [
        change
        for profile in (Profile(), Profile({**everything, "largest_project": "large"}))
        for change in proposable(base, profile)
    ]

    assert {c.value for c in proposed if c.attribute == "largest_project"} == {"large"}
    skills = {c.change for c in proposed if c.attribute == "transferable_skills"}
    assert skills == {Operation.ADD}
    assert not [c for c in proposed if c.value == "believes_dead_end"]


def test_changes_are_said_in_the_words_of_the_profile(base: RuleBase) -> None:
    profile = Profile({"growth_blockers": frozenset({"waiting_for_vacancy"})})
    changes = {c.value: c for c in proposable(base, profile)}

    assert all_in_words([changes["waiting_for_vacancy"], changes["serious"]]) == (
        "if a more senior job opened up now, and if you started actively looking for another job"
    )


def test_grouped_sets_are_the_same_sets(base: RuleBase, compact: CompactEngine) -> None:
    for profile in random_profiles(base, 60, seed=8):
        sets = what_would_it_take(compact, profile, "move_out", most=2).wishes
        members = [
            frozenset((*one.common, *((change,) if change else ())))
            for one in grouped(sets)
            for change in (one.one_of or (None,))
        ]

        assert len(members) == len(sets)
        assert set(members) == set(map(frozenset, sets))


def test_near_misses_are_the_smallest_sets_of_every_path(
    base: RuleBase, compact: CompactEngine, reference: ReferenceEngine
) -> None:
    for profile in random_profiles(base, 40, seed=33):
        standings = reference.decide(profile).standings

        listed = near_misses(compact, profile)

        assert [(one.path, one.certainty) for one in listed] == [
            (one.path, one.certainty / 100) for one in standings
        ]
        for one in listed:
            every = what_would_it_take(compact, profile, one.path, most=2)
            for kind in By:
                of_kind = [
                    [s for s in (*p.sets, *p.wishes) if brought_about_by(s) is kind]
                    for p in (one, every)
                ]
                smallest = min(map(len, of_kind[1]), default=0)
                assert of_kind[0] == [s for s in of_kind[1] if len(s) == smallest]
