"""The ledger's schema, revision by revision, run by Alembic."""
