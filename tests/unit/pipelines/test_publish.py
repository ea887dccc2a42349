"""Publishing: each alert gets to each sink, and no alert or sink in trouble holds up another."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from connectors.testing import (
    NOON,
    Clock,
    Fault,
    ListSink,
    ListTopic,
    RecallSink,
    an_alert,
    an_article_ref,
)
from pipelines.ledger.database import open_ledger
from pipelines.memory.log import Delivery, Ruling
from pipelines.metrics import Tally
from pipelines.publish import Relay
from schemas.errors import LedgerError, Rejected, Retriable
from schemas.failures import Reason

DOWN = Retriable("posting: no answer", reason=Reason.UNREACHABLE)
REFUSED = Rejected("posting: the answer is HTTP status 422", reason=Reason.HTTP_STATUS)


class PickySink(ListSink):
    """Fails with each delivery that holds a certain alert, and takes all others."""

    def __init__(self, url, error):
        super().__init__()
        self.deliveries = 0
        self._url = url
        self._error = error

    async def deliver(self, alerts):
        """Every alert kept up to the one that is not taken."""
        self.deliveries += 1
        for alert in alerts:
            if alert.article.url == self._url:
                raise self._error
            await super().deliver([alert])


class DownSink(ListSink):
    """Takes nothing while it is down, and keeps when it was asked."""

    def __init__(self, clock):
        super().__init__()
        self.is_down = True
        self.asked_after_s = []
        self._clock = clock

    async def deliver(self, alerts):
        """Every alert kept, unless it is down."""
        if self.is_down:
            self.asked_after_s.append((self._clock() - NOON).total_seconds())
            raise DOWN
        await super().deliver(alerts)


class HangingSink(ListSink):
    """Takes for ever."""

    async def deliver(self, alerts):
        """Nothing."""
        await asyncio.Event().wait()


@pytest.fixture
def clock():
    """A clock that stands at noon."""
    return Clock()


@pytest.fixture
def due(ledger):
    """Puts so many alerts into the outbox, due at these sinks."""

    def put(count, *sinks, first=0):
        alerts = tuple(an_alert(article=an_article_ref(url=str(first + n))) for n in range(count))
        deliveries = tuple(Delivery(alert=alert.id, sink=sink) for alert in alerts for sink in sinks)
        ruling = Ruling(hearing=None, judgements=(), alerts=alerts, settled=(), deliveries=deliveries)
        with ledger.memories.judging("main") as judging:
            judging.save(ruling)
        return alerts

    return put


@pytest.fixture
def relay(ledger, clock):
    """Makes a relay of the ledger's outbox to these sinks."""
    return lambda tally=None, ledger=ledger, **sinks: Relay(sinks, ledger.outbox, clock, tally or Tally())


def urls(sink):
    """What has arrived, as often as it came, in the order of the urls."""
    return sorted((alert.article.url for alert in sink.arrived), key=int)


def numbers(count):
    """The urls of so many alerts."""
    return [str(number) for number in range(count)]


def test_each_alert_is_delivered_once(due, relay, clock):
    """Many batches arrive whole, a second relay finds nothing, and the metrics tell how long it took."""
    due(250, "desk")
    clock.advance(4.0)
    desk, tally = ListSink(), Tally()
    asyncio.run(relay(tally, desk=desk).relay())
    asyncio.run(relay(tally, desk=desk).relay())
    assert urls(desk) == numbers(250)
    (stage,) = tally.stages()
    assert (stage.stage, stage.entered, stage.emitted, stage.balanced) == ("publish", 250, 250, True)
    assert "tocsin_alert_latency_seconds_sum 1000.0" in tally.exposition().decode()


def test_a_sink_in_trouble_rests_ever_longer(due, relay, clock):
    """Each failure doubles the rest, up to a minute; once it is over everything arrives."""
    due(8, "desk")
    desk = DownSink(clock)
    job = relay(desk=desk)
    for _ in range(200):
        asyncio.run(job.relay())
        clock.advance(1.0)
    assert desk.asked_after_s == [0, 5, 15, 35, 75, 135, 195]
    desk.is_down = False
    for _ in range(20):
        clock.advance(15.0)
        asyncio.run(job.relay())
    assert urls(desk) == numbers(8)


def test_a_sink_in_trouble_is_shown(due, relay, clock):
    """Prometheus sees how often in a row it failed, from 0 on, and that it is well again."""
    due(1, "desk")
    desk, tally = DownSink(clock), Tally()
    job = relay(tally, desk=desk)
    seen = [tally.exposition()]
    for is_down in (True, True, False):
        desk.is_down = is_down
        asyncio.run(job.relay())
        clock.advance(60.0)
        seen.append(tally.exposition())
    for metrics, in_a_row in zip(seen, (0, 1, 2, 0), strict=True):
        assert f'tocsin_sink_failures_in_a_row{{sink="desk"}} {in_a_row}.0' in metrics.decode()


def test_a_sink_is_not_asked_sooner_than_it_wants(ledger, due, relay, clock):
    """Retry-After counts for what failed, and a new start keeps to it."""
    due(1, "desk")
    desk = ListSink([Fault(error=Retriable("429", reason=Reason.HTTP_STATUS, after_s=900.0))])
    for moment_s in (0, 5, 894):
        clock.set(NOON + timedelta(seconds=moment_s))
        asyncio.run(relay(desk=desk).relay())
    assert desk.arrived == []
    clock.set(NOON + timedelta(seconds=900))
    asyncio.run(relay(desk=desk).relay())
    assert urls(desk) == ["0"]


