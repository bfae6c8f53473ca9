"""The table of figures, for the terminal and as Markdown."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.speed.measuring import BenchmarkError, Figures

HEADER = (
    "", "rows", "rows/s", "times its copy", "times the fastest peer", "peak memory", "start-up",
    "runs",
)  # fmt: skip
_MARKED = re.compile(r"(<!-- speed -->\n).*?(<!-- /speed -->)", re.DOTALL)
_NO = "–"


def cells(figures: Sequence[Figures], starts: Mapping[str, float]) -> list[tuple[str, ...]]:
    """Give the table's rows, in the words of its header.

    Args:
        figures: of each way on each file.
        starts: by the key of a way, the seconds for a single row.
    """
    copies = {(one.way.key, one.rows): one.rate for one in figures}
    peers = [one.rate for one in figures if one.way.peer and one.rate]
    return [_row(one, copies, max(peers, default=None), starts) for one in figures]


def _row(
    one: Figures,
    copies: Mapping[tuple[str, int], float | None],
    fastest: float | None,
    starts: Mapping[str, float],
) -> tuple[str, ...]:
    start = f"{starts[one.way.key]:.2f} s" if one.way.key in starts else _NO
    if one.rate is None:
        return (one.way.title, f"{one.rows:,}", _NO, _NO, _NO, _NO, start, _NO)
    copy = copies.get((one.way.limit, one.rows))
    runs = f"{len(one.seconds)}: {min(one.seconds):.2f} s"
    if len(one.seconds) > 1:
        runs += f" to {max(one.seconds):.2f} s"
    return (
        one.way.title,
        f"{one.decided:,}",
        f"{one.rate:,.0f}",
        f"{copy / one.rate:.2f}" if copy else _NO,
        _times(one.rate / fastest) if fastest else _NO,
        f"{one.peak / 1e6:,.0f} MB",
        start,
        runs,
    )


def failures(figures: Sequence[Figures]) -> list[str]:
    """Give what could not be measured, or not as often as it should have been, and why."""
    return [
        f"Not measured in full: {one.way.title}, {one.rows:,} rows: {shortened(one.note)}"
        for one in figures
        if one.note
    ]


def shortened(text: str) -> str:
    """Give the beginning of a long text."""
    return text if len(text) <= 300 else f"{text[:297]}..."


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """Give the table for a terminal."""
    widths = [max(map(len, column)) for column in zip(HEADER, *rows, strict=True)]

    def line(row: Sequence[str]) -> str:
        first, *rest = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join([first, *rest]).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([line(HEADER), rule, *map(line, rows)])


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """Give the table as Markdown."""
    rule = "|---" + "|---:" * (len(HEADER) - 1) + "|"
    return "\n".join([_piped(HEADER), rule, *map(_piped, rows)])


def _piped(row: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def write_between_marks(path: Path, text: str) -> None:
    """Put a text between the marks `<!-- speed -->` and `<!-- /speed -->` of a file.

    Raises:
        BenchmarkError: they are not there.
    """
    before = path.read_text(encoding="utf-8")
    after, marks = _MARKED.subn(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", before)
    if marks != 1:
        raise BenchmarkError(f"{path} has no lines <!-- speed --> and <!-- /speed --> to write to")
    path.write_text(after, encoding="utf-8")
