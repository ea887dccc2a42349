"""Turns at hosts: how many requests at once, how far apart, and when a host wants to be left alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from connectors.http.settings import HttpSettings
from schemas.errors import Retriable
from schemas.failures import Reason

_REMEMBERED: Final = 10_000


class _Host:
    """What is known about one host; instants are those of the event loop's clock."""

    def __init__(self, slots: int, spacing_s: float) -> None:
        self.slots = asyncio.Semaphore(slots)
        self.spacing_s = spacing_s
        self.waiting = 0
        self.next_at = 0.0
        self.resting_until = 0.0


class Turns:
    """Gives every request its turn, at its host and among all requests."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._connections = asyncio.Semaphore(settings.connections)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, spaced: bool) -> AsyncIterator[None]:
        """Waits for a turn at `host` and holds it; `spaced` keeps the distance to the request before.

        Raises:
            Retriable: the host has asked to be left alone for a while.
        """
        state = self._host(host)
        state.waiting += 1
        try:
            async with state.slots:
                await self._distance(host, state, spaced=spaced)
                async with self._connections:
                    yield
        finally:
            state.waiting -= 1

    def rest(self, host: str, after_s: float) -> None:
        """Leaves the host alone for that long: requests in the meantime fail without reaching it."""
        self._host(host).resting_until = asyncio.get_running_loop().time() + after_s

    def widen(self, host: str, spacing_s: float) -> None:
        """Keeps at least that distance between requests to the host from now on."""
        state = self._host(host)
        state.spacing_s = max(state.spacing_s, spacing_s)

    async def _distance(self, host: str, state: _Host, *, spaced: bool) -> None:
        now = asyncio.get_running_loop().time()
        if state.resting_until > now:
            raise Retriable(
                f"will not ask {host} now: it wants to be left alone for a while",
                reason=Reason.HTTP_STATUS,
                after_s=state.resting_until - now,
            )
        if spaced:
            start_at = max(now, state.next_at)
            state.next_at = start_at + state.spacing_s
            await asyncio.sleep(start_at - now)

    def _host(self, host: str) -> _Host:
        if host not in self._hosts:
            if len(self._hosts) >= _REMEMBERED:
                self._forget_idle()
            self._hosts[host] = _Host(self._settings.per_host, self._settings.spacing_s)
        return self._hosts[host]

    def _forget_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        self._hosts = {
            host: state
            for host, state in self._hosts.items()
            if state.waiting or max(state.next_at, state.resting_until) > now
        }
