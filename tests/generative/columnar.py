"""The two ways through the columnar engine: a dataframe, and the blocks of a file."""

from collections.abc import Iterable, Sequence

import polars as pl

from fourways import evaluate_frame
from fourways.answers.columns import Columns
from fourways.batch.answers import FileAnswers
from fourways.batch.blocks import BlockDecider
from fourways.batch.contract import RESULT_COLUMNS
from fourways.intake.texts import InFrame, column_name
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from random_profiles import frame_of
from remembered import CELLS

ALL_CELLS = RESULT_COLUMNS[:-1]
Rows = list[tuple[str, ...]]


def by_frame(base: RuleBase, frame: pl.DataFrame, cells: Sequence[str] = ALL_CELLS) -> Rows:
    """Decide the rows of a frame whose columns are named like the attributes."""
    said = len(cells) > len(CELLS)
    return evaluate_frame(frame.lazy(), base, texts=said).collect().select(cells).rows()


def by_blocks(base: RuleBase, frame: pl.DataFrame, cells: Sequence[str] = ALL_CELLS) -> Rows:
    """Decide the rows of a frame as those of a file."""
    columns = Columns(tuple(frame.columns), {n: i for i, n in enumerate(frame.columns)})
    answers = FileAnswers(columns, base.attributes)
    block = frame.cast(pl.Categorical)
    block.columns = [column_name(index) for index in range(block.width)]
    decider = BlockDecider(base, answers, cells)
    decided = decider.decide(answers.keys(InFrame(block))).results
    assert isinstance(decided, pl.DataFrame)
    return decided.select(cells).rows()


def agree(base: RuleBase, profiles: Sequence[Profile], expected: Iterable[tuple[str, ...]]) -> None:
    """Assert that both ways give the expected cells: all of them, or only the first."""
    rows = list(expected)
    cells = ALL_CELLS[: len(rows[0])]
    frame = frame_of(profiles, base)
    for decided in (by_frame(base, frame, cells), by_blocks(base, frame, cells)):
        # Compared as a whole, for the whole may be large; then told by the profile.
        if decided != rows:
            for profile, got, wanted in zip(profiles, decided, rows, strict=True):
                assert got == wanted, profile
