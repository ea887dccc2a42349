"""Fetching: every announced page comes in or is a failure, and no host holds up another."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest

from connectors.http.messages import Response, Validators
from connectors.protocol import Poll
from connectors.testing import NOON, Clock, an_item
from pipelines.collect import Fetcher
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally
from schemas.errors import LedgerError, Rejected, Retriable
from schemas.failures import Reason

SLOW = "https://slow.example"
NO_ANSWER = Retriable("GET it: no answer", reason=Reason.UNREACHABLE)


class Web:
    """Every page there is, unless a fault is set for its URL; those of the slow host never come."""

    def __init__(self, faults=()):
        self.faults = dict(faults)
        self.asked = Counter()
        self.at_once = Counter()
        self.most_at_once = Counter()

    async def get(self, url, *, obey_robots):
        """The page, or its fault."""
        assert obey_robots
        host = url.split("/")[2]
        self.asked[url] += 1
        self.at_once[host] += 1
        self.most_at_once[host] = max(self.most_at_once[host], self.at_once[host])
        try:
            await (asyncio.Event().wait() if url.startswith(SLOW) else asyncio.sleep(0))
        finally:
            self.at_once[host] -= 1
        if url in self.faults:
            raise self.faults[url]
        return Response(
            url=url,
            status=200,
            headers=(),
            body=url.encode(),
            media_type="text/html",
            charset=None,
            validators=Validators(etag=None, last_modified=None),
            permanent_url=None,
        )


@pytest.fixture
def clock():
    """A clock that stands at noon."""
    return Clock()


@pytest.fixture
def announce(ledger):
    """Puts items of these URLs into the intake, due from noon."""

    def put(*urls):
        items = tuple(an_item(url=url) for url in urls)
        poll = Poll(items=items, pages=(), failures=(), cursor=None, wait_s=60.0)
        ledger.intake.save_poll("courier", poll, NOON)
        return items

    return put


@pytest.fixture
def fetcher(ledger, clock):
    """Makes a fetcher over the ledger."""
    return lambda web, tally=None, ledger=ledger: Fetcher(
        ledger.intake, web, clock, tally or Tally(), per_host=2
    )


async def drained(job):
    """Calls until nothing is due or under way."""
    while await job.fetch():
        pass


def pages(ledger):
    """The pages that wait, by URL."""
    found = ledger.intake.pages(ledger.intake.pending_pages(1000))
    return {page.url: page for page in found}


def test_an_announced_page_is_fetched_once(ledger, announce, fetcher):
    """Its page is observed when it was announced, and a second run has nothing to do."""
    (item,) = announce("https://courier.example/a")
    web, tally = Web(), Tally()
    asyncio.run(drained(fetcher(web, tally)))
    asyncio.run(drained(fetcher(web, tally)))
    page = pages(ledger)[item.url]
    assert (page.item, page.observed_at, page.html) == (item, NOON, item.url.encode())
    assert web.asked == {item.url: 1}
    (stage,) = tally.stages()
    assert (stage.stage, stage.entered, stage.emitted, stage.balanced) == ("fetch", 1, 1, True)


def test_a_page_that_fails_six_times_is_one_failure(ledger, announce, fetcher, clock):
    """Waits double from half a minute; the sixth failure is the last, kept with its item."""
    (item,) = announce("https://courier.example/a")
    web, tally = Web({item.url: NO_ANSWER}), Tally()
    for wait_s in (30, 60, 120, 240, 480):
        asyncio.run(drained(fetcher(web, tally)))
        clock.advance(wait_s - 1)
        asyncio.run(drained(fetcher(web, tally)))
        assert ledger.failures.waiting(limit=10) == ()
        clock.advance(1)
    asyncio.run(drained(fetcher(web, tally)))
    clock.advance(86_400)
    asyncio.run(drained(fetcher(web, tally)))
    (failure,) = ledger.failures.waiting(limit=10)
    assert (failure.stage, failure.reason, failure.url) == ("fetch", Reason.UNREACHABLE, item.url)
    assert failure.detail == "GET it: no answer; gave up after 6 attempts"
    assert web.asked == {item.url: 6}
    (stage,) = tally.stages()
    assert (stage.entered, stage.failed, stage.balanced) == (1, {"unreachable": 1}, True)


def test_a_host_is_not_asked_sooner_than_it_wants(ledger, announce, fetcher, clock):
    """Retry-After counts for pages too; what comes later is observed when it comes."""
    (item,) = announce("https://courier.example/a")
    web = Web({item.url: Retriable("503", reason=Reason.HTTP_STATUS, after_s=1000.0)})
    asyncio.run(drained(fetcher(web)))
    web.faults.clear()
    clock.advance(999)
    asyncio.run(drained(fetcher(web)))
    assert pages(ledger) == {}
    clock.advance(1)
    asyncio.run(drained(fetcher(web)))
    assert pages(ledger)[item.url].observed_at == NOON + timedelta(seconds=1000)


def test_what_will_never_come_is_a_failure_at_once(ledger, announce, fetcher):
    """A page that is gone is not asked for again, and takes no other along."""
    gone, there = announce("https://courier.example/gone", "https://courier.example/there")
    web = Web({gone.url: Rejected("404", reason=Reason.HTTP_STATUS)})
    asyncio.run(drained(fetcher(web)))
    assert list(pages(ledger)) == [there.url]
    assert [failure.url for failure in ledger.failures.waiting(limit=10)] == [gone.url]
    assert web.asked[gone.url] == 1


def test_a_slow_host_holds_up_no_other(ledger, announce, fetcher):
    """Behind a thousand pages of a host that does not answer, those of others come in as they are due."""
    announce(*(f"{SLOW}/{number}" for number in range(1000)))
    web = Web()

    async def run():
        job = fetcher(web)
        await job.fetch()
        for day in range(3):
            announce(*(f"https://courier.example/{day}-{number}" for number in range(9)))
            for _ in range(9):
                if len(pages(ledger)) < 9 * (day + 1):
                    await job.fetch()
            assert len(pages(ledger)) == 9 * (day + 1)
        await job.close()

    asyncio.run(run())
    assert web.most_at_once == {"slow.example": 2, "courier.example": 2}
    assert ledger.intake.waiting() == {"items": 1000, "pages": 27}


def test_what_a_locked_ledger_does_not_take_is_kept(file, ledger, announce, fetcher):
    """While another process holds the ledger, pages that have come are kept and not asked for again."""
    (item,) = announce("https://courier.example/a")
    web = Web()

    async def run(impatient):
        job = fetcher(web, ledger=impatient)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                with pytest.raises(LedgerError, match="locked by another process"):
                    await job.fetch()
        await drained(job)

    with open_ledger(f"sqlite:///{file}", lock_wait_s=0) as impatient:
        asyncio.run(run(impatient))
    assert web.asked == {item.url: 1}
    assert list(pages(ledger)) == [item.url]
