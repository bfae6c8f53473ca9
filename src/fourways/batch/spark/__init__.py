"""Whole folders of people on a Spark cluster: the same rules, for files beyond one machine."""

from fourways.batch.spark.report import SparkReport, SparkSettings
from fourways.batch.spark.run import run_spark

__all__ = ["SparkReport", "SparkSettings", "run_spark"]
