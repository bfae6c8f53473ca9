"""The tables of the ledger, as its newest migration creates them."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

VERSION_TABLE = "ledger_version"
"""Where Alembic stores the revision."""

REVISIONS = ("0001",)
"""The revisions in `migrations`, oldest first."""

METADATA = MetaData()

LARGEST = 2**63 - 1
"""The largest possible number of a record."""

NUMBER = BigInteger().with_variant(Integer, "sqlite")

RULE_BASES = Table(
    "ledger_rule_bases",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("sources", Text, nullable=False),
)
"""Every rule base that a record names: the texts of its files as canonical JSON."""

RECORDS = Table(
    "ledger_records",
    METADATA,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    # Copies of what the content says, for queries.
    Column("time", String(32), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("rule_base", String(64), ForeignKey("ledger_rule_bases.digest")),
    Index("ledger_records_time", "time"),
)
"""The chain: canonical JSON and the SHA-256 over it, without personal data."""

PERSONAL = Table(
    "ledger_personal",
    METADATA,
    Column(
        "number", NUMBER, ForeignKey("ledger_records.number"), primary_key=True,
        autoincrement=False,
    ),
    Column("part", String(20), primary_key=True),
    Column("person", Text),
    Column("salt", LargeBinary, nullable=False),
    Column("content", Text, nullable=False),
    Index("ledger_personal_person", "person"),
)  # fmt: skip
"""Personal data as canonical JSON; the chain holds only its salted digest."""
