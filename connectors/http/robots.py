"""What hosts allow robots to fetch (RFC 9309)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import httpx
from protego import Protego

from connectors.http.deadline import Budget
from connectors.http.messages import Response
from connectors.http.targets import authority, redact
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

AGENT: Final = "Tocsin"
"""The name that robots.txt addresses us by."""

_KEPT: Final = timedelta(days=1)
_KEPT_AFTER_TROUBLE: Final = timedelta(minutes=5)
_REMEMBERED: Final = 10_000
_READ_BYTES: Final = 500 * 1024
_LONGEST_DELAY_S: Final = 30.0


class _Entry:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.until: datetime | None = None
        self.rules: Protego | None = None
        self.trouble: Retriable | None = None


class Robots:
    """The rules of each host, fetched once a day; a host without readable rules allows everything."""

    def __init__(
        self, fetch: Callable[[httpx.URL, Budget], Awaitable[Response]], clock: Callable[[], datetime]
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._entries: dict[str, _Entry] = {}

    async def check(self, target: httpx.URL, budget: Budget) -> float:
        """The distance in seconds that the host wants between requests; 0 where it does not say.

        Raises:
            Rejected: NOT_ALLOWED, the host does not want robots to fetch this.
            Retriable: the host's rules cannot be read now, and it did not say that it has none.
        """
        rules = await self._rules(target, budget)
        if rules is None:
            return 0.0
        if not rules.can_fetch(str(target), AGENT):
            raise Rejected(
                f"will not fetch {redact(str(target))}: the host's robots.txt forbids it",
                reason=Reason.NOT_ALLOWED,
            )
        return min(rules.crawl_delay(AGENT) or 0.0, _LONGEST_DELAY_S)

    async def _rules(self, target: httpx.URL, budget: Budget) -> Protego | None:
        entry = self._entry(authority(target))
        async with entry.lock:
            if entry.until is None or entry.until <= self._clock():
                await self._refresh(entry, target.join("/robots.txt"), budget)
            if entry.trouble is not None:
                left_s = (entry.until - self._clock()).total_seconds() if entry.until else None
                raise Retriable(str(entry.trouble), reason=entry.trouble.reason, after_s=left_s)
            return entry.rules

    async def _refresh(self, entry: _Entry, robots: httpx.URL, budget: Budget) -> None:
        entry.rules, entry.trouble, kept = None, None, _KEPT
        try:
            response = await self._fetch(robots, budget)
            text = response.body[:_READ_BYTES].decode("utf-8-sig", "replace")
            entry.rules = Protego.parse(text)
        except Rejected:
            # 4xx, or nothing that may be read: "unavailable", which allows everything.
            pass
        except Retriable as error:
            entry.trouble, kept = error, _KEPT_AFTER_TROUBLE
        entry.until = self._clock() + kept

    def _entry(self, host: str) -> _Entry:
        entry = self._entries.pop(host, None) or _Entry()
        self._entries[host] = entry
        if len(self._entries) > _REMEMBERED:
            # The host that was asked for longest ago: a dict keeps its order.
            del self._entries[next(iter(self._entries))]
        return entry
