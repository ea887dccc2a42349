"""Alerts to a Kafka topic, each exactly once to a reader of what is committed, whatever is killed."""

import asyncio
import base64
import zlib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field

from connectors.http.client import HttpClient
from connectors.kafka.cluster import Cluster
from connectors.kafka.settings import KafkaSettings
from connectors.kafka.transactions import Message, Position, Transactions
from schemas.alerts import Alert
from schemas.codec import encode, tag_of
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason
from schemas.record import record

_NOTE_BYTES: Final = 4_096
"""What brokers keep with a position, unless `offset.metadata.max.bytes` says otherwise."""


@record
class KafkaSinkOptions(KafkaSettings):
    """Settings of `kind = "kafka"`: a topic, and how to reach the cluster."""

    topic: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$", max_length=249)]
    """Where alerts go; it must be there."""


class KafkaSink:
    """A sink of `kind = "kafka"`; keeps what `Sink`, `RecallingSink` and `TriedSink` promise.

    The value is the alert as the codec writes it, the key its topic id, the headers `id` and `schema`.
    Alerts of one delivery and their ids are committed in one transaction: the ids as the position of the
    consumer group `tocsin-publish-NAME/TOPIC`, which is the producer's transactional id too.
    """

    Options: ClassVar[type[Any]] = KafkaSinkOptions

    def __init__(self, name: str, options: KafkaSinkOptions) -> None:
        self._transactions = Transactions(Cluster(options), options.topic, f"tocsin-publish-{name}")
        self._limit_bytes = options.message_bytes
        self._sent: int | None = None

    @classmethod
    def open(cls, name: str, options: KafkaSinkOptions, http: HttpClient) -> "KafkaSink":
        """A sink that has not touched the world yet.

        Raises:
            ConfigError: the certificates cannot be read.
        """
        return cls(name, options)

    async def check(self) -> None:
        """Returns where the topic is there; nobody is fenced.

        Raises:
            Retriable: it is not, or the cluster cannot be reached.
        """
        await asyncio.to_thread(self._transactions.check)

    async def recall(self) -> frozenset[str]:
        """Ids of the alerts in the last delivery that is safely there; every other process is fenced.

        Raises:
            Retriable: the cluster cannot be reached.
        """
        return await asyncio.to_thread(self._recall)

    async def deliver(self, alerts: Sequence[Alert]) -> None:
        """Every alert on the topic, in order, or none.

        Raises:
            Retriable: nobody knows whether they are there; `recall` tells.
            Rejected: an alert is too large, or they are too many for one position; none is there.
        """
        if alerts:
            await asyncio.to_thread(self._deliver, alerts)

    def close(self) -> None:
        """The connection is closed; the next `recall` opens another."""
        self._sent = None
        self._transactions.close()

    def _recall(self) -> frozenset[str]:
        self._transactions.take_over()
        position = self._transactions.position()
        self._sent = 0 if position is None else position.sent
        return frozenset() if position is None else _ids(position.note)

    def _deliver(self, alerts: Sequence[Alert]) -> None:
        messages = [self._message(alert) for alert in alerts]
        note = _note(alert.id for alert in alerts)
        if self._sent is None:
            # To connect here would take over from another process with alerts that it may have sent since.
            raise Retriable("delivering alerts: nothing was recalled", reason=Reason.UNREACHABLE)
        sent, self._sent = self._sent + len(alerts), None
        self._transactions.send(messages, Position(sent=sent, note=note))
        self._sent = sent

    def _message(self, alert: Alert) -> Message:
        value = encode(alert)
        if len(value) > self._limit_bytes:
            raise Rejected(
                f"sending alert {alert.id}: {len(value):,} bytes, {self._limit_bytes:,} fit into a message",
                reason=Reason.TOO_LARGE,
                hint="raise message_bytes and the topic's max.message.bytes",
            )
        headers = (("id", alert.id.encode()), ("schema", tag_of(Alert).encode()))
        return Message(key=alert.topic.encode(), value=value, headers=headers)


def _note(ids: Iterable[str]) -> str:
    """The ids as text that a broker keeps: 22 bytes for each."""
    note = base64.b85encode(zlib.compress("\n".join(ids).encode(), 9)).decode()
    if len(note) > _NOTE_BYTES:
        raise Rejected("delivering alerts: too many for one position", reason=Reason.TOO_LARGE)
    return note


def _ids(note: str) -> frozenset[str]:
    return frozenset(zlib.decompress(base64.b85decode(note)).decode().split("\n"))
