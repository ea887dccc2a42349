"""The webhook sink before a real receiver, which checks signatures and goes by the idempotency key."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from connectors.http.client import HttpClient
from connectors.http.settings import HttpSettings
from connectors.sinks.signature import verify
from connectors.sinks.webhook import WebhookOptions, WebhookSink
from connectors.testing import NOON, an_alert, check_sink
from schemas.alerts import Alert
from schemas.codec import decode
from schemas.errors import Rejected, Retriable

_SECRET = "an invented shared secret"


class Receiver(ThreadingHTTPServer):
    """Takes what is signed, once for each key, and answers with `status` after `delay_s`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.delay_s = 0.0
        self.requests = 0
        self.alerts: dict[str, Alert] = {}
        self.url = f"http://127.0.0.1:{self.server_port}/hooks/token-in-path"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.server.requests += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        now = datetime.now(UTC)
        signed = verify(_SECRET, body, self.headers["Tocsin-Signature"], now)
        if signed and self.headers["Content-Type"] == "application/json":
            self.server.alerts.setdefault(self.headers["Idempotency-Key"], decode(body, Alert))
        time.sleep(self.server.delay_s)
        self.send_response(self.server.status if signed else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keeps the tests quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _deliver(options: WebhookOptions, *alerts: Alert, allow: tuple[str, ...] = ("127.0.0.1/32",)) -> None:
    async def deliver() -> None:
        settings = HttpSettings(allow=allow)
        async with HttpClient(settings, clock=lambda: NOON) as http:
            await WebhookSink.open("desk", options, http).deliver(alerts)

    asyncio.run(deliver())


def test_webhook_sink_keeps_the_sink_contract(receiver: Receiver) -> None:
    """Before a receiver that goes by the idempotency key, the webhook is a sink; every body is signed."""
    settings = HttpSettings(allow=("127.0.0.1/32",))
    options = WebhookOptions(url=receiver.url, secret=_SECRET)
    http = HttpClient(settings, clock=lambda: NOON)
    check_sink(lambda: WebhookSink.open("desk", options, http), lambda: list(receiver.alerts.values()))


def test_a_receiver_with_another_secret_refuses(receiver: Receiver) -> None:
    """A wrong signature ends in a rejection: it will not get better by itself."""
    with pytest.raises(Rejected, match="401"):
        _deliver(WebhookOptions(url=receiver.url, secret="another"), an_alert())
    assert not receiver.alerts


@pytest.mark.parametrize(
    ("status", "error"), [(500, Retriable), (429, Retriable), (410, Rejected), (302, Rejected)]
)
def test_only_2xx_is_a_delivery(receiver: Receiver, status: int, error: type[Exception]) -> None:
    """Any other answer is an error, by whether it may heal."""
    receiver.status = status
    with pytest.raises(error):
        _deliver(WebhookOptions(url=receiver.url, secret=_SECRET), an_alert())


def test_a_slow_receiver_is_retriable_and_gets_the_alert_once(receiver: Receiver) -> None:
    """Who takes an alert and answers too late gets it again under the same key."""
    options = WebhookOptions(url=receiver.url, secret=_SECRET, timeout_s=0.3)
    receiver.delay_s = 1.0
    with pytest.raises(Retriable, match=r"no answer in 0\.3 s"):
        _deliver(options, an_alert())
    receiver.delay_s = 0.0
    _deliver(options, an_alert())
    assert (receiver.requests, list(receiver.alerts.values())) == (2, [an_alert()])


def test_a_private_address_is_refused_unless_allowed(receiver: Receiver) -> None:
    """A webhook cannot be pointed into the network by accident."""
    with pytest.raises(Rejected):
        _deliver(WebhookOptions(url=receiver.url, secret=_SECRET), an_alert(), allow=())
    assert receiver.requests == 0


def test_no_error_and_no_repr_shows_a_secret(receiver: Receiver) -> None:
    """Neither the shared secret nor the path of the URL, often a password, is shown anywhere."""
    options = WebhookOptions(url=receiver.url, secret=_SECRET, timeout_s=0.2)
    shown = [repr(options), repr(WebhookSink.open("desk", options, None))]
    for status, delay_s in ((500, 0.0), (404, 0.0), (204, 1.0)):
        receiver.status, receiver.delay_s = status, delay_s
        with pytest.raises((Retriable, Rejected)) as caught:
            _deliver(options, an_alert())
        shown.append(f"{caught.value!r} {caught.value.hint}")
    assert not [text for text in shown if _SECRET in text or "token-in-path" in text]
