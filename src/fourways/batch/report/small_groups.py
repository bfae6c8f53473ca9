"""Hides small groups in a table of people, so that nobody can be worked out from it.

After the primary and complementary suppression of official statistics: a figure under five is
hidden, and where it would still follow from the sums of its row or column, one more is.
"""

from collections.abc import Sequence
from itertools import product
from operator import itemgetter

SMALLEST = 5
"""The least number of people that is shown."""

FEW = f"<{SMALLEST}"
"""Stands for a figure under `SMALLEST`, 0 included."""

SOME = f"{SMALLEST}+"
"""Stands for a greater figure that would give a small one away."""

Cell = tuple[int, int]


def guarded(people: int) -> str:
    """Give a figure as it may be shown by itself."""
    return f"{people:,}" if people >= SMALLEST else FEW


def safe_table(counts: Sequence[Sequence[int]]) -> list[list[str]]:
    """Give a table of people as it may be shown beside the sums of its rows and columns.

    Args:
        counts: the people, by row and column.

    Returns:
        the texts of the cells: a figure, `FEW`, or `SOME` for the fewest cells that it takes.
    """
    cells = list(product(range(len(counts)), range(len(counts[0]) if counts else 0)))
    few = {(r, c) for r, c in cells if counts[r][c] < SMALLEST}
    some: set[Cell] = set()
    while given_away := _given_away(counts, few, some):
        shown = [cell for cell in cells if cell not in few | some]
        # A neighbour helps most; with none left, any other figure may loosen the sums.
        near = [(r, c) for r, c in shown if any(r == gr or c == gc for gr, gc in given_away)]
        if not shown:
            break
        some.add(min(near or shown, key=lambda cell: counts[cell[0]][cell[1]]))

    def text(r: int, c: int) -> str:
        if (r, c) in few:
            return FEW
        return SOME if (r, c) in some else f"{counts[r][c]:,}"

    return [[text(r, c) for c in range(len(row))] for r, row in enumerate(counts)]


def _given_away(counts: Sequence[Sequence[int]], few: set[Cell], some: set[Cell]) -> set[Cell]:
    """Give the small figures, 0 apart, that the sums leave only one value for."""
    hidden = few | some
    least = {cell: SMALLEST if cell in some else 0 for cell in hidden}
    most = {cell: SMALLEST - 1 if cell in few else _total(counts) for cell in hidden}
    lines = [
        [cell for cell in hidden if same(cell) == place]
        for same in (itemgetter(0), itemgetter(1))
        for place in {same(cell) for cell in hidden}
    ]
    changed = True
    while changed:
        changed = False
        for line in lines:
            whole = sum(counts[r][c] for r, c in line)
            lows, highs = sum(least[i] for i in line), sum(most[i] for i in line)
            for cell in line:
                low = max(least[cell], whole - (highs - most[cell]))
                high = min(most[cell], whole - (lows - least[cell]))
                if (low, high) != (least[cell], most[cell]):
                    lows, highs = lows + low - least[cell], highs + high - most[cell]
                    least[cell], most[cell] = low, high
                    changed = True
    return {(r, c) for r, c in few if counts[r][c] and least[r, c] == most[r, c]}


def _total(counts: Sequence[Sequence[int]]) -> int:
    return sum(map(sum, counts))
