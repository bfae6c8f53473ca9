"""Decisions in plain words: the reasons, targets, actions and cautions as people read them."""

import re

from fourways.model.certainty import shown
from fourways.model.decision import Decision, Firing, Standing
from fourways.model.rules import Action, Caution, Finding, Target, Time

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
        return " and ".join(text_of(decision, firing) for firing in decision.findings[finding])
    return decision.base.attributes[name].in_words(decision.profile[name])


def reasons(decision: Decision, path: str) -> tuple[str, ...]:
    """Give what speaks for a path, strongest words as in file order."""
    return tuple(text_of(decision, firing) for firing in decision.evidence(path))


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


def actions(decision: Decision) -> tuple[str, ...]:
    """Give what the person is advised to do."""
    return tuple(text_of(decision, firing) for firing in decision.actions)


def cautions(decision: Decision) -> tuple[str, ...]:
    """Give what the person is warned of."""
    return tuple(text_of(decision, firing) for firing in decision.cautions)


def certainty(decision: Decision, standing: Standing) -> str:
    """Give a certainty in words and as a number: "likely, 0.72"."""
    return f"{decision.base.certainty.in_words(standing.certainty)}, {shown(standing.certainty)}"
