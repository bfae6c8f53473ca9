"""Options for files of people, and opening and writing files."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, cast

import click

from fourways.errors import InputError, Problem

FILE = click.Path(path_type=Path)
MAP = click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="COLUMN=ATTRIBUTE",
    help="Map a column to an attribute. Leave the right-hand side empty to ignore the column.",
)


def with_reading(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for the format of a file to a command, which gets them as `reading`."""

    @click.option(
        "--from",
        "from_form",
        # As in `fourways.intake.detected`, which is not imported for a `--help`.
        type=click.Choice(["csv", "jsonl", "parquet", "xlsx"]),
        help="The format of the file, where its first bytes do not tell it.",
    )
    @click.option("--encoding", metavar="NAME", help="The encoding, such as windows-1252.")
    @click.option(
        "--delimiter", metavar="CHAR", help="The delimiter: comma, pipe, tab, ; and so on."
    )
    @click.option("--sheet", metavar="NAME", help="The sheet of a workbook; by default the first.")
    @wraps(function)
    def command(
        *args: object,
        from_form: str | None,
        encoding: str | None,
        delimiter: str | None,
        sheet: str | None,
        **options: object,
    ) -> object:
        from fourways.intake.detected import ReadingOptions

        reading = ReadingOptions(from_form, encoding, delimiter, sheet)
        return function(*args, reading=reading, **options)

    return command


def parsed(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return the attribute of each column in texts such as `Job Title=current_role`.

    Raises:
        InputError: with every text that has another form.
    """
    wrong = [pair for pair in pairs if not pair.rpartition("=")[0].strip()]
    if wrong:
        raise InputError(*(Problem(f"--map '{pair}' isn't COLUMN=ATTRIBUTE") for pair in wrong))
    parts = (pair.rpartition("=") for pair in pairs)
    return {column.strip(): attribute.strip() for column, _, attribute in parts}


@contextmanager
def opened(source: Path) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file, or standard input for `-`; yield its bytes, and its size if that is known.

    Raises:
        InputError: it is missing, a folder, or cannot be read.
    """
    if str(source) == "-":
        yield _standard_input(), None
        return
    if source.is_dir():
        raise InputError(Problem(f"{source} is a folder", hint="Name a file in it."))
    try:
        stream = source.open("rb")
    except FileNotFoundError:
        raise InputError(Problem(f"{source} does not exist")) from None
    except OSError as error:
        raise InputError(Problem(f"{source} cannot be read: {error.strerror}")) from None
    with stream:
        yield stream, source.stat().st_size or None


def _standard_input() -> BinaryIO:
    """Return standard input unbuffered: a thread waiting in a buffer would keep Python running."""
    try:
        number = sys.stdin.fileno()
    except (OSError, ValueError):
        return sys.stdin.buffer
    return cast(BinaryIO, open(number, "rb", buffering=0, closefd=False))


def write_whole(path: Path, text: str, mode: int = 0o666) -> None:
    """Write a small file whole or not at all, over one that exists.

    Args:
        path: the file.
        text: what it holds, written as UTF-8.
        mode: the permissions, less those that the umask excludes.

    Raises:
        OSError: it can't be written.
    """
    temporary = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
