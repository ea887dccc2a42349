"""Alerts to a web address: one signed POST each, guarded like every fetch."""

import asyncio
from collections.abc import Sequence
from dataclasses import field
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints

from connectors.http.client import HttpClient
from connectors.protocol import Clock
from connectors.sinks.signature import sign
from schemas.alerts import Alert
from schemas.codec import encode
from schemas.errors import Retriable
from schemas.failures import Reason
from schemas.record import record


@record
class WebhookOptions:
    """Settings of `kind = "webhook"`."""

    url: str = field(repr=False)
    """Where to post; a private address needs to be allowed under `[http]`."""
    secret: Annotated[str, StringConstraints(min_length=1)] = field(repr=False)
    """Shared with the receiver, who checks the signature with it; write "env:NAME"."""
    timeout_s: Annotated[float, Field(gt=0)] = 10.0
    """The longest that one alert may take."""


class WebhookSink:
    """A sink of `kind = "webhook"`; keeps the promises of `connectors.protocol.Sink`.

    The body is the alert as the codec writes it. `Idempotency-Key` is the alert's id, the same when it is
    sent again; `Tocsin-Signature` is described in `connectors.sinks.signature`. Any 2xx is a delivery.
    """

    Options: ClassVar[type[Any]] = WebhookOptions

    def __init__(self, options: WebhookOptions, http: HttpClient, clock: Clock) -> None:
        self._options = options
        self._http = http
        self._clock = clock

    @classmethod
    def open(cls, name: str, options: WebhookOptions, http: HttpClient) -> "WebhookSink":
        """A sink that has not touched the world yet."""
        return cls(options, http, lambda: datetime.now(UTC))

    async def deliver(self, alerts: Sequence[Alert]) -> None:
        """Every alert posted, in order, one after another.

        Raises:
            Retriable: no answer, none in time, or one that asks to come back later.
            Rejected: an answer that will stay the same, or an address that may not be reached.
        """
        for alert in alerts:
            await self._post(alert)

    async def _post(self, alert: Alert) -> None:
        body = encode(alert)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": alert.id,
            "Tocsin-Signature": sign(self._options.secret, body, self._clock()),
        }
        try:
            async with asyncio.timeout(self._options.timeout_s):
                await self._http.post(self._options.url, body, headers=headers)
        except TimeoutError as error:
            host = urlsplit(self._options.url).hostname
            raise Retriable(
                f"posting alert {alert.id} to {host}: no answer in {self._options.timeout_s:g} s",
                reason=Reason.UNREACHABLE,
            ) from error
