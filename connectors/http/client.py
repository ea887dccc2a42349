"""The one HTTP client: polite towards hosts, and guarded against what they may send.

httpcore speaks HTTP. Around it stand the address policy at connect, one deadline for each fetch, a cap on
decoded bytes, redirects followed by hand, turns at hosts, robots.txt and conditional requests.
"""

import base64
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import httpcore
import httpx

from connectors.http.addresses import is_internal_name, networks
from connectors.http.answers import (
    PERMANENT,
    REDIRECTS,
    Headers,
    encodings_of,
    header,
    read_headers,
    read_response,
    refusal_of,
)
from connectors.http.backend import AddressGuard, GuardedBackend
from connectors.http.deadline import Budget
from connectors.http.decoding import BodyDecoder
from connectors.http.messages import Response, Validators
from connectors.http.politeness import Turns
from connectors.http.resolver import Resolve, SystemResolver
from connectors.http.robots import Robots
from connectors.http.settings import HttpSettings
from connectors.http.targets import authority, follow, read_target, redact, without_credentials
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

_PAGES: Final = "text/html, application/xhtml+xml, */*;q=0.5"
_IDLE_CONNECTIONS: Final = 20
_IDLE_S: Final = 10.0
_CONDITIONS: Final = ("If-None-Match", "If-Modified-Since")


@dataclass(frozen=True, slots=True)
class _Ask:
    """One request: a hop of a fetch, or a POST."""

    method: str
    target: httpx.URL
    headers: Headers
    body: bytes | None
    attempt: str


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Headers
    body: bytes


class HttpClient:
    """Fetches pages and feeds, and posts to webhooks; an async context manager.

    Every method raises `Retriable` for trouble that may heal (UNREACHABLE: no look-up, connection or answer
    in time; HTTP_STATUS: 408, 425, 429, 5xx, with `after_s` where the host said how long) and `Rejected`
    for trouble that will not (ADDRESS, HTTP_STATUS, TOO_LARGE, UNSAFE, MALFORMED, NOT_ALLOWED).
    """

    def __init__(
        self, settings: HttpSettings, *, clock: Callable[[], datetime], resolve: Resolve | None = None
    ) -> None:
        """`clock` tells the time, aware, UTC; `resolve` stands in for the system's resolver."""
        self._settings = settings
        self._clock = clock
        self._resolver = SystemResolver()
        self._guard = AddressGuard(networks(settings.allow), resolve or self._resolver.resolve)
        self._turns = Turns(settings)
        self._robots = Robots(self._fetch_robots, clock)
        self._agent = _agent(settings.contact)
        # With a proxy, every connection goes to the proxy, which is trusted; targets are checked apart.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            proxy=None if settings.proxy is None else _proxy(settings.proxy),
            max_connections=settings.connections,
            max_keepalive_connections=_IDLE_CONNECTIONS,
            keepalive_expiry=_IDLE_S,
            network_backend=GuardedBackend(self._guard) if settings.proxy is None else None,
        )

    async def __aenter__(self) -> "HttpClient":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._pool.aclose()
        self._resolver.close()

    async def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = _PAGES,
        obey_robots: bool = False,
    ) -> Response:
        """The answer behind `url`, after redirects; with `validators`, it may be "not modified".

        With `obey_robots`, the robots.txt of each host on the way must allow it.
        """
        target = read_target(url)
        headers = (("Accept", accept), *_conditions(validators))
        return await self._fetch(target, headers, Budget(self._settings.timeout_s), obey_robots=obey_robots)

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Response:
        """The answer to `body`, posted once; a redirect is refused. Errors do not show the URL's path."""
        target = read_target(url)
        # The path of a webhook is often its password.
        attempt = f"POST {authority(target)}/…"
        ask = _Ask("POST", target, (*headers.items(), *_credentials(target)), body, attempt)
        answer = await self._exchange(ask, Budget(self._settings.timeout_s))
        self._judge(answer, ask)
        return read_response(without_credentials(target), answer.status, answer.headers, answer.body, None)

    async def _fetch(
        self, start: httpx.URL, headers: Headers, budget: Budget, *, obey_robots: bool
    ) -> Response:
        trail, statuses = [start], list[int]()
        is_conditional = any(name in _CONDITIONS for name, _ in headers)
        while True:
            here = trail[-1]
            if obey_robots:
                self._turns.widen(authority(here), await self._robots.check(here, budget))
            # Only the host that the credentials were given for may see them.
            secret = _credentials(start) if authority(here) == authority(start) else ()
            ask = _Ask("GET", here, (*headers, *secret), None, f"GET {redact(str(here))}")
            answer = await self._exchange(ask, budget)
            location = header(answer.headers, "location")
            if answer.status not in REDIRECTS or location is None:
                break
            trail.append(follow(trail, location, self._settings.max_redirects))
            statuses.append(answer.status)
        if not (answer.status == 304 and is_conditional):
            self._judge(answer, ask)
        url = without_credentials(here)
        moved = url if statuses and PERMANENT.issuperset(statuses) else None
        return read_response(url, answer.status, answer.headers, answer.body, moved)

    async def _fetch_robots(self, robots: httpx.URL, budget: Budget) -> Response:
        return await self._fetch(robots, (("Accept", "text/plain, */*;q=0.5"),), budget, obey_robots=False)

    async def _exchange(self, ask: _Ask, budget: Budget) -> _Answer:
        """One request and its answer."""
        async with (
            self._turns.turn(authority(ask.target), spaced=ask.method == "GET"),
            _translated(ask.attempt),
            budget.running(),
        ):
            if self._settings.proxy is not None:
                await self._check_proxied(ask.target)
            async with self._pool.stream(
                ask.method, _wire_url(ask.target), headers=self._wire_headers(ask), content=ask.body
            ) as response:
                headers = read_headers(response.headers)
                body = await self._read(response, headers, ask.attempt)
        return _Answer(response.status, headers, body)

    async def _read(self, response: httpcore.Response, headers: Headers, attempt: str) -> bytes:
        """The decoded body; empty for a redirect or an error, whose bodies are left unread."""
        if not (200 <= response.status < 300 or response.status == 304):
            return b""
        decoder = BodyDecoder(encodings_of(headers, attempt), self._settings.max_bytes, attempt)
        async for piece in response.aiter_stream():
            decoder.feed(piece)
        return decoder.finish()

    async def _check_proxied(self, target: httpx.URL) -> None:
        """Refuses a target that the proxy should not be asked for.

        Behind a proxy there may be no look-up of public names; those are left to the proxy.
        """
        port = target.port or (443 if target.scheme == "https" else 80)
        host = target.raw_host.decode()
        try:
            await self._guard.addresses(host, port)
        except Retriable:
            if is_internal_name(host):
                raise

    def _judge(self, answer: _Answer, ask: _Ask) -> None:
        trouble = refusal_of(answer.status, answer.headers, ask.attempt, self._clock())
        if trouble is None:
            return
        if isinstance(trouble, Retriable) and trouble.after_s is not None:
            self._turns.rest(authority(ask.target), trouble.after_s)
        raise trouble

    def _wire_headers(self, ask: _Ask) -> list[tuple[bytes, bytes]]:
        own = ((b"Host", ask.target.netloc), (b"User-Agent", self._agent), (b"Accept-Encoding", b"gzip"))
        return [*own, *((name.encode(), value.encode()) for name, value in ask.headers)]


