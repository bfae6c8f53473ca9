"""Why a question is asked: the paths and rules that wait for the answer."""

from dataclasses import dataclass

from fourways.engines.fast import union
from fourways.explain.conditions import Clause, clauses, joined
from fourways.explain.relevance import Outlook
from fourways.explain.wording import source
from fourways.model.base import RuleBase
from fourways.model.conditions import Test
from fourways.model.rules import Evidence, Rule, Stratum, Target

FEW = 4
"""How many rules the questionnaire names."""


@dataclass(frozen=True, slots=True)
class WaitingRule:
    """A rule that an answer can decide, or help to decide.

    Attributes:
        rule, title, cites: the rule and the statements that it rests on.
        known: the tests that are met already, also those of the findings that it builds on.
        needed: the tests that are still open.
    """

    rule: str
    title: str
    cites: tuple[str, ...]
    known: tuple[Clause, ...]
    needed: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a question is asked.

    Attributes:
        attribute, question: what is asked.
        asked: whether any answer can still change something.
        paths: the paths that the answer affects.
        known: the answers that count already, such as "your job (PMO analyst)".
        rules: the rules that wait for it: evidence first, and those that need least first.
    """

    attribute: str
    question: str
    asked: bool
    paths: tuple[str, ...]
    known: tuple[str, ...]
    rules: tuple[WaitingRule, ...]


def why(outlook: Outlook, attribute: str) -> Why:
    """Return why a question is asked.

    Args:
        outlook: what is still open.
        attribute: the question.
    """
    base, engine, profile = outlook.base, outlook.engine, outlook.profile
    rules = outlook.waiting_for(attribute)
    paths = {rule.then.path for rule in rules if isinstance(rule.then, Evidence | Target)}
    counted = union(engine.tests_behind(rule) for rule in rules) & outlook.sure
    known = {test.attribute: base.attributes[test.attribute] for test in engine.tests(counted)}

    def missing(rule: Rule) -> tuple[Test, ...]:
        return engine.tests(engine.tests_behind(rule) & outlook.possible & ~outlook.sure)

    def nearness(rule: Rule) -> tuple[bool, int]:
        attributes = {test.attribute for test in missing(rule)}
        return rule.stratum is not Stratum.EVIDENCE, len(attributes)

    return Why(
        attribute,
        base.attributes[attribute].question,
        asked=bool(rules),
        paths=tuple(path for path in base.paths if path in paths),
        known=tuple(f"{one.label} ({one.in_words(profile[one.id])})" for one in known.values()),
        rules=tuple(
            WaitingRule(
                rule.id,
                rule.title,
                rule.cites,
                clauses(engine.tests(engine.tests_behind(rule) & outlook.sure), base),
                clauses(missing(rule), base),
            )
            for rule in sorted(rules, key=nearness)
        ),
    )


def why_text(base: RuleBase, answer: Why, most: int | None = FEW) -> tuple[str, ...]:
    """Return why a question is asked, in paragraphs.

    Args:
        base: the rules; has the titles.
        answer: why.
        most: how many rules are named; None for all.
    """
    if not answer.asked:
        return ("We no longer need this answer. It couldn't change anything.",)
    titles = [base.paths[path].title for path in answer.paths]
    lines = [f"Your answer affects: {', '.join(titles) or 'the advice you get'}."]
    if answer.known:
        lines.append(f"Already taken into account: {joined(answer.known, 'and')}.")
    lines += [_sentence(base, rule, answer.attribute) for rule in answer.rules[:most]]
    more = len(answer.rules) - len(answer.rules[:most])
    if more:
        lines.append(f"{more} other {'rule also uses' if more == 1 else 'rules also use'} it.")
    return tuple(lines)


def _sentence(base: RuleBase, rule: WaitingRule, attribute: str) -> str:
    here = dict.fromkeys(one.says for one in rule.needed if one.attribute == attribute)
    elsewhere = dict.fromkeys(
        base.attributes[one.attribute].label for one in rule.needed if one.attribute != attribute
    )
    also = f" It also depends on {joined(elsewhere, 'and')}." if elsewhere else ""
    return f"{rule.title} [{source(rule.cites)}]: applies if {joined(here, 'or')}.{also}"
