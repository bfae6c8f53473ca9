"""Prints explanations for people: sentences, tables and trees."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from fourways.cli.show import console, sources
from fourways.explain import changes as words
from fourways.explain import wording
from fourways.explain.changes import Change
from fourways.explain.conditions import in_words
from fourways.explain.outcomes import Outcomes
from fourways.explain.relevance import Awaited, Outlook
from fourways.explain.whatif import WhatIf
from fourways.explain.whynot import Missing, Part, WhyNot
from fourways.interview import capitalized
from fourways.model.base import RuleBase
from fourways.model.certainty import shown
from fourways.model.decision import Decision, Firing
from fourways.model.profile import Answer, By
from fourways.model.rules import Rule

_MARKS = {"met": ("+", "green"), "failed": ("-", "red"), "unknown": ("?", "yellow")}
IF_WISHES = "If what you want changed"
"""What comes before changes of wishes."""


def show_why(outlook: Outlook, attribute: str) -> None:
    """Print why a question is asked: the paths, and each rule with what is known and needed."""
    out = console()
    base = outlook.base
    out.print(base.attributes[attribute].question, style="bold")
    bearing = outlook.bearing(attribute)
    if not bearing.rules:
        out.print("It is not asked any more: whatever the answer, nothing would change.")
        return
    titles = [base.paths[path].title for path in bearing.paths]
    out.print(f"It bears on: {', '.join(titles) or 'the advice that goes with a step'}.")
    out.print()
    out.print("The rules that wait for it", style="bold")
    out.print("+ known, ? still needed", style="dim")
    for awaited in bearing.rules:
        out.print(_awaited_tree(base, awaited))


def _awaited_tree(base: RuleBase, awaited: Awaited) -> Tree:
    tree = Tree(_titled(awaited.rule))
    for sign, style, tests in (("+", "green", awaited.known), ("?", "yellow", awaited.needed)):
        for test in tests:
            tree.add(Text(f"{sign} {in_words(test, base)}", style=style))
    return tree


def _titled(rule: Rule) -> Text:
    label = Text(rule.title, style="bold")
    label.append(f"  [{sources(rule.cites, rule.house)}]", style="not bold dim")
    return label


def show_why_not(answer: WhyNot) -> None:
    """Print why a path is not first: how it stands, what spoke against it, what is missing."""
    out = console()
    decision, base = answer.decision, answer.decision.base
    title = base.paths[answer.path].title
    out.print(_standing(answer), style="bold")
    _firings("What supports it", decision, answer.supporting)
    _firings("What counts against it", decision, answer.opposing)
    if not answer.missing:
        out.print()
        out.print(f"Everything that can support {title} already does.")
        return
    out.print()
    out.print("What would support it but doesn't apply, nearest first", style="bold")
    out.print("+ met, - failed, ? not known", style="dim")
    for missing in answer.missing:
        out.print(_missing_tree(decision, missing, answer.path))


def _standing(answer: WhyNot) -> str:
    decision, base = answer.decision, answer.decision.base
    title = base.paths[answer.path].title
    number = shown(answer.certainty)
    scored = f"{title} scored {number}"
    first = decision.recommendation
    if first == answer.path:
        return f"{title} is already your top recommendation, with {number}."
    if first is None:
        return f"{scored}. No path is supported by what is known."
    lead = f"{base.paths[first].title} scored {shown(decision.ranking[0].certainty)}"
    if answer.certainty == decision.ranking[0].certainty:
        return (
            f"{scored}, and so did {base.paths[first].title}. The article mentions that one first."
        )
    if answer.certainty <= base.certainty.cutoff:
        least = shown(base.certainty.cutoff)
        return f"{scored}. It needs more than {least} to be recommended. {lead}."
    return f"{scored}. {lead}."


def _missing_tree(decision: Decision, missing: Missing, path: str) -> Tree:
    tree = Tree(_titled(missing.rule))
    _add_part(tree, missing.condition)
    if missing.repair is None:
        tree.add("No answers can make this count.")
    elif missing.proposal is not None:
        tree.add(Text(_proposed(decision, missing, missing.proposal, path)))
    return tree


def _proposed(decision: Decision, missing: Missing, changes: tuple[Change, ...], path: str) -> str:
    base = decision.base
    clause = capitalized(words.all_in_words(base, changes))
    if words.comes_about_by(base, changes) is By.WISH:
        clause = f"{IF_WISHES}: {clause[:1].lower()}{clause[1:]}"
    first = " and come first" if missing.first == path != decision.recommendation else ""
    title = base.paths[path].title
    return f"{clause}, this would count. {title} would score {shown(missing.certainty)}{first}."


def _add_part(tree: Tree, part: Part) -> None:
    sign, style = _MARKS[part.mark]
    branch = tree.add(Text(f"{sign} {part.says}", style=style))
    for one in part.parts:
        _add_part(branch, one)


def _firings(heading: str, decision: Decision, firings: Iterable[Firing]) -> None:
    listed = list(firings)
    if not listed:
        return
    out = console()
    out.print()
    out.print(heading, style="bold")
    for firing in listed:
        show_line(wording.text_of(decision, firing), sources(firing.rule.cites, firing.rule.house))


def show_line(text: str, source: str = "", mark: str = "•") -> None:
    """Print an item of a list, its first letter as a capital."""
    said = Text(text[:1].upper() + text[1:])
    if source:
        said.append(f" [{source}]", style="dim")
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(f"  {mark}", said)
    console().print(grid)


def show_what_if(answer: WhatIf) -> None:
    """Print two decisions side by side."""
    out = console()
    bases = (answer.after.base, answer.before.base)
    if not answer.answers:
        out.print("These answers are the same as before, so nothing changes.")
        return
    answers = Table("Answer", "Before", "After")
    for one in answer.answers:
        base = next(b for b in bases if one.attribute in b.attributes)
        answers.add_row(
            base.attributes[one.attribute].label,
            _answer(base, one.attribute, one.before),
            _answer(base, one.attribute, one.after),
        )
    out.print(answers)
    paths = Table("Path", "Before", "After")
    for path in answer.paths:
        base = next(b for b in bases if path.path in b.paths)
        paths.add_row(
            base.paths[path.path].title,
            _place(path.place_before, path.before),
            _place(path.place_after, path.after),
        )
    out.print(paths)
    for heading, decision, firings in (
        ("New reasons", answer.after, answer.came),
        ("Reasons lost", answer.before, answer.went),
        ("New advice", answer.after, answer.guidance_came),
        ("Advice that no longer applies", answer.before, answer.guidance_went),
    ):
        _firings(heading, decision, firings)
    for heading, decision, moves in (
        ("New next jobs", answer.after, answer.targets_came),
        ("Next jobs no longer suggested", answer.before, answer.targets_went),
    ):
        if moves:
            out.print()
            out.print(heading, style="bold")
            for firing in moves:
                show_line(_target(decision, firing), sources(firing.rule.cites, firing.rule.house))


def _target(decision: Decision, firing: Firing) -> str:
    from fourways.model.rules import Target, Time

    target = firing.rule.then
    assert isinstance(target, Target)
    when = "now" if target.time is Time.NOW else "in time"
    base = decision.base
    return f"{base.post_title(target.to)} ({base.paths[target.path].title}, {when})"


def _answer(base: RuleBase, attribute: str, answer: Answer | None) -> str:
    return "not known" if answer is None else base.attributes[attribute].in_words(answer)


def _place(place: int | None, certainty: int) -> str:
    return f"{place}. {shown(certainty)}" if place else f"not supported, {shown(certainty)}"


def show_outcomes(base: RuleBase, answer: Outcomes) -> None:
    """Print what may still come first, and which question would tell most."""
    out = console()
    named = [base.paths[path].title for path in answer.possible]
    if answer.none_possible:
        named.append("no path at all")
    if answer.settled:
        out.print(f"It is settled: {named[0]} comes first, whatever else is answered.")
        return
    now = base.paths[answer.now].title if answer.now else "No path"
    out.print(f"{now} comes first with what is known. These may still come first:", style="bold")
    for name in named:
        show_line(name)
    if not answer.separations:
        return
    best = answer.separations[0]
    out.print()
    out.print("The question that would tell most", style="bold")
    show_line(base.attributes[best.attribute].question, mark="?")
    firsts = [
        f"{base.attributes[best.attribute].in_words(value)}: "
        f"{base.paths[path].title if path else 'no path'}"
        for path, value in best.first_after
    ]
    if len(firsts) > 1:
        out.print("With this answer and no other, these would come first:")
        for line in firsts:
            show_line(line)
    others = [base.attributes[one.attribute].question for one in answer.separations[1:]]
    if others:
        out.print()
        out.print("Others that bear on it, in this order", style="bold")
        for question in others:
            show_line(question, mark="?")
