"""The ledger of decisions: a chain of records that shows when anything in it was changed.

`database` opens it and `ledger` adds and reads records. `chain` defines how records are linked,
`verify` looks for tampering, `checkpoints` signs the head of the chain, `erasure` removes a
person, `replay` decides again, and `export` writes records as JSON or text.
"""
