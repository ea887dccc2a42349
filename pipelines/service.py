"""The main job in one process: collect, detect, publish, until drained or until stopped."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from connectors.http.client import HttpClient
from connectors.protocol import Clock
from pipelines.collect import Collector
from pipelines.config import Config
from pipelines.detect import run_cycle
from pipelines.ledger.database import Ledger
from pipelines.metrics import Tally
from pipelines.publish import Relay
from schemas.errors import LedgerError

_log = logging.getLogger("tocsin")

_IDLE_S = 1.0
_TROUBLE_S = 10.0

Progress = Callable[[int, int], None]
"""Told, after each cycle, how many pages went through and how many wait."""


@dataclass(slots=True)
class Health:
    """What is wrong now, by part; empty where all is well."""

    troubles: dict[str, str] = field(default_factory=dict)


class Service:
    """Collect, detect and publish over one ledger; every part can be killed at any moment and run again."""

    def __init__(self, config: Config, ledger: Ledger, clock: Clock, beam_args: tuple[str, ...] = ()) -> None:
        self.tally = Tally()
        self.health = Health()
        self._config = config
        self._ledger = ledger
        self._clock = clock
        self._beam_args = beam_args
        self._http = HttpClient(config.http, clock=clock)
        self._collector = Collector(config, ledger.intake, self._http, clock, self.tally)
        self._relay = Relay(config, ledger.outbox, self._http, clock, self.tally)
        self._news = asyncio.Event()

    async def __aenter__(self) -> "Service":
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._http.__aexit__(None, None, None)

    async def collect(self) -> None:
        """Every source polled once, and every page that is due fetched."""
        await self._collector.sweep(all_sources=True)

    async def drain(self, progress: Progress) -> None:
        """Every page that waits judged, every alert that is due delivered."""
        while pages := await asyncio.to_thread(self._cycle):
            progress(pages, self._ledger.intake.counts()["pages_pending"])
        await self._relay.relay()

    async def serve(self, stop: asyncio.Event) -> None:
        """Runs until `stop` is set; then ends the cycle under way and delivers what it found."""
        async with asyncio.TaskGroup() as parts:
            collecting = parts.create_task(self._forever("collect", self._collect, stop))
            parts.create_task(self._forever("detect", self._detect, stop))
            parts.create_task(self._forever("publish", self._publish, stop))
            await stop.wait()
            # A poll cut short has changed nothing; a slow host must not hold up the end.
            collecting.cancel()
        await self._relay.relay()

    async def _forever(self, part: str, step: Callable[[], Awaitable[float]], stop: asyncio.Event) -> None:
        """Repeats the step, waiting as long as it says; trouble with the ledger is waited out."""
        while not stop.is_set():
            try:
                wait_s = await step()
                self.health.troubles.pop(part, None)
            except LedgerError as error:
                _log.error("%s: %s (hint: %s)", part, error, error.hint)
                self.health.troubles[part] = str(error)
                wait_s = _TROUBLE_S
            if wait_s > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait_s)

    async def _collect(self) -> float:
        if await self._collector.sweep():
            self._news.set()
        return self._collector.wait_s()

    async def _detect(self) -> float:
        if await asyncio.to_thread(self._cycle):
            return 0.0
        self._news.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), _IDLE_S)
        return 0.0

    async def _publish(self) -> float:
        await self._relay.relay()
        for what, count in self._ledger.intake.counts().items():
            self.tally.waiting(what, count)
        return _IDLE_S

    def _cycle(self) -> int:
        return run_cycle(self._config, self._ledger, self.tally, self._beam_args)
