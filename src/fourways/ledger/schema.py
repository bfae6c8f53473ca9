"""The tables of the ledger, as its newest migration creates them."""

import sqlalchemy as sa

VERSION_TABLE = "ledger_version"
"""Where Alembic stores the revision."""

REVISIONS = ("0001",)
"""The revisions in `migrations`, oldest first."""

METADATA = sa.MetaData()

LARGEST = 2**63 - 1
"""The largest possible number of a record."""

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

RULE_BASES = sa.Table(
    "ledger_rule_bases",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("sources", sa.Text, nullable=False),
)
"""Every rule base that a record names: the texts of its files as canonical JSON."""

RECORDS = sa.Table(
    "ledger_records",
    METADATA,
    sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    # Copies of what the content says, for queries.
    sa.Column("time", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("rule_base", sa.String(64), sa.ForeignKey("ledger_rule_bases.digest")),
    sa.Index("ledger_records_time", "time"),
)
"""The chain: canonical JSON and the SHA-256 over it, without personal data."""

PERSONAL = sa.Table(
    "ledger_personal",
    METADATA,
    sa.Column(
        "number", NUMBER, sa.ForeignKey("ledger_records.number"), primary_key=True,
        autoincrement=False,
    ),
    sa.Column("part", sa.String(20), primary_key=True),
    sa.Column("person", sa.Text),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Index("ledger_personal_person", "person"),
)  # fmt: skip
"""Personal data as canonical JSON; the chain holds only its salted digest."""
