"""Looks at the sources when they are due."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from heapq import heapify, heappop, heappush
from typing import Final

from connectors.http.client import HttpClient
from connectors.protocol import Clock, Poll, Source, SourceContext
from connectors.registry import source_kind
from pipelines.collect.backoff import wait_s
from pipelines.collect.standing import standing
from pipelines.collect.under_way import UnderWay
from pipelines.config import SourceConfig
from pipelines.intake import Arrivals
from pipelines.ledger.records import SourceState
from pipelines.metrics import Tally
from schemas.errors import LedgerError, Rejected, Retriable

_log = logging.getLogger("tocsin")

_LOOK_AGAIN_S: Final = 0.5
_AFTER_TROUBLE: Final = timedelta(seconds=5)
_TELL_AFTER: Final = timedelta(seconds=10)


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


class Poller:
    """Polls sources; what they announce and where they stand is written together.

    Sources polled at the same time share one `observed_at`, so that what they show then is ordered by their
    own dates and not by which of them answered first.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        every_s: Mapping[str, float],
        intake: Arrivals,
        clock: Clock,
        tally: Tally,
    ) -> None:
        """Both mappings go by the source's name; `every_s` is the longest that it waits between polls."""
        self._sources = sources
        self._every_s = every_s
        self._intake = intake
        self._clock = clock
        self._tally = tally
        self._polls = UnderWay[None]()
        self._schedule: list[tuple[datetime, str]] | None = None
        """A heap of the sources that are not being polled, by when they are due; None before it is read."""
        self._unwritten: dict[str, Callable[[], float]] = {}
        """What came of a source's poll, to be written before it is polled again."""
        self._trouble: LedgerError | Retriable | None = None
        self._fallen_out: list[str] = []
        self._tell_at = clock()

    async def poll_all(self) -> None:
        """Every source polled, due or not; where each stands is in the intake.

        One in trouble is left alone until its wait is over: starting Tocsin again and again is no way around
        what a host asked for.
        """
        now = self._clock()
        states = await self._states()
        due = [name for name in self._sources if name not in states or not _rests(states[name], now)]
        await asyncio.gather(*(self._drain(name, now) for name in due))

    async def poll_due(self) -> None:
        """Goes on polling the sources that are due; a slow one holds up no other.

        One call takes half a second at most.

        Raises:
            LedgerError, Retriable: what came of a poll cannot be written; it is kept for the next try.
        """
        now = self._clock()
        if self._schedule is None:
            self._schedule = await self._read_schedule(now)
        while self._schedule and self._schedule[0][0] <= now:
            self._polls.start(self._keep_schedule(self._schedule, heappop(self._schedule)[1], now))
        await self._polls.some(_LOOK_AGAIN_S)
        if self._fallen_out and now >= self._tell_at:
            self._tell()
        if self._trouble is not None:
            raise self._trouble

    async def standing(self) -> dict[str, int]:
        """How many sources are ok, failing and silent."""
        states = await self._states()
        return standing(states.values(), self._every_s, self._clock())

    async def close(self) -> None:
        """Polls under way are cut short: they have changed nothing."""
        await self._polls.cut_short()

    async def _states(self) -> dict[str, SourceState]:
        states = await asyncio.to_thread(self._intake.source_states)
        return {state.source: state for state in states if state.source in self._sources}

    async def _read_schedule(self, now: datetime) -> list[tuple[datetime, str]]:
        states = await self._states()
        due_at = {name: state.next_poll_at or now for name, state in states.items()}
        schedule = [(due_at.get(name, now), name) for name in self._sources]
        heapify(schedule)
        return schedule

    async def _keep_schedule(self, schedule: list[tuple[datetime, str]], name: str, now: datetime) -> None:
        try:
            due_at = await self._drain(name, now)
            self._trouble = None
        except (LedgerError, Retriable) as error:
            due_at = self._clock() + _AFTER_TROUBLE
            self._trouble = error
        heappush(schedule, (due_at, name))

    async def _drain(self, name: str, now: datetime) -> datetime:
        """When the source is due again, after polling it until it says that nothing more is waiting now."""
        rest_s = 0.0
        while rest_s <= 0:
            if name not in self._unwritten:
                self._unwritten[name] = await self._poll(name, now)
            rest_s = await asyncio.to_thread(self._unwritten[name])
            del self._unwritten[name]
        return now + timedelta(seconds=rest_s)

    async def _poll(self, name: str, now: datetime) -> Callable[[], float]:
        """What writes down how the poll went, and gives the seconds until the next."""
        state = await asyncio.to_thread(self._intake.source_state, name)
        try:
            poll = await self._sources[name].poll(state.cursor, now)
        except (Retriable, Rejected) as error:
            return partial(self._write_failure, state, error, now)
        return partial(self._write, state, poll, now)

    def _write(self, state: SourceState, poll: Poll, now: datetime) -> float:
        try:
            saved = self._intake.save_poll(state.source, poll, now)
        except Rejected as error:
            return self._write_failure(state, error, now)
        self._tally.polled("ok")
        self._tally.passed("read", saved.pages_new, [failure.reason for failure in poll.failures])
        return poll.wait_s

    def _write_failure(self, state: SourceState, error: Retriable | Rejected, now: datetime) -> float:
        rest_s = wait_s(error, state.failures_in_a_row, self._every_s[state.source])
        self._intake.poll_failed(state.source, str(error), now + timedelta(seconds=rest_s))
        self._tally.polled(type(error).__name__.lower())
        trouble = f'source "{state.source}": {error}' + (f" (hint: {error.hint})" if error.hint else "")
        _log.info(trouble)
        if state.failures_in_a_row == 0:
            if not self._fallen_out:
                self._tell_at = self._clock() + _TELL_AFTER
            self._fallen_out.append(trouble)
        return rest_s

    def _tell(self) -> None:
        """One line for all sources that fell out of late: where the network is down, all do."""
        count = f"{len(self._fallen_out)} of {len(self._sources)} sources"
        _log.warning("%s cannot be polled and are tried again later, such as %s", count, self._fallen_out[0])
        self._fallen_out.clear()


def _rests(state: SourceState, now: datetime) -> bool:
    return bool(state.failures_in_a_row and state.next_poll_at and state.next_poll_at > now)
