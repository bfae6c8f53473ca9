"""The pieces that a page is put together from; every text from outside is cleaned and escaped."""

from collections.abc import Iterable, Sequence
from html import escape

LONGEST = 160
"""Characters of a text from a file that are shown."""


def printable(text: str) -> str:
    """Give a text with a sign in place of each character that no page may hold or show."""
    return "".join(
        sign if sign.isprintable() else " " if sign.isspace() else "\N{REPLACEMENT CHARACTER}"
        for sign in text
    )


def clean(text: str) -> str:
    """Give a text for a page: printable, not too long, escaped, and with its own direction."""
    shown = printable(text)
    if len(shown) > LONGEST:
        shown = f"{shown[: LONGEST - 1]}…"
    return escape(shown) if shown.isascii() else f"<bdi>{escape(shown)}</bdi>"


def many(count: int, what: str) -> str:
    """Give a count with its word: "1 row", "2 rows"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def people(count: int) -> str:
    """Give a count of people in words."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def share(part: int, whole: int) -> str:
    """Give a share in percent that never rounds something to nothing, or most to all."""
    if not whole or not part:
        return "0%"
    if part == whole:
        return "100%"
    percent = 100 * part / whole
    if percent < 1:
        return "<1%"
    return ">99%" if percent > 99 else f"{percent:.0f}%"


def figure(number: str, what: str) -> str:
    """Give a figure that stands out, and what it counts."""
    return f"<div><dt>{clean(what)}</dt><dd>{clean(number)}</dd></div>"


def section(name: str, title: str, body: str, css: str = "") -> str:
    """Give a section of the page; the body is markup."""
    heading = f'<h2 id="{escape(name)}">{clean(title)}</h2>\n' if title else ""
    labelled = f' aria-labelledby="{escape(name)}"' if title else ""
    return f'<section class="{css}"{labelled}>\n{heading}{body}\n</section>'


def key(entries: Iterable[tuple[str, str, str]]) -> str:
    """Give the key of a chart: colour, what it stands for, and a class of the swatch."""
    items = "".join(
        f'<li><span class="{css}" style="background: var(--{colour})"></span>{clean(what)}</li>'
        for colour, what, css in entries
    )
    return f'<ul class="key">{items}</ul>'


def table(
    caption: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    left: int = 0,
    open_: bool = False,
    fold: bool = True,
) -> str:
    """Give a table whose first column names the rows, below a line that unfolds it.

    Args:
        caption: what it shows.
        header: the names of the columns.
        rows: the cells.
        left: the column that holds words and not figures, apart from the first.
        open_: whether it is unfolded from the start.
        fold: whether it can be folded at all.
    """
    words = {left: ' class="text"'} if left else {}
    head = "".join(
        f'<th scope="col"{words.get(index, "")}>{clean(name)}</th>'
        for index, name in enumerate(header)
    )
    body = "\n".join(
        f'<tr><th scope="row">{clean(first)}</th>'
        + "".join(
            f"<td{words.get(i, '')}>{clean(cell)}</td>" for i, cell in enumerate(cells, start=1)
        )
        + "</tr>"
        for first, *cells in rows
    )
    whole = (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )
    if not fold:
        return whole
    state = ' open="open"' if open_ else ""
    return f"<details{state}><summary>The figures as a table</summary>\n{whole}</details>"


def facts(lines: Iterable[tuple[str, str]]) -> str:
    """Give a list of terms and what is said of them; what is said is markup."""
    items = "\n".join(f"<dt>{clean(term)}</dt><dd>{said}</dd>" for term, said in lines)
    return f'<dl class="facts">\n{items}\n</dl>'
