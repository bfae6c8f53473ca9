"""The career map as SVG, on light and on dark ground. What a colour says, a text says as well."""

from collections.abc import Iterable, Iterator
from html import escape
from textwrap import wrap

from fourways.explain import wording
from fourways.explain.careermap import CareerMap, Move, titles
from fourways.explain.maplayout import LINE, MARGIN, PAD, WIDTH, Layout, course, laid_out

_STYLE = """
text { font: 12px Arial, Helvetica, "DejaVu Sans", sans-serif; fill: #202124 }
.ground { fill: #ffffff }
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
.head-move { fill: #b4b9be }
.head-move-first { fill: #0b6e4f }
.head-move-also { fill: #1f5fa8 }
.heading { font-size: 16px; font-weight: bold }
@media (prefers-color-scheme: dark) {
  text { fill: #e8eaed }
  .ground { fill: #1b1c1f }
  .lane { fill: #bdc1c6 }
  .band { fill: #25272b }
  .post { fill: #1b1c1f; stroke: #80868b }
  .here { fill: #f1f3f4; stroke: #f1f3f4 }
  .here-text { fill: #202124 }
  .first { fill: #123a2c; stroke: #57c79a }
  .also { fill: #16304f; stroke: #86b7f0 }
  .move { stroke: #5f6368 }
  .move-first { stroke: #57c79a }
  .move-also { stroke: #86b7f0 }
  .head-move { fill: #5f6368 }
  .head-move-first { fill: #57c79a }
  .head-move-also { fill: #86b7f0 }
}
"""

_LOOKS = ("move", "move-first", "move-also")


def as_svg(drawn: CareerMap) -> str:
    """Give the map as an SVG document of 1000 pixels width."""
    layout = laid_out(drawn)
    parts = [*_bands(drawn, layout), *_lines(drawn, layout), *_boxes(drawn, layout)]
    legend = list(_legend(drawn, layout.bottom + 26))
    height = layout.bottom + 26 + len(legend) * 20 + MARGIN
    heading, story = _story(drawn)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
            f'viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(heading)}</title>',
            f'<desc id="desc">{escape(story)}</desc>',
            f"<style>{_STYLE}</style>",
            "<defs>",
            *map(_marker, _LOOKS),
            "</defs>",
            f'<rect class="ground" width="{WIDTH}" height="{height:.0f}"/>',
            f'<text class="heading" x="{MARGIN}" y="28">{escape(heading)}</text>',
            *parts,
            *legend,
            "</svg>",
            "",
        ]
    )


def _marker(look: str) -> str:
    return (
        f'<marker id="{look}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        f'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path class="head-{look}" d="M0,0 L8,4 L0,8 z"/></marker>'
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
    for (source, target), look in sorted(drawn_once.items(), key=lambda one: _LOOKS.index(one[1])):
        move = Move(source, target, "", drawn.moves[0].time, False)
        points = " L".join(f"{x:.1f},{y:.1f}" for x, y in course(drawn, layout, move))
        yield f'<path class="{look}" d="M{points}" marker-end="url(#{look})"/>'


def _look(drawn: CareerMap, move: Move) -> str:
    if not move.advised:
        return "move"
    return "move-first" if move.path == drawn.decision.recommendation else "move-also"


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
        yield from _written(box.lines, box.x + PAD, box.y + PAD + 11, text)


def _written(lines: Iterable[tuple[str, bool]], x: float, y: float, look: str) -> Iterator[str]:
    for number, (line, bold) in enumerate(lines):
        classes = " ".join(name for name in (look, "bold" if bold else "") if name)
        yield (
            f'<text class="{classes}" x="{x:.1f}" y="{y + LINE * number:.1f}">{escape(line)}</text>'
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
            f'<g><path class="{look}" d="M{MARGIN},{at - 4:.1f} h36" marker-end="url(#{look})"/>'
            f'<text x="{MARGIN + 46}" y="{at:.1f}">{escape(said)}</text></g>'
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
