"""Suppress small counts in a table of people, so that nobody can be identified from it.

This is the primary and complementary suppression of official statistics: a count under five is
hidden, and where the totals of its row or column would still reveal it, another count is too.
"""

from collections.abc import Sequence

SMALLEST = 5
"""The smallest count of people that is shown."""

FEW = f"<{SMALLEST}"
"""Shown for a count under `SMALLEST`, 0 included."""

SOME = f"{SMALLEST}+"
"""Shown for a larger count that would reveal a small one."""

Cell = tuple[int, int]
"""Row and column of a count."""


def safe_count(people: int) -> str:
    """Return a count as it may be shown on its own."""
    return f"{people:,}" if people >= SMALLEST else FEW


def safe_table(counts: Sequence[Sequence[int]]) -> list[list[str]]:
    """Return the counts of a table as they may be shown beside its row and column totals.

    Args:
        counts: people by row and column; all rows are equally long.

    Returns:
        for each cell its count, `FEW`, or `SOME` (for as few cells as possible).
    """
    cells = [(r, c) for r, row in enumerate(counts) for c in range(len(row))]
    few = {(r, c) for r, c in cells if counts[r][c] < SMALLEST}
    some: set[Cell] = set()
    while revealed := _revealed(counts, few, some):
        shown = [cell for cell in cells if cell not in few | some]
        if not shown:
            break
        # A neighbor helps most; if there is none, any other count may loosen the totals.
        near = [
            (r, c) for r, c in shown if any(r == row or c == column for row, column in revealed)
        ]
        some.add(min(near or shown, key=lambda cell: counts[cell[0]][cell[1]]))

    def text(r: int, c: int) -> str:
        if (r, c) in few:
            return FEW
        return SOME if (r, c) in some else f"{counts[r][c]:,}"

    return [[text(r, c) for c in range(len(row))] for r, row in enumerate(counts)]


def _revealed(counts: Sequence[Sequence[int]], few: set[Cell], some: set[Cell]) -> set[Cell]:
    """Return the small counts, apart from 0, for which the totals leave only one value."""
    hidden = few | some
    least = {cell: SMALLEST if cell in some else 0 for cell in hidden}
    most = {cell: SMALLEST - 1 if cell in few else sum(map(sum, counts)) for cell in hidden}
    lines = [
        [cell for cell in hidden if cell[axis] == index]
        for axis in (0, 1)
        for index in {cell[axis] for cell in hidden}
    ]
    changed = True
    while changed:
        changed = False
        for line in lines:
            total = sum(counts[r][c] for r, c in line)
            lows, highs = sum(least[cell] for cell in line), sum(most[cell] for cell in line)
            for cell in line:
                low = max(least[cell], total - (highs - most[cell]))
                high = min(most[cell], total - (lows - least[cell]))
                if (low, high) != (least[cell], most[cell]):
                    lows, highs = lows + low - least[cell], highs + high - most[cell]
                    least[cell], most[cell] = low, high
                    changed = True
    return {(r, c) for r, c in few if counts[r][c] and least[r, c] == most[r, c]}
