"""How fast whole files are answered: against copying them, a plain loop, and other rule engines.

./scripts/bench runs it; every figure of the table is measured in that run, by processes of
their own, so that each has its own time and its own peak of memory.
"""
