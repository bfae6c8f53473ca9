"""Answering for what was recommended: results derived again, and the ledger of all decisions.

`results` compares a results file with the rules. The ledger: `database` opens it, `ledger` adds to
it and reads it, `chain` says what holds its records together, `verify` looks for what was tampered
with, `checkpoints` signs its head, `erasure` takes a person out of it, `replay` decides again.
"""
