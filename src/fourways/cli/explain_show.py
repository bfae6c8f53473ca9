"""Prints explanations for people: sentences, tables and trees."""

from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from fourways.cli.show import console
from fourways.explain.changes import Alternatives, Changes, all_in_words, brought_about_by, grouped
from fourways.explain.outcomes import Outcomes
from fourways.explain.whatif import Place, WhatIf
from fourways.explain.whatwouldittake import NEAR, Proposals
from fourways.explain.why import Why, why_text
from fourways.explain.whynot import Missing, Part, Proposal, WhyNot
from fourways.explain.wording import Reason, source
from fourways.interview import capitalized
from fourways.model.base import RuleBase
from fourways.model.profile import By, Profile

_MARKS = {"met": ("+", "green"), "failed": ("-", "red"), "unknown": ("?", "yellow")}
_IF_WISHES = "If what you want changed"
_FEW = 3
"""How many sets of changes near misses name for a path, and as many with wishes."""
_NUMBERS = ("no", "one", "two", "three")


def show_why(base: RuleBase, answer: Why) -> None:
    """Print why a question is asked."""
    console().print(answer.question, style="bold")
    for paragraph in why_text(base, answer, most=None):
        console().print(Text(paragraph))


def show_why_not(base: RuleBase, answer: WhyNot) -> None:
    """Print why a path is not first: what supports it, what counts against it, what is missing."""
    out = console()
    out.print(_scores(base, answer), style="bold")
    _reasons("What supports it", answer.supporting)
    _reasons("What counts against it", answer.opposing)
    out.print()
    if not answer.missing:
        out.print(f"Everything that can support {base.paths[answer.path].title} already does.")
        return
    out.print("What would support it but doesn't apply, nearest first", style="bold")
    out.print("+ met, - failed, ? not known", style="dim")
    for missing in answer.missing:
        out.print(_missing_tree(base, answer, missing))


def _scores(base: RuleBase, answer: WhyNot) -> str:
    title, first = base.paths[answer.path].title, answer.recommendation
    scored = f"{title} scored {answer.certainty:.2f}"
    if first == answer.path:
        return f"{title} is already your top recommendation, with {answer.certainty:.2f}."
    if first is None:
        return f"{scored}. Your answers don't support any path."
    leader = base.paths[first].title
    if answer.certainty == answer.ahead:
        return f"{scored}, and so did {leader}. The article mentions that one first."
    cutoff = base.certainty.cutoff / 100
    if answer.certainty <= cutoff:
        scored += f". It needs more than {cutoff:.2f} to be recommended"
    return f"{scored}. {leader} scored {answer.ahead:.2f}."


def _missing_tree(base: RuleBase, answer: WhyNot, missing: Missing) -> Tree:
    label = Text(missing.title, style="bold")
    tree = Tree(label.append(f"  [{source(missing.cites)}]", style="not bold dim"))
    _add_part(tree, missing.condition)
    if not missing.can_fire:
        tree.add("No answers can make this count.")
    elif missing.proposal is not None:
        tree.add(Text(_proposed(base, answer, missing.proposal)))
    return tree


def _add_part(tree: Tree, part: Part) -> None:
    mark, style = _MARKS[part.mark]
    branch = tree.add(Text(f"{mark} {part.says}", style=style))
    for one in part.parts:
        _add_part(branch, one)


def _proposed(base: RuleBase, answer: WhyNot, proposal: Proposal) -> str:
    clause = all_in_words(proposal.changes)
    if brought_about_by(proposal.changes) is By.WISH:
        clause = f"{_IF_WISHES}: {clause}"
    first = proposal.recommendation == answer.path != answer.recommendation
    scores = f"would score {proposal.certainty:.2f}{' and come first' if first else ''}"
    return f"{capitalized(clause)}, this would count. {base.paths[answer.path].title} {scores}."


def show_what_if(base: RuleBase, answer: WhatIf) -> None:
    """Print two decisions side by side."""
    out = console()
    if not answer.answers:
        out.print("These answers are the same as before, so nothing changes.")
        return
    answers = Table("Answer", "Before", "After")
    for one in answer.answers:
        attribute = base.attributes[one.attribute]
        words = (
            "not known" if a is None else attribute.in_words(a) for a in (one.before, one.after)
        )
        answers.add_row(attribute.label, *words)
    out.print(answers)
    paths = Table("Path", "Before", "After")
    for path in answer.paths:
        paths.add_row(base.paths[path.path].title, _place(path.before), _place(path.after))
    out.print(paths)
    _reasons("New reasons", answer.rules.came)
    _reasons("Reasons lost", answer.rules.went)
    _reasons("New advice", answer.guidance.came)
    _reasons("Advice that no longer applies", answer.guidance.went)
    _reasons("New next jobs", answer.targets.came)
    _reasons("Next jobs no longer suggested", answer.targets.went)


