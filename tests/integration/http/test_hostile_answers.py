"""What a host may send cannot hang, flood or mislead the client."""

import asyncio
import gzip
import time

import pytest

from schemas.errors import Rejected, Retriable
from schemas.failures import Reason


def fetch(client, serve, routes, path="/", **settings):
    """What a fetch of `path` raised or brought, and the server."""

    async def run():
        async with serve(routes) as server, client(**settings) as http:
            try:
                return await http.get(server.url(path)), server
            except (Rejected, Retriable) as error:
                return error, server

    return asyncio.run(run())


async def drip(writer):
    """One byte of body at a time, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def slow_headers(writer):
    """One header at a time, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: x\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silence(writer):
    """Nothing at all."""
    await asyncio.sleep(60)


async def huge_headers(writer):
    """Headers without end, as fast as they are taken."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 10_000 + b"\r\n")
        await writer.drain()


async def endless(writer):
    """A body without end, as fast as it is taken."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def early_hints(writer):
    """Interim answers without end."""
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("route", [drip, slow_headers, silence, early_hints])
def test_deadline(client, serve, route):
    """However slowly a host answers, one deadline ends the fetch."""
    started = time.monotonic()
    error, _ = fetch(client, serve, {"/": route}, timeout_s=0.4)
    assert isinstance(error, Retriable)
    assert error.reason is Reason.UNREACHABLE
    assert time.monotonic() - started < 2


def test_deadline_over_redirects(client, serve, answer):
    """Redirects share the deadline of the fetch that they belong to."""

    async def late(writer):
        await asyncio.sleep(0.3)
        writer.write(answer(302, location="/2"))

    error, _ = fetch(client, serve, {"/": late, "/2": silence}, timeout_s=0.5)
    assert isinstance(error, Retriable)


def test_endless_headers(client, serve):
    """Headers are capped."""
    error, _ = fetch(client, serve, {"/": huge_headers})
    assert isinstance(error, Retriable)


GZIP_BOMB = gzip.compress(b"\0" * 20_000_000)


@pytest.mark.parametrize(
    "name", ["endless", "large", "gzip bomb", "bomb in a bomb", "large chunks"], ids=lambda name: name
)
def test_too_large(client, serve, answer, name):
    """The cap counts decoded bytes, whatever the framing says."""
    routes = {
        "endless": endless,
        "large": answer(body=b"x" * 200_000),
        "gzip bomb": answer(body=GZIP_BOMB, content_encoding="gzip"),
        "bomb in a bomb": answer(body=gzip.compress(GZIP_BOMB), content_encoding="gzip, gzip"),
        "large chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"10000\r\n%b\r\n" % (b"x" * 65_536) * 4,
    }
    error, _ = fetch(client, serve, {"/": routes[name]}, max_bytes=100_000)
    assert isinstance(error, Rejected)
    assert error.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("encoding", "reason"), [("gzip, gzip, gzip", Reason.UNSAFE), ("br", Reason.MALFORMED)]
)
def test_chained_encodings(client, serve, answer, encoding, reason):
    """More than two encodings are refused, and so are those never asked for."""
    error, _ = fetch(client, serve, {"/": answer(body=GZIP_BOMB, content_encoding=encoding)})
    assert isinstance(error, Rejected)
    assert error.reason is reason


def test_bomb_on_redirect(client, serve, answer):
    """The body of a redirect is never read, however it is encoded."""
    bomb = answer(302, GZIP_BOMB, content_encoding="gzip, gzip, gzip", location="/news")
    response, _ = fetch(client, serve, {"/": bomb, "/news": answer(body=b"news")}, max_bytes=1_000)
    assert response.body == b"news"


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot a hundred",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"news " * 99)[:-9],
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"",
        b"SSH-2.0-nothing\r\n\r\n",
    ],
    ids=["length", "chunks", "gzip", "headers", "nothing", "not HTTP"],
)
def test_cut_short(client, serve, sent):
    """An answer that breaks off is tried again, never taken for the whole."""

    async def cut(writer):
        writer.write(sent)

    error, _ = fetch(client, serve, {"/": cut})
    assert isinstance(error, Retriable)


def test_more_than_declared(client, serve, answer):
    """What comes after the declared length is no part of the body."""
    response, _ = fetch(client, serve, {"/": answer(body=b"news") + b" and more"})
    assert response.body == b"news"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", Reason.UNSAFE),
        ("gopher://127.0.0.1/", Reason.UNSAFE),
        ("data:text/plain,x", Reason.UNSAFE),
        ("/", Reason.UNSAFE),
        ("/round", Reason.UNSAFE),
        ("/1", Reason.UNSAFE),
        ("http://[::1", Reason.MALFORMED),
    ],
)
def test_refused_redirects(client, serve, answer, location, reason):
    """Redirects to other schemes, in circles, without end or to nowhere are refused."""
    routes = {f"/{hop}": answer(302, location=f"/{hop + 1}") for hop in range(1, 20)}
    routes |= {"/": answer(302, location=location), "/round": answer(302, location="/")}
    error, server = fetch(client, serve, routes)
    assert isinstance(error, Rejected)
    assert error.reason is reason
    assert len(server.asked) <= 6


@pytest.mark.parametrize(
    ("first", "second", "moved"), [(301, 308, True), (301, 302, False), (307, 308, False)]
)
def test_permanent_move(client, serve, answer, first, second, moved):
    """An address has moved for good only where every redirect says so."""
    routes = {"/": answer(first, location="/1"), "/1": answer(second, location="/2"), "/2": answer(body=b"x")}
    response, server = fetch(client, serve, routes)
    assert response.url == server.url("/2")
    assert response.permanent_url == (server.url("/2") if moved else None)


def test_connection_refused(client):
    """A closed port may open again."""

    async def run():
        async with client() as http:
            with pytest.raises(Retriable) as caught:
                await http.get("http://127.0.0.1:1/")
        return caught.value

    assert asyncio.run(run()).reason is Reason.UNREACHABLE
