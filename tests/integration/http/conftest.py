"""A local server that answers exactly what a test wants, however wrong."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from connectors.http.client import HttpClient
from connectors.http.settings import HttpSettings

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Ask:
    """A request as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """What was asked for."""
        return self.line.split(" ")[1]


@dataclass
class Server:
    """Answers by path; a list of answers is given out one by one, the last for ever."""

    routes: dict[str, Answer | list[Answer]]
    port: int = 0
    asked: list[Ask] = field(default_factory=list)
    started_at: list[float] = field(default_factory=list)
    connections: set[asyncio.Task] = field(default_factory=set)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """The address of a path."""
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths asked for so far."""
        return [ask.path for ask in self.asked]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        self.connections.add(asyncio.current_task())
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *lines = head.decode("latin-1").strip().split("\r\n")
                headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.asked.append(Ask(line, headers, body))
                self.started_at.append(asyncio.get_running_loop().time())
                answer = self.routes.get(self.asked[-1].path, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    await answer(writer)
                await writer.drain()
                if b"Content-Length" not in (answer if isinstance(answer, bytes) else b""):
                    break
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def _serve(routes: dict[str, Answer], tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"):
    server = Server(routes)
    listening = await asyncio.start_server(server.handle, host, 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for connection in server.connections:
            connection.cancel()
        await asyncio.gather(*server.connections)


def _answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    pairs = {"Content-Length": str(len(body))} | {
        name.replace("_", "-").title(): value for name, value in headers.items()
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in pairs.items())
    return f"HTTP/1.1 {status} So\r\n{lines}\r\n".encode() + body


def _client(resolve=None, **settings) -> HttpClient:
    chosen = {"allow": ("127.0.0.1/32",), "spacing_s": 0.0, "timeout_s": 5.0} | settings
    return HttpClient(
        HttpSettings(**chosen), clock=lambda: datetime(2024, 5, 2, 10, tzinfo=UTC), resolve=resolve
    )


@pytest.fixture
def serve():
    """Starts a server with the given routes, on 127.0.0.1 unless told otherwise."""
    return _serve


@pytest.fixture
def answer():
    """The bytes of an answer."""
    return _answer


@pytest.fixture
def client():
    """A client that may fetch from 127.0.0.1, without spacing."""
    return _client
