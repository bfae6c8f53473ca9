"""Interpreters of the rules: one meaning, several engines that must agree."""
