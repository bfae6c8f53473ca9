"""Keeps an unfinished interview in the user's state folder, for `--resume`."""

import json
import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from platformdirs import user_state_path

from fourways.errors import InputError, Problem
from fourways.interview import Interview, as_record, from_record
from fourways.model.base import RuleBase


def place() -> Path:
    """Give where an unfinished interview is kept."""
    return user_state_path("fourways", appauthor=False) / "interview.json"


def keep(interview: Interview) -> None:
    """Write an interview down, whole or not at all, readable by its owner only.

    Raises:
        OSError: it cannot be written.
    """
    path = place()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = mkstemp(prefix=".interview.", dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(as_record(interview), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def kept(base: RuleBase) -> Interview:
    """Give the interview that was kept.

    Raises:
        InputError: there is none, it cannot be read, or it belongs to other rules.
    """
    path = place()
    try:
        text = path.read_text(encoding="utf-8")
        record: object = json.loads(text)
    except FileNotFoundError:
        raise InputError(
            Problem("there are no saved answers", hint="Begin with `fourways ask`.")
        ) from None
    except (ValueError, RecursionError):
        raise InputError(_unusable("the saved answers cannot be read", path)) from None
    try:
        return from_record(base, record)
    except InputError as error:
        raise InputError(*(_unusable(p.message, path, p.hint) for p in error.problems)) from None


def forget() -> None:
    """Take away what was kept, if anything."""
    place().unlink(missing_ok=True)


def _unusable(message: str, path: Path, hint: str = "") -> Problem:
    return Problem(f"{path}: {message}", hint=hint or "Begin anew with `fourways ask`.")
