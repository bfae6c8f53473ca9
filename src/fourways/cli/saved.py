"""Saves an unfinished questionnaire in your state folder, for `fourways ask --resume`."""

import json
from pathlib import Path

from platformdirs import user_state_path

from fourways.cli.files import write_whole
from fourways.errors import InputError, Problem
from fourways.interview import Interview, as_record, from_record
from fourways.model.base import RuleBase


def saved_file() -> Path:
    """Return the file that an unfinished questionnaire is saved in."""
    return user_state_path("fourways", appauthor=False) / "interview.json"


def save(interview: Interview) -> None:
    """Save an interview, readable by its owner only.

    Raises:
        OSError: the file can't be written.
    """
    path = saved_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, json.dumps(as_record(interview), indent=1), mode=0o600)


def load(base: RuleBase) -> Interview:
    """Return the saved interview.

    Raises:
        InputError: nothing is saved, it can't be read, or it belongs to other rules.
    """
    path = saved_file()
    try:
        return from_record(base, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise InputError(
            Problem("there are no saved answers", hint="Start with `fourways ask`.")
        ) from None
    except (ValueError, RecursionError):
        problem = Problem("the saved answers can't be read")
    except InputError as error:
        problem = error.problems[0]
    hint = problem.hint or "Start again with `fourways ask`."
    raise InputError(Problem(f"{path}: {problem.message}", hint=hint))


def delete() -> None:
    """Delete the saved interview, if there is one."""
    saved_file().unlink(missing_ok=True)
