"""Runs the migrations in the transaction that the ledger has opened."""

from alembic import context

from fourways.ledger.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()
