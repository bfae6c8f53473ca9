"""Prints what would put a path first: what to do, what could happen, and what to want."""

from collections.abc import Iterable, Iterator

from rich.table import Table

from fourways.cli.explain_show import IF_WISHES, show_line
from fourways.cli.show import console
from fourways.explain import changes as words
from fourways.explain.nearmiss import MOST_CHANGES, NearMiss
from fourways.explain.whatwouldittake import Proposals, Sets
from fourways.interview import capitalized
from fourways.model.base import RuleBase
from fourways.model.certainty import shown
from fourways.model.decision import Decision
from fourways.model.profile import By, Profile

_FEW = 3
"""Sets of changes that an overview names for a path, and as many of its wishes."""
_NUMBERS = ("no", "one", "two", "three")


def show_what_would_it_take(
    base: RuleBase, profile: Profile, path: str, proposals: Proposals, most: int
) -> None:
    """Print what would put a path first, wishes in a list of their own."""
    out = console()
    title = base.paths[path].title
    if proposals.already:
        out.print(f"{title} is already your top recommendation.")
        return
    if not proposals.sets:
        out.print(_not_enough(title, most, wishes=bool(proposals.wishes)))
    else:
        out.print(f"{title} would be your top recommendation", style="bold")
        for by in (By.DO, By.HAPPENS):
            for one in words.gathered(proposals.by[by]):
                show_line(_open(words.alternatives_in_words(base, one), one, profile))
    if proposals.wishes:
        out.print()
        out.print(IF_WISHES, style="bold")
        for one in words.gathered(proposals.wishes):
            show_line(_open(words.alternatives_in_words(base, one), one, profile))


def _not_enough(title: str, most: int, wishes: bool) -> str:
    """Return that nothing but another wish, or nothing at all, would put a path first."""
    changes = "No single change" if most == 1 else f"Not even {_NUMBERS[most]} changes together"
    meanwhile = "While you want what you want now, " if wishes else ""
    if meanwhile:
        changes = changes[:1].lower() + changes[1:]
    return f"{meanwhile}{changes} would make {title} your top recommendation."


def _open(text: str, one: words.Alternatives, profile: Profile) -> str:
    """Return a clause, with a word on what was not answered yet."""
    unknown = {c.attribute for c in (*one.common, *one.one_of)} - set(profile)
    return f"{text} (not answered yet)." if unknown else f"{text}."


def show_near_misses(decision: Decision, listed: Iterable[NearMiss]) -> None:
    """Print every path with what is missing for the first place."""
    base = decision.base
    table = Table("Path", "Certainty", "Would come first", show_lines=True)
    for one in listed:
        said = "\n".join(_near_miss(base, one.proposals))
        table.add_row(base.paths[one.path].title, shown(one.certainty), said)
    console().print(table)


def _near_miss(base: RuleBase, proposals: Proposals) -> Iterator[str]:
    if proposals.already:
        yield "Already first"
        return
    if not proposals.sets:
        yield f"Would take more than {_NUMBERS[MOST_CHANGES]} changes"
    yield from _few(base, proposals.by[By.DO], proposals.by[By.HAPPENS])
    if proposals.wishes:
        yield f"{IF_WISHES}:"
    yield from _few(base, proposals.wishes)


def _few(base: RuleBase, *lists: Sets) -> Iterator[str]:
    gathered = [one for sets in lists for one in words.gathered(sets)]
    for one in gathered[:_FEW]:
        yield capitalized(words.alternatives_in_words(base, one))
    more = len(gathered) - _FEW
    if more > 0:
        yield "(and one other way)" if more == 1 else f"(and {more} other ways)"
