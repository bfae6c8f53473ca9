"""Reads people from a Parquet file, some rows at a time."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import polars as pl

from fourways.errors import InputError, Location, Problem
from fourways.intake.blocks import BLOCK, Block
from fourways.intake.cells import as_text, block_of
from fourways.intake.detected import PARQUET, Detected
from fourways.intake.header import problem_with_names
from fourways.intake.source import Raw
from fourways.intake.spool import OnDisk

MAGIC = b"PAR1"
_BYTES_A_ROW = 256
_FAULTS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


class ParquetPeople:
    """The rows of a Parquet file. As their line counts their number, from 1.

    Args:
        disk: the file.
        raw: its bytes, for the digest.
        name: how messages name it.

    Raises:
        InputError: it is damaged, or two columns have the same name.
    """

    def __init__(self, disk: OnDisk, raw: Raw, name: str) -> None:
        self.name = name
        self.digest = raw.digest
        self.detected = Detected(PARQUET)
        self.opened_as = str(self.detected)
        self.empty_lines = 0
        self.records = 0
        self._disk = disk
        try:
            with _calm():
                self._rows = pl.scan_parquet(disk.path, glob=False)
                self._schema = self._rows.collect_schema()
                self._count = self._rows.select(pl.len()).collect().item()
        except _FAULTS as error:
            raise self._damaged(error) from None
        self.header = tuple(column.strip() for column in self._schema)
        if problem := problem_with_names(self.header):
            raise InputError(Problem(problem[0], Location(name, 1, 1), problem[1]))

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file were read, reckoned from its rows."""
        if self.records >= self._count:
            return self._disk.size
        return int(self._disk.size * self.records / self._count)

    def blocks(
        self,
        categorical: Sequence[int],
        size: int = BLOCK,
        as_lines: bool = False,  # noqa: ARG002
    ) -> Iterator[Block]:
        """Give the rows in blocks.

        Raises:
            InputError: the file is damaged, or is not what it was.
        """
        texts = [as_text(pl.col(name), kind) for name, kind in self._schema.items()]
        for batch in self._batches(max(1, min(size, BLOCK) // _BYTES_A_ROW)):
            try:
                with _calm():
                    frame = batch.select(text.alias(str(i)) for i, text in enumerate(texts))
            except _FAULTS as error:
                raise self._damaged(error) from None
            numbers = range(self.records + 1, self.records + 1 + batch.height)
            self.records += batch.height
            yield block_of(frame, numbers, numbers, categorical)
        self._disk.check_unchanged()
        if self.records != self._count:
            raise InputError(
                Problem(
                    f"{self.name}: it says that it has {self._count:,} rows,"
                    f" and {self.records:,} were read"
                )
            )

    def _batches(self, rows: int) -> Iterator[pl.DataFrame]:
        """Give so many rows at a time, whatever the parts that the file is written in."""
        held: list[pl.DataFrame] = []
        count = 0
        # Nothing is read before the first is asked for.
        batches = self._rows.collect_batches(chunk_size=rows, lazy=True)
        while True:
            try:
                with _calm():
                    batch = next(batches, None)
            except _FAULTS as error:
                raise self._damaged(error) from None
            if batch is None:
                break
            held.append(batch)
            count += batch.height
            if count >= rows:
                whole = pl.concat(held) if len(held) > 1 else held[0]
                for start in range(0, count - count % rows, rows):
                    yield whole.slice(start, rows)
                held = [whole.slice(count - count % rows)]
                count %= rows
        if count:
            yield pl.concat(held)

    def _damaged(self, error: BaseException) -> InputError:
        why = (str(error) or type(error).__name__).splitlines()[0]
        return InputError(
            Problem(f"{self.name}: this Parquet file cannot be read: {why}", hint="Write it anew.")
        )


@contextmanager
def _calm() -> Iterator[None]:
    """Keep from the user what the inside of Polars prints when it panics, which some damage does.

    It goes to the file descriptor of standard error, perhaps before we are told. What others print
    there meanwhile comes a moment later.
    """
    try:
        shown = os.dup(2)
    except OSError:  # There is no standard error.
        yield
        return
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(shown, 2)
            os.close(shown)
            kept.seek(0)
            printed = kept.read()
            if printed and b" panicked at " not in printed:
                with suppress(OSError):
                    os.write(2, printed)
