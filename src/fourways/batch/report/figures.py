"""From what a run has counted to the figures that its report tells."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from fourways.batch.manifest import versions
from fourways.batch.report.summary import Breakdown, Summary
from fourways.engines.columnar import ColumnarEngine
from fourways.model.base import RuleBase
from fourways.model.decision import Engine

if TYPE_CHECKING:
    from fourways.batch.settings import Report


def summary_of(
    report: "Report", file: str, base: RuleBase, judge: Engine, finished: str
) -> Summary:
    """Give the figures of a run.

    Args:
        report: what became of the file.
        file: its name.
        base: the rules.
        judge: the engine that decided a sample again.
        finished: when, in ISO form.
    """
    counts, columns = report.counts, report.columns
    return Summary(
        file=file,
        rows=counts.records,
        results=counts.results,
        rejects=counts.rejects,
        first=counts.recommended,
        also=counts.also,
        certainties=_in_hundredths(counts.certainties),
        breakdowns=tuple(
            Breakdown(name, counts.breakdowns[name])
            for name in base.attributes
            if counts.breakdowns.get(name)
        ),
        problems=counts.problems,
        distinct=counts.profiles,
        verified=report.verified,
        decided_by=ColumnarEngine.__name__,
        verified_by=type(judge).__name__,
        versions=versions(),
        detected=report.detected.phrases,
        noted=counts.noted,
        missing=tuple(name for name in base.attributes if name not in columns.mapped),
        protected=columns.protected,
        fired=counts.fired,
        finished=f"{datetime.fromisoformat(finished):%Y-%m-%d %H:%M} UTC",
    )


def _in_hundredths(certainties: Mapping[str, int]) -> dict[int, int]:
    return {round(float(text) * 100): count for text, count in certainties.items()}
