"""Matches parked until their turn, and how far each partition of a queue was read."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Integer, Text

revision = "0002"
down_revision = "0001"

_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_INSTANT = DateTime(timezone=True)


def upgrade() -> None:
    """Two more tables."""
    op.create_table(
        "parked",
        Column("topic", _KEY, primary_key=True),
        Column("article", _KEY, primary_key=True),
        Column("memory", _KEY, nullable=False),
        Column("observed_at", _INSTANT, nullable=False),
        Column("record", Text, nullable=False),
    )
    op.create_index("ix_parked_memory_observed_at", "parked", ["memory", "observed_at"])
    op.create_table(
        "positions",
        Column("queue", _KEY, primary_key=True),
        Column("partition", Integer, primary_key=True, autoincrement=False),
        Column("next_offset", BigInteger, nullable=False),
        Column("last_at", _INSTANT),
    )
