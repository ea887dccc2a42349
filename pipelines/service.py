"""The jobs of Tocsin: collect, detect, publish, alone or in one process, until drained or until stopped."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from typing import Final, Self

from connectors.http.client import HttpClient
from connectors.protocol import Clock
from pipelines import reloading
from pipelines.collect import Fetcher, Poller, open_sources
from pipelines.config import Config
from pipelines.config.watching import WatchedConfig
from pipelines.intake import arrivals_of, intake_of
from pipelines.ledger.database import Ledger
from pipelines.metrics import Tally
from pipelines.publish import Relay, open_sinks
from schemas.errors import LedgerError, Retriable, TocsinError

_log = logging.getLogger("tocsin")

_IDLE_S: Final = 0.5
_LOOK_S: Final = 1.0
_MEASURE_S: Final = 5.0
_TROUBLE_S: Final = 5.0

Progress = Callable[[int, int], None]
"""Told, after each cycle, how many pages went through and how many wait."""

_Step = Callable[[], Awaitable[float]]
"""Some work, and how many seconds the next may wait."""


class Role(StrEnum):
    """What a process does."""

    COLLECT = "collect"
    """Looks at sources, fetches pages, puts them in the queue."""
    DETECT = "detect"
    """Reads pages from the queue, finds claims, judges them."""
    PUBLISH = "publish"
    """Delivers alerts to sinks."""


ALL_ROLES: Final = frozenset(Role)


class Health:
    """What is wrong now, by part; each trouble is logged when it begins and when it is over."""

    def __init__(self) -> None:
        self.troubles: dict[str, str] = {}
        """What is wrong, by part; empty where all is well."""

    def is_ill(self, part: str, error: TocsinError) -> None:
        """The part cannot do its work for now."""
        if self.troubles.get(part) != str(error):
            _log.error("%s waits: %s (hint: %s)", part, error, error.hint)
            self.troubles[part] = str(error)

    def is_well(self, part: str) -> None:
        """The part does its work."""
        if self.troubles.pop(part, None) is not None:
            _log.warning("%s goes on: the trouble is over", part)


class Service:
    """Its roles' work over one ledger; every part can be killed at any moment and run again."""

    def __init__(
        self,
        config: Config,
        ledger: Ledger,
        clock: Clock,
        roles: frozenset[Role] = ALL_ROLES,
        beam_args: tuple[str, ...] = (),
    ) -> None:
        self.tally = Tally()
        self.tally.built(version("tocsin"), config.digest)
        self.health = Health()
        self._config = config
        self._ledger = ledger
        self._roles = roles
        self._beam_args = beam_args
        self._http = http = HttpClient(config.http, clock=clock)
        every_s = {source.name: source.every_s for source in config.sources}
        sources = open_sources(config.sources, http)
        collects = Role.COLLECT in roles
        arrivals = arrivals_of(config, ledger, socket.gethostname()) if collects else ledger.intake
        self._poller = Poller(sources, every_s, arrivals, clock, self.tally)
        self._fetcher = Fetcher(arrivals, http, clock, self.tally, per_host=config.http.per_host)
        self._relay = Relay(open_sinks(config.sinks, http), ledger.outbox, clock, self.tally)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._poller.close()
        await self._fetcher.close()
        await asyncio.to_thread(intake_of(self._config).close)
        await self._http.__aexit__(None, None, None)

    async def collect(self) -> None:
        """Every source polled once, and every page that is due fetched."""
        await self._poller.poll_all()
        while await self._fetcher.fetch():
            pass

    async def once(self, progress: Progress) -> None:
        """All the work that its roles find now."""
        if Role.COLLECT in self._roles:
            await self.collect()
        await self.drain(progress)

    async def drain(self, progress: Progress) -> None:
        """Every page that waits judged, every alert that is due delivered."""
        if Role.DETECT in self._roles:
            await self._read_all(progress)
        if Role.PUBLISH in self._roles:
            await self._relay.relay()

    async def _read_all(self, progress: Progress) -> None:
        intake = intake_of(self._config)
        while True:
            pages = await asyncio.to_thread(self._cycle)
            waiting = await asyncio.to_thread(intake.waiting)
            progress(pages, waiting)
            # A look at a topic may bring nothing while the group is still sharing it out.
            if not pages and (self._config.intake is None or not waiting):
                return

    async def serve(self, stop: asyncio.Event, watched: WatchedConfig | None = None) -> None:
        """Runs until `stop` is set; then ends the cycle under way and delivers what it found.

        What `watched` says anew meanwhile is judged by from the next cycle on.

        Raises:
            LedgerError: at the end the ledger cannot tell what is to be delivered.
        """
        async with asyncio.TaskGroup() as parts:
            for part, step in self._parts(watched):
                parts.create_task(self._go_on(part, step, stop))
        if Role.PUBLISH in self._roles:
            await self._relay.relay()

    def _parts(self, watched: WatchedConfig | None) -> Iterator[tuple[str, _Step]]:
        if Role.COLLECT in self._roles:
            yield "polling", self._poll
            yield "fetching", self._fetch
        if Role.DETECT in self._roles:
            yield "detecting", self._detect
        if Role.PUBLISH in self._roles:
            for sink in self._relay.sinks:
                yield f"publishing to {sink}", partial(self._publish, sink)
        if watched is not None:
            yield "reloading", partial(self._reload, watched)
        yield "measuring", self._measure

    async def _go_on(self, part: str, step: _Step, stop: asyncio.Event) -> None:
        """Repeats the step; trouble that is nobody's record's fault is waited out."""
        while not stop.is_set():
            try:
                wait_s = await step()
                self.health.is_well(part)
            except (LedgerError, Retriable) as error:
                wait_s = _TROUBLE_S
                self.health.is_ill(part, error)
            if wait_s > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait_s)

    async def _poll(self) -> float:
        await self._poller.poll_due()
        return 0.0

    async def _fetch(self) -> float:
        return 0.0 if await self._fetcher.fetch() else _IDLE_S

    async def _detect(self) -> float:
        # Looking at a topic waits by itself.
        idle_s = _IDLE_S if self._config.intake is None else 0.0
        return 0.0 if await asyncio.to_thread(self._cycle) else idle_s

    async def _reload(self, watched: WatchedConfig) -> float:
        if found := await asyncio.to_thread(reloading.look, watched):
            if Role.DETECT in self._roles:
                await asyncio.to_thread(reloading.make_ready, self._config, found.config)
            self._config = found.config
            self.tally.built(version("tocsin"), found.config.digest)
            reloading.tell(found)
        return _LOOK_S

    async def _publish(self, sink: str) -> float:
        await self._relay.relay_to(sink)
        return _IDLE_S

    async def _measure(self) -> float:
        for what, count in (await asyncio.to_thread(self._waiting)).items():
            self.tally.waiting(what, count)
        if Role.COLLECT in self._roles:
            self.tally.sources(await self._poller.standing())
        return _MEASURE_S

    def _waiting(self) -> dict[str, int]:
        """How many records wait for this process's roles."""
        waiting: dict[str, int] = {}
        if Role.COLLECT in self._roles:
            waiting["items"] = self._ledger.intake.waiting()["items"]
        if Role.DETECT in self._roles:
            waiting["pages"] = intake_of(self._config).waiting()
            waiting["matches"] = self._ledger.memories.parked()
        if Role.PUBLISH in self._roles:
            waiting["alerts"] = self._ledger.outbox.waiting(self._relay.sinks)
        return waiting

    def _cycle(self) -> int:
        # Beam takes 1.6 s and 100 MB to load: only where it is used.
        from pipelines.detect import run_cycle

        return run_cycle(self._config, self._ledger, self.tally, self._beam_args)
