"""Explanations: pure functions of a decision and its rule base."""
