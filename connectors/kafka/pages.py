"""Pages onto a Kafka topic and off it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from kafka import OffsetAndMetadata, TopicPartition

from connectors.kafka.cluster import Cluster
from connectors.kafka.messages import Bodies, poisoned, to_message, to_page, unsendable
from connectors.kafka.settings import KafkaSettings
from connectors.kafka.transactions import Message, Transactions
from connectors.kafka.trouble import explained
from connectors.protocol import Clock
from schemas.errors import Rejected, Retriable
from schemas.failures import Failure
from schemas.items import Page
from schemas.record import record


class PageProducer:
    """Puts pages onto a topic: those of one call in one transaction, in order.

    Of two with the same name and topic the later fences the earlier. A page may come twice, after trouble in
    the middle of a commit; its id tells. Not for several threads at a time.
    """

    def __init__(
        self, settings: KafkaSettings, topic: str, store: Bodies | None, name: str, clock: Clock
    ) -> None:
        self._transactions = Transactions(Cluster(settings), topic, f"tocsin-collect-{name}")
        self._limit_bytes = settings.message_bytes
        self._store = store
        self._clock = clock

    def put(self, pages: Sequence[Page]) -> tuple[Failure, ...]:
        """The pages that no message can hold; all others are on the topic, or none is where it raises.

        Raises:
            Retriable: the pages may not be there; put them again.
            Rejected: the brokers take less than `message_bytes`.
        """
        messages: list[Message] = []
        failures: list[Failure] = []
        for page in pages:
            try:
                messages.append(to_message(page, self._limit_bytes, self._store))
            except Rejected as error:
                failures.append(unsendable(page, error, self._clock()))
        if messages:
            self._transactions.send(messages)
        return tuple(failures)

    def close(self) -> None:
        """The connection is closed; the next `put` opens another."""
        self._transactions.close()


@record
class Taken:
    """What one look at the topic brought."""

    pages: tuple[Page, ...]
    """Pages, each partition's in its order."""
    failures: tuple[Failure, ...]
    """One for each message that holds no page."""
    ends: Mapping[int, int]
    """By partition that something was taken from, the offset to go on at: what `commit` wants."""
    latest: Mapping[int, datetime]
    """By partition, `observed_at` of the last page taken from it."""


def _nowhere() -> Mapping[int, int]:
    return {}


class PageConsumer:
    """Takes pages off a topic, as one of a group of workers that share its partitions.

    Only what is committed is read. What was taken and not committed comes again after a restart, here or
    at another worker. Not for several threads at a time.
    """

    def __init__(
        self, settings: KafkaSettings, topic: str, group: str, store: Bodies | None, clock: Clock
    ) -> None:
        self._cluster = Cluster(settings)
        self._topic = topic
        self._group = group
        self._store = store
        self._clock = clock
        self._consumer: Any = None
        self._admin: Any = None
        self._placed: set[TopicPartition] = set()
        """The partitions that this worker had when it looked last."""

    def take(self, limit: int, wait_s: float, places: Callable[[], Mapping[int, int]] = _nowhere) -> Taken:
        """At most `limit` messages, as soon as there are any, at the latest after `wait_s`.

        A partition that this worker gets begins where the group stands, or at its place where that is lower;
        one without a place at its beginning. `places` is asked for them only when partitions came.

        Raises:
            Retriable: the cluster or the store cannot be reached; nothing was taken.
        """
        consumer = self._connected()
        with explained(f'reading the topic "{self._topic}"', self._cluster.settings):
            found = consumer.poll(round(wait_s * 1000), max_records=limit)
            came = consumer.assignment() - self._placed
            if came and places is not _nowhere:
                for partition in self._go_back(came, places()):
                    found.pop(partition, None)
            self._placed = consumer.assignment()
        try:
            return self._open([message for messages in found.values() for message in messages])
        except Retriable:
            for partition, messages in found.items():
                consumer.seek(partition, messages[0].offset)
            raise

    def commit(self, ends: Mapping[int, int]) -> None:
        """The group goes on at these offsets; partitions that are another worker's by now are left out.

        Raises:
            Retriable: nothing is committed; what was taken may come again.
        """
        consumer = self._connected()
        owned = self.owned()
        offsets = {
            TopicPartition(self._topic, partition): OffsetAndMetadata(end, "", -1)
            for partition, end in ends.items()
            if partition in owned
        }
        with explained(f'committing for the group "{self._group}"', self._cluster.settings):
            consumer.commit(offsets, timeout_ms=self._timeout_ms)

    def owned(self) -> frozenset[int]:
        """The partitions that are this worker's now; `take` is what lets it get any."""
        return frozenset(partition.partition for partition in self._connected().assignment())

    def positions(self) -> dict[int, int]:
        """By partition that is owned, the offset that `take` goes on at.

        Once a `take` brought nothing and no transaction is under way, it equals `high_watermarks`.

        Raises:
            Retriable: the cluster cannot be asked.
        """
        consumer = self._connected()
        with explained(f'asking for the place in "{self._topic}"', self._cluster.settings):
            found = {
                partition.partition: consumer.position(partition, timeout_ms=self._timeout_ms)
                for partition in consumer.assignment()
            }
        return {partition: offset for partition, offset in found.items() if offset is not None}

    def high_watermarks(self) -> dict[int, int]:
        """By partition of the whole topic, the offset after its last message, committed or not.

        Raises:
            Retriable: the cluster cannot be asked.
        """
        self._connected()
        return self._cluster.ends(self._admin, self._topic)

    def close(self) -> None:
        """The group is left, so that its other workers get the partitions at once."""
        if self._consumer is not None:
            self._consumer.close(autocommit=False, timeout_ms=self._timeout_ms)
            self._admin.close()
            self._consumer = self._admin = None

    def _connected(self) -> Any:
        if self._consumer is None:
            admin = self._cluster.admin()
            try:
                self._cluster.partitions(admin, self._topic)
                self._consumer = self._cluster.consumer(self._group, self._topic)
            except Retriable:
                admin.close()
                raise
            self._admin = admin
            self._placed = set()
        return self._consumer

    def _go_back(
        self, came: Collection[TopicPartition], places: Mapping[int, int]
    ) -> Iterator[TopicPartition]:
        """Those of the partitions that stood further than their place, and now stand there."""
        for partition in came:
            place = places.get(partition.partition, 0)
            if (self._consumer.position(partition, timeout_ms=self._timeout_ms) or 0) > place:
                self._consumer.seek(partition, place)
                yield partition

    @property
    def _timeout_ms(self) -> int:
        return round(self._cluster.settings.timeout_s * 1000)

    def _open(self, messages: Sequence[Any]) -> Taken:
        pages: list[Page] = []
        failures: list[Failure] = []
        latest: dict[int, datetime] = {}
        for message in messages:
            try:
                page = to_page(message, self._store)
            except Rejected as error:
                failures.append(poisoned(message, error, self._clock()))
            else:
                pages.append(page)
                latest[message.partition] = page.observed_at
        ends = {message.partition: message.offset + 1 for message in messages}
        return Taken(pages=tuple(pages), failures=tuple(failures), ends=ends, latest=latest)
