"""The client asks as it should: conditionally, spaced, within robots.txt, and truthful about itself."""

import asyncio
import itertools
import ssl
from pathlib import Path

import pytest

from connectors.http.messages import Validators
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

CERTIFICATE = Path(__file__).with_name("news.example.pem")


def run_with(client, serve, routes, work, **settings):
    """What `work(http, server)` returns."""

    async def run():
        async with serve(routes) as server, client(**settings) as http:
            return await work(http, server)

    return asyncio.run(run())


def test_identity(client, serve, answer):
    """The user agent names the program and whom to write to."""

    async def work(http, server):
        await http.get(server.url("/"))
        return server.asked[0].headers

    headers = run_with(client, serve, {"/": answer()}, work, contact="desk@news.example")
    assert headers["user-agent"].startswith("Tocsin/")
    assert headers["user-agent"].endswith(" (+desk@news.example)")
    assert headers["accept-encoding"] == "gzip"
    assert "cookie" not in headers


def test_not_modified(client, serve, answer):
    """Validators are sent back as they came, and "not modified" is an answer without a body."""
    routes = {
        "/": [
            answer(body=b"news", etag='W/"1"', last_modified="Thu, 02 May 2024 10:00:00 GMT"),
            answer(304),
        ]
    }

    async def work(http, server):
        first = await http.get(server.url("/"))
        second = await http.get(server.url("/"), validators=first.validators)
        return first, second, server.asked[1].headers

    first, second, headers = run_with(client, serve, routes, work)
    assert headers["if-none-match"] == 'W/"1"'
    assert headers["if-modified-since"] == "Thu, 02 May 2024 10:00:00 GMT"
    assert not first.not_modified
    assert second.not_modified
    assert second.body == b""


@pytest.mark.parametrize("validators", [None, Validators(etag=None, last_modified=None)])
def test_not_modified_unasked(client, serve, answer, validators):
    """An answer of "not modified" is none where no condition was sent."""

    async def work(http, server):
        with pytest.raises(Rejected) as caught:
            await http.get(server.url("/"), validators=validators)
        return caught.value

    assert run_with(client, serve, {"/": answer(304)}, work).reason is Reason.HTTP_STATUS


@pytest.mark.parametrize("status", [429, 503])
def test_left_alone(client, serve, answer, status):
    """A host that asks to be left alone is not asked again before its time, for any page."""

    async def work(http, server):
        waits = []
        for path in ("/", "/2"):
            with pytest.raises(Retriable) as caught:
                await http.get(server.url(path))
            waits.append(caught.value.after_s)
        return waits, server.paths()

    routes = {"/": answer(status, retry_after="90"), "/2": answer(body=b"x")}
    (first, second), paths = run_with(client, serve, routes, work)
    assert first == 90
    assert 89 < second <= 90
    assert paths == ["/"]


def test_spacing(client, serve, answer):
    """Requests to one host start at least the spacing apart."""

    async def work(http, server):
        await asyncio.gather(*(http.get(server.url("/")) for _ in range(4)))
        return server.started_at

    starts = run_with(client, serve, {"/": answer()}, work, spacing_s=0.1)
    assert min(late - early for early, late in itertools.pairwise(starts)) > 0.08


def test_slots(client, serve, answer):
    """No more requests than agreed are under way at one host; waiting does not eat up the deadline."""
    under_way, most = 0, 0

    async def counted(writer):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        under_way -= 1
        writer.write(answer(body=b"news"))

    async def work(http, server):
        return await asyncio.gather(*(http.get(server.url("/")) for _ in range(8)))

    responses = run_with(client, serve, {"/": counted}, work, timeout_s=0.3)
    assert [response.body for response in responses] == [b"news"] * 8
    assert most == 2


ROBOTS = b"User-agent: *\nDisallow: /all\n\nUser-agent: Tocsin\nDisallow: /private\nCrawl-delay: 0.05\n"


