"""Runs the migrations on the connection, and in the transaction, that the ledger opened."""

from alembic import context

from fourways.ledger.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()
