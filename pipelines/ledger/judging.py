"""Memories: append-only logs of what was heard, each judged by one transaction at a time."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from pipelines.ledger import tables
from pipelines.ledger.queue import overdue_memories, take_turns
from pipelines.ledger.statements import insert_new, insert_one, to_text
from pipelines.ledger.transactions import STREAM_ROWS, Transactions
from pipelines.memory.log import Judging, Ruling
from schemas.alerts import Alert, Hearing, Judgement
from schemas.articles import Match
from schemas.codec import decode
from schemas.ids import stable_id


class Memories:
    """Where memories are kept: a `MemoryLog`."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    @contextmanager
    def judging(self, memory: str) -> Iterator[Judging]:
        """A transaction on one memory, alone: commits at the end, rolls back on any error."""
        with self._transactions.writing() as connection:
            # PostgreSQL locks the row; SQLite, which leaves out FOR UPDATE, has locked the database already.
            mine = select(tables.memories.c.id).where(tables.memories.c.id == memory).with_for_update()
            if connection.scalar(mine) is None:
                # Whoever comes second waits here for the first.
                insert_new(connection, tables.memories, [{"id": memory}])
                connection.execute(mine)
            yield _Session(connection, memory)

    def overdue(self, horizon: datetime | None) -> tuple[str, ...]:
        """The memories that hold parked matches whose turn has come."""
        with self._transactions.reading() as connection:
            return overdue_memories(connection, horizon)

    def parked(self) -> int:
        """How many matches wait for their turn."""
        with self._transactions.reading() as connection:
            return connection.scalar(select(func.count()).select_from(tables.parked)) or 0


class _Session:
    """A `Judging` within the connection's transaction."""

    def __init__(self, connection: Connection, memory: str) -> None:
        self._connection = connection
        self._memory = memory
        # Nobody else moves it while the memory is locked.
        self._end: int | None = None

    def in_turn(self, matches: Sequence[Match], horizon: datetime | None) -> tuple[Match, ...]:
        """Those of the matches, and of the parked ones, observed before the horizon; the rest are parked."""
        return take_turns(self._connection, self._memory, matches, horizon)

    def since(self, position: int) -> Iterator[tuple[int, Hearing]]:
        """The memory's log after `position`, in order, streamed."""
        log = tables.hearings.c
        rows = (
            select(log.seq, log.record)
            .where(log.memory == self._memory, log.seq > bindparam("position"))
            .order_by(log.seq)
            .limit(STREAM_ROWS)
        )
        # Page by page: most sessions have little to catch up with, and a server's cursor costs three trips.
        found = self._connection.execute(rows, {"position": position}).all()
        while found:
            for seq, text in found:
                yield seq, decode(text, Hearing)
            more = len(found) == STREAM_ROWS
            found = self._connection.execute(rows, {"position": found[-1].seq}).all() if more else []

    def judged(self, article: str, topics: Iterable[str]) -> frozenset[str]:
        """Those of the topics that this article was judged for before."""
        settled = tables.settled.c
        rows = select(settled.topic).where(settled.article == article, settled.topic.in_(list(topics)))
        return frozenset(self._connection.scalars(rows))

    def heard(self, topics: Iterable[str], stories: Iterable[str]) -> frozenset[tuple[str, str]]:
        """The pairs (topic, story) of which the topic has heard the story."""
        heard = tables.heard.c
        rows = select(heard.topic, heard.story).where(
            heard.topic.in_(list(topics)), heard.story.in_(list(stories))
        )
        return frozenset((topic, story) for topic, story in self._connection.execute(rows))

    def save(self, ruling: Ruling) -> int:
        """The position in the log after writing the ruling; what was written before stays as it is."""
        if ruling.hearing is not None:
            row = _hearing_row(ruling.hearing)
            self._end = insert_one(self._connection, tables.hearings, row, tables.hearings.c.seq) or self._end
        self._save_judgements(ruling.judgements)
        insert_new(self._connection, tables.alerts, [_alert_row(alert) for alert in ruling.alerts])
        self._save_settled(ruling)
        self._save_deliveries(ruling)
        if self._end is None:
            end = select(func.max(tables.hearings.c.seq)).where(tables.hearings.c.memory == self._memory)
            self._end = self._connection.scalar(end) or 0
        return self._end

    def _save_judgements(self, judgements: Iterable[Judgement]) -> None:
        rows = [_judgement_row(judgement) for judgement in judgements]
        insert_new(self._connection, tables.judgements, rows)
        insert_new(
            self._connection, tables.heard, [{key: row[key] for key in ("topic", "story")} for row in rows]
        )

    def _save_settled(self, ruling: Ruling) -> None:
        rows = [
            {
                "topic": one.topic,
                "article": one.article,
                "alert": one.alert,
                "reason": None if one.reason is None else one.reason.value,
            }
            for one in ruling.settled
        ]
        insert_new(self._connection, tables.settled, rows)

    def _save_deliveries(self, ruling: Ruling) -> None:
        observed_at = {alert.id: alert.article.observed_at for alert in ruling.alerts}
        rows = [
            {"sink": one.sink, "alert": one.alert, "observed_at": observed_at[one.alert]}
            for one in ruling.deliveries
        ]
        insert_new(self._connection, tables.deliveries, rows)


def _hearing_row(hearing: Hearing) -> dict[str, object]:
    claims = (saying.claim.id for saying in hearing.sayings)
    return {
        # One article may be heard again, when a new topic is about other claims of it.
        "id": stable_id("hearing", hearing.memory, hearing.article.id, *claims),
        "memory": hearing.memory,
        "article": hearing.article.id,
        "copy_of": hearing.copy_of,
        "record": to_text(hearing),
    }


def _judgement_row(judgement: Judgement) -> dict[str, object]:
    return {
        "topic": judgement.topic,
        "claim": judgement.claim.id,
        "story": judgement.story,
        "of": judgement.of,
        "article": judgement.article.id,
        "observed_at": judgement.article.observed_at,
        "start": judgement.claim.start,
        "record": to_text(judgement),
    }


def _alert_row(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "topic": alert.topic,
        "observed_at": alert.article.observed_at,
        "record": to_text(alert),
    }
