"""Deriving again what was recommended, and comparing."""
