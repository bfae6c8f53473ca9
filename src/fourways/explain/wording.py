"""Decisions in words: the reasons, next jobs, actions and cautions as people read them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fourways.model.certainty import shown
from fourways.model.decision import Decision, Firing, Standing
from fourways.model.rules import Action, Caution, Finding, Target, Time

AND = ", and "
"""Joins the reasons of a finding, which are clauses."""

ONLY_DEFAULT = "This is the article's usual next step. Nothing you said points elsewhere."
NOT_ENOUGH = "Not enough answers to recommend a next step."
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired, what it says, and the statements that it rests on (a house rule: none)."""

    rule: str
    says: str
    cites: tuple[str, ...]


def reason(decision: Decision, firing: Firing) -> Reason:
    """Return a rule that fired, in words; a next job with its path and time."""
    rule = firing.rule
    if isinstance(rule.then, Target):
        path = decision.base.paths[rule.then.path].title
        when = "now" if rule.then.time is Time.NOW else "in time"
        says = f"{decision.base.post_title(rule.then.to)} ({path}, {when})"
    else:
        says = text_of(decision, firing)
    return Reason(rule.id, says, rule.cites)


def source(cites: Sequence[str]) -> str:
    """Return what a rule rests on: "S2.p1.s3, S2.p2.s2"."""
    return ", ".join(cites) or "rule of the house"


def text_of(decision: Decision, firing: Firing) -> str:
    """Return what a rule that fired says: its reason, or the text of its action or caution.

    Args:
        decision: fills in {attribute} and {finding.because}.
        firing: the rule.

    Returns:
        A sentence; for a finding a clause, to be used within one.
    """
    rule = firing.rule
    template = rule.then.text if isinstance(rule.then, Action | Caution) else rule.because
    text = PLACEHOLDER.sub(lambda found: _filled_in(decision, found[1]), template)
    return text if isinstance(rule.then, Finding) else text[:1].upper() + text[1:]


def _filled_in(decision: Decision, name: str) -> str:
    finding, dot, _ = name.partition(".")
    if dot:
        return AND.join(text_of(decision, firing) for firing in decision.findings[finding])
    return decision.base.attributes[name].in_words(decision.profile[name])


def reasons(decision: Decision, path: str) -> tuple[str, ...]:
    """Return what supports a path, in file order."""
    said = tuple(text_of(decision, firing) for firing in decision.evidence(path))
    return (*said, ONLY_DEFAULT) if decision.only_default else said


def counter_reasons(decision: Decision, path: str) -> tuple[str, ...]:
    """Return what counts against a path."""
    return tuple(text_of(decision, firing) for firing in decision.evidence(path, against=True))


def targets(decision: Decision, path: str, time: Time) -> tuple[str, ...]:
    """Return the next jobs on a path, possible now or in time."""
    return tuple(
        decision.base.post_title(firing.rule.then.to)
        for firing in decision.targets(path)
        if isinstance(firing.rule.then, Target) and firing.rule.then.time is time
    )


def advice(decision: Decision, sort: type[Action | Caution], path: str | None) -> tuple[str, ...]:
    """Return the actions or cautions for a path; with None, for any path."""
    return tuple(text_of(decision, firing) for firing in decision.advice(sort, path))


def not_enough(decision: Decision) -> str:
    """Return why no path is recommended, and which answers would help most."""
    labels = [decision.base.attributes[name].label for name in decision.would_help]
    return f"{NOT_ENOUGH} It would help to know: {', '.join(labels)}." if labels else NOT_ENOUGH


def certainty(decision: Decision, standing: Standing) -> str:
    """Return how strong the support of a path is: "good support, 0.72"."""
    words = decision.base.certainty.in_words(standing.certainty)
    return f"{words} support, {shown(standing.certainty)}"
