"""Where everything on the career map is drawn: posts in lanes, moves in the spaces between them.

A move to another lane leaves its box sideways, rises beside its lane, crosses above all lanes and
comes down beside the other one; all moves to one post share their track. So no line runs behind a
box and no label meets another. The layouts of libraries know neither lanes nor boxes that lines
must not touch: docs/adr/0009-the-career-map.md has what they did.
"""

from dataclasses import dataclass
from textwrap import wrap

from fourways.explain.careermap import CareerMap, Move, Post, titles

WIDTH = 1000
MARGIN = 14
LINE = 15
PAD = 7
"""The height of a line of text, and the room around the text in a box."""

_TRACK = 6
_LETTER = 6.7
"""The width of a letter of 12 pixels, so taken that no usual font is wider on the average."""
_GAP = 22
_TITLE = 52
_WIDE = 1.25
"""The posts that are no roles have long names: their lane is that much wider."""


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


def laid_out(drawn: CareerMap) -> Layout:
    """Give the place of every post and of every track; nothing overlaps."""
    lane_of = {post.id: i for i, lane in enumerate(drawn.lanes) for post in lane.posts}
    beside = _spaces(drawn, lane_of)
    spaces = [2 * _TRACK + _TRACK * len(posts) for posts in beside]
    weights = [_WIDE if not lane.id else 1.0 for lane in drawn.lanes]
    unit = (WIDTH - 2 * MARGIN - sum(spaces)) / sum(weights)
    lanes: list[tuple[float, float]] = []
    tracks: dict[tuple[int, str], float] = {}
    x = float(MARGIN)
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
        y = top + 3 * LINE + 14
        for post in reversed(lane.posts):
            lines = _text(drawn, post, width)
            height = LINE * len(lines) + 2 * PAD
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
    letters = max(int((width - 8 - 2 * PAD) / _LETTER), 8)
    lines = [(line, post.here) for line in wrap(post.title, letters)]
    if post.here:
        lines.append(("You are here", True))
    for advised in post.advised:
        words = titles(drawn.decision.base, [advised])
        lines += [(line, True) for line in wrap(words, letters - 1)]
    return tuple(lines)


def course(drawn: CareerMap, layout: Layout, move: Move) -> list[tuple[float, float]]:
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
