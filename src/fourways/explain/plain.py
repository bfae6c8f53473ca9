"""Explanations as plain data, ready for JSON; the same for the same answers and rules."""

from collections.abc import Iterable
from typing import Any

from fourways.explain import changes as words
from fourways.explain import wording
from fourways.explain.changes import Change
from fourways.explain.conditions import in_words
from fourways.explain.nearmiss import NearMiss
from fourways.explain.outcomes import Outcomes
from fourways.explain.relevance import Outlook
from fourways.explain.whatif import WhatIf
from fourways.explain.whatwouldittake import Proposals
from fourways.explain.whynot import Missing, Part, WhyNot
from fourways.model.base import RuleBase
from fourways.model.conditions import Test
from fourways.model.decision import Decision, Firing
from fourways.model.profile import Answer, name_of


def of_changes(base: RuleBase, changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return a set of changes."""
    return [
        {
            "attribute": change.attribute,
            "change": change.sort.value,
            "value": change.value,
            "by": words.comes_about_by(base, [change]).value,
            "in_words": words.in_words(base, change),
        }
        for change in changes
    ]


def of_proposals(base: RuleBase, path: str, proposals: Proposals) -> dict[str, Any]:
    """Return what it would take to make a path the first recommendation."""
    return {
        "path": path,
        "already_first": proposals.already,
        "sets": [of_changes(base, changes) for changes in proposals.sets],
        "wishes": [of_changes(base, changes) for changes in proposals.wishes],
    }


def of_why_not(one: WhyNot) -> dict[str, Any]:
    """Return why a path is not the first recommendation."""
    base = one.decision.base
    return {
        "path": one.path,
        "certainty": one.certainty / 100,
        "recommendation": one.decision.recommendation,
        "supporting": _firings(one.decision, one.supporting),
        "opposing": _firings(one.decision, one.opposing),
        "missing": [
            {
                "rule": missing.rule.id,
                "title": missing.rule.title,
                "cites": list(missing.rule.cites),
                "condition": _part(missing.condition),
                "unmet": [_test(base, test) for test in missing.unmet],
                "proposal": _then(base, missing),
            }
            for missing in one.missing
        ],
    }


def _then(base: RuleBase, missing: Missing) -> dict[str, Any] | None:
    if missing.proposal is None:
        return None
    return {
        "changes": of_changes(base, missing.proposal),
        "certainty": missing.certainty / 100,
        "recommendation": missing.first,
    }


def of_what_if(one: WhatIf) -> dict[str, Any]:
    """Give two decisions side by side."""
    return {
        "answers": [
            {
                "attribute": answer.attribute,
                "before": _answer(one.before.base, answer.attribute, answer.before),
                "after": _answer(one.after.base, answer.attribute, answer.after),
            }
            for answer in one.answers
        ],
        "recommendation": {"before": one.before.recommendation, "after": one.after.recommendation},
        "paths": [
            {
                "path": path.path,
                "before": {"place": path.place_before, "certainty": path.before / 100},
                "after": {"place": path.place_after, "certainty": path.after / 100},
            }
            for path in one.paths
        ],
        "rules": {
            "came": _firings(one.after, one.came),
            "went": _firings(one.before, one.went),
        },
        "guidance": {
            "came": _firings(one.after, one.guidance_came),
            "went": _firings(one.before, one.guidance_went),
        },
        "targets": {
            "came": [firing.rule.id for firing in one.targets_came],
            "went": [firing.rule.id for firing in one.targets_went],
        },
    }


def of_near_misses(base: RuleBase, listed: Iterable[NearMiss]) -> list[dict[str, Any]]:
    """Return every path with what is missing for the first place."""
    return [
        {
            **of_proposals(base, one.path, one.proposals),
            "certainty": one.certainty / 100,
            "behind": one.behind / 100,
        }
        for one in listed
    ]


def of_why(outlook: Outlook, attribute: str) -> dict[str, Any]:
    """Give why a question is asked: what is known, what is needed, which paths it bears on."""
    base = outlook.base
    bearing = outlook.bearing(attribute)
    return {
        "attribute": attribute,
        "question": base.attributes[attribute].question,
        "asked": bool(bearing.rules),
        "paths": list(bearing.paths),
        "rules": [
            {
                "rule": awaited.rule.id,
                "title": awaited.rule.title,
                "cites": list(awaited.rule.cites),
                "known": [_test(base, test) for test in awaited.known],
                "needed": [_test(base, test) for test in awaited.needed],
            }
            for awaited in bearing.rules
        ],
    }


def _test(base: RuleBase, test: Test) -> dict[str, str]:
    return {"attribute": test.attribute, "says": in_words(test, base)}


def of_outcomes(base: RuleBase, one: Outcomes) -> dict[str, Any]:
    """Give what may still come first, and which questions bear on it."""
    return {
        "now": one.now,
        "possible": [*one.possible, *([None] if one.none_possible else [])],
        "settled": one.settled,
        "questions": [
            {
                "attribute": separation.attribute,
                "question": base.attributes[separation.attribute].question,
                "outcomes_left_on_average": round(separation.remaining, 2),
                "first_after": [
                    {
                        "answer": _answer(base, separation.attribute, answer),
                        "recommendation": path,
                    }
                    for path, answer in separation.first_after
                ],
            }
            for separation in one.separations
        ],
    }


def _firings(decision: Decision, firings: Iterable[Firing]) -> list[dict[str, Any]]:
    return [
        {
            "rule": firing.rule.id,
            "says": wording.text_of(decision, firing),
            "cites": list(firing.rule.cites),
        }
        for firing in firings
    ]


def _part(part: Part) -> dict[str, Any]:
    plain: dict[str, Any] = {"says": part.says, "mark": part.mark}
    if part.parts:
        plain["parts"] = [_part(one) for one in part.parts]
    return plain


def _answer(base: RuleBase, attribute: str, answer: Answer | None) -> Any:
    if answer is None:
        return None
    if isinstance(answer, frozenset):
        return list(base.attributes[attribute].members(answer))
    return answer if isinstance(answer, bool) else name_of(answer)