@asynccontextmanager
async def _translated(attempt: str) -> AsyncIterator[None]:
    """Turns the library's errors into ours."""
    try:
        yield
    except TimeoutError as error:
        raise Retriable(f"{attempt}: not answered in time", reason=Reason.UNREACHABLE) from error
    except (
        httpcore.NetworkError,
        httpcore.TimeoutException,
        httpcore.RemoteProtocolError,
        httpcore.ProxyError,
    ) as error:
        detail = str(error) or type(error).__name__
        raise Retriable(f"{attempt}: {detail}", reason=Reason.UNREACHABLE) from error
    except httpcore.LocalProtocolError as error:
        raise Rejected(f"{attempt}: cannot be asked for: {error}", reason=Reason.MALFORMED) from error


def _wire_url(target: httpx.URL) -> httpcore.URL:
    scheme, host = target.raw_scheme, target.raw_host
    return httpcore.URL(scheme=scheme, host=host, port=target.port, target=target.raw_path)


def _conditions(validators: Validators | None) -> tuple[tuple[str, str], ...]:
    if validators is None:
        return ()
    pairs = zip(_CONDITIONS, (validators.etag, validators.last_modified), strict=True)
    return tuple((name, value) for name, value in pairs if value)


def _credentials(target: httpx.URL) -> tuple[tuple[str, str], ...]:
    if not target.userinfo:
        return ()
    pair = base64.b64encode(f"{target.username}:{target.password}".encode()).decode()
    return (("Authorization", f"Basic {pair}"),)


def _proxy(url: str) -> httpcore.Proxy:
    proxy = httpx.URL(url)
    auth = (proxy.username.encode(), proxy.password.encode()) if proxy.userinfo else None
    return httpcore.Proxy(_wire_url(proxy.copy_with(userinfo=b"")), auth=auth)


def _agent(contact: str | None) -> bytes:
    try:
        release = version("tocsin")
    except PackageNotFoundError:  # run from a checkout that is not installed
        release = "0"
    return (f"Tocsin/{release} (+{contact})" if contact else f"Tocsin/{release}").encode()
