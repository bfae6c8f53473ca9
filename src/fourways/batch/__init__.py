"""Whole files of people: every row answered, or rejected with its reason."""

from fourways.batch.run import run
from fourways.batch.settings import Report, Settings

__all__ = ["Report", "Settings", "run"]
