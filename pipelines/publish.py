"""Relays the outbox to the sinks: at least once, with the alert's id as idempotency key."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from connectors.http.client import HttpClient
from connectors.protocol import Clock, Sink
from connectors.registry import sink_kind
from pipelines.config import Config
from pipelines.ledger.outbox import Outbox
from pipelines.ledger.records import Due
from pipelines.metrics import Tally
from schemas.alerts import Alert
from schemas.codec import encode
from schemas.errors import Rejected, Retriable
from schemas.failures import Failure
from schemas.refusals import refused

_TOGETHER = 100
_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 900.0


class Relay:
    """Delivers what is due; a sink in trouble waits, doubling, and holds up no other."""

    def __init__(self, config: Config, outbox: Outbox, http: HttpClient, clock: Clock, tally: Tally) -> None:
        self._sinks = {
            sink.name: sink_kind(sink.kind).open(sink.name, sink.options, http) for sink in config.sinks
        }
        self._outbox = outbox
        self._clock = clock
        self._tally = tally

    async def relay(self) -> int:
        """How many alerts were delivered; what is left waits for its sink."""
        return sum([await self._relay_to(name, sink) for name, sink in self._sinks.items()])

    async def _relay_to(self, name: str, sink: Sink) -> int:
        delivered = 0
        while due := self._outbox.due(name, self._clock(), _TOGETHER):
            now_delivered = await self._deliver(name, sink, due)
            if not now_delivered:
                break
            delivered += now_delivered
        return delivered

    async def _deliver(self, name: str, sink: Sink, due: Sequence[Due]) -> int:
        """How many alerts left the queue: delivered, or refused for good."""
        now = self._clock()
        alerts = [each.alert for each in due]
        try:
            await sink.deliver(alerts)
        except Retriable as error:
            wait_s = min(_FIRST_WAIT_S * 2.0 ** min(due[0].attempts, 20), _LONGEST_WAIT_S)
            retry_at = now + timedelta(seconds=max(wait_s, error.after_s or 0.0))
            self._outbox.retry(name, [alert.id for alert in alerts], retry_at, str(error))
            return 0
        except Rejected as error:
            if len(due) > 1:
                # One of them is at fault: find out which, so that it does not take the others along.
                return sum([await self._deliver(name, sink, [each]) for each in due])
            self._outbox.refused(name, alerts[0].id, _failure_of(name, alerts[0], error, now))
            self._tally.count("publish", "in")
            self._tally.count("publish", "failed", error.reason)
            return 1
        self._outbox.sent(name, [alert.id for alert in alerts], now)
        for outcome in ("in", "emitted", "out"):
            self._tally.count("publish", outcome, by=len(alerts))
        for alert in alerts:
            self._tally.delivered((now - alert.article.observed_at).total_seconds())
        return len(alerts)


def _failure_of(sink: str, alert: Alert, error: Rejected, failed_at: datetime) -> Failure:
    written = encode(alert).decode()
    return refused(f"publish:{sink}", written, error, url=alert.article.url, failed_at=failed_at)
