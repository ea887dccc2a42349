"""The first tables."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Index, Integer, Text

revision = "0001"
down_revision = None

_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_POSITION = BigInteger().with_variant(Integer, "sqlite")
_INSTANT = DateTime(timezone=True)


def upgrade() -> None:
    """All tables, none of which was there."""
    _create_intake()
    _create_memories()
    _create_judgements()
    _create_outbox()
    _create_failures()


def _create_intake() -> None:
    op.create_table(
        "sources",
        Column("source", _KEY, primary_key=True),
        Column("cursor", Text),
        Column("next_poll_at", _INSTANT),
        Column("failures_in_a_row", Integer, nullable=False),
        Column("last_error", Text),
        Column("last_ok_at", _INSTANT),
    )
    op.create_table(
        "items",
        Column("id", _KEY, primary_key=True),
        Column("state", Text, nullable=False),
        Column("host", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("due_at", _INSTANT, nullable=False),
        Column("observed_at", _INSTANT, nullable=False),
        Column("closed_at", _INSTANT),
        Column("last_error", Text),
        Column("record", Text, nullable=False),
        Index(None, "state", "due_at", "observed_at", "id", "host"),
    )
    op.create_table(
        "pages",
        Column("id", _KEY, primary_key=True),
        Column("done", Boolean, nullable=False),
        Column("observed_at", _INSTANT, nullable=False),
        Column("undated", Boolean, nullable=False),
        Column("published_at", _INSTANT),
        Column("record", Text, nullable=False),
        Index(None, "done", "observed_at", "undated", "published_at", "id"),
    )


def _create_memories() -> None:
    op.create_table("memories", Column("id", _KEY, primary_key=True))
    op.create_table(
        "hearings",
        Column("seq", _POSITION, primary_key=True),
        Column("id", _KEY, nullable=False, unique=True),
        Column("memory", _KEY, ForeignKey("memories.id"), nullable=False),
        Column("article", _KEY, nullable=False),
        Column("copy_of", _KEY),
        Column("record", Text, nullable=False),
        Index(None, "memory", "seq"),
        Index(None, "article", "copy_of"),
        sqlite_autoincrement=True,
    )


def _create_judgements() -> None:
    op.create_table(
        "articles",
        Column("id", _KEY, primary_key=True),
        Column("observed_at", _INSTANT, nullable=False),
        Column("record", Text, nullable=False),
        Index(None, "observed_at", "id"),
    )
    op.create_table(
        "judgements",
        Column("claim", _KEY, primary_key=True),
        Column("topic", _KEY, primary_key=True),
        Column("story", _KEY, nullable=False),
        Column("of", _KEY),
        Column("article", _KEY, nullable=False),
        Column("observed_at", _INSTANT, nullable=False),
        Column("start", Integer, nullable=False),
        Column("record", Text, nullable=False),
        Index(None, "observed_at", "article", "start", "claim", "topic"),
        Index(None, "topic", "observed_at", "article", "start", "claim"),
        Index(None, "story"),
        Index(None, "of"),
    )
    op.create_table(
        "heard",
        Column("topic", _KEY, primary_key=True),
        Column("story", _KEY, primary_key=True),
    )


def _create_outbox() -> None:
    op.create_table(
        "alerts",
        Column("id", _KEY, primary_key=True),
        Column("topic", _KEY, nullable=False),
        Column("observed_at", _INSTANT, nullable=False),
        Column("record", Text, nullable=False),
        Index(None, "observed_at", "id"),
        Index(None, "topic", "observed_at", "id"),
    )
    op.create_table(
        "settled",
        Column("topic", _KEY, primary_key=True),
        Column("article", _KEY, primary_key=True),
        Column("alert", _KEY, ForeignKey("alerts.id")),
        Column("reason", Text),
    )
    op.create_table(
        "deliveries",
        Column("sink", _KEY, primary_key=True),
        Column("alert", _KEY, ForeignKey("alerts.id"), primary_key=True),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("due_at", _INSTANT),
        Column("observed_at", _INSTANT, nullable=False),
        Column("closed_at", _INSTANT),
        Column("last_error", Text),
        Index(None, "sink", "state", "observed_at", "alert"),
    )


def _create_failures() -> None:
    op.create_table(
        "failures",
        Column("id", _KEY, primary_key=True),
        Column("stage", _KEY, nullable=False),
        Column("failed_at", _INSTANT, nullable=False),
        Column("replayed_at", _INSTANT),
        Column("record", Text, nullable=False),
        Index(None, "failed_at", "id"),
    )
