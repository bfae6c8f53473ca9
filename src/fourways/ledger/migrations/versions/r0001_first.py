"""The first schema: rule bases, records in a chain, personal data beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ledger_rule_bases",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("sources", sa.Text, nullable=False),
    )
    op.create_table(
        "ledger_records",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("rule_base", sa.String(64), sa.ForeignKey("ledger_rule_bases.digest")),
    )
    op.create_index("ledger_records_time", "ledger_records", ["time"])
    op.create_table(
        "ledger_personal",
        sa.Column(
            "number", _NUMBER, sa.ForeignKey("ledger_records.number"), primary_key=True,
            autoincrement=False,
        ),
        sa.Column("part", sa.String(20), primary_key=True),
        sa.Column("person", sa.Text),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )  # fmt: skip
    op.create_index("ledger_personal_person", "ledger_personal", ["person"])
    if op.get_bind().dialect.name == "postgresql":
        # The statistics of the planner hold samples of values, which erasing would not remove.
        for column in ("person", "salt", "content"):
            op.execute(f"ALTER TABLE ledger_personal ALTER COLUMN {column} SET STATISTICS 0")
