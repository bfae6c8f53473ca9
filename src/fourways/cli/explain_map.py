"""Draws the career map in the terminal: the moves from here, the ladders, the other posts."""

from collections.abc import Iterator

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from fourways.cli.show import console
from fourways.explain import wording
from fourways.explain.careermap import CareerMap, Lane, Post, titles

_NARROWEST = 15
_WIDEST = 24
"""Columns that a ladder needs for its longest words, and those of which it still looks like one."""

_PLAIN = str.maketrans("▶•▲↑", ">*A^")


def show_map(drawn: CareerMap) -> None:
    """Print where the person stands and what is recommended from there, then all posts."""
    out = console()
    out.print(_from_here(drawn))
    out.print()
    families = [lane for lane in drawn.lanes if lane.id]
    others = [post for lane in drawn.lanes if not lane.id for post in lane.posts]
    out.print("The ladders: a step up is an arrow", style="bold")
    for some in _beside_each_other(out, families):
        out.print(_ladders(out, drawn, some, min(out.width // len(some), _WIDEST)))
        out.print()
    if others:
        out.print("Other posts that the article names", style="bold")
        grid = Table.grid(padding=(0, 1, 0, 0))
        for post in others:
            text = Text(post.title, style=_style(drawn, post))
            if post.advised:
                text.append(f"  {titles(drawn.decision.base, post.advised)}", style="bold")
            grid.add_row(f"  {_sign(out, '▶' if post.advised else '•')}", text)
        out.print(grid)


def _from_here(drawn: CareerMap) -> Tree:
    decision, base = drawn.decision, drawn.decision.base
    here = base.post_title(drawn.here) if drawn.here else "your job is not known"
    root = Tree(Text(f"You are here: {here}", style="bold"))
    for standing in decision.ranking:
        title = Text(base.paths[standing.path].title, style="bold")
        title.append(f"  {wording.certainty(decision, standing)}", style="not bold")
        branch = root.add(title)
        moves = [(name, one) for name, one in drawn.advised if one.path == standing.path]
        for name, one in moves:
            when = titles(base, [one]).rpartition(", ")[2]
            branch.add(Text(f"{when}: {base.post_title(name)}"))
        if not moves:
            branch.add(Text("the article names no post from where you are", style="dim"))
    if not decision.ranking:
        root.add(Text("not enough answers to recommend a next step", style="dim"))
    return root


def _beside_each_other(out: Console, lanes: list[Lane]) -> Iterator[list[Lane]]:
    """Give the ladders in rows, as many in each as the terminal is wide enough for."""
    fit = max(out.width // _NARROWEST, 1)
    rows = -(-len(lanes) // fit)
    for row in range(rows):
        yield lanes[row * len(lanes) // rows : (row + 1) * len(lanes) // rows]


def _ladders(out: Console, drawn: CareerMap, lanes: list[Lane], width: int) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    for _ in lanes:
        grid.add_column(width=width - 1, vertical="bottom")
    grid.add_row(*(Text(lane.title, style="italic") for lane in lanes))
    grid.add_row(*(_ladder(out, drawn, lane) for lane in lanes))
    return grid


def _ladder(out: Console, drawn: CareerMap, lane: Lane) -> Group:
    """Give the posts of a lane, the highest first, with an arrow where one leads to the next."""
    moves = {(move.source, move.target): move.advised for move in drawn.moves}
    parts: list[RenderableType] = []
    above: Post | None = None
    for post in reversed(lane.posts):
        if above is not None:
            advised = moves.get((post.id, above.id))
            arrow = " " if advised is None else "▲" if advised else "↑"
            parts.append(
                Text(_sign(out, arrow), justify="center", style="bold green" if advised else "dim")
            )
        parts.append(_panel(drawn, post))
        above = post
    return Group(*parts)


def _panel(drawn: CareerMap, post: Post) -> Panel:
    text = Text(post.title)
    if post.here:
        text.append("\nYou are here")
    for advised in post.advised:
        text.append(f"\n{titles(drawn.decision.base, [advised])}", style="bold")
    # What the colour of a frame says, its lines say as well.
    frame = box.HEAVY if post.here else box.DOUBLE if post.advised else box.SQUARE
    style = _style(drawn, post)
    return Panel(text, box=frame, border_style=style, style=style, padding=0)


def _sign(out: Console, sign: str) -> str:
    """Give a sign that the terminal can show."""
    return sign.translate(_PLAIN) if out.options.ascii_only else sign


def _style(drawn: CareerMap, post: Post) -> str:
    if post.here:
        return "bold"
    if not post.advised:
        return "dim"
    first = post.advised[0].path == drawn.decision.recommendation
    return "green" if first else "cyan"
