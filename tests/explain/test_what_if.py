"""What if: the difference of two decisions, and nothing else."""

from itertools import pairwise

from fourways.engines.reference import ReferenceEngine
from fourways.explain.whatif import ChangedAnswer, Difference, PathChange, Place, what_if
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from random_profiles import random_profiles


def ids(*groups: object) -> set[str]:
    return {reason.rule for group in groups for reason in group}  # type: ignore[attr-defined]


def test_what_came_and_went_turns_one_trace_into_the_other(
    base: RuleBase, reference: ReferenceEngine
) -> None:
    for before, after in pairwise(map(reference.decide, random_profiles(base, 60, seed=21))):
        answer = what_if(before, after)

        differences: list[Difference] = [answer.rules, answer.guidance, answer.targets]
        came = ids(*(one.came for one in differences))
        went = ids(*(one.went for one in differences))
        fired = [{firing.rule.id for firing in decision.trace} for decision in (before, after)]
        assert not came & went
        assert (fired[0] - went) | came == fired[1]


def test_changed_answers_have_both_values(reference: ReferenceEngine) -> None:
    before = Profile({"job_search": "considering", "organisation_size": "small"})
    after = Profile({"job_search": "serious", "organisation_size": "small", "pmo_scope": "it"})

    answer = what_if(reference.decide(before), reference.decide(after))

    assert answer.answers == (
        ChangedAnswer("pmo_scope", None, "it"),
        ChangedAnswer("job_search", "considering", "serious"),
    )


def test_paths_have_place_and_certainty_before_and_after(reference: ReferenceEngine) -> None:
    after = reference.decide(Profile({"aspirations": frozenset({"stay"})}))

    answer = what_if(reference.decide(Profile()), after)

    assert PathChange("stay", Place(None, 0.0), Place(1, 0.8)) in answer.paths
    assert answer.recommendation.after == "stay"


def test_reasons_advice_and_next_jobs_are_separate(reference: ReferenceEngine) -> None:
    manager = Profile({"current_role": "project_manager", "job_search": "not_looking"})
    looking = manager.having("job_search", "serious")

    answer = what_if(
        reference.decide(manager),
        reference.decide(looking.having("aspirations", frozenset({"breadth"}))),
    )

    assert "out.reference" in ids(answer.guidance.came)
    assert "out.serious" in ids(answer.rules.came)
    assert "a job in the PMO (Move sideways, now)" in [one.says for one in answer.targets.came]
    assert not ids(answer.rules.came) & ids(answer.guidance.came, answer.targets.came)
