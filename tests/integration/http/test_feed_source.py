"""A feed polled from a real server: conditionally, from its own cursor, and as far as it can be trusted."""

import asyncio
import json
import logging
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import TypeAdapter, ValidationError

from connectors.http.client import HttpClient
from connectors.http.settings import HttpSettings
from connectors.protocol import SourceContext
from connectors.sources.feed import FeedOptions, FeedSource
from connectors.testing.contracts import check_source
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

NOON = datetime(2024, 5, 2, 12, tzinfo=UTC)
CONTEXT = SourceContext(name="gazette", publisher="gazette-group", every_s=300)
FEED = b"""<rss version="2.0"><channel><title>Gazette</title>
<item><title>One</title><link>/1</link><guid>a</guid><pubDate>Thu, 02 May 2024 10:00:00 GMT</pubDate></item>
<item><title>Two</title><link>/2</link><guid>b</guid><pubDate>Thu, 02 May 2024 10:00:00 GMT</pubDate></item>
</channel></rss>"""
CHANGED = FEED.replace(b"<item>", b"<item><title>New</title><link>/3</link><guid>c</guid></item><item>", 1)


def polls(client, serve, routes, times, path="/rss"):
    """The polls of a source, each from the cursor of the one before, and the server."""

    async def run():
        async with serve(routes) as server, client() as http:
            source = FeedSource.open(CONTEXT, FeedOptions(url=server.url(path)), http)
            cursor, found = None, []
            for _ in range(times):
                found.append(await source.poll(cursor, NOON))
                cursor = found[-1].cursor
            return found, server

    return asyncio.run(run())


def titles(poll):
    """What a poll announced."""
    return [item.title for item in poll.items]


def test_poll(client, serve, answer):
    """A first poll brings every item, also those of one date, with absolute links."""
    (poll,), server = polls(client, serve, {"/rss": answer(body=FEED)}, 1)
    assert titles(poll) == ["One", "Two"]
    assert [item.url for item in poll.items] == [server.url("/1"), server.url("/2")]
    assert {item.observed_at for item in poll.items} == {NOON}
    assert (poll.pages, poll.failures, poll.wait_s) == ((), (), 300)
    assert "rss+xml" in server.asked[0].headers["accept"]


def test_unchanged_then_changed(client, serve, answer):
    """An unchanged feed brings nothing and leaves the cursor; a changed one brings all it announces."""
    routes = {"/rss": [answer(body=FEED, etag='"1"'), answer(304), answer(body=CHANGED, etag='"2"')]}
    (first, second, third), server = polls(client, serve, routes, 3)
    assert (second.items, second.failures, second.cursor) == ((), (), first.cursor)
    assert titles(third) == ["New", "One", "Two"]
    assert [ask.headers.get("if-none-match") for ask in server.asked] == [None, '"1"', '"1"']


def test_unchanged_without_validators(client, serve, answer):
    """Where the host cannot say that nothing changed, the same content is enough."""
    (first, second, third), _ = polls(
        client, serve, {"/rss": [answer(body=FEED), answer(body=FEED), answer(body=CHANGED)]}, 3
    )
    assert (second.items, second.cursor) == ((), first.cursor)
    assert titles(third) == ["New", "One", "Two"]


@pytest.mark.parametrize("url", ["/etc/passwd", "file:///etc/passwd", "feed:https://gazette.example/rss", ""])
def test_options(url):
    """A configured address that is not one of the web is refused with the configuration."""
    with pytest.raises(ValidationError):
        TypeAdapter(FeedOptions).validate_python({"url": url})


def test_moved_for_good(client, serve, answer, caplog):
    """A permanent move is told once, and validators of the new address still work."""
    routes = {"/rss": answer(301, location="/new"), "/new": [answer(body=FEED, etag='"1"'), answer(304)]}
    with caplog.at_level(logging.WARNING):
        found, server = polls(client, serve, routes, 3)
    assert [len(poll.items) for poll in found] == [2, 0, 0]
    assert [record.getMessage() for record in caplog.records] == [
        f'source "gazette" has moved for good to {server.url("/new")}: change its url'
    ]


def test_not_modified_elsewhere(client, serve, answer):
    """Where a redirect now leads to another address, its "not modified" is not believed."""
    routes = {
        "/rss": [answer(302, location="/a"), answer(302, location="/b")],
        "/a": answer(body=FEED, etag='"1"'),
        "/b": [answer(304), answer(body=CHANGED)],
    }
    (_, second), server = polls(client, serve, routes, 2)
    assert titles(second) == ["New", "One", "Two"]
    assert server.paths().count("/b") == 2


