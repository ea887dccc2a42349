"""What a Kafka topic holds now, read as an archive: nothing is committed, and nothing is waited for."""

import asyncio
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any, Final

from kafka import TopicPartition

from connectors.kafka.cluster import Cluster
from connectors.kafka.messages import Bodies, poisoned, to_page
from connectors.kafka.ranges import Ranges, check_held, from_cursor, next_share, to_cursor, without
from connectors.kafka.settings import KafkaSettings
from connectors.kafka.trouble import explained
from connectors.protocol import Poll
from schemas.errors import Rejected, Retriable
from schemas.failures import Failure, Reason
from schemas.items import Page

_SHARE: Final = 500
_WAIT_MS: Final = 500


class TopicArchive:
    """Pages that a topic holds, poll by poll as of a source. A cursor is the ranges that are left to read.

    A poll reads ranges that follow from its cursor alone: read again, it brings the same messages, whichever
    broker answers first.
    """

    def __init__(self, settings: KafkaSettings, topic: str, group: str, store: Bodies | None) -> None:
        """The group is one that this user may read with; its offsets stay as they are."""
        self._cluster = Cluster(settings)
        self._topic = topic
        self._group = group
        self._store = store

    def between(self, since: datetime | None, until: datetime | None) -> str:
        """The cursor of what was put on the topic from `since` on and before `until`; None: no bound.

        Where the clocks of producers disagree, each partition is read from its first message of `since` or
        later to before its first of `until` or later.

        Raises:
            Retriable: the cluster cannot be reached, or there is no such topic.
        """
        with self._reading() as consumer:
            held = self._held(consumer)
            first = {number: begin for number, (begin, _) in held.items()}
            after = {number: end for number, (_, end) in held.items()}
            begins = self._first_of(consumer, since, after) if since else first
            ends = self._first_of(consumer, until, after) if until else after
        return to_cursor({number: (begin, max(begin, ends[number])) for number, begin in begins.items()})

    def of(self, ranges: Mapping[int, tuple[int, int]]) -> str:
        """The cursor of these offsets.

        Raises:
            ConfigError: the topic does not hold them.
            Retriable: the cluster cannot be reached, or there is no such topic.
        """
        with self._reading() as consumer:
            check_held(self._topic, ranges, self._held(consumer))
        return to_cursor(ranges)

    async def poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        """What the next 500 offsets or so hold, by partition; the same cursor again once all are read.

        Without a cursor all is read that the topic holds now.

        Raises:
            Retriable: the cluster or the store cannot be reached, or there is no such topic.
        """
        return await asyncio.to_thread(self._poll, cursor, observed_at)

    def _poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        with self._reading() as consumer:
            ranges = self._held(consumer) if cursor is None else from_cursor(cursor)
            share = next_share(ranges, _SHARE)
            messages = self._read(consumer, share)
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
            cursor=to_cursor(without(ranges, share)),
            wait_s=0.0,
        )

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        self._cluster.check(self._topic)
        with (
            explained(f'reading the topic "{self._topic}"', self._cluster.settings),
            closing(self._cluster.consumer(self._group)) as consumer,
        ):
            yield consumer

    def _held(self, consumer: Any) -> Ranges:
        """All that is committed."""
        partitions = [self._at(number) for number in consumer.partitions_for_topic(self._topic)]
        begins, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        return {each.partition: (begins[each], ends[each]) for each in partitions}

    def _first_of(self, consumer: Any, moment: datetime, ends: Mapping[int, int]) -> dict[int, int]:
        """By partition, the first offset of that moment or later; its end where there is none."""
        at_ms = max(0, math.ceil(moment.timestamp() * 1000))
        found = consumer.offsets_for_times({self._at(number): at_ms for number in ends})
        offsets = {each.partition: place.offset for each, place in found.items() if place is not None}
        return {number: min(end, offsets.get(number, end)) for number, end in ends.items()}

    def _read(self, consumer: Any, share: Ranges) -> list[Any]:
        """Every committed message of the share, which may be none."""
        consumer.assign([self._at(number) for number in share])
        for number, (begin, _) in share.items():
            consumer.seek(self._at(number), begin)
        messages: list[Any] = []
        left = set(share)
        patience_s = self._cluster.settings.timeout_s
        give_up_at = time.monotonic() + patience_s
        while left:
            if time.monotonic() > give_up_at:
                raise Retriable(f'reading the topic "{self._topic}": no answer', reason=Reason.UNREACHABLE)
            polled = consumer.poll(_WAIT_MS, max_records=_SHARE)
            if polled:
                give_up_at = time.monotonic() + patience_s
            messages += _within(polled, share)
            # Not from the messages: what ends a transaction takes an offset too.
            done = {number for number in left if self._position(consumer, number) >= share[number][1]}
            consumer.pause(*map(self._at, done))
            left -= done
        return messages

    def _position(self, consumer: Any, partition: int) -> int:
        timeout_ms = round(self._cluster.settings.timeout_s * 1000)
        return consumer.position(self._at(partition), timeout_ms=timeout_ms) or 0

    def _at(self, partition: int) -> TopicPartition:
        return TopicPartition(self._topic, partition)


def _within(polled: Mapping[Any, list[Any]], share: Ranges) -> list[Any]:
    return [
        message
        for found in polled.values()
        for message in found
        if share[message.partition][0] <= message.offset < share[message.partition][1]
    ]
