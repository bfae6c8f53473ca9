"""How fast fourways is: against a plain copy of the file, and against other rule engines.

`./scripts/bench` runs it. Every measurement is a process of its own, with its own time and peak
memory.
"""
