"""The career map: a person's job, and the next jobs on each recommended path, as a small tree."""

from dataclasses import dataclass
from typing import Any

from fourways.explain import wording
from fourways.model.decision import Decision, Standing
from fourways.model.profile import Kind
from fourways.model.rules import Rule, Target, Time


@dataclass(frozen=True, slots=True)
class NextJob:
    """A job that a path leads to: its id and title, when the move is possible, and its rule."""

    id: str
    title: str
    time: Time
    rule: Rule


@dataclass(frozen=True, slots=True)
class Branch:
    """A recommended path and its next jobs: those possible now, then those that take time."""

    standing: Standing
    title: str
    support: str
    jobs: tuple[NextJob, ...]


@dataclass(frozen=True, slots=True)
class CareerMap:
    """The map.

    Attributes:
        here: the id of the person's job; None if it is unknown.
        title: the job in words; empty if it is unknown.
        branches: the recommended paths, best first.
    """

    here: str | None
    title: str
    branches: tuple[Branch, ...]


def career_map(decision: Decision) -> CareerMap:
    """Return the career map for a decision."""
    base = decision.base
    jobs = [decision.profile.get(a.id) for a in base.attributes.values() if a.kind is Kind.ROLE]
    here = next((job for job in jobs if isinstance(job, str)), None)
    return CareerMap(
        here=here,
        title=base.post_title(here) if here else "",
        branches=tuple(
            Branch(
                standing=standing,
                title=base.paths[standing.path].title,
                support=wording.certainty(decision, standing),
                jobs=_next_jobs(decision, standing.path),
            )
            for standing in decision.ranking
        ),
    )


def _next_jobs(decision: Decision, path: str) -> tuple[NextJob, ...]:
    jobs = [
        NextJob(target.to, decision.base.post_title(target.to), target.time, firing.rule)
        for firing in decision.targets(path)
        if isinstance(target := firing.rule.then, Target)
    ]
    return tuple(sorted(jobs, key=lambda job: list(Time).index(job.time)))


def as_json(drawn: CareerMap) -> dict[str, Any]:
    """Return the map as plain data; `when` is `now` or `in_time`."""
    return {
        "job": drawn.here,
        "title": drawn.title,
        "paths": [
            {
                "path": branch.standing.path,
                "title": branch.title,
                "certainty": branch.standing.certainty / 100,
                "next_jobs": [
                    {
                        "job": job.id,
                        "title": job.title,
                        "when": job.time.value,
                        "rule": job.rule.id,
                    }
                    for job in branch.jobs
                ],
            }
            for branch in drawn.branches
        ],
    }
