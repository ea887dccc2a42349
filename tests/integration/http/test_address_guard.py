"""No connection goes to an address that may not be fetched: proved at the socket."""

import asyncio
import socket
import sys

import pytest

from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

_CONNECTED: list[str] = []


def _audit(event: str, details: tuple) -> None:
    if event == "socket.connect" and isinstance(details[1], tuple):
        _CONNECTED.append(details[1][0])


sys.addaudithook(_audit)  # cannot be taken back, and only takes notes


@pytest.fixture(autouse=True)
def connected():
    """The addresses that any socket of this process was connected to, or tried to."""
    _CONNECTED.clear()
    return _CONNECTED


def answering(*answers):
    """A resolver that gives the answers in turn, and the list of names it was asked for."""
    asked = []

    async def resolve(host, port):
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0.0.0.0",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
        "[fd00::1]",
        "224.0.0.1",
    ],
)
def test_refused_hosts(client, connected, host):
    """A host in any spelling is judged by the address that it comes to, before anything is connected."""

    async def run():
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.setblocking(False)
            async with client(allow=()) as http:
                with pytest.raises(Rejected) as caught:
                    await http.get(f"http://{host}:{listening.getsockname()[1]}/")
            with pytest.raises(BlockingIOError):
                listening.accept()
        return caught.value

    error = asyncio.run(run())
    assert error.reason is Reason.ADDRESS
    assert connected == []


def test_post_is_guarded(client, connected):
    """A webhook inside the network is refused like any other address."""

    async def run():
        async with client(allow=()) as http:
            with pytest.raises(Rejected) as caught:
                await http.post("http://127.0.0.1:9/hook", b"{}", headers={})
        return caught.value

    assert asyncio.run(run()).reason is Reason.ADDRESS
    assert connected == []


@pytest.mark.parametrize("hops", [1, 3])
def test_redirect_to_private(client, serve, answer, connected, hops):
    """A redirect to a private address is refused at whatever hop it comes."""

    async def run():
        async with serve({"/secret": answer(body=b"secret")}, host="127.0.0.2") as private:
            routes = {f"/{hop}": answer(302, location=f"/{hop + 1}") for hop in range(1, hops)}
            routes[f"/{hops}"] = answer(302, location=private.url("/secret", host="127.0.0.2"))
            async with serve(routes) as server, client() as http:
                with pytest.raises(Rejected) as caught:
                    await http.get(server.url("/1"))
            return caught.value, private.asked, server.asked

    error, asked_private, asked = asyncio.run(run())
    assert error.reason is Reason.ADDRESS
    assert "127.0.0.2" in str(error)
    assert asked_private == []
    assert len(asked) == hops
    assert set(connected) == {"127.0.0.1"}


@pytest.mark.parametrize(
    "addresses", [("93.184.215.14", "10.0.0.1"), ("::1", "93.184.215.14"), ("127.0.0.1", "127.0.0.2")]
)
def test_mixed_addresses(client, connected, addresses):
    """A name with both good and bad addresses is refused altogether."""
    resolve, _ = answering(addresses)

    async def run():
        async with client(resolve=resolve) as http:
            with pytest.raises(Rejected) as caught:
                await http.get("http://news.example/")
        return caught.value

    assert asyncio.run(run()).reason is Reason.ADDRESS
    assert connected == []


def test_rebinding(client, serve, answer, connected):
    """A name is looked up once for a connection, which goes to the address that was checked."""
    resolve, looked_up = answering(("127.0.0.1",), ("127.0.0.2",))

    async def run():
        async with serve({"/": answer(body=b"news")}) as server, client(resolve=resolve) as http:
            response = await http.get(server.url("/", host="news.example"))
        return response, server

    response, server = asyncio.run(run())
    assert response.body == b"news"
    assert looked_up == ["news.example"]
    assert connected == ["127.0.0.1"]
    assert server.asked[0].headers["host"] == f"news.example:{server.port}"


def test_rebinding_between_hops(client, serve, answer, connected):
    """A name that changes to a private address before the next connection is caught there."""
    resolve, _ = answering(("127.0.0.1",), ("127.0.0.2",))

    async def run():
        routes = {"/": b"HTTP/1.1 302 So\r\nLocation: /next\r\n\r\n"}
        async with serve(routes) as server, client(resolve=resolve) as http:
            with pytest.raises(Rejected) as caught:
                await http.get(server.url("/", host="news.example"))
        return caught.value

    assert asyncio.run(run()).reason is Reason.ADDRESS
    assert connected == ["127.0.0.1"]


def test_dead_address_first(client, serve, answer):
    """Where the first of several good addresses does not answer, the next is tried."""
    resolve, _ = answering(("127.0.0.3", "127.0.0.1"))

    async def run():
        routes = {"/": answer(body=b"news")}
        async with serve(routes) as server, client(resolve=resolve, allow=("127.0.0.0/8",)) as http:
            return await http.get(server.url("/", host="news.example"))

    assert asyncio.run(run()).body == b"news"


@pytest.mark.parametrize(
    ("trouble", "error", "reason"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "try again"), Retriable, Reason.UNREACHABLE),
        (UnicodeError("label too long"), Rejected, Reason.MALFORMED),
        (None, Retriable, Reason.UNREACHABLE),
    ],
)
def test_no_addresses(client, trouble, error, reason):
    """Trouble with a look-up may heal, unless the name is no name."""

    async def resolve(host, port):
        if trouble:
            raise trouble
        return ()

    async def run():
        async with client(resolve=resolve) as http:
            with pytest.raises(error) as caught:
                await http.get("http://news.example/")
        return caught.value

    assert asyncio.run(run()).reason is reason


def test_proxy(client, serve, answer, connected):
    """A proxy on a private address works; what it is asked for is checked all the same."""
    resolve, _ = answering(("93.184.215.14",), ("10.0.0.1",))

    async def run():
        async with (
            serve({"http://news.example/": answer(body=b"news")}) as proxy,
            client(resolve=resolve, allow=(), proxy=proxy.url("")) as http,
        ):
            response = await http.get("http://news.example/")
            with pytest.raises(Rejected) as caught:
                await http.get("http://other.example/")
        return response, caught.value, proxy

    response, error, proxy = asyncio.run(run())
    assert response.body == b"news"
    assert proxy.paths() == ["http://news.example/"]
    assert error.reason is Reason.ADDRESS
    assert connected == ["127.0.0.1"]


@pytest.mark.parametrize(("host", "reaches_proxy"), [("news.example", True), ("metadata.internal", False)])
def test_proxy_without_lookup(client, serve, answer, host, reaches_proxy):
    """A name that only the proxy can look up is left to it, unless it can only mean the own network."""

    async def resolve(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    async def run():
        async with (
            serve({f"http://{host}/": answer(body=b"news")}) as proxy,
            client(resolve=resolve, proxy=proxy.url("")) as http,
        ):
            if reaches_proxy:
                await http.get(f"http://{host}/")
            else:
                with pytest.raises(Retriable):
                    await http.get(f"http://{host}/")
        return proxy.asked

    assert bool(asyncio.run(run())) is reaches_proxy
