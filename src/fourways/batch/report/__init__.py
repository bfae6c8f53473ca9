"""A page with charts about a run: what came out for a whole file, and nobody by name."""

from fourways.batch.report.charts import require_charts
from fourways.batch.report.page import page
from fourways.batch.report.summary import Breakdown, Summary

__all__ = ["Breakdown", "Summary", "page", "require_charts"]
