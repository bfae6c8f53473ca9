"""What if: the difference of two decisions, and nothing else."""

from itertools import pairwise

from fourways.engines.reference import ReferenceEngine
from fourways.explain.whatif import what_if
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from random_profiles import random_profiles


def test_what_came_and_went_turns_one_trace_into_the_other(
    base: RuleBase, reference: ReferenceEngine
) -> None:
    profiles = random_profiles(base, 60, seed=21)
    for one, other in pairwise(profiles):
        answer = what_if(reference.decide(one), reference.decide(other))

        def ids(*groups: object) -> set[str]:
            return {firing.rule.id for group in groups for firing in group}  # type: ignore[attr-defined]

        came = ids(answer.came, answer.guidance_came, answer.targets_came)
        went = ids(answer.went, answer.guidance_went, answer.targets_went)
        assert not came & went
        assert (ids(answer.before.trace) - went) | came == ids(answer.after.trace)


def test_the_answers_that_differ_are_named_with_both_values(reference: ReferenceEngine) -> None:
    before = Profile({"job_search": "considering", "organisation_size": "small"})
    after = Profile({"job_search": "serious", "organisation_size": "small", "pmo_scope": "it"})

    answer = what_if(reference.decide(before), reference.decide(after))

    assert [(one.attribute, one.before, one.after) for one in answer.answers] == [
        ("pmo_scope", None, "it"),
        ("job_search", "considering", "serious"),
    ]


def test_places_and_certainties_stand_side_by_side(reference: ReferenceEngine) -> None:
    answer = what_if(
        reference.decide(Profile()),
        reference.decide(Profile({"aspirations": frozenset({"stay"})})),
    )

    stay = next(path for path in answer.paths if path.path == "stay")
    assert (stay.place_before, stay.place_after) == (None, 1)
    assert (stay.before, stay.after) == (0, 80)


def test_guidance_that_comes_and_goes_is_kept_apart(reference: ReferenceEngine) -> None:
    answer = what_if(
        reference.decide(Profile({"job_search": "not_looking"})),
        reference.decide(Profile({"job_search": "serious"})),
    )

    assert "out.reference" in [firing.rule.id for firing in answer.guidance_came]
    assert "out.serious" in [firing.rule.id for firing in answer.came]
    assert answer.guidance_went == ()
