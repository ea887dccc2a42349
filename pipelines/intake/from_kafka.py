"""Pages that wait on a Kafka topic, shared among the workers of a consumer group."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from connectors.kafka.pages import PageConsumer, Taken
from pipelines.intake.order import arrival
from pipelines.intake.protocol import Batch
from pipelines.ledger.database import Ledger
from pipelines.ledger.queue import Position
from schemas.errors import LedgerError, Retriable
from schemas.items import Page

_WAIT_S: Final = 0.5
_NEVER_READ: Final = datetime.min.replace(tzinfo=UTC)


class KafkaIntake:
    """An `Intake` on a topic. How far each partition was read stands in the ledger, where all workers see it.

    The topic keeps every page until its own retention ends: nothing is deleted by reading it.
    """

    def __init__(self, topic: str, open_consumer: Callable[[], PageConsumer], ledger: Ledger) -> None:
        self._topic = topic
        self._open_consumer = open_consumer
        self._ledger = ledger
        self._consumer: PageConsumer | None = None
        self._taken: Taken | None = None
        self._pages: dict[str, Page] = {}
        self._ends: dict[int, int] = {}
        """The last known end of each partition."""
        self._own: dict[int, int] = {}
        """Where this worker goes on in the partitions that are its own."""
        self._written: dict[int, int] = {}
        """How far this worker has told the ledger that it has read."""

    def take(self, limit: int) -> Batch:
        """The next pages of this worker's partitions; what cannot be read is kept as a Failure."""
        if self._taken is None:
            try:
                self._take(limit)
            except (LedgerError, Retriable):
                self.release()
                raise
        refused = self._taken.failures if self._taken else ()
        return Batch(ids=self.taken(), refused=tuple(failure.reason for failure in refused))

    def taken(self) -> tuple[str, ...]:
        """Ids of the pages taken and not finished."""
        return tuple(self._pages)

    def pages(self, ids: Sequence[str]) -> tuple[Page, ...]:
        """Those of the pages taken, in their order."""
        return tuple(self._pages[key] for key in ids)

    def horizon(self) -> datetime | None:
        """How far the slowest partition has come among those that are not read to their ends."""
        # The ends first: a page that comes after them was produced after all that is judged before it.
        self._ends = ends = self._open().high_watermarks()
        read = self._positions()
        if any(_next(position) > ends.get(partition, 0) for partition, position in read.items()):
            ends, read = self._forget_what_is_gone(read)
        behind = [read.get(partition) for partition, end in ends.items() if _behind(read.get(partition), end)]
        return min((_latest(position) for position in behind), default=None)

    def finish(self) -> None:
        """How far each partition was read is in the ledger, and then in the group's offsets."""
        if self._taken is not None:
            self._write_positions(self._taken)
            self._taken = None
            self._pages = {}

    def release(self) -> None:
        """The group is left: the client has moved past the pages, and begins anew where the group stands."""
        self.close()

    def waiting(self) -> int:
        """How many records nobody had read when `horizon` was last asked, markers of transactions among them.

        Any thread may ask: the client is used by one thread at a time, which is the one that takes.
        """
        read = self._ledger.positions.of(self._topic)
        return sum(max(0, end - _next(read.get(partition))) for partition, end in self._ends.items())

    def close(self) -> None:
        """This worker leaves the group: its partitions go to the others at once."""
        if self._consumer is not None:
            self._consumer.close()
        self._consumer = self._taken = None
        self._pages = {}

    def _open(self) -> PageConsumer:
        if self._consumer is None:
            self._consumer = self._open_consumer()
        return self._consumer

    def _take(self, limit: int) -> None:
        consumer = self._open()
        # A ledger that was brought back from a backup stands before the group: its pages come again.
        taken = consumer.take(limit, _WAIT_S, self._places)
        # Not only of the partitions that brought something: a marker of a transaction is read past silently.
        self._own = consumer.positions()
        if taken.failures:
            self._ledger.failures.save(taken.failures)
        if taken.pages or taken.failures:
            self._taken = taken
            self._pages = {page.id: page for page in sorted(taken.pages, key=arrival)}
        elif not self._own.items() <= self._written.items():
            self._write_positions(taken)

    def _places(self) -> dict[int, int]:
        read = self._ledger.positions.of(self._topic)
        return {partition: position.next_offset for partition, position in read.items()}

    def _positions(self) -> dict[int, Position]:
        """How far every partition was read, what is taken here counted as read."""
        read = self._ledger.positions.of(self._topic)
        return read if self._taken is None else read | self._further(self._taken, read)

    def _forget_what_is_gone(
        self, read: Mapping[int, Position]
    ) -> tuple[dict[int, int], dict[int, Position]]:
        """The ends and positions, without those of a topic that was made anew under the same name.

        A position may lie beyond an end that was looked up before it, never beyond one looked up after it.
        """
        self._ends = ends = self._open().high_watermarks()
        gone = [partition for partition, position in read.items() if _next(position) > ends.get(partition, 0)]
        self._ledger.positions.forget(self._topic, gone)
        return ends, {partition: read[partition] for partition in read.keys() - set(gone)}

    def _further(self, taken: Taken, read: Mapping[int, Position]) -> dict[int, Position]:
        further = {}
        for partition, end in self._own.items():
            before = read.get(partition)
            # The last one, not the latest: one page from a clock that was ahead must not stand for all.
            last_at = taken.latest.get(partition, before.last_at if before else None)
            further[partition] = Position(next_offset=max(end, _next(before)), last_at=last_at)
        return further

    def _write_positions(self, taken: Taken) -> None:
        """In the ledger first: what the group is told to skip must be known to be read."""
        positions = self._ledger.positions
        positions.advance(self._topic, self._further(taken, positions.of(self._topic)))
        self._open().commit(self._own)
        self._written |= self._own


def _behind(position: Position | None, end: int) -> bool:
    return end > _next(position)


def _next(position: Position | None) -> int:
    return position.next_offset if position else 0


def _latest(position: Position | None) -> datetime:
    return position.last_at if position and position.last_at else _NEVER_READ
