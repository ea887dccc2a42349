"""The intake: what collect announced and fetched, and what detect has still to read."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Column, ColumnElement, Connection, bindparam, func, select, update

from pipelines.ledger.claiming import DONE, ClaimedPages, pending
from pipelines.ledger.failures import write_failures
from pipelines.ledger.records import DueItem, Fetched, Saved, SourceState
from pipelines.ledger.statements import insert_new, printable, storable, to_text, update_each
from pipelines.ledger.tables import FAILED, FETCHED, WAITING, items, pages, sources
from pipelines.ledger.transactions import Transactions
from schemas.codec import decode
from schemas.failures import Failure
from schemas.items import Item, Page

if TYPE_CHECKING:
    # At run time this would load the HTTP client.
    from connectors.protocol import Poll

_THIS_ITEM: Final = update(items).where(items.c.id == bindparam("key"), items.c.state == WAITING)
_REOPEN_PAGE: Final = update(pages).where(pages.c.id == bindparam("key"), pages.c.done).values(done=False)


class Intake:
    """What collect writes and detect reads."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def source_state(self, source: str) -> SourceState:
        """Where the source stands; without a cursor if it was never polled."""
        with self._transactions.reading() as connection:
            found = connection.execute(select(sources).where(sources.c.source == source)).mappings().first()
        if found is not None:
            return SourceState(**found)
        return SourceState(
            source=source,
            cursor=None,
            next_poll_at=None,
            failures_in_a_row=0,
            last_error=None,
            last_ok_at=None,
        )

    def source_states(self) -> tuple[SourceState, ...]:
        """Where every source stands that was ever polled, by name."""
        with self._transactions.reading() as connection:
            found = connection.execute(select(sources).order_by(sources.c.source)).mappings()
            return tuple(SourceState(**row) for row in found)

    def save_poll(self, source: str, poll: "Poll", polled_at: datetime) -> Saved:
        """What was new in the poll; it and the source's cursor are written together.

        Raises:
            Rejected: a record holds text that UTF-8 cannot carry; nothing is written.
        """
        announced = [_item_row(item, due_at=polled_at) for item in poll.items]
        delivered = [_page_row(page) for page in poll.pages]
        with self._transactions.writing() as connection:
            items_new = insert_new(connection, items, announced)
            pages_new = insert_new(connection, pages, delivered)
            write_failures(connection, poll.failures)
            _set_source(
                connection,
                source,
                cursor=None if poll.cursor is None else storable(poll.cursor),
                next_poll_at=polled_at + timedelta(seconds=poll.wait_s),
                failures_in_a_row=0,
                last_error=None,
                last_ok_at=polled_at,
            )
        return Saved(
            items_new=items_new,
            items_known=len(announced) - items_new,
            pages_new=pages_new,
            pages_known=len(delivered) - pages_new,
            failures=len(poll.failures),
        )

    def poll_failed(self, source: str, error: str, retry_at: datetime) -> None:
        """The source keeps its cursor and is polled again at `retry_at`."""
        with self._transactions.writing() as connection:
            _set_source(
                connection,
                source,
                next_poll_at=retry_at,
                failures_in_a_row=sources.c.failures_in_a_row + 1,
                last_error=printable(error),
            )

    def due_items(self, now: datetime, limit: int, *, but_of: Collection[str] = ()) -> tuple[DueItem, ...]:
        """Items whose page is to be fetched now, those that have been due longest first, at most `limit`.

        Those at the hosts in `but_of`, written as `DueItem.host` is, are left out.
        """
        rows = (
            select(items.c.record, items.c.host, items.c.attempts)
            .where(items.c.state == WAITING, items.c.due_at <= now, items.c.host.not_in(but_of))
            .order_by(items.c.due_at, items.c.observed_at, items.c.id)
            .limit(limit)
        )
        with self._transactions.reading() as connection:
            return tuple(
                DueItem(item=decode(text, Item), host=host, attempts=attempts)
                for text, host, attempts in connection.execute(rows)
            )

    def save_fetched(self, fetched: Sequence[Fetched], at: datetime) -> None:
        """Every page is pending, every failure kept, every other item due again later; written together.

        Raises:
            Rejected: a record holds text that UTF-8 cannot carry; nothing is written.
        """
        arrived = [_page_row(one.page) for one in fetched if one.page is not None]
        with self._transactions.writing() as connection:
            insert_new(connection, pages, arrived)
            _end_fetches(connection, fetched, at)

    def close_fetched(self, fetched: Sequence[Fetched], at: datetime, refused: Sequence[Failure]) -> None:
        """The same, for pages that are safe in another queue, or were refused by it."""
        with self._transactions.writing() as connection:
            write_failures(connection, refused)
            _end_fetches(connection, fetched, at)

    def save_items(self, announced: Sequence[Item], at: datetime) -> int:
        """How many of the items are due from `at` on, new or once more, that were not waiting before."""
        reopen = (
            update(items)
            .where(items.c.id == bindparam("key"), items.c.state != WAITING)
            .values(state=WAITING, attempts=0, due_at=at, closed_at=None, last_error=None)
        )
        rows = [_item_row(item, due_at=at) for item in announced]
        with self._transactions.writing() as connection:
            new = insert_new(connection, items, rows)
            return new + update_each(connection, reopen, [{"key": row["id"]} for row in rows])

    def pending_pages(self, limit: int) -> tuple[str, ...]:
        """Ids of the pages that detect has still to read, at most `limit`.

        In order of `observed_at`, then of the item's `published_at` (a missing one last), then of id.
        """
        with self._transactions.reading() as connection:
            return tuple(connection.scalars(pending(limit)))

    def claim_pages(self, limit: int) -> ClaimedPages:
        """The same, for one of several workers: nobody else takes them until they are finished or freed."""
        return ClaimedPages(self._transactions, limit)

    def oldest_pending(self, *, but: Sequence[str]) -> datetime | None:
        """The earliest `observed_at` of the other pages that are not done; None where all are."""
        rows = (
            select(pages.c.observed_at)
            .where(pages.c.done.is_(False), pages.c.id.not_in(but))
            .order_by(pages.c.observed_at)
            .limit(1)
        )
        with self._transactions.reading() as connection:
            return connection.scalar(rows)

    def pages(self, ids: Sequence[str]) -> tuple[Page, ...]:
        """The pages of these ids, in their order."""
        rows = select(pages.c.id, pages.c.record).where(pages.c.id.in_(ids))
        with self._transactions.reading() as connection:
            found = {row.id: row.record for row in connection.execute(rows)}
        return tuple(decode(found[key], Page) for key in ids)

    def finish_pages(self, ids: Iterable[str]) -> None:
        """The pages are done."""
        with self._transactions.writing() as connection:
            update_each(connection, DONE, [{"key": key} for key in ids])

    def requeue_pages(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the pages that were done, and are pending again."""
        done = select(pages.c.id).where(pages.c.id.in_(ids), pages.c.done)
        with self._transactions.writing() as connection:
            found = frozenset(connection.scalars(done))
            update_each(connection, _REOPEN_PAGE, [{"key": key} for key in found])
            return found

    def requeue_all(self) -> int:
        """How many pages were done and are pending again: all of them."""
        with self._transactions.writing() as connection:
            return connection.execute(update(pages).where(pages.c.done).values(done=False)).rowcount

    def save_pages(self, delivered: Sequence[Page]) -> int:
        """How many of the pages are pending, new or once more, that were not before."""
        rows = [_page_row(page) for page in delivered]
        with self._transactions.writing() as connection:
            new = insert_new(connection, pages, rows)
            return new + update_each(connection, _REOPEN_PAGE, [{"key": row["id"]} for row in rows])

    def waiting(self) -> dict[str, int]:
        """How many `items` and `pages` wait for the next step."""
        with self._transactions.reading() as connection:
            return {
                "items": _count(connection, items.c.state == WAITING),
                "pages": _count(connection, pages.c.done.is_(False)),
            }

    def counts(self) -> dict[str, int]:
        """How many items are waiting, fetched and failed, and how many pages pending and done."""
        with self._transactions.reading() as connection:
            by_state = _tally(connection, items.c.state)
            by_done = _tally(connection, pages.c.done)
        return {
            "items_waiting": by_state.get(WAITING, 0),
            "items_fetched": by_state.get(FETCHED, 0),
            "items_failed": by_state.get(FAILED, 0),
            "pages_pending": by_done.get(False, 0),
            "pages_done": by_done.get(True, 0),
        }


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).where(condition)) or 0


def _tally(connection: Connection, column: Column[Any]) -> dict[Any, int]:
    rows = connection.execute(select(column, func.count()).group_by(column))
    return {row[0]: row[1] for row in rows}


def _set_source(connection: Connection, source: str, **values: Any) -> None:
    insert_new(connection, sources, [{"source": source}])
    connection.execute(update(sources).where(sources.c.source == source).values(**values))


def _end_fetches(connection: Connection, fetched: Sequence[Fetched], at: datetime) -> None:
    write_failures(connection, [one.failure for one in fetched if one.failure is not None])
    _close_items(connection, fetched, at)
    _postpone_items(connection, fetched)


def _close_items(connection: Connection, fetched: Sequence[Fetched], at: datetime) -> None:
    close = _THIS_ITEM.values(state=bindparam("end"), closed_at=at, last_error=None)
    rows = [
        {"key": one.item_id, "end": FAILED if one.page is None else FETCHED}
        for one in fetched
        if one.retry_at is None
    ]
    update_each(connection, close, rows)


def _postpone_items(connection: Connection, fetched: Sequence[Fetched]) -> None:
    postpone = _THIS_ITEM.values(
        attempts=items.c.attempts + 1, due_at=bindparam("retry_at"), last_error=bindparam("error")
    )
    rows = [
        {"key": one.item_id, "retry_at": one.retry_at, "error": printable(one.error or "")}
        for one in fetched
        if one.retry_at is not None
    ]
    update_each(connection, postpone, rows)


def _item_row(item: Item, *, due_at: datetime) -> dict[str, Any]:
    return {
        "id": item.id,
        "state": WAITING,
        "host": _host_of(item.url),
        "due_at": due_at,
        "observed_at": item.observed_at,
        "record": to_text(item),
    }


def _host_of(url: str) -> str:
    """Host and port; empty for what names none."""
    try:
        return printable(urlsplit(url).netloc.rpartition("@")[2].lower())
    except ValueError:
        return ""


def _page_row(page: Page) -> dict[str, Any]:
    return {
        "id": page.id,
        "observed_at": page.observed_at,
        "undated": page.item.published_at is None,
        "published_at": page.item.published_at,
        "record": to_text(page),
    }
