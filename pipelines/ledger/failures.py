"""Failures: what stages refused, until it is replayed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select, update

from pipelines.ledger.statements import insert_new, to_text, update_each
from pipelines.ledger.tables import failures
from pipelines.ledger.transactions import Transactions
from schemas.codec import decode
from schemas.failures import Failure

_REFUSED_AGAIN: Final = (
    update(failures)
    .where(failures.c.id == bindparam("key"), failures.c.failed_at <= bindparam("again_at"))
    .where(or_(failures.c.failed_at < bindparam("again_at"), failures.c.replayed_at.is_not(None)))
    .values(failed_at=bindparam("again_at"), replayed_at=None, record=bindparam("again"))
)


class Failures:
    """What stages refused."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def save(self, refused: Sequence[Failure]) -> None:
        """The failures wait for a replay; one that was refused before keeps the latest refusal."""
        with self._transactions.writing() as connection:
            write_failures(connection, refused)

    def waiting(self, stage: str | None = None, *, limit: int) -> tuple[Failure, ...]:
        """The failures that were not replayed, oldest first, at most `limit`; all stages, or one."""
        rows = select(failures.c.record).where(failures.c.replayed_at.is_(None))
        if stage is not None:
            rows = rows.where(failures.c.stage == stage)
        rows = rows.order_by(failures.c.failed_at, failures.c.id).limit(limit)
        with self._transactions.reading() as connection:
            return tuple(decode(text, Failure) for text in connection.scalars(rows))

    def replayed(self, ids: Iterable[str], at: datetime) -> None:
        """The failures wait no longer.

        Send the records again first and mark them with the time from before that: a failure that came back in
        between then waits for another replay.
        """
        statement = (
            update(failures)
            .where(failures.c.id == bindparam("key"), failures.c.failed_at <= at)
            .values(replayed_at=at)
        )
        with self._transactions.writing() as connection:
            update_each(connection, statement, [{"key": key} for key in ids])


def write_failures(connection: Connection, refused: Sequence[Failure]) -> None:
    """The failures, written within the connection's transaction, whatever text they hold."""
    rows = [
        {
            "id": failure.id,
            "stage": failure.stage,
            "failed_at": failure.failed_at,
            "record": to_text(failure),
        }
        for failure in map(_in_utf8, refused)
    ]
    insert_new(connection, failures, rows)
    update_each(
        connection,
        _REFUSED_AGAIN,
        [{"key": row["id"], "again_at": row["failed_at"], "again": row["record"]} for row in rows],
    )


def _in_utf8(failure: Failure) -> Failure:
    # What is refused may be refused for this very text; a replay of it would fail in any case.
    def without_surrogates(text: str) -> str:
        return text.encode("utf-8", "replace").decode()

    return replace(
        failure,
        detail=without_surrogates(failure.detail),
        url=None if failure.url is None else without_surrogates(failure.url),
        record=without_surrogates(failure.record),
    )
