"""Why a question is asked, in words: what is known, what is needed, which paths it bears on."""

from collections.abc import Iterable

from fourways.explain.relevance import Awaited, Outlook
from fourways.model.base import RuleBase
from fourways.model.conditions import Complement, Lacks, Test
from fourways.model.profile import Kind
from fourways.model.rules import Stratum

_FEW = 4
"""How many rules are named; a person asks for the reason, not for the whole rule base."""


def why(outlook: Outlook, attribute: str) -> tuple[str, ...]:
    """Give the reason for a question, a paragraph each.

    Args:
        outlook: what can still come out.
        attribute: what is asked; best one that still matters.
    """
    base = outlook.base
    bearing = outlook.bearing(attribute)
    if not bearing.rules:
        return ("No rule waits for this answer any more.",)
    titles = [base.paths[path].title for path in bearing.paths]
    lines = [
        f"Your answer bears on {_listed(titles, 'and')}."
        if titles
        else "Your answer bears on the advice that goes with a step."
    ]
    known = {test.attribute: None for awaited in bearing.rules for test in awaited.known}
    if known:
        asked = [base.attributes[name] for name in known]
        facts = [f"{one.label} ({one.in_words(outlook.profile[one.id])})" for one in asked]
        lines.append(f"Known so far, and of weight here: {_listed(facts, 'and')}.")
    # What weighs on a path before advice and next jobs, and what waits for the least first.
    nearest = sorted(
        bearing.rules,
        key=lambda one: (one.rule.stratum is not Stratum.EVIDENCE, len(_waited_for(one))),
    )
    lines += [_sentence(base, awaited, attribute) for awaited in nearest[:_FEW]]
    more = len(nearest) - _FEW
    if more > 0:
        lines.append(f"{more} more {'rule waits' if more == 1 else 'rules wait'} for it.")
    return tuple(lines)


def _sentence(base: RuleBase, awaited: Awaited, attribute: str) -> str:
    rule = awaited.rule
    here = [looked_for(base, test) for test in awaited.needed if test.attribute == attribute]
    elsewhere = [base.attributes[name].label for name in _waited_for(awaited) if name != attribute]
    also = f"; {_listed(elsewhere, 'and')} would count as well" if elsewhere else ""
    source = "rule of the house" if rule.house else ", ".join(rule.cites)
    return f"{rule.title} [{source}]: it looks for {_listed(dict.fromkeys(here), 'or')}{also}."


def _waited_for(awaited: Awaited) -> tuple[str, ...]:
    return tuple(dict.fromkeys(test.attribute for test in awaited.needed))


def looked_for(base: RuleBase, test: Test) -> str:
    """Give the answers that a test accepts, in words."""
    attribute = base.attributes[test.attribute]
    lacks = isinstance(test, Lacks)
    accepted = test.accepted
    if isinstance(test, Complement):
        lacks = not isinstance(test.test, Lacks)
        if attribute.kind is not Kind.SET:
            lacks, accepted = False, frozenset(attribute.by_id) - accepted
    values = [f'"{value.words}"' for value in attribute.values if value.id in accepted]
    if lacks:
        return f"none of {_listed(values, 'and')}"
    return _listed(values, "or")


def _listed(items: Iterable[str], last: str) -> str:
    items = list(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}" if len(items) > 1 else "".join(items)
