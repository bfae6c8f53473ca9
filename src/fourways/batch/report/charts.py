"""Draws bars as SVG for a page: with matplotlib, in the colours and letters of the page.

Each chart is drawn twice, for wide and for narrow places, since letters that shrink with the
picture cannot be read on a telephone. Colours are names of the page's style, so that they follow
light, dark and paper.
"""

import io
import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from fourways.batch.contract import NONE
from fourways.batch.report.markup import printable
from fourways.errors import InputError, Problem

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SERIES = 7
"""How many colours there are for series, named series-1 and so on in the page's style."""

_COLOURS = ("ink", "muted", "track", "surface", "on", *(f"series-{n + 1}" for n in range(SERIES)))
# What matplotlib draws with, to be found again in its SVG.
_STAND_IN = {name: f"#0000{index + 1:02x}" for index, name in enumerate(_COLOURS)}
_NAMES = {colour: name for name, colour in _STAND_IN.items()}
_SETTINGS = {"svg.fonttype": "none", "text.parse_math": False}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its share of the full length, its colour, and the text on it."""

    share: float
    colour: str
    text: str = ""
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it stands for, its parts from the left, and the text at its end."""

    label: str
    parts: tuple[Part, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand, in pixels; `above` puts the label over its bar."""

    name: str
    width: int
    left: int
    right: int
    pitch: int
    above: bool
    letters: int


_WIDE = _Layout("wide", 800, 200, 150, 36, above=False, letters=26)
_NARROW = _Layout("narrow", 380, 0, 0, 58, above=True, letters=24)
_THICK = 20
_SIZE = 13.0
_LETTER = 7.2
"""About how wide a letter is."""


def require_charts() -> None:
    """See to it that charts can be drawn.

    Raises:
        InputError: matplotlib is not installed.
    """
    if find_spec("matplotlib") is None:
        raise InputError(
            Problem(
                "a report needs matplotlib, which is not installed",
                hint="Install it with: pip install 'fourways[report]'.",
            )
        )


def colours_of(paths: Iterable[str]) -> dict[str, str]:
    """Give each path a colour, in their order, and grey to having none."""
    free = [f"series-{n + 1}" for n in range(SERIES)]
    return {**{path: free[i % SERIES] for i, path in enumerate(paths)}, NONE: "muted"}


def drawn(name: str, title: str, description: str, bars: Sequence[Bar]) -> str:
    """Give a chart as an element of a page.

    Args:
        name: parts the chart from others in the page; an identifier.
        title: what it shows.
        description: its figures, for those who do not see it.
        bars: from the top down.

    Raises:
        InputError: matplotlib is not installed.
    """
    require_charts()
    # Labels of a house's own rules can hold anything.
    bars = [replace(bar, label=printable(bar.label)) for bar in bars]
    svg = "\n".join(
        _inlined(_svg(bars, layout), layout, name, printable(title), printable(description))
        for layout in (_WIDE, _NARROW)
    )
    return f'<figure class="chart">{svg}</figure>'


def _svg(bars: Sequence[Bar], layout: _Layout) -> str:
    # It warns of folders and fonts of the machine, on which nothing here depends.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib import style
    from matplotlib.figure import Figure

    if not layout.above:
        ends = max((len(bar.text) for bar in bars), default=0) * _LETTER
        layout = replace(layout, right=max(layout.right, round(ends) + 16))
    height = layout.pitch * len(bars) or 1
    file = io.StringIO()
    with warnings.catch_warnings():
        # Letters that its own font lacks are drawn by the reader's browser.
        warnings.simplefilter("ignore")
        # Whatever style the user's other charts have, a page looks the same.
        with style.context(["default", _SETTINGS]):
            figure = Figure(figsize=(layout.width / 72, height / 72), dpi=72)
            figure.patch.set_visible(False)
            axes = figure.add_axes((0, 0, 1, 1), xlim=(0, layout.width), ylim=(height, 0))
            axes.axis("off")
            for index, bar in enumerate(bars):
                _draw(axes, bar, index * layout.pitch, layout)
            figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _draw(axes: "Axes", bar: Bar, top: float, layout: _Layout) -> None:
    full = layout.width - layout.left - layout.right
    middle = top + (layout.pitch - _THICK / 2 - 4 if layout.above else layout.pitch / 2)
    line = top + 24 if layout.above else middle + _SIZE * 0.36
    label = bar.label
    if len(label) > layout.letters:
        label = f"{label[: layout.letters - 1].rstrip()}…"
    if layout.above:
        _write(axes, label, 0, line, "ink", "left")
        _write(axes, bar.text, layout.width, line, "muted", "right")
    else:
        _write(axes, label, layout.left - 12, line, "ink", "right")
        _write(axes, bar.text, layout.width - layout.right + 12, line, "muted", "left")
    axes.barh(middle, full, _THICK, layout.left, color=_STAND_IN["track"], clip_on=False)
    start = float(layout.left)
    for part in bar.parts:
        wide = part.share * full
        axes.barh(
            middle, wide, _THICK, start, color=_STAND_IN[part.colour], clip_on=False,
            alpha=0.4 if part.faint else None,
            edgecolor=_STAND_IN["surface"], linewidth=1 if len(bar.parts) > 1 else 0,
        )  # fmt: skip
        if part.text and wide > len(part.text) * 8 + 6:
            _write(axes, part.text, start + wide / 2, middle + 4.3, "on", "center", 12)
        start += wide


def _write(
    axes: "Axes", text: str, x: float, y: float, colour: str, side: str, size: float = _SIZE
) -> None:
    axes.text(
        x, y, text, color=_STAND_IN[colour], size=size, ha=side, va="baseline", clip_on=False
    )  # fmt: skip


# ------------------------------------------------------------------ into the page

_SVG = "{http://www.w3.org/2000/svg}"
_KEPT = frozenset({"d", "x", "y", "transform", "viewBox"})


def _inlined(svg: str, layout: _Layout, name: str, title: str, description: str) -> str:
    """Give only the shapes and letters, styled by the page, with a title and a description."""
    whole = ElementTree.fromstring(svg)
    known_as = f"{name}-{layout.name}"
    root = ElementTree.Element(
        "svg",
        {
            "class": layout.name,
            "viewBox": whole.attrib["viewBox"],
            "role": "img",
            "aria-labelledby": f"{known_as}-title {known_as}-text",
        },
    )
    ElementTree.SubElement(root, "title", {"id": f"{known_as}-title"}).text = title
    ElementTree.SubElement(root, "desc", {"id": f"{known_as}-text"}).text = description
    for element in whole.iter():
        tag = element.tag.removeprefix(_SVG)
        if tag not in ("path", "text"):
            continue
        kept = {key: _short(text) for key, text in element.items() if key in _KEPT}
        if kept.get("transform", "").startswith("rotate(-0"):
            del kept["transform"]
        style = "; ".join(_styled(element.get("style", "")))
        ElementTree.SubElement(root, tag, {**kept, "style": style}).text = element.text
    return ElementTree.tostring(root, encoding="unicode")


def _short(numbers: str) -> str:
    """Give a path with a tenth of a pixel, on one line."""
    rounded = re.sub(r"-?\d+\.\d+", lambda match: f"{float(match[0]):.1f}", numbers)
    return " ".join(rounded.split())


def _styled(style: str) -> Iterator[str]:
    for declaration in filter(None, (part.strip() for part in style.split(";"))):
        key, _, text = (part.strip() for part in declaration.partition(":"))
        if key in ("fill", "stroke") and text in _NAMES:
            yield f"{key}: var(--{_NAMES[text]})"
        elif key in ("opacity", "stroke-width", "font-size", "text-anchor"):
            yield f"{key}: {text}"
