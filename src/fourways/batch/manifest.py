"""The manifest beside the results: what was read, by which rules, and what became of it."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fourways import __version__
from fourways.engines.columnar import ColumnarEngine
from fourways.errors import InputError, Location, Problem
from fourways.model.base import RuleBase
from fourways.model.decision import Engine

if TYPE_CHECKING:
    from fourways.batch.settings import Report


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


def entries_of(
    report: "Report", base: RuleBase, verify: int | None, judge: Engine
) -> dict[str, Any]:
    """Give what a manifest says about the columns, the counts and the rules of a run."""
    columns, counts = report.columns, report.counts
    return {
        "detected": report.detected.entries,
        "columns": {
            "read": columns.by_name,
            "passed": list(columns.passed),
            "protected": list(columns.protected),
            "added": list(report.result_columns),
        },
        "counts": {
            "in": counts.records,
            "results": counts.results,
            "rejects": counts.rejects,
            "empty_lines": report.empty_lines,
            "noted": counts.noted,
            "profiles": counts.profiles,
            "recommended": dict(sorted(counts.recommended.items())),
            "problems": dict(sorted(counts.problems.items())),
        },
        "rule_base": {"sha256": base.digest, "rules": len(base.rules)},
        "agreement": {
            "decided_by": ColumnarEngine.__name__,
            "verified_by": type(judge).__name__,
            "asked_for": "all" if verify is None else verify,
            "verified": report.verified,
            "agreed": report.verified,
        },
        "versions": versions(),
        **({"resumed_after": report.resumed} if report.resumed else {}),
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
            Problem(
                "this is no manifest", Location(str(path), 1, 1), "Restore it, or move it away."
            )
        ) from None
