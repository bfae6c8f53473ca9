"""Shows how far a run is: a bar on a terminal, elsewhere a line a minute."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from fourways.batch.journal import Position

MINUTE = 60.0
"""Seconds between lines where there is no terminal."""


@contextmanager
def progress(size: int | None, quiet: bool) -> "Iterator[Callable[[Position], None]]":
    """Show how far a run is, on standard error.

    Args:
        size: the bytes of the input, where they are known.
        quiet: whether to show nothing.
    """
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _bar(size) as told:
            yield told
    else:
        yield Lines(size)


class Lines:
    """Tells how far a run is, a line a minute.

    Args:
        size: the bytes of the input, where they are known.
        every: seconds between lines.
    """

    def __init__(self, size: int | None, every: float = MINUTE) -> None:
        self._size = size
        self._every = every
        self._start = self._last = time.monotonic()

    def __call__(self, position: "Position") -> None:
        """Tell it, when it is time."""
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        seconds = now - self._start
        told = [f"{position.records:,} rows", f"{position.records / seconds:,.0f} rows/s"]
        if self._size and position.bytes_read:
            share = min(position.bytes_read / self._size, 1)
            told.insert(1, f"{share:.0%}")
            told.append(f"{in_words(seconds / share - seconds)} left")
        click.echo(f"fourways: {', '.join(told)}", err=True)


def in_words(seconds: float) -> str:
    """Give a time in words, no more exact than one can tell beforehand."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"about {minutes} minute{'' if minutes == 1 else 's'}"
    hours, rest = divmod(minutes, 60)
    return f"about {hours} h {rest} min"


@contextmanager
def _bar(size: int | None) -> "Iterator[Callable[[Position], None]]":
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    from fourways.cli.show import console

    known = [BarColumn(), TaskProgressColumn()] if size else [SpinnerColumn(), TimeElapsedColumn()]
    bar = Progress(
        TextColumn("Deciding"), *known, TextColumn("{task.fields[told]}"),
        console=console(stderr=True), transient=True,
    )  # fmt: skip
    start = time.monotonic()
    with bar:
        # It pulses until the first block is done: nobody knows before how long one takes.
        task = bar.add_task("", total=None, told="")

        def told(position: "Position") -> None:
            seconds = max(time.monotonic() - start, 0.001)
            parts = [f"{position.records:,} rows", f"{position.records / seconds:,.0f} rows/s"]
            if size and position.bytes_read:
                share = min(position.bytes_read / size, 1)
                left = timedelta(seconds=round(seconds / share - seconds))
                parts.append(f"{left} left" if share < 1 else "finishing")
            bar.update(task, total=size, completed=position.bytes_read, told=", ".join(parts))

        yield told
