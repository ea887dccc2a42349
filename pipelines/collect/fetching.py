"""Fetches the pages that sources announced."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from connectors.http.client import HttpClient
from connectors.protocol import Clock
from pipelines.collect.backoff import LONGEST_S, wait_s
from pipelines.collect.under_way import UnderWay
from pipelines.intake import Arrivals
from pipelines.ledger.records import DueItem, Fetched
from pipelines.metrics import Tally
from schemas.codec import encode
from schemas.errors import Rejected, Retriable
from schemas.failures import Failure
from schemas.ids import stable_id
from schemas.items import Item, Page
from schemas.refusals import refused

_TOGETHER: Final = 128
_ATTEMPTS: Final = 6
_LOOK_AGAIN_S: Final = 0.5


class Fetcher:
    """Fetches items that are due; a page that cannot be had after six attempts becomes a Failure."""

    def __init__(
        self, intake: Arrivals, http: HttpClient, clock: Clock, tally: Tally, *, per_host: int
    ) -> None:
        """`per_host` is how many fetches at one host are under way at once, as the client has it."""
        self._intake = intake
        self._http = http
        self._clock = clock
        self._tally = tally
        self._per_host = per_host
        self._fetches = UnderWay[Fetched]()
        self._hosts: dict[str, str] = {}
        """The host of each item under way, by the item's id."""
        self._arrived: list[Fetched] = []
        """Not saved yet."""

    async def fetch(self) -> bool:
        """Goes on fetching what is due, and saves what has come; False once nothing is due or under way.

        One call takes half a second at most, and time for the ledger: a slow host holds up no other.

        Raises:
            LedgerError, Retriable: what has come cannot be saved; it is kept for the next call.
        """
        for due in await self._take_up():
            self._fetches.start(self._fetch(due))
        if not self._hosts:
            return False
        self._arrived += await self._fetches.some(_LOOK_AGAIN_S)
        if self._arrived:
            await self._save()
        return True

    async def close(self) -> None:
        """What is under way is cut short: it has changed nothing, and is still due."""
        await self._fetches.cut_short()

    async def _take_up(self) -> list[DueItem]:
        """Items to fetch now, each host's as many as it would be asked for at once."""
        hosts, taken = self._hosts, list[DueItem]()
        limit = 2 * _TOGETHER
        while len(hosts) < _TOGETHER:
            busy = Counter(hosts.values())
            full = [host for host, count in busy.items() if count >= self._per_host]
            found = await asyncio.to_thread(self._intake.due_items, self._clock(), limit, but_of=full)
            for due in found:
                has_room = busy[due.host] < self._per_host and len(hosts) < _TOGETHER
                if has_room and due.item.id not in hosts:
                    hosts[due.item.id] = due.host
                    busy[due.host] += 1
                    taken.append(due)
            if len(found) < limit:
                break
        return taken

    async def _fetch(self, due: DueItem) -> Fetched:
        item = due.item
        try:
            response = await self._http.get(item.url, obey_robots=True)
        except Retriable as error:
            return self._again(due, error)
        except Rejected as error:
            return _ended(item, failure=_failure_of(item, error, self._clock()))
        page = Page(
            id=stable_id("page", response.url, response.body),
            item=item,
            url=response.url,
            # At the first attempt the content is what the announcement was about; later it may be anything.
            observed_at=item.observed_at if due.attempts == 0 else self._clock(),
            html=response.body,
            charset=response.charset,
            text=None,
        )
        return _ended(item, page=page)

    def _again(self, due: DueItem, error: Retriable) -> Fetched:
        now = self._clock()
        if due.attempts + 1 < _ATTEMPTS:
            retry_at = now + timedelta(seconds=wait_s(error, due.attempts, LONGEST_S))
            return _ended(due.item, retry_at=retry_at, error=str(error))
        given_up = Rejected(f"{error}; gave up after {_ATTEMPTS} attempts", reason=error.reason)
        return _ended(due.item, failure=_failure_of(due.item, given_up, now))

    async def _save(self) -> None:
        await asyncio.to_thread(self._intake.save_fetched, self._arrived, self._clock())
        pages = sum(each.page is not None for each in self._arrived)
        failed = [each.failure.reason for each in self._arrived if each.failure is not None]
        self._tally.passed("fetch", pages, failed)
        for each in self._arrived:
            del self._hosts[each.item_id]
        self._arrived.clear()


def _ended(
    item: Item,
    *,
    page: Page | None = None,
    failure: Failure | None = None,
    retry_at: datetime | None = None,
    error: str | None = None,
) -> Fetched:
    return Fetched(item_id=item.id, page=page, failure=failure, retry_at=retry_at, error=error)


def _failure_of(item: Item, error: Rejected, failed_at: datetime) -> Failure:
    return refused("fetch", encode(item).decode(), error, url=item.url, failed_at=failed_at)
