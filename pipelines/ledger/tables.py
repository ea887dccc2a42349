"""What the ledger keeps: tables that SQLite and PostgreSQL both take.

A record is kept whole, as the codec writes it, in a column `record`; the other columns are what queries need.
Change a table here and in a new migration; a test compares the two.
"""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

WAITING: Final = "waiting"
FETCHED: Final = "fetched"
FAILED: Final = "failed"
SENT: Final = "sent"
REFUSED: Final = "refused"

VERSION_TABLE: Final = "ledger_version"
"""Where the revision of the tables is kept: a name that no other program uses."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, also where the database keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC.

        Raises:
            ValueError: it has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, with its time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Byte order in both databases, so that an export has the same order wherever it comes from.
_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_POSITION = BigInteger().with_variant(Integer, "sqlite")

METADATA: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

sources = Table(
    "sources",
    METADATA,
    Column("source", _KEY, primary_key=True),
    Column("cursor", Text),
    Column("next_poll_at", Instant),
    Column("failures_in_a_row", Integer, nullable=False, default=0),
    Column("last_error", Text),
    Column("last_ok_at", Instant),
)

items = Table(
    "items",
    METADATA,
    Column("id", _KEY, primary_key=True),
    Column("state", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Instant, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("last_error", Text),
    Column("record", Text, nullable=False),
    # With the host, so that those of a busy one are passed over without reading their rows.
    Index(None, "state", "due_at", "observed_at", "id", "host"),
)

pages = Table(
    "pages",
    METADATA,
    Column("id", _KEY, primary_key=True),
    # Before the record, and of one size in both states: marking a page does not rewrite its body.
    Column("done", Boolean, nullable=False, default=False),
    Column("observed_at", Instant, nullable=False),
    # A column for what NULLS LAST would say, so that the index has the order of the query.
    Column("undated", Boolean, nullable=False),
    Column("published_at", Instant),
    Column("record", Text, nullable=False),
    Index(None, "done", "observed_at", "undated", "published_at", "id"),
)

articles = Table(
    "articles",
    METADATA,
    Column("id", _KEY, primary_key=True),
    Column("observed_at", Instant, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "observed_at", "id"),
)

memories = Table("memories", METADATA, Column("id", _KEY, primary_key=True))

hearings = Table(
    "hearings",
    METADATA,
    Column("seq", _POSITION, primary_key=True),
    Column("id", _KEY, nullable=False, unique=True),
    Column("memory", _KEY, ForeignKey(memories.c.id), nullable=False),
    Column("article", _KEY, nullable=False),
    Column("copy_of", _KEY),
    Column("record", Text, nullable=False),
    Index(None, "memory", "seq"),
    Index(None, "article", "copy_of"),
    sqlite_autoincrement=True,
)

parked = Table(
    "parked",
    METADATA,
    Column("topic", _KEY, primary_key=True),
    Column("article", _KEY, primary_key=True),
    Column("memory", _KEY, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "memory", "observed_at"),
)

positions = Table(
    "positions",
    METADATA,
    Column("queue", _KEY, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
    Column("last_at", Instant),
)

judgements = Table(
    "judgements",
    METADATA,
    Column("claim", _KEY, primary_key=True),
    Column("topic", _KEY, primary_key=True),
    Column("story", _KEY, nullable=False),
    Column("of", _KEY),
    Column("article", _KEY, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("start", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "observed_at", "article", "start", "claim", "topic"),
    Index(None, "topic", "observed_at", "article", "start", "claim"),
    Index(None, "story"),
    Index(None, "of"),
)

heard = Table(
    "heard",
    METADATA,
    Column("topic", _KEY, primary_key=True),
    Column("story", _KEY, primary_key=True),
)

alerts = Table(
    "alerts",
    METADATA,
    Column("id", _KEY, primary_key=True),
    Column("topic", _KEY, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "observed_at", "id"),
    Index(None, "topic", "observed_at", "id"),
)

settled = Table(
    "settled",
    METADATA,
    Column("topic", _KEY, primary_key=True),
    Column("article", _KEY, primary_key=True),
    Column("alert", _KEY, ForeignKey(alerts.c.id)),
    Column("reason", Text),
)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("sink", _KEY, primary_key=True),
    Column("alert", _KEY, ForeignKey(alerts.c.id), primary_key=True),
    Column("state", Text, nullable=False, default=WAITING),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Instant),
    Column("observed_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("last_error", Text),
    Index(None, "sink", "state", "observed_at", "alert"),
)

failures = Table(
    "failures",
    METADATA,
    Column("id", _KEY, primary_key=True),
    Column("stage", _KEY, nullable=False),
    Column("failed_at", Instant, nullable=False),
    Column("replayed_at", Instant),
    Column("record", Text, nullable=False),
    Index(None, "failed_at", "id"),
)