@pytest.mark.parametrize(
    ("robots", "path", "outcome"),
    [
        ((200, ROBOTS), "/news", None),
        ((200, ROBOTS), "/all", None),
        ((200, ROBOTS), "/private/x", Reason.NOT_ALLOWED),
        ((200, ROBOTS), "/moved", Reason.NOT_ALLOWED),
        ((404, b""), "/private/x", None),
        ((403, b""), "/private/x", None),
        ((200, b"\xff\xfe\0<html>"), "/private/x", None),
        ((503, b""), "/news", Reason.HTTP_STATUS),
    ],
)
def test_robots(client, serve, answer, robots, path, outcome):
    """Our own rules count, at each hop; no rules allow everything; a failing host allows nothing for now."""
    routes = dict.fromkeys(["/news", "/all", "/private/x"], answer(body=b"news"))
    routes |= {"/robots.txt": answer(*robots), "/moved": answer(302, location="/private/x")}

    async def work(http, server):
        try:
            return (await http.get(server.url(path), obey_robots=True)).status, server.paths()
        except (Rejected, Retriable) as error:
            return error, server.paths()

    result, paths = run_with(client, serve, routes, work)
    assert (result == 200) if outcome is None else (result.reason is outcome)
    assert "/private/x" not in paths or outcome is None


def test_robots_once(client, serve, answer):
    """The rules of a host are fetched once, however many pages wait for them, and never for feeds."""

    async def work(http, server):
        await http.get(server.url("/feed"))
        before = server.paths()
        await asyncio.gather(*(http.get(server.url("/news"), obey_robots=True) for _ in range(5)))
        return before, server.paths()

    routes = {"/feed": answer(), "/news": answer(), "/robots.txt": answer(body=b"User-agent: *\nDisallow:\n")}
    before, after = run_with(client, serve, routes, work)
    assert before == ["/feed"]
    assert after.count("/robots.txt") == 1
    assert after.count("/news") == 5


def test_credentials(client, serve, answer):
    """Credentials of a URL go to its own host only, and are not part of what is remembered."""

    async def run():
        async with serve({"/": answer(body=b"x")}) as other:
            routes = {"/": answer(302, location="/2"), "/2": answer(302, location=other.url("/"))}
            async with serve(routes) as server, client() as http:
                response = await http.get(server.url("/", host="me:hush@127.0.0.1"))
            return response, server.asked, other

    response, asked, other = asyncio.run(run())
    assert [ask.headers.get("authorization") for ask in asked] == ["Basic bWU6aHVzaA=="] * 2
    assert "authorization" not in other.asked[0].headers
    assert response.url == other.url("/")


def test_errors_hide_secrets(client, serve, answer):
    """An error names the URL without what is secret in it."""

    async def work(http, server):
        shown = []
        for fetch in (
            http.get(server.url("/x?token=hush", host="me:hush@127.0.0.1")),
            http.post(server.url("/hooks/hush"), b"{}", headers={}),
        ):
            with pytest.raises(Rejected) as caught:
                await fetch
            shown.append(str(caught.value))
        return shown

    for message in run_with(client, serve, {}, work):
        assert "hush" not in message
        assert "127.0.0.1" in message


def test_post(client, serve, answer):
    """A post goes out once, as given; a redirect is refused."""

    async def work(http, server):
        response = await http.post(
            server.url("/hook"), b'{"a":1}', headers={"Content-Type": "application/json"}
        )
        with pytest.raises(Rejected):
            await http.post(server.url("/moved"), b"{}", headers={})
        with pytest.raises(Rejected):
            await http.post(server.url("/hook"), b"{}", headers={"X-Note": "two\r\nlines"})
        return response, server.asked

    routes = {"/hook": answer(202, b"thanks"), "/moved": answer(307, location="/hook")}
    response, asked = run_with(client, serve, routes, work)
    assert (response.status, response.body) == (202, b"thanks")
    assert [ask.line.split()[:2] for ask in asked] == [["POST", "/hook"], ["POST", "/moved"]]
    assert asked[0].body == b'{"a":1}'
    assert asked[0].headers["content-type"] == "application/json"


def test_tls_goes_by_name(client, serve, answer, monkeypatch):
    """TLS checks the name that was asked for, though the connection goes to a checked address."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(CERTIFICATE)
    names = []
    server_side.sni_callback = lambda _socket, name, _context: names.append(name)

    async def resolve(host, port):
        return ("127.0.0.1",)

    async def run():
        routes = {"/": answer(body=b"news")}
        async with serve(routes, tls=server_side) as server, client(resolve=resolve) as http:
            response = await http.get(server.url("/", host="news.example", scheme="https"))
            with pytest.raises(Retriable):
                await http.get(server.url("/", host="other.example", scheme="https"))
        return response

    assert asyncio.run(run()).body == b"news"
    assert names == ["news.example", "other.example"]
