"""Alerts to standard output: for people, or as NDJSON for other programs."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from connectors.http.client import HttpClient
from connectors.sinks.rendering import render_alert
from schemas.alerts import Alert
from schemas.codec import encode
from schemas.errors import Retriable
from schemas.failures import Reason
from schemas.record import record


@record
class StdoutOptions:
    """Settings of `kind = "stdout"`."""

    format: Literal["text", "ndjson"] = "text"
    """`text` to read, `ndjson` to pass on."""


class StdoutSink:
    """A sink of `kind = "stdout"`. What is delivered again is shown again: readers go by the alert's id."""

    Options: ClassVar[type[Any]] = StdoutOptions

    def __init__(self, options: StdoutOptions) -> None:
        self._options = options

    @classmethod
    def open(cls, name: str, options: StdoutOptions, http: HttpClient) -> "StdoutSink":
        """A sink that has not touched the world yet."""
        return cls(options)

    async def deliver(self, alerts: Sequence[Alert]) -> None:
        """Every alert written and flushed, in order.

        Raises:
            Retriable: nobody reads standard output any more, or the disk behind it is full.
        """
        if self._options.format == "ndjson":
            shown = b"".join(encode(alert) + b"\n" for alert in alerts)
        else:
            shown = "".join(f"{render_alert(alert)}\n\n" for alert in alerts).encode(
                sys.stdout.encoding, "replace"
            )
        try:
            await asyncio.to_thread(_write, shown)
        except OSError as error:
            raise Retriable(
                f"writing alerts to standard output: {error.strerror}", reason=Reason.UNREACHABLE
            ) from error


def _write(shown: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(shown)
    sys.stdout.buffer.flush()