def _place(place: Place) -> str:
    return f"{f'{place.place}.' if place.place else 'not supported,'} {place.certainty:.2f}"


def show_what_would_it_take(
    base: RuleBase, profile: Profile, proposals: Proposals, most: int
) -> None:
    """Print what would put a path first, wishes in a list of their own."""
    out = console()
    title = base.paths[proposals.path].title
    if proposals.already_first:
        out.print(f"{title} is already your top recommendation.")
    elif proposals.sets:
        out.print(f"{title} would be your top recommendation", style="bold")
        _show_sets(profile, proposals.sets)
    else:
        changes = "no single change" if most == 1 else f"not even {_NUMBERS[most]} changes together"
        meanwhile = "While you want what you want now, " if proposals.wishes else ""
        text = f"{meanwhile}{changes} would make {title} your top recommendation."
        out.print(capitalized(text))
    if proposals.wishes:
        out.print()
        out.print(_IF_WISHES, style="bold")
        _show_sets(profile, proposals.wishes)


def _show_sets(profile: Profile, sets: Iterable[Changes]) -> None:
    for one in grouped(sets):
        unknown = any(change.attribute not in profile for change in (*one.common, *one.one_of))
        _item(f"{one.in_words}{' (not answered yet)' if unknown else ''}.")


def show_near_misses(base: RuleBase, listed: Iterable[Proposals]) -> None:
    """Print every path with what it would take to come first."""
    table = Table("Path", "Certainty", "Would come first", show_lines=True)
    for one in listed:
        said = "\n".join(_near_miss(one))
        table.add_row(base.paths[one.path].title, f"{one.certainty:.2f}", said)
    console().print(table)


def _near_miss(proposals: Proposals) -> Iterator[str]:
    if proposals.already_first:
        yield "Already first"
    elif not proposals.sets:
        yield f"Would take more than {_NUMBERS[NEAR]} changes"
    yield from _few(grouped(proposals.sets))
    if proposals.wishes:
        yield f"{_IF_WISHES}:"
        yield from _few(grouped(proposals.wishes))


def _few(alternatives: tuple[Alternatives, ...]) -> Iterator[str]:
    for one in alternatives[:_FEW]:
        yield capitalized(one.in_words)
    more = len(alternatives) - _FEW
    if more > 0:
        yield "(and one other way)" if more == 1 else f"(and {more} other ways)"


def show_outcomes(base: RuleBase, answer: Outcomes) -> None:
    """Print what may still come first, and which question narrows it down most."""
    out = console()

    def title(path: str | None) -> str:
        return base.paths[path].title if path else "no path"

    if answer.settled:
        out.print(f"{capitalized(title(answer.now))} comes first, whatever else you answer.")
        return
    now = title(answer.now)
    out.print(f"So far, {now} comes first. These could still come first:", style="bold")
    for path in answer.possible:
        _item(title(path))
    best, *others = answer.questions
    out.print()
    out.print("The question that would narrow it down most", style="bold")
    _item(best.question, mark="?")
    if len(best.first_after) > 1:
        out.print("With only this answer, these would come first:")
        for first in best.first_after:
            words = base.attributes[best.attribute].in_words(first.answer)
            _item(f"{words}: {title(first.recommendation)}")
    if others:
        out.print()
        out.print("Other questions that affect it, in this order", style="bold")
        for one in others:
            _item(one.question, mark="?")


def _reasons(heading: str, reasons: Iterable[Reason]) -> None:
    listed = list(reasons)
    if listed:
        console().print()
        console().print(heading, style="bold")
        for one in listed:
            _item(one.says, source(one.cites))


def _item(text: str, source: str = "", mark: str = "•") -> None:
    """Print an item of a list; its first letter becomes a capital."""
    said = Text(capitalized(text))
    if source:
        said.append(f" [{source}]", style="dim")
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(f"  {mark}", said)
    console().print(grid)
