"""Pages taken by one worker: nobody else takes them meanwhile, and a worker's death frees them at once."""

from contextlib import ExitStack
from typing import Final

from sqlalchemy import Connection, Select, bindparam, select, update

from pipelines.ledger.statements import update_each
from pipelines.ledger.tables import pages
from pipelines.ledger.transactions import Transactions

DONE: Final = update(pages).where(pages.c.id == bindparam("key")).values(done=True)


def pending(limit: int) -> Select[tuple[str]]:
    """The ids of the pages that detect has still to read, in the order in which they are to be read."""
    return (
        select(pages.c.id)
        .where(pages.c.done.is_(False))
        .order_by(pages.c.observed_at, pages.c.undated, pages.c.published_at, pages.c.id)
        .limit(limit)
    )


class ClaimedPages:
    """Pages whose rows PostgreSQL keeps locked; SQLite, which has one worker, has nothing to lock.

    The locks are the connection's: where that is lost they are gone, and `finish` raises.
    """

    def __init__(self, transactions: Transactions, limit: int) -> None:
        """Takes at most `limit` pages that nobody else has taken.

        Raises:
            LedgerError: as any transaction.
        """
        self._transactions = transactions
        self._locks = ExitStack()
        self._holder: Connection | None = None
        if transactions.locks_rows:
            self._holder = self._locks.enter_context(transactions.writing())
            with ExitStack() as undo:
                undo.push(self._locks)
                mine = pending(limit).with_for_update(skip_locked=True)
                self.ids: tuple[str, ...] = tuple(self._holder.scalars(mine))
                undo.pop_all()
        else:
            with transactions.reading() as connection:
                self.ids = tuple(connection.scalars(pending(limit)))

    def finish(self) -> None:
        """The pages are done, and free."""
        rows = [{"key": key} for key in self.ids]
        if self._holder is None:
            with self._transactions.writing() as connection:
                update_each(connection, DONE, rows)
        else:
            # By the connection that holds the locks: another would wait for them for ever.
            with self._locks:
                update_each(self._holder, DONE, rows)

    def release(self) -> None:
        """The pages are free, and wait."""
        self._locks.close()