def test_no_sink_holds_up_another(due, relay):
    """One sink is down and one hangs; the third has everything."""
    due(2, "down", "hangs", "desk")
    sinks = {"down": ListSink([Fault(error=DOWN)]), "hangs": HangingSink(), "desk": ListSink()}

    async def run():
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(relay(**sinks).relay(), 0.2)

    asyncio.run(run())
    assert {name: urls(sink) for name, sink in sinks.items()} == {"down": [], "hangs": [], "desk": ["0", "1"]}


def test_a_refused_alert_takes_no_other_along(ledger, due, relay):
    """One alert of a batch is refused for good: it is a failure, and all others arrive."""
    alerts = due(9, "desk")
    desk, tally = PickySink("4", REFUSED), Tally()
    asyncio.run(relay(tally, desk=desk).relay())
    assert {alert.article.url for alert in desk.alerts} == {*numbers(9)} - {"4"}
    (failure,) = ledger.failures.waiting(limit=10)
    assert (failure.stage, failure.url, failure.reason) == ("publish:desk", "4", Reason.HTTP_STATUS)
    assert ledger.outbox.counts()["desk"] == {"waiting": 0, "sent": len(alerts) - 1, "refused": 1}
    (stage,) = tally.stages()
    assert (stage.entered, stage.emitted, stage.balanced) == (9, 8, True)


def test_an_alert_that_never_gets_through_holds_up_no_other(due, relay, clock):
    """A receiver that fails on one alert gets the others, and the one ever more seldom."""
    due(5, "desk")
    desk = PickySink("2", DOWN)
    job = relay(desk=desk)
    for _ in range(20):
        asyncio.run(job.relay())
        clock.advance(15)
    assert {alert.article.url for alert in desk.alerts} == {*numbers(5)} - {"2"}
    before = desk.deliveries
    due(5, "desk", first=5)
    for _ in range(40):
        clock.advance(15)
        asyncio.run(job.relay())
    assert {alert.article.url for alert in desk.alerts} == {*numbers(10)} - {"2"}
    assert desk.deliveries - before <= 5


def test_what_a_locked_ledger_does_not_note_is_not_delivered_again(file, ledger, due, relay):
    """While another process holds the ledger, what was delivered is kept in mind until it can be noted."""
    due(3, "desk")
    desk = ListSink()

    async def run(impatient):
        job = relay(ledger=impatient, desk=desk)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                with pytest.raises(LedgerError, match="locked by another process"):
                    await job.relay_to("desk")
        await job.relay_to("desk")

    with open_ledger(f"sqlite:///{file}", lock_wait_s=0) as impatient:
        asyncio.run(run(impatient))
    assert urls(desk) == numbers(3)
    assert ledger.outbox.counts()["desk"]["sent"] == 3


def test_a_sink_that_goes_down_is_told_once(due, relay, clock, caplog):
    """Being down is one warning, with the reason, however often it is tried."""
    due(1, "desk")
    job = relay(desk=ListSink([Fault(error=DOWN)] * 3))
    for _ in range(3):
        asyncio.run(job.relay())
        clock.advance(60)
    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warning == 'sink "desk" takes nothing and is tried again in 5 s: posting: no answer'


@pytest.mark.parametrize("taken", [0, 5])
def test_what_a_sink_recalls_is_not_delivered_again(due, relay, clock, taken):
    """A delivery that ends in doubt arrived or did not: either way each alert is there, and counted, once."""
    due(5, "desk")
    topic, tally = ListTopic(), Tally()
    job = relay(tally, desk=RecallSink(topic, [Fault(error=DOWN, taken=taken)]))
    asyncio.run(job.relay())
    due(3, "desk", first=5)
    for _ in range(10):
        clock.advance(60.0)
        asyncio.run(job.relay())
    assert urls(topic) == numbers(8)
    (stage,) = tally.stages()
    assert (stage.entered, stage.emitted) == (8, 8)


def test_what_a_dead_process_delivered_is_not_delivered_again(due, relay):
    """The last delivery was not noted any more: the next process recalls it, although more is due by now."""
    delivered = due(5, "desk")
    topic = ListTopic()
    topic.deliveries.append(tuple(delivered[:3]))
    due(200, "desk", first=5)
    asyncio.run(relay(desk=RecallSink(topic)).relay())
    assert urls(topic) == numbers(205)


def test_two_relays_that_fence_each_other_deliver_each_alert_once(due, relay, clock):
    """Whoever comes back goes on where the other stopped."""
    topic = ListTopic()
    jobs = [relay(desk=RecallSink(topic)) for _ in range(2)]
    for turn in range(12):
        due(3, "desk", first=3 * turn)
        asyncio.run(jobs[turn % 2].relay())
        clock.advance(400.0)
    for job in jobs:
        asyncio.run(job.relay())
    assert urls(topic) == numbers(36)


def test_a_refused_alert_keeps_no_other_from_a_sink_that_recalls(ledger, due, relay):
    """One of a batch is refused for good: the others arrive once, each after a look at what is still due."""
    due(9, "desk")
    topic = ListTopic()

    class PickyRecallSink(RecallSink):
        """Never takes one of the alerts."""

        async def deliver(self, alerts):
            if any(alert.article.url == "4" for alert in alerts):
                raise REFUSED
            await super().deliver(alerts)

    asyncio.run(relay(desk=PickyRecallSink(topic)).relay())
    assert urls(topic) == [each for each in numbers(9) if each != "4"]
    assert len(ledger.failures.waiting(limit=10)) == 1
