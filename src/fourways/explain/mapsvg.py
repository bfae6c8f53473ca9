"""The career map as SVG: boxes in lanes, moves as lines in the spaces between the lanes.

A move to another lane leaves its box sideways, rises beside its lane, crosses above all lanes and
comes down beside the other one; all moves to one post share their track. So no line runs behind a
box and no label meets another. What a colour says, a text says as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from fourways.explain import wording
from fourways.explain.careermap import CareerMap, Move, Post, titles

WIDTH = 1000
_MARGIN = 14
_TRACK = 6
_LINE = 15
_LETTER = 6.7
"""The width of a letter of 12 pixels, so taken that no usual font is wider on the average."""
_PAD = 7
_GAP = 22
_TITLE = 52
_WIDE = 1.25
"""The posts that are no roles have long names: their lane is that much wider."""

_STYLE = """
text { font: 12px Arial, Helvetica, "DejaVu Sans", sans-serif; fill: #202124 }
.lane { font-weight: bold; fill: #3c4043 }
.band { fill: #f6f7f8 }
.post { fill: #ffffff; stroke: #9aa0a6 }
.here { fill: #202124; stroke: #202124 }
.here-text { fill: #ffffff; font-weight: bold }
.first { fill: #e3f3ea; stroke: #0b6e4f; stroke-width: 3 }
.also { fill: #e8f0fb; stroke: #1f5fa8; stroke-width: 2; stroke-dasharray: 6 3 }
.bold { font-weight: bold }
.move { fill: none; stroke: #b4b9be; stroke-width: 1 }
.move-first { fill: none; stroke: #0b6e4f; stroke-width: 3 }
.move-also { fill: none; stroke: #1f5fa8; stroke-width: 2; stroke-dasharray: 6 3 }
.heading { font-size: 16px; font-weight: bold }
"""


@dataclass(frozen=True, slots=True)
class Box:
    """A post as it is drawn: its corner, its size, the lane from 0, and its lines of text."""

    post: Post
    lane: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[str, bool], ...]

    @property
    def middle(self) -> float:
        """The height at which moves leave and arrive."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is drawn.

    Attributes:
        boxes: the posts, by name.
        lanes: the left edge and the width of each lane.
        top: where the lanes begin; above it the moves cross.
        height: of the whole drawing.
        tracks: the place of each target in the space on the left of a lane, by lane and post.
        crossings: the height at which the moves to a post cross.
    """

    boxes: dict[str, Box]
    lanes: tuple[tuple[float, float], ...]
    top: float
    bottom: float
    tracks: dict[tuple[int, str], float]
    crossings: dict[str, float]


def as_svg(drawn: CareerMap) -> str:
    """Give the map as an SVG document of 1000 pixels width."""
    layout = laid_out(drawn)
    parts = [*_bands(drawn, layout), *_lines(drawn, layout), *_boxes(drawn, layout)]
    legend = list(_legend(drawn, layout.bottom + 26))
    height = layout.bottom + 26 + len(legend) * 20 + _MARGIN
    heading, story = _story(drawn)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
            f'viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(heading)}</title>',
            f'<desc id="desc">{escape(story)}</desc>',
            f"<style>{_STYLE}</style>",
            "<defs>",
            *(_marker(name, colour) for name, colour in _COLOURS.items()),
            "</defs>",
            f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>',
            f'<text class="heading" x="{_MARGIN}" y="28">{escape(heading)}</text>',
            *parts,
            *legend,
            "</svg>",
            "",
        ]
    )


# --------------------------------------------------------------------- layout


def laid_out(drawn: CareerMap) -> Layout:
    """Give the place of every post and of every track; nothing overlaps."""
    lane_of = {post.id: i for i, lane in enumerate(drawn.lanes) for post in lane.posts}
    beside = _spaces(drawn, lane_of)
    spaces = [2 * _TRACK + _TRACK * len(posts) for posts in beside]
    weights = [_WIDE if not lane.id else 1.0 for lane in drawn.lanes]
    unit = (WIDTH - 2 * _MARGIN - sum(spaces)) / sum(weights)
    lanes: list[tuple[float, float]] = []
    tracks: dict[tuple[int, str], float] = {}
    x = float(_MARGIN)
    for index, space in enumerate(spaces):
        for number, name in enumerate(beside[index]):
            tracks[index, name] = x + _TRACK * (number + 1.5)
        if index < len(weights):
            lanes.append((x + space, unit * weights[index]))
            x += space + unit * weights[index]
    crossing = [
        name
        for name in lane_of
        if any(move.target == name and _crosses(move, lane_of) for move in drawn.moves)
    ]
    crossings = {name: float(_TITLE + _TRACK * at) for at, name in enumerate(crossing)}
    top = _TITLE + _TRACK * len(crossing) + 6
    boxes: dict[str, Box] = {}
    depth = 0.0
    for index, lane in enumerate(drawn.lanes):
        left, width = lanes[index]
        # The lane's title takes up to three lines at its head.
        y = top + 3 * _LINE + 14
        for post in reversed(lane.posts):
            lines = _text(drawn, post, width)
            height = _LINE * len(lines) + 2 * _PAD
            boxes[post.id] = Box(post, index, left + 4, y, width - 8, height, lines)
            y += height + _GAP
        depth = max(depth, y - _GAP)
    # Lanes stand on one floor.
    for index in range(len(drawn.lanes)):
        own = [box for box in boxes.values() if box.lane == index]
        lower = depth - max(box.y + box.height for box in own)
        for box in own:
            boxes[box.post.id] = Box(
                box.post, index, box.x, box.y + lower, box.width, box.height, box.lines
            )
    return Layout(boxes, tuple(lanes), top, depth + 10, tracks, crossings)


def _spaces(drawn: CareerMap, lane_of: dict[str, int]) -> list[list[str]]:
    """Give the posts whose tracks run on the left of each lane, and on the right of the last."""
    beside: list[list[str]] = [[] for _ in range(len(drawn.lanes) + 1)]
    for move in drawn.moves:
        if not _is_step(drawn, move):
            for index in _passed(move, lane_of):
                if move.target not in beside[index]:
                    beside[index].append(move.target)
    return beside


def _passed(move: Move, lane_of: dict[str, int]) -> tuple[int, ...]:
    """Give the spaces in which a move rises and comes down."""
    source, target = lane_of[move.source], lane_of[move.target]
    if source == target:
        return (source,)
    return (source + 1, target) if source < target else (source, target + 1)


def _crosses(move: Move, lane_of: dict[str, int]) -> bool:
    return len(set(_passed(move, lane_of))) > 1


def _is_step(drawn: CareerMap, move: Move) -> bool:
    """Tell whether a move leads just one post up within its lane."""
    for lane in drawn.lanes:
        ids = [post.id for post in lane.posts]
        if move.source in ids and move.target in ids:
            return ids.index(move.target) - ids.index(move.source) == 1
    return False


def _text(drawn: CareerMap, post: Post, width: float) -> tuple[tuple[str, bool], ...]:
    """Give the lines of a box, and which of them are bold."""
    letters = max(int((width - 8 - 2 * _PAD) / _LETTER), 8)
    lines = [(line, post.here) for line in wrap(post.title, letters)]
    if post.here:
        lines.append(("You are here", True))
    for advised in post.advised:
        words = titles(drawn.decision.base, [advised])
        lines += [(line, True) for line in wrap(words, letters - 1)]
    return tuple(lines)


# -------------------------------------------------------------------- drawing

_COLOURS = {"move": "#b4b9be", "move-first": "#0b6e4f", "move-also": "#1f5fa8"}


def _marker(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        f'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0,0 L8,4 L0,8 z" fill="{colour}"/></marker>'
    )


def _bands(drawn: CareerMap, layout: Layout) -> Iterator[str]:
    for lane, (x, width) in zip(drawn.lanes, layout.lanes, strict=True):
        yield (
            f'<rect class="band" x="{x:.1f}" y="{layout.top:.1f}" width="{width:.1f}" '
            f'height="{layout.bottom - layout.top:.1f}" rx="6"/>'
        )
        lines = wrap(lane.title, max(int((width - 12) / 7.4), 6))
        yield from _written(((line, False) for line in lines), x + 6, layout.top + 18, "lane")


def _lines(drawn: CareerMap, layout: Layout) -> Iterator[str]:
    """Give the moves, those that are advised on top of the others."""
    drawn_once: dict[tuple[str, str], str] = {}
    for move in sorted(drawn.moves, key=lambda move: move.advised):
        drawn_once[move.source, move.target] = _look(drawn, move)
    for (source, target), look in sorted(
        drawn_once.items(), key=lambda one: list(_COLOURS).index(one[1])
    ):
        move = Move(source, target, "", drawn.moves[0].time, False)
        points = " L".join(f"{x:.1f},{y:.1f}" for x, y in _course(drawn, layout, move))
        yield f'<path class="{look}" d="M{points}" marker-end="url(#{look})"/>'


def _look(drawn: CareerMap, move: Move) -> str:
    if not move.advised:
        return "move"
    return "move-first" if move.path == drawn.decision.recommendation else "move-also"


def _course(drawn: CareerMap, layout: Layout, move: Move) -> list[tuple[float, float]]:
    """Give the corners of a move's line."""
    source, target = layout.boxes[move.source], layout.boxes[move.target]
    if _is_step(drawn, move):
        middle = source.x + source.width / 2
        return [(middle, source.y), (middle, target.y + target.height)]
    lane_of = {name: box.lane for name, box in layout.boxes.items()}
    out, into = (layout.tracks[index, move.target] for index in _ends(move, lane_of))
    leaves = source.x if out < source.x else source.x + source.width
    arrives = target.x if into < target.x else target.x + target.width
    corners = [(leaves, source.middle), (out, source.middle)]
    if out != into:
        crossing = layout.crossings[move.target]
        corners += [(out, crossing), (into, crossing)]
    return [*corners, (into, target.middle), (arrives, target.middle)]


def _ends(move: Move, lane_of: dict[str, int]) -> tuple[int, int]:
    passed = _passed(move, lane_of)
    return passed[0], passed[-1]


def _boxes(drawn: CareerMap, layout: Layout) -> Iterator[str]:
    for box in layout.boxes.values():
        look = "post"
        if box.post.advised:
            best = box.post.advised[0].path
            look = "first" if best == drawn.decision.recommendation else "also"
        if box.post.here:
            look = "here"
        yield (
            f'<rect class="{look}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}" rx="5"/>'
        )
        text = "here-text" if box.post.here else ""
        yield from _written(box.lines, box.x + _PAD, box.y + _PAD + 11, text)


def _written(lines: Iterable[tuple[str, bool]], x: float, y: float, look: str) -> Iterator[str]:
    for number, (line, bold) in enumerate(lines):
        classes = " ".join(name for name in (look, "bold" if bold else "") if name)
        yield (
            f'<text class="{classes}" x="{x:.1f}" y="{y + _LINE * number:.1f}">'
            f"{escape(line)}</text>"
        )


def _legend(drawn: CareerMap, y: float) -> Iterator[str]:
    decision = drawn.decision
    lines = []
    for number, standing in enumerate(decision.ranking):
        look = "move-also" if number else "move-first"
        said = f"{decision.base.paths[standing.path].title}: "
        said += wording.certainty(decision, standing)
        lines.append((look, f"{said}{'' if number else ' (first recommendation)'}"))
    lines.append(("move", "Other moves that the article names"))
    for number, (look, said) in enumerate(lines):
        at = y + 20 * number
        yield (
            f'<g><path class="{look}" d="M{_MARGIN},{at - 4:.1f} h36" marker-end="url(#{look})"/>'
            f'<text x="{_MARGIN + 46}" y="{at:.1f}">{escape(said)}</text></g>'
        )


def _story(drawn: CareerMap) -> tuple[str, str]:
    """Give the heading, and the whole map in a few sentences for those who do not see it."""
    base = drawn.decision.base
    if drawn.here is None:
        heading = "Career map: your job is not known"
    else:
        heading = f"Career map: your job is {base.post_title(drawn.here)}"
    sentences = [
        f"{titles(base, [advised])}: {base.post_title(post)}." for post, advised in drawn.advised
    ]
    return heading, " ".join(sentences) or "No move is named for what came out."
