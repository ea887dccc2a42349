"""Relays the outbox to the sinks: at least once, with the alert's id as idempotency key.

To a sink that recalls its last delivery, exactly once: what it recalls is marked as sent before anything
is read that is due. One delivery is under way at a time, so there is never more to recall than one.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from connectors.http.client import HttpClient
from connectors.protocol import Clock, RecallingSink, Sink
from connectors.registry import sink_kind
from pipelines.config import SinkConfig
from pipelines.ledger.outbox import Outbox
from pipelines.ledger.records import Due
from pipelines.metrics import Tally
from schemas.alerts import Alert
from schemas.codec import encode
from schemas.errors import Rejected, Retriable
from schemas.failures import Failure
from schemas.refusals import refused

_log = logging.getLogger("tocsin")

_TOGETHER: Final = 100
_FIRST_WAIT_S: Final = 5.0
_LONGEST_REST_S: Final = 60.0
_LONGEST_WAIT_S: Final = 300.0


def open_sinks(configs: Sequence[SinkConfig], http: HttpClient) -> dict[str, Sink]:
    """Every configured sink by name; none has touched the world yet."""
    return {config.name: sink_kind(config.kind).open(config.name, config.options, http) for config in configs}


class Relay:
    """Delivers what is due. A sink in trouble rests, and holds up no other.

    What failed once is tried again alone, so that one alert that a sink cannot digest holds up no other.
    """

    def __init__(self, sinks: Mapping[str, Sink], outbox: Outbox, clock: Clock, tally: Tally) -> None:
        self.sinks = tuple(sinks)
        """Names of the sinks."""
        self._sinks = sinks
        self._outbox = outbox
        self._clock = clock
        self._tally = tally
        self._failures_in_a_row: Counter[str] = Counter()
        self._to_go_alone: Counter[str] = Counter()
        """Of how many alerts one was refused, so that it does not take the others along."""
        self._rests_until: dict[str, datetime] = {}
        self._unwritten: dict[str, Callable[[], object]] = {}
        """What came of a sink's last delivery, to be written before the next."""
        self._doubtful = set(sinks)
        """Sinks of which nobody knows what they got."""
        for name in sinks:
            tally.sink_failed(name, 0)

    async def relay(self) -> None:
        """Everything that is due delivered; what is left waits for its sink."""
        await asyncio.gather(*(self.relay_to(name) for name in self.sinks))

    async def relay_to(self, name: str) -> None:
        """Everything delivered that is due at this sink, unless it rests.

        Raises:
            LedgerError: what came of a delivery cannot be written; it is kept for the next call.
        """
        await self._write(name)
        while not self._rests(name):
            due = await asyncio.to_thread(self._outbox.due, name, self._clock(), _TOGETHER)
            if not due:
                return
            if name in self._doubtful:
                await self._recall(name)
                continue
            fresh = [each for each in due if each.attempts == 0]
            await self._deliver(name, self._portion(name, fresh or due[:1]))

    def _rests(self, name: str) -> bool:
        until = self._rests_until.get(name)
        return until is not None and until > self._clock()

    def _portion(self, name: str, due: Sequence[Due]) -> Sequence[Due]:
        """All of them, or the first where one is at fault that is still to be found."""
        if not self._to_go_alone[name]:
            return due
        self._to_go_alone[name] -= 1
        return due[:1]

    async def _recall(self, name: str) -> None:
        """What the sink got is marked as sent; a sink that cannot be asked rests."""
        sink = self._sinks[name]
        if isinstance(sink, RecallingSink):
            try:
                ids = await sink.recall()
            except Retriable as error:
                self._rest(name, error)
                return
            found = await asyncio.to_thread(self._outbox.sent, name, ids, self._clock())
            self._tally.passed("publish", found)
        self._doubtful.discard(name)

    async def _deliver(self, name: str, due: Sequence[Due]) -> None:
        try:
            await self._sinks[name].deliver([each.alert for each in due])
        except Retriable as error:
            self._doubtful.add(name)
            self._unwritten[name] = self._postpone(name, due, error)
        except Rejected as error:
            self._doubtful.add(name)
            if len(due) > 1:
                self._to_go_alone[name] = len(due)
                return
            self._unwritten[name] = self._refuse(name, due[0].alert, error)
        else:
            self._unwritten[name] = self._sent(name, [each.alert for each in due])
        await self._write(name)

    async def _write(self, name: str) -> None:
        if name in self._unwritten:
            await asyncio.to_thread(self._unwritten[name])
            del self._unwritten[name]

    def _sent(self, name: str, alerts: Sequence[Alert]) -> Callable[[], object]:
        now = self._clock()
        self._failures_in_a_row[name] = 0
        self._tally.sink_failed(name, 0)
        self._tally.passed("publish", len(alerts))
        for alert in alerts:
            self._tally.delivered((now - alert.article.observed_at).total_seconds())
        return partial(self._outbox.sent, name, [alert.id for alert in alerts], now)

    def _refuse(self, name: str, alert: Alert, error: Rejected) -> Callable[[], object]:
        self._tally.passed("publish", 0, [error.reason])
        return partial(self._outbox.refused, name, alert.id, _failure_of(name, alert, error, self._clock()))

    def _postpone(self, name: str, due: Sequence[Due], error: Retriable) -> Callable[[], object]:
        self._rest(name, error)
        wait_s = max(_doubled_s(due[0].attempts, _LONGEST_WAIT_S), error.after_s or 0.0)
        ids = [each.alert.id for each in due]
        due_at = self._clock() + timedelta(seconds=wait_s)
        return partial(self._outbox.retry, name, ids, due_at, str(error))

    def _rest(self, name: str, error: Retriable) -> None:
        rest_s = max(_doubled_s(self._failures_in_a_row[name], _LONGEST_REST_S), error.after_s or 0.0)
        self._rests_until[name] = self._clock() + timedelta(seconds=rest_s)
        told = logging.INFO if self._failures_in_a_row[name] else logging.WARNING
        hint = f" (hint: {error.hint})" if error.hint else ""
        _log.log(
            told, 'sink "%s" takes nothing and is tried again in %.0f s: %s%s', name, rest_s, error, hint
        )
        self._failures_in_a_row[name] += 1
        self._tally.sink_failed(name, self._failures_in_a_row[name])


def _doubled_s(failures_before: int, longest_s: float) -> float:
    return min(_FIRST_WAIT_S * 2.0 ** min(failures_before, 20), longest_s)


def _failure_of(sink: str, alert: Alert, error: Rejected, failed_at: datetime) -> Failure:
    written = encode(alert).decode()
    return refused(f"publish:{sink}", written, error, url=alert.article.url, failed_at=failed_at)
