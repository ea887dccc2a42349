"""Polling: what sources announce is in the intake, and none holds up another or is asked too often."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from connectors.protocol import Poll
from connectors.testing import NOON, Clock, ListSource, a_failure, a_page, an_item
from pipelines.collect import Poller
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally
from schemas.errors import LedgerError, Rejected, Retriable
from schemas.failures import Reason

EVERY_S = 600.0
NO_ANSWER = Retriable("GET https://courier.example: no answer", reason=Reason.UNREACHABLE)
GONE = Rejected("GET https://courier.example: the answer is HTTP status 410", reason=Reason.HTTP_STATUS)
ITEMS = tuple(an_item(url=f"https://courier.example/{number}") for number in range(3))


class SlowSource:
    """Answers nothing, and that only when told to."""

    def __init__(self):
        self.may_answer = asyncio.Event()

    async def poll(self, cursor, observed_at):
        """An empty poll."""
        await self.may_answer.wait()
        return Poll(items=(), pages=(), failures=(), cursor=None, wait_s=EVERY_S)


class CountedSource(ListSource):
    """A ListSource that counts how often it is looked at."""

    def __init__(self, script):
        super().__init__(script)
        self.polls = 0

    async def poll(self, cursor, observed_at):
        """The next step of the script."""
        self.polls += 1
        return await super().poll(cursor, observed_at)


@pytest.fixture
def clock():
    """A clock that stands at noon."""
    return Clock()


@pytest.fixture
def poller(ledger, clock):
    """Makes a poller of these sources over the ledger."""

    def make(tally=None, ledger=ledger, **sources):
        every_s = dict.fromkeys(sources, EVERY_S)
        return Poller(sources, every_s, ledger.intake, clock, tally or Tally())

    return make


def announced(ledger):
    """The items that wait, by URL."""
    return sorted(due.item.url for due in ledger.intake.due_items(NOON + timedelta(days=9), 100))


async def until(poller, condition):
    """Calls until the condition holds, and a few at most."""
    for _ in range(30):
        if condition():
            return
        await poller.poll_due()
    raise AssertionError("it never came to that")


def test_a_poll_and_its_cursor_are_in_the_intake(ledger, poller):
    """A source is polled until nothing more waits; items, pages and failures are all there, and counted."""
    tally = Tally()
    source = ListSource([ITEMS[:2], (ITEMS[2], a_page(), a_failure(stage="read"))], every_s=EVERY_S)
    asyncio.run(poller(tally, courier=source).poll_all())
    state = ledger.intake.source_state("courier")
    assert (state.cursor, state.next_poll_at) == ("2", NOON + timedelta(seconds=EVERY_S))
    assert announced(ledger) == [item.url for item in ITEMS]
    assert len(ledger.intake.pending_pages(10)) == 1
    assert len(ledger.failures.waiting(limit=10)) == 1
    (read,) = tally.stages()
    assert (read.entered, read.emitted, read.failed, read.balanced) == (2, 1, {"empty": 1}, True)


def test_sources_polled_together_share_their_clock(ledger, poller):
    """What two sources show at the same time is observed at the same time."""
    sources = {name: ListSource([[an_item(source=name)]]) for name in ("courier", "herald")}
    asyncio.run(poller(**sources).poll_all())
    assert {due.item.observed_at for due in ledger.intake.due_items(NOON, 10)} == {NOON}


@pytest.mark.parametrize(
    ("error", "waits_s"),
    [
        (NO_ANSWER, [30, 60, 120, 240, 480, EVERY_S, EVERY_S]),
        (Retriable("429", reason=Reason.HTTP_STATUS, after_s=4000.0), [4000, 4000]),
        (GONE, [EVERY_S, 2 * EVERY_S, 4 * EVERY_S]),
    ],
)
def test_a_failing_source_is_asked_ever_more_seldom(ledger, poller, clock, error, waits_s):
    """Its wait doubles, and other sources are polled as usual; the first success makes it well."""
    source = ListSource([error] * len(waits_s) + [ITEMS], every_s=EVERY_S)
    job = poller(courier=source, herald=ListSource([[an_item(source="herald")]]))
    for wait_s in waits_s:
        asyncio.run(job.poll_all())
        state = ledger.intake.source_state("courier")
        assert state.next_poll_at - clock() == timedelta(seconds=wait_s)
        clock.advance(wait_s)
    assert ledger.intake.source_state("courier").failures_in_a_row == len(waits_s)
    assert ledger.intake.source_state("herald").last_ok_at == NOON + timedelta(seconds=sum(waits_s[:-1]))
    asyncio.run(job.poll_all())
    state = ledger.intake.source_state("courier")
    assert (state.failures_in_a_row, state.last_error, state.cursor) == (0, None, "1")


def test_starting_again_is_no_way_around_a_wait(ledger, poller, clock):
    """A new start polls what is well, due or not, and leaves alone what asked for it until its time."""
    courier = CountedSource([Retriable("429", reason=Reason.HTTP_STATUS, after_s=60.0), ITEMS])
    herald = CountedSource([()])
    for _ in range(3):
        asyncio.run(poller(courier=courier, herald=herald).poll_all())
    assert (courier.polls, herald.polls) == (1, 3)
    clock.advance(60.0)
    asyncio.run(poller(courier=courier, herald=herald).poll_all())
    assert announced(ledger) == [item.url for item in ITEMS]


def test_a_source_is_polled_when_it_is_due_and_not_before(poller, clock):
    """A running job asks again once the wait that the poll named is over; a restart keeps to it."""
    source = CountedSource([ITEMS])

    async def run():
        job = poller(courier=source)
        await until(job, lambda: source.polls == 1)
        clock.advance(59.0)
        await job.poll_due()
        await poller(courier=source).poll_due()
        assert source.polls == 1
        clock.advance(1.0)
        await until(job, lambda: source.polls == 2)

    asyncio.run(run())


def test_a_slow_source_holds_up_no_other(ledger, poller, clock):
    """While one source does not answer, another is polled, written and polled again when due."""
    slow, quick = SlowSource(), CountedSource([ITEMS])
    job = poller(slow=slow, quick=quick)

    async def run():
        await until(job, lambda: announced(ledger))
        clock.advance(61.0)
        await until(job, lambda: quick.polls == 2)
        assert ledger.intake.source_state("slow").last_ok_at is None
        slow.may_answer.set()
        await until(job, lambda: ledger.intake.source_state("slow").last_ok_at == NOON)
        await job.close()

    asyncio.run(run())


def test_a_poll_that_no_ledger_can_keep_is_a_failed_one(ledger, poller):
    """Text that UTF-8 cannot carry fails the poll, keeps the cursor, and stops nothing else."""
    bad = [an_item(title="lone \ud800", source="courier")]
    asyncio.run(poller(courier=ListSource([bad]), herald=ListSource([ITEMS])).poll_all())
    state = ledger.intake.source_state("courier")
    assert (state.cursor, state.failures_in_a_row) == (None, 1)
    assert announced(ledger) == [item.url for item in ITEMS]


def test_what_a_locked_ledger_does_not_take_is_kept(file, ledger, clock, poller):
    """While another process holds the ledger, the job says so, and asks the source only once."""
    source = CountedSource([ITEMS])

    async def run(impatient):
        job = poller(ledger=impatient, courier=source)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                with pytest.raises(LedgerError, match="locked by another process"):
                    await job.poll_due()
                clock.advance(10.0)
        await until(job, lambda: announced(ledger))

    with open_ledger(f"sqlite:///{file}", lock_wait_s=0) as impatient:
        asyncio.run(run(impatient))
    assert source.polls == 1
    assert announced(ledger) == [item.url for item in ITEMS]
    assert ledger.intake.source_state("courier").cursor == "1"


def test_all_sources_down_are_one_line(ledger, poller, clock, caplog):
    """Where the network is down there is one warning with a count, not one for each source."""
    sources = {f"s{number}": ListSource([NO_ANSWER, NO_ANSWER]) for number in range(20)}
    job = poller(**sources)

    async def run():
        await until(job, lambda: len(ledger.intake.source_states()) == 20)
        clock.advance(10.0)
        await job.poll_due()

    asyncio.run(run())
    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warning.startswith("20 of 20 sources cannot be polled")
    assert "no answer" in warning
