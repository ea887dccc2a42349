"""The outbox: alerts on their way to the sinks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, or_, select, update

from pipelines.ledger.failures import write_failures
from pipelines.ledger.records import Due
from pipelines.ledger.statements import printable, update_each
from pipelines.ledger.tables import REFUSED, SENT, WAITING, alerts, deliveries
from pipelines.ledger.transactions import Transactions
from schemas.alerts import Alert
from schemas.codec import decode
from schemas.failures import Failure

_THIS_DELIVERY: Final = update(deliveries).where(
    deliveries.c.sink == bindparam("place"),
    deliveries.c.alert == bindparam("key"),
    deliveries.c.state == WAITING,
)


class Outbox:
    """What publish reads and writes; judging fills it."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def due(self, sink: str, now: datetime, limit: int) -> tuple[Due, ...]:
        """Alerts to deliver to the sink now, by their article's `observed_at`, then id, at most `limit`."""
        rows = (
            select(alerts.c.record, deliveries.c.attempts)
            .join(alerts, alerts.c.id == deliveries.c.alert)
            .where(deliveries.c.sink == sink, deliveries.c.state == WAITING)
            .where(or_(deliveries.c.due_at.is_(None), deliveries.c.due_at <= now))
            .order_by(deliveries.c.observed_at, deliveries.c.alert)
            .limit(limit)
        )
        with self._transactions.reading() as connection:
            return tuple(
                Due(alert=decode(text, Alert), attempts=attempts)
                for text, attempts in connection.execute(rows)
            )

    def sent(self, sink: str, alert_ids: Iterable[str], at: datetime) -> int:
        """How many of the alerts were waiting; all of them are safely at the sink."""
        statement = _THIS_DELIVERY.values(state=SENT, closed_at=at, last_error=None)
        with self._transactions.writing() as connection:
            return update_each(connection, statement, [{"place": sink, "key": key} for key in alert_ids])

    def retry(self, sink: str, alert_ids: Iterable[str], at: datetime, error: str) -> None:
        """The alerts are due again at `at`."""
        statement = _THIS_DELIVERY.values(
            attempts=deliveries.c.attempts + 1, due_at=at, last_error=printable(error)
        )
        with self._transactions.writing() as connection:
            update_each(connection, statement, [{"place": sink, "key": key} for key in alert_ids])

    def refused(self, sink: str, alert_id: str, failure: Failure) -> None:
        """The sink will never take the alert; the failure is written with it."""
        statement = _THIS_DELIVERY.values(
            state=REFUSED, closed_at=failure.failed_at, last_error=printable(failure.detail)
        )
        with self._transactions.writing() as connection:
            update_each(connection, statement, [{"place": sink, "key": alert_id}])
            write_failures(connection, [failure])

    def requeue(self, alert_ids: Iterable[str]) -> int:
        """How many refused deliveries of these alerts wait again: for a replay."""
        statement = (
            update(deliveries)
            .where(deliveries.c.alert == bindparam("key"), deliveries.c.state == REFUSED)
            .values(state=WAITING, attempts=0, due_at=None, closed_at=None, last_error=None)
        )
        with self._transactions.writing() as connection:
            return update_each(connection, statement, [{"key": key} for key in alert_ids])

    def waiting(self, sinks: Iterable[str]) -> int:
        """How many alerts wait for any of these sinks."""
        rows = select(func.count()).where(deliveries.c.sink.in_(list(sinks)), deliveries.c.state == WAITING)
        with self._transactions.reading() as connection:
            return connection.scalar(rows) or 0

    def counts(self) -> dict[str, dict[str, int]]:
        """For each sink, how many alerts are `waiting`, `sent` and `refused`."""
        rows = select(deliveries.c.sink, deliveries.c.state, func.count()).group_by(
            deliveries.c.sink, deliveries.c.state
        )
        by_sink: dict[str, dict[str, int]] = {}
        with self._transactions.reading() as connection:
            for sink, state, count in connection.execute(rows):
                by_sink.setdefault(sink, {WAITING: 0, SENT: 0, REFUSED: 0})[state] = count
        return by_sink