@pytest.mark.parametrize("cursor", ["", "{}", "nonsense", '{"url": 1}', '["x"]'])
def test_foreign_cursor(client, serve, answer, cursor):
    """A cursor of something else is no cursor."""

    async def run():
        async with serve({"/rss": answer(body=FEED)}) as server, client() as http:
            source = FeedSource.open(CONTEXT, FeedOptions(url=server.url("/rss")), http)
            return await source.poll(cursor, NOON), server

    poll, server = asyncio.run(run())
    assert titles(poll) == ["One", "Two"]
    assert "if-none-match" not in server.asked[0].headers


def test_cursor_of_another_address(client, serve, answer):
    """Validators are never sent to an address that they did not come from."""
    routes = {"/rss": answer(body=FEED, etag='"1"'), "/other": answer(body=FEED)}

    async def run():
        async with serve(routes) as server, client() as http:
            first = await FeedSource.open(CONTEXT, FeedOptions(url=server.url("/rss")), http).poll(None, NOON)
            other = FeedSource.open(CONTEXT, FeedOptions(url=server.url("/other")), http)
            return await other.poll(first.cursor, NOON), server

    poll, server = asyncio.run(run())
    assert titles(poll) == ["One", "Two"]
    assert "if-none-match" not in server.asked[1].headers


@pytest.mark.parametrize(
    ("ttl", "cache", "wait_s"),
    [
        ("", "", 300),
        ("<ttl>2</ttl>", "", 120),
        ("", "max-age=90", 90),
        ("<ttl>2</ttl>", "max-age=90", 120),
        ("<ttl>60</ttl>", "", 300),
        ("", "max-age=5", 60),
        ("", "max-age=0, no-cache", 300),
    ],
)
def test_wait(client, serve, answer, ttl, cache, wait_s):
    """What the feed says about itself shortens the wait, within reason, also while it is unchanged."""
    body = FEED.replace(b"<title>Gazette", ttl.encode() + b"<title>Gazette")
    routes = {"/rss": [answer(body=body, cache_control=cache), answer(304, cache_control=cache)]}
    routes["/rss"][0] = routes["/rss"][0].replace(b"\r\n\r\n", b'\r\nEtag: "1"\r\n\r\n', 1)
    found, _ = polls(client, serve, routes, 2)
    assert [poll.wait_s for poll in found] == [wait_s, wait_s]


@pytest.mark.parametrize(
    ("trouble", "error", "reason"),
    [
        ({"status": 200, "body": b"<!DOCTYPE html><html>Log in</html>"}, Rejected, Reason.MALFORMED),
        ({"status": 200, "body": b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>"}, Rejected, Reason.UNSAFE),
        ({"status": 410}, Rejected, Reason.HTTP_STATUS),
        ({"status": 503}, Retriable, Reason.HTTP_STATUS),
    ],
)
def test_trouble_names_the_feed(client, serve, answer, trouble, error, reason):
    """Trouble names the address, and the poll after it starts from the same cursor."""
    with pytest.raises(error) as caught:
        polls(client, serve, {"/rss": answer(**trouble)}, 1)
    assert caught.value.reason is reason
    assert "/rss" in str(caught.value)


def test_huge_feed(client, serve, answer):
    """A feed of 100,000 items is cut at 10,000, and the rest is counted in a failure."""
    items = b"".join(b"<item><link>/%d</link></item>" % number for number in range(100_000))
    body = b"<rss version='2.0'><channel>" + items + b"</channel></rss>"
    (poll,), _ = polls(client, serve, {"/rss": answer(body=body)}, 1)
    assert len(poll.items) == 10_000
    assert "90000" in poll.failures[0].detail
    assert json.loads(poll.cursor)["etag"] is None


class _OneFeed(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers.get("If-None-Match") == '"1"'
        self.send_response(304 if known else 200)
        self.send_header("ETag", '"1"')
        self.end_headers()
        if not known:
            self.wfile.write(FEED)

    def log_message(self, *_):
        pass


def test_contract():
    """The feed source keeps what every source owes."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _OneFeed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        settings = HttpSettings(allow=("127.0.0.1/32",), spacing_s=0.0)

        def make_source():
            http = HttpClient(settings, clock=lambda: NOON)
            return FeedSource.open(CONTEXT, FeedOptions(url=f"{root}/rss"), http)

        check_source(make_source, urls={f"{root}/1", f"{root}/2"})
        server.shutdown()
