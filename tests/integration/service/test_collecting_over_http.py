"""Collecting over the real client: hosts in trouble are left alone, and none holds up another."""

import asyncio
import socket
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import pytest

from connectors.http.client import HttpClient
from connectors.http.settings import HttpSettings
from connectors.protocol import Poll, SourceContext
from connectors.sources.feed import FeedOptions, FeedSource
from connectors.testing import an_item
from pipelines.collect import Fetcher, Poller
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally

_FEED = b"<rss version='2.0'><channel><title>Courier</title></channel></rss>"
_ANSWERS = {
    "/well": (200, {"Content-Type": "application/rss+xml"}, _FEED),
    "/broken": (500, {}, b""),
    "/busy": (429, {"Retry-After": "2"}, b""),
    "/missing": (404, {}, b""),
    "/gone": (410, {}, b""),
    "/wall": (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Log in</title><p>Log in."),
    "/robots.txt": (404, {}, b""),
}
_PAGE = (200, {"Content-Type": "text/html"}, b"<p>A page.")
_EVERY_S = 0.5


@contextmanager
def web(delay_s=0.0):
    """A local server; its address and when each path was asked for."""
    asked = defaultdict(list)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked[self.path].append(time.monotonic())
            time.sleep(delay_s)
            status, headers, body = _ANSWERS.get(
                self.path, (200, {"Content-Type": "text/html"}, b"<p>A page.")
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.fixture
def ledger(tmp_path):
    """An empty ledger."""
    with open_ledger(f"sqlite:///{tmp_path / 'tocsin.db'}") as opened:
        yield opened


def now():
    """The time."""
    return datetime.now(UTC)


def polled(ledger, urls, seconds):
    """The states of feeds at these URLs, by name, after polling them for so long, and once at least."""

    async def run():
        settings = HttpSettings(allow=("127.0.0.1/32",), spacing_s=0.0)
        async with HttpClient(settings, clock=now) as http:
            sources = {
                name: FeedSource(
                    SourceContext(name=name, publisher=None, every_s=_EVERY_S), FeedOptions(url=url), http
                )
                for name, url in urls.items()
            }
            poller = Poller(sources, dict.fromkeys(urls, _EVERY_S), ledger.intake, now, Tally())
            end_at = time.monotonic() + seconds
            while time.monotonic() < end_at or len(ledger.intake.source_states()) < len(urls):
                await poller.poll_due()
            await poller.close()

    asyncio.run(run())
    return {state.source: state for state in ledger.intake.source_states()}


def test_sources_in_trouble_are_left_alone_and_disturb_no_other(ledger):
    """Each kind of trouble is kept with its reason; Retry-After is obeyed; what is well goes on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        refused = listener.getsockname()[1]
    with web() as (base, asked), web() as (busy, asked_busy):
        urls = {name: f"{base}/{name}" for name in ("well", "broken", "missing", "gone", "wall")}
        urls |= {"busy": f"{busy}/busy", "refused": f"http://127.0.0.1:{refused}/feed.xml"}
        states = polled(ledger, urls, 4.8)
    assert states["well"].failures_in_a_row == 0
    assert len(asked["/well"]) >= 5
    assert [name for name, state in states.items() if not state.failures_in_a_row] == ["well"]
    for name, why in {"broken": "500", "missing": "404", "gone": "410", "busy": "429"}.items():
        assert f"the answer is HTTP status {why}" in states[name].last_error
    assert "connect" in states["refused"].last_error.lower()
    waits_s = [
        after - before for before, after in zip(asked_busy["/busy"], asked_busy["/busy"][1:], strict=False)
    ]
    assert len(waits_s) == 2
    assert min(waits_s) >= 2.0
    # What will not heal by itself doubles its wait: 0.5, 1 and 2 s.
    assert len(asked["/gone"]) == len(asked["/missing"]) == len(asked["/wall"]) == 4


def test_names_that_cannot_be_looked_up_cost_nothing_but_time(ledger):
    """Without DNS, every source waits to be tried again, and none is given up."""
    states = polled(ledger, {name: f"http://{name}.invalid/feed.xml" for name in ("courier", "herald")}, 0.5)
    for name, state in states.items():
        assert state.failures_in_a_row >= 1
        assert f"{name}.invalid" in state.last_error
        assert (state.next_poll_at - now()).total_seconds() <= _EVERY_S
    assert len(states) == 2


def test_pages_of_a_slow_host_hold_up_no_other(ledger):
    """A host gets one request a second, as it should, while another's pages come in at once."""
    with web(delay_s=0.1) as (slow, asked), web() as (quick, _):
        items = [an_item(url=f"{slow}/{number}") for number in range(9)]
        items += [an_item(url=f"{quick}/{number}") for number in range(2)]
        poll = Poll(items=tuple(items), pages=(), failures=(), cursor=None, wait_s=60.0)
        ledger.intake.save_poll("courier", poll, now())

        async def run():
            settings = HttpSettings(allow=("127.0.0.1/32",))
            async with HttpClient(settings, clock=now) as http:
                fetcher = Fetcher(ledger.intake, http, now, Tally(), per_host=settings.per_host)
                started = time.monotonic()
                while time.monotonic() < started + 3.5:
                    await fetcher.fetch()
                await fetcher.close()

        asyncio.run(run())
    came = [page.url for page in ledger.intake.pages(ledger.intake.pending_pages(100))]
    assert sorted(url for url in came if url.startswith(quick)) == [f"{quick}/0", f"{quick}/1"]
    asks = sorted(moment for moments in asked.values() for moment in moments)
    assert 3 <= len(asks) <= 5
    assert min(after - before for before, after in pairwise(asks)) > 0.9
