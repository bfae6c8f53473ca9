"""What the user says about a run on Spark, what became of it, and how the manifest tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fourways.answers.columns import Columns
from fourways.batch.manifest import versions
from fourways.batch.spark.records import Records
from fourways.model.base import RuleBase


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """What the user says about a run.

    Attributes:
        master: the URL of the cluster.
        source: the folder of CSV or Parquet files, a path or URL that every executor can read.
        output: the folder that the results shall have; made by the run.
        columns: column to attribute, where their names do not say it.
        verify: how many distinct profiles a second engine decides as well; None for all.
        texts: whether to give the sentences: because, actions, cautions.
        force: whether an existing output may be replaced.
        options: Spark's own settings, by their names.
    """

    master: str
    source: str
    output: str
    columns: Mapping[str, str] = field(default_factory=dict)
    verify: int | None = 50
    texts: bool = True
    force: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SparkReport:
    """What became of a folder: records is the sum of results and rejects."""

    records: int
    results: int
    rejects: int
    distinct: int
    verified: int
    recommended: Mapping[str, int]
    problems: Mapping[str, int]
    columns: Columns
    result_columns: tuple[str, ...]
    output: str


def manifest(
    report: SparkReport,
    settings: SparkSettings,
    records: Records,
    base: RuleBase,
    judge: str,
    spark: str,
    started: datetime,
) -> dict[str, Any]:
    """Give the entries of the manifest.

    Args:
        report: what became of the folder.
        settings: what the user said.
        records: what was read.
        base: the rules.
        judge: the name of the engine that decided a sample again.
        spark: the version of Spark.
        started: when the run began.
    """
    verify = settings.verify
    return {
        "input": {
            "name": records.folder, "kind": records.kind, "files": len(records.files),
            "bytes": sum(records.files.values()),
        },
        "columns": {
            "read": report.columns.by_name,
            "passed": list(report.columns.passed),
            "protected": list(report.columns.protected),
            "added": list(report.result_columns),
        },
        "counts": {
            "in": report.records, "results": report.results, "rejects": report.rejects,
            "distinct_profiles": report.distinct,
            "recommended": dict(report.recommended), "problems": dict(report.problems),
        },
        "rule_base": {"sha256": base.digest, "rules": len(base.rules)},
        "agreement": {
            "decided_by": "ColumnarEngine", "verified_by": judge,
            "asked_for": "all" if verify is None else verify,
            "verified": report.verified, "agreed": report.verified,
        },
        "versions": {**versions(), "spark": spark},
        "started": started.isoformat(timespec="milliseconds"),
        "finished": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }  # fmt: skip
