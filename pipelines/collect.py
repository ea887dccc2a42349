"""Looks at the sources and fetches what they announce, into the intake."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from connectors.http.client import HttpClient
from connectors.protocol import Clock, Source, SourceContext
from connectors.registry import source_kind
from pipelines.config import Config, SourceConfig
from pipelines.ledger.intake import Intake
from pipelines.ledger.records import DueItem, Fetched
from pipelines.metrics import Tally
from schemas.codec import encode
from schemas.errors import Rejected, Retriable
from schemas.failures import Failure
from schemas.ids import stable_id
from schemas.items import Item, Page
from schemas.refusals import refused

_FETCHED_TOGETHER = 64
_ATTEMPTS = 6
_FIRST_WAIT_S = 30.0
_LONGEST_WAIT_S = 6 * 3600.0


def open_sources(configs: Sequence[SourceConfig], http: HttpClient) -> dict[str, Source]:
    """Every configured source by name; none has touched the world yet."""
    return {
        config.name: source_kind(config.kind).open(
            SourceContext(name=config.name, publisher=config.publisher, every_s=config.every_s),
            config.options,
            http,
        )
        for config in configs
    }


class Collector:
    """Polls sources that are due and fetches items that are due; all it learns is in the intake."""

    def __init__(self, config: Config, intake: Intake, http: HttpClient, clock: Clock, tally: Tally) -> None:
        self._sources = open_sources(config.sources, http)
        self._every_s = {source.name: source.every_s for source in config.sources}
        self._intake = intake
        self._http = http
        self._clock = clock
        self._tally = tally

    async def sweep(self, *, all_sources: bool = False) -> int:
        """How many pages and failures came in; sources that are not due are left alone unless `all_sources`.

        All sources of a sweep share one `observed_at`, so that what they show at the same time is ordered by
        their own dates and not by which of them answered first.
        """
        now = self._clock()
        due = [name for name in self._sources if all_sources or self._is_due(name, now)]
        polled = await asyncio.gather(*(self._drain(name, now) for name in due))
        return sum(polled) + await self._fetch_due(now)

    def wait_s(self) -> float:
        """Seconds until the next source wants to be polled; never longer than a failed fetch should wait."""
        now = self._clock()
        states = (self._intake.source_state(name) for name in self._sources)
        waits = [(state.next_poll_at - now).total_seconds() for state in states if state.next_poll_at]
        return min([_FIRST_WAIT_S, *(max(0.1, wait) for wait in waits)])

    def _is_due(self, name: str, now: datetime) -> bool:
        next_poll_at = self._intake.source_state(name).next_poll_at
        return next_poll_at is None or next_poll_at <= now

    async def _drain(self, name: str, now: datetime) -> int:
        """Polls a source until it says that nothing more is waiting now."""
        came = 0
        while (poll := await self._poll(name, now)) is not None:
            came += poll[0]
            if poll[1] > 0:
                break
        return came

    async def _poll(self, name: str, now: datetime) -> tuple[int, float] | None:
        state = await asyncio.to_thread(self._intake.source_state, name)
        try:
            poll = await self._sources[name].poll(state.cursor, now)
        except (Retriable, Rejected) as error:
            wait_s = _wait_s(error, state.failures_in_a_row, self._every_s[name])
            retry_at = now + timedelta(seconds=wait_s)
            await asyncio.to_thread(self._intake.poll_failed, name, str(error), retry_at)
            self._tally.polled(type(error).__name__.lower())
            return None
        saved = await asyncio.to_thread(self._intake.save_poll, name, poll, now)
        self._tally.polled("ok")
        self._count("read", pages=saved.pages_new, failures=poll.failures)
        return saved.pages_new + saved.failures, poll.wait_s

    async def _fetch_due(self, now: datetime) -> int:
        came = 0
        while due := await asyncio.to_thread(self._intake.due_items, now, _FETCHED_TOGETHER):
            fetched = await asyncio.gather(*(self._fetch(each, now) for each in due))
            await asyncio.to_thread(self._intake.save_fetched, fetched, now)
            pages = sum(each.page is not None for each in fetched)
            failures = [each.failure for each in fetched if each.failure]
            self._count("fetch", pages=pages, failures=failures)
            came += pages + len(failures)
        return came

    async def _fetch(self, due: DueItem, now: datetime) -> Fetched:
        item = due.item
        try:
            response = await self._http.get(item.url, obey_robots=True)
        except Retriable as error:
            if due.attempts + 1 >= _ATTEMPTS:
                given_up = Rejected(f"{error}; gave up after {_ATTEMPTS} attempts", reason=error.reason)
                return _ended(item, failure=_failure_of(item, given_up, now))
            wait_s = _wait_s(error, due.attempts, _LONGEST_WAIT_S)
            return _ended(item, retry_at=now + timedelta(seconds=wait_s), error=str(error))
        except Rejected as error:
            return _ended(item, failure=_failure_of(item, error, now))
        # At the first attempt the content is what the announcement was about; later it may be anything.
        observed_at = item.observed_at if due.attempts == 0 else now
        page = Page(
            id=stable_id("page", response.url, response.body),
            item=item,
            url=response.url,
            observed_at=observed_at,
            html=response.body,
            charset=response.charset,
            text=None,
        )
        return _ended(item, page=page)

    def _count(self, stage: str, pages: int, failures: Sequence[Failure]) -> None:
        if pages:
            self._tally.count(stage, "in", by=pages)
            self._tally.count(stage, "emitted", by=pages)
            self._tally.count(stage, "out", by=pages)
        for failure in failures:
            self._tally.count(stage, "in")
            self._tally.count(stage, "failed", failure.reason)


def _wait_s(error: Retriable | Rejected, failures_before: int, longest_s: float) -> float:
    """Doubling from half a minute, never beyond `longest_s`, and never sooner than the other side asked."""
    if isinstance(error, Rejected):
        return longest_s
    doubled = min(_FIRST_WAIT_S * 2.0 ** min(failures_before, 20), longest_s, _LONGEST_WAIT_S)
    return max(doubled, error.after_s or 0.0)


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
