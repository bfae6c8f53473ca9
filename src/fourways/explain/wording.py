"""Decisions in plain words: the reasons, targets, actions and cautions as people read them."""

import re

from fourways.model.certainty import shown
from fourways.model.decision import Decision, Firing, Standing
from fourways.model.rules import Action, Caution, Finding, Target, Time

AND = ", and "
"""Joins the reasons of a finding, which are clauses."""

ONLY_DEFAULT = "This is the article's usual next step. Nothing you said points elsewhere."
NOT_ENOUGH = "Not enough answers to recommend a next step."

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def text_of(decision: Decision, firing: Firing) -> str:
    """Give what a rule that fired says: its reason, or the text of its action or caution.

    Args:
        decision: where it fired; gives the values for {attribute} and {finding.because}.
        firing: the rule.

    Returns:
        A sentence; for a finding a clause, to be used within one.
    """
    rule = firing.rule
    template = rule.then.text if isinstance(rule.then, Action | Caution) else rule.because
    text = _PLACEHOLDER.sub(lambda found: _filled(decision, found[1]), template)
    return text if isinstance(rule.then, Finding) else text[:1].upper() + text[1:]


def _filled(decision: Decision, name: str) -> str:
    finding, dot, _ = name.partition(".")
    if dot:
        return AND.join(text_of(decision, firing) for firing in decision.findings[finding])
    return decision.base.attributes[name].in_words(decision.profile[name])


def reasons(decision: Decision, path: str) -> tuple[str, ...]:
    """Return what speaks for a path, in file order."""
    said = tuple(text_of(decision, firing) for firing in decision.evidence(path))
    return (*said, ONLY_DEFAULT) if decision.only_default else said


def counter_reasons(decision: Decision, path: str) -> tuple[str, ...]:
    """Give what speaks against a path."""
    return tuple(text_of(decision, firing) for firing in decision.evidence(path, against=True))


def targets(decision: Decision, path: str, time: Time) -> tuple[str, ...]:
    """Give the next jobs that the role graph names on a path, now or in time."""
    return tuple(
        decision.base.post_title(firing.rule.then.to)
        for firing in decision.targets(path)
        if isinstance(firing.rule.then, Target) and firing.rule.then.time is time
    )


def advice(decision: Decision, sort: type[Action | Caution], path: str | None) -> tuple[str, ...]:
    """Return what the person is advised or warned of on a path; with None, on any path."""
    return tuple(text_of(decision, firing) for firing in decision.advice(sort, path))


def not_enough(decision: Decision) -> str:
    """Return why no path is recommended, and which answers would help most."""
    labels = [decision.base.attributes[name].label for name in decision.would_help]
    return f"{NOT_ENOUGH} It would help to know: {', '.join(labels)}." if labels else NOT_ENOUGH


def certainty(decision: Decision, standing: Standing) -> str:
    """Return how strong the support of a path is: "good support, 0.72"."""
    words = decision.base.certainty.in_words(standing.certainty)
    return f"{words} support, {shown(standing.certainty)}"
