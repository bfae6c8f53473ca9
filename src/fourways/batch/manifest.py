"""The manifest beside the results: what was read, by which rules, and what became of it."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fourways import __version__
from fourways.errors import InputError, Place, Problem


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an audit needs of a manifest.

    Attributes:
        rule_base: the digest of the rule base.
        columns: column to attribute, of the columns that were read.
        results: the digest of the results file.
    """

    rule_base: str
    columns: Mapping[str, str]
    results: str


def versions() -> dict[str, str]:
    """Give the versions of what made the results."""
    return {
        "fourways": __version__,
        "python": platform.python_version(),
        "experta": version("experta"),
    }


def as_text(entries: Mapping[str, Any]) -> str:
    """Give the text of a manifest."""
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def read_manifest(path: Path) -> Manifest | None:
    """Read what an audit needs; None where there is no manifest.

    Raises:
        InputError: it is no manifest.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(Problem(f"{path} cannot be read: {error.strerror}")) from None
    try:
        entries = json.loads(data)
        columns = entries["columns"]["read"]
        return Manifest(
            rule_base=str(entries["rule_base"]["sha256"]),
            columns={str(name): str(attribute) for name, attribute in columns.items()},
            results=str(entries["outputs"]["results"]["sha256"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(
            Problem("this is no manifest", Place(str(path), 1, 1), "Restore it, or move it away.")
        ) from None
