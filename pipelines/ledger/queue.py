"""The order of judging where several workers read: what was read how far, and what waits for its turn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, true, update

from pipelines.ledger.statements import insert_new, to_text, update_each
from pipelines.ledger.tables import parked, positions
from pipelines.ledger.transactions import Transactions
from schemas.articles import Match
from schemas.codec import decode
from schemas.record import Instant, record

_THE_SAME: Final = delete(parked).where(
    parked.c.topic == bindparam("of"), parked.c.article == bindparam("in")
)


@record
class Position:
    """How far one partition of a queue was read: everything before is in the ledger."""

    next_offset: int
    """Offset of the first record that was not read."""
    last_at: Instant | None
    """`observed_at` of the last page that was read."""


class Positions:
    """How far every partition of a queue was read, whoever read it."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, queue: str) -> dict[int, Position]:
        """The position of each partition that was ever read."""
        rows = select(positions).where(positions.c.queue == queue)
        with self._transactions.reading() as connection:
            return {
                row.partition: Position(next_offset=row.next_offset, last_at=row.last_at)
                for row in connection.execute(rows)
            }

    def advance(self, queue: str, read: Mapping[int, Position]) -> None:
        """The partitions are read so far at least: a position never goes back."""
        further = (
            update(positions)
            .where(positions.c.queue == queue, positions.c.partition == bindparam("number"))
            .where(positions.c.next_offset < bindparam("end"))
            .values(next_offset=bindparam("end"), last_at=bindparam("at"))
        )
        rows = [
            {"number": partition, "end": position.next_offset, "at": position.last_at}
            for partition, position in sorted(read.items())
        ]
        fresh = [{"queue": queue, "partition": partition, "next_offset": 0} for partition in sorted(read)]
        with self._transactions.writing() as connection:
            insert_new(connection, positions, fresh)
            update_each(connection, further, rows)

    def forget(self, queue: str, partitions: Sequence[int]) -> None:
        """The partitions were never read: those of that name are gone."""
        rows = delete(positions).where(positions.c.queue == queue, positions.c.partition.in_(partitions))
        with self._transactions.writing() as connection:
            connection.execute(rows)


def take_turns(
    connection: Connection, memory: str, matches: Sequence[Match], horizon: datetime | None
) -> tuple[Match, ...]:
    """Those of the matches and of the memory's parked ones observed before the horizon; the rest are parked.

    The memory must be locked by the connection's transaction.
    """
    later = [match for match in matches if not _before(match, horizon)]
    live = [_parked_row(match) for match in later if match.live]
    if live:
        # An archive may have parked the same match, to be judged in shadow: the live one takes its place.
        connection.execute(_THE_SAME, [{"of": row["topic"], "in": row["article"]} for row in live])
    insert_new(connection, parked, live + [_parked_row(match) for match in later if not match.live])
    due = (parked.c.memory == memory) & _is_due(horizon)
    waited = [decode(text, Match) for text in connection.scalars(select(parked.c.record).where(due))]
    if waited:
        connection.execute(delete(parked).where(due))
    now = [match for match in matches if _before(match, horizon)]
    return tuple({(match.topic, match.article.tagged.article.id): match for match in waited + now}.values())


def overdue_memories(connection: Connection, horizon: datetime | None) -> tuple[str, ...]:
    """The memories that hold parked matches observed before the horizon."""
    rows = select(parked.c.memory).where(_is_due(horizon)).distinct().order_by(parked.c.memory)
    return tuple(connection.scalars(rows))


def _is_due(horizon: datetime | None) -> ColumnElement[bool]:
    return true() if horizon is None else parked.c.observed_at < horizon


def _before(match: Match, horizon: datetime | None) -> bool:
    return horizon is None or match.article.tagged.article.observed_at < horizon


def _parked_row(match: Match) -> dict[str, Any]:
    article = match.article.tagged.article
    return {
        "topic": match.topic,
        "article": article.id,
        "memory": match.memory,
        "observed_at": article.observed_at,
        "record": to_text(match),
    }
