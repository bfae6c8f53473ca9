"""The use cases, one function each: what the command line and the web page can do.

A use case takes values and returns one finished value; it neither prints nor asks.
"""

# ------------------------------------------------------------------ one person


# ---------------------------------------------------------------- explanations


# ----------------------------------------------------------------------- rules


# ---------------------------------------------------------------- files of people


# ------------------------------------------------------------- audit and ledger
