"""Whole files of people: every row answered, or rejected with its reason."""

from fourways.batch.run import Report, Settings, run

__all__ = ["Report", "Settings", "run"]
