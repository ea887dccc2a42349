"""Messages in whole transactions, each bounded in time, with a position that is committed along with them."""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing, suppress
from functools import partial
from threading import Thread
from typing import Final

from kafka import KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from connectors.kafka.cluster import Cluster
from connectors.kafka.trouble import explained
from schemas.errors import Retriable
from schemas.failures import Reason
from schemas.record import record

_PLACE: Final = 0
"""The partition under which a position is kept: it stands for the whole topic."""


@record
class Message:
    """What is sent."""

    key: bytes
    """Messages of one key keep their order."""
    value: bytes
    """The record."""
    headers: tuple[tuple[str, bytes], ...]
    """What a reader wants to know before it opens the value."""


@record
class Position:
    """How far a sender came; it moves in the transaction of what it sent."""

    sent: int
    """Messages so far."""
    note: str
    """What the sender wants to know when it comes back; brokers take 4,096 bytes unless told otherwise."""


class Transactions:
    """Sends to one topic under one name. Of two processes with the same both, the later fences the earlier.

    The transactional id, and the group that the position is kept for, is `NAME/TOPIC`: on one cluster, others
    of the same name with another topic are left alone. It connects when first used, and anew after each
    trouble. Not for several threads at a time.
    """

    def __init__(self, cluster: Cluster, topic: str, name: str) -> None:
        self._cluster = cluster
        self._topic = topic
        self._id = f"{name}/{topic}"
        self._producer: KafkaProducer | None = None

    def check(self) -> None:
        """Returns where the topic is there; nobody is fenced.

        Raises:
            Retriable: it is not, or the cluster cannot be reached.
        """
        self._cluster.check(self._topic)

    def take_over(self) -> None:
        """Returns when nobody else can send under this name, and every earlier transaction has ended.

        Raises:
            Retriable: the cluster cannot be reached, or the topic is not there.
        """
        self.close()
        self.check()
        self._producer = self._cluster.producer(self._id)

    def send(self, messages: Sequence[Message], position: Position | None = None) -> None:
        """Returns when all messages and the position are there: at once, to a reader of what is committed.

        Raises:
            Retriable: they are not, or nobody knows yet: `take_over` settles it.
            Rejected: one of them is too large; none is there.
        """
        if self._producer is None:
            self.take_over()
        settings = self._cluster.settings
        doing = f'sending to the topic "{self._topic}"'
        # After any trouble it is gone: only a new one knows for sure what is there.
        producer, self._producer = self._producer, None
        outcome = self._aside(producer, messages, position)
        try:
            with explained(doing, settings):
                outcome.result(settings.timeout_s)
        except TimeoutError as error:
            outcome.add_done_callback(partial(_close_late, producer))
            raise Retriable(
                f"{doing} at {settings.bootstrap}: no answer in {settings.timeout_s:g} s",
                reason=Reason.UNREACHABLE,
                hint="check that the brokers run, and that enough of the topic's replicas are in sync",
            ) from error
        self._producer = producer

    def position(self) -> Position | None:
        """The position of the last transaction; None where there never was one.

        Raises:
            Retriable: the cluster cannot be asked.
        """
        partition = TopicPartition(self._topic, _PLACE)
        settings = self._cluster.settings
        with (
            closing(self._cluster.consumer(self._id)) as consumer,
            explained(f'reading the position of "{self._id}"', settings),
        ):
            found = consumer.committed(partition, metadata=True, timeout_ms=settings.timeout_s * 1000)
        return None if found is None else Position(sent=found.offset, note=found.metadata)

    def close(self) -> None:
        """What is under way is given up."""
        if self._producer is not None:
            self._producer.close(timeout=0)
            self._producer = None

    def _aside(
        self, producer: KafkaProducer, messages: Sequence[Message], position: Position | None
    ) -> Future[None]:
        """What comes of the transaction, in a thread of its own: the client waits for a commit without limit.

        A thread that is left behind ends when the brokers answer it; nothing that it still does counts
        after the next `take_over`.
        """
        outcome: Future[None] = Future()

        def run() -> None:
            with _Settling(outcome):
                self._transact(producer, messages, position)
            if outcome.exception() is not None:
                try:
                    with suppress(KafkaError):
                        producer.abort_transaction()
                finally:
                    _close(producer)

        Thread(target=run, daemon=True).start()
        return outcome

    def _transact(
        self, producer: KafkaProducer, messages: Sequence[Message], position: Position | None
    ) -> None:
        producer.begin_transaction()
        sent = [
            producer.send(self._topic, each.value, key=each.key, headers=list(each.headers))
            for each in messages
        ]
        for each in sent:
            each.get(self._cluster.settings.timeout_s)
        if position is not None:
            offset = OffsetAndMetadata(position.sent, position.note, -1)
            place = TopicPartition(self._topic, _PLACE)
            producer.send_offsets_to_transaction({place: offset}, self._id)
        producer.commit_transaction()


class _Settling(AbstractContextManager[None]):
    """Whoever waits is told whatever came, foreseen or not: a thread has nobody else to tell."""

    def __init__(self, outcome: Future[None]) -> None:
        self._outcome = outcome

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None:
            self._outcome.set_result(None)
        else:
            self._outcome.set_exception(error)
        return True


def _close_late(producer: KafkaProducer, outcome: Future[None]) -> None:
    """Nobody waits any more: what failed has closed it itself, what went well has not."""
    if outcome.exception() is None:
        _close(producer)


def _close(producer: KafkaProducer) -> None:
    with suppress(KafkaError):
        producer.close(timeout=0)
