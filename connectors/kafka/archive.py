"""What a Kafka topic holds now, read as an archive: nothing is committed, and nothing is waited for."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from typing import Any, Final

from kafka import TopicPartition
from pydantic import TypeAdapter

from connectors.kafka.cluster import Cluster
from connectors.kafka.messages import Bodies, poisoned, to_page
from connectors.kafka.settings import KafkaSettings
from connectors.kafka.trouble import explained
from connectors.protocol import Poll
from schemas.errors import Rejected, Retriable
from schemas.failures import Failure, Reason
from schemas.items import Page

_POLL_PAGES: Final = 500
_WAIT_MS: Final = 500

_Ranges = dict[int, tuple[int, int]]
"""By partition, where to go on and the offset to stop before."""
_RANGES: Final[TypeAdapter[_Ranges]] = TypeAdapter(_Ranges)


class TopicArchive:
    """The pages that a topic held when the first poll looked, poll by poll as of a source."""

    def __init__(self, settings: KafkaSettings, topic: str, group: str, store: Bodies | None) -> None:
        """The group is one that this user may read with; its offsets stay as they are."""
        self._cluster = Cluster(settings)
        self._topic = topic
        self._group = group
        self._store = store

    async def poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        """The next 500 messages at most, by partition; the same cursor again once all are read.

        Raises:
            Retriable: the cluster or the store cannot be reached, or there is no such topic.
        """
        return await asyncio.to_thread(self._poll, cursor, observed_at)

    def _poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        with explained(f'reading the topic "{self._topic}"', self._cluster.settings):
            messages, ranges = self._read(None if cursor is None else _RANGES.validate_json(cursor))
        pages: list[Page] = []
        failures: list[Failure] = []
        for message in messages:
            try:
                pages.append(to_page(message, self._store))
            except Rejected as error:
                failures.append(poisoned(message, error, observed_at))
        return Poll(
            items=(),
            pages=tuple(pages),
            failures=tuple(failures),
            cursor=_RANGES.dump_json(ranges).decode(),
            wait_s=0.0,
        )

    def _read(self, ranges: _Ranges | None) -> tuple[list[Any], _Ranges]:
        """The next messages, and where to go on."""
        if ranges is None:
            self._cluster.check(self._topic)
        with closing(self._cluster.consumer(self._group)) as consumer:
            ranges = _all_of(consumer, self._topic) if ranges is None else ranges
            partitions = {number: TopicPartition(self._topic, number) for number in ranges}
            consumer.assign(list(partitions.values()))
            for number, (begin, _) in ranges.items():
                consumer.seek(partitions[number], begin)
            give_up_at = time.monotonic() + self._cluster.settings.timeout_s
            messages: list[Any] = []
            while not messages and any(begin < end for begin, end in ranges.values()):
                if time.monotonic() > give_up_at:
                    raise Retriable(
                        f'reading the topic "{self._topic}": no answer', reason=Reason.UNREACHABLE
                    )
                messages = _within(consumer.poll(_WAIT_MS, max_records=_POLL_PAGES), ranges)
                # Not from the messages: what ends a transaction takes an offset too.
                ranges = {
                    number: (min(end, consumer.position(partitions[number])), end)
                    for number, (_, end) in ranges.items()
                }
            return messages, ranges


def _all_of(consumer: Any, topic: str) -> _Ranges:
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
    begins, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
    return {each.partition: (begins[each], ends[each]) for each in partitions}


def _within(polled: Mapping[Any, list[Any]], ranges: _Ranges) -> list[Any]:
    messages = (message for found in polled.values() for message in found)
    return [message for message in messages if message.offset < ranges[message.partition][1]]
