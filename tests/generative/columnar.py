"""Decisions of many people at once: of a dataframe, and of a file."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from fourways import evaluate_frame
from fourways.batch.contract import RESULT_COLUMNS
from fourways.batch.run import run
from fourways.batch.settings import Settings
from fourways.engines.reference import ReferenceEngine
from fourways.model.base import RuleBase
from fourways.model.profile import Profile
from random_profiles import frame_of

CELLS = RESULT_COLUMNS[:-1]
"""All but the notes."""

Rows = list[tuple[str, ...]]


def by_frame(base: RuleBase, frame: pl.DataFrame) -> Rows:
    """Decide the rows of a frame whose columns are named like the attributes."""
    return evaluate_frame(frame.lazy(), base).collect().select(CELLS).rows()


def by_file(base: RuleBase, frame: pl.DataFrame) -> Rows:
    """Decide the rows of a frame as those of a file."""
    source = io.BytesIO()
    frame.write_csv(source, quote_style="always")
    source.seek(0)
    with TemporaryDirectory() as folder:
        results = Path(folder, "results.parquet")
        run(source, "people.csv", Settings(results, verify=0), base, ReferenceEngine(base))
        return pl.read_parquet(results).select(pl.col(CELLS).fill_null("")).rows()


def agree(base: RuleBase, profiles: Sequence[Profile], expected: Iterable[tuple[str, ...]]) -> None:
    """Assert that a frame of the profiles gets the expected cells."""
    decided = by_frame(base, frame_of(profiles, base))
    for profile, got, wanted in zip(profiles, decided, expected, strict=True):
        assert got == wanted, profile
