"""Pages put on a Kafka topic; where sources and items stand is kept in the ledger."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

from connectors.archives import Paged, polls
from connectors.kafka.pages import PageProducer
from connectors.protocol import Poll
from pipelines.intake.order import arrival
from pipelines.ledger.database import Ledger
from pipelines.ledger.records import DueItem, Fetched, Saved, SourceState
from schemas.codec import encode
from schemas.errors import ConfigError, Rejected
from schemas.failures import Failure
from schemas.items import Page
from schemas.refusals import refused


class KafkaArrivals:
    """`Arrivals` on a topic: the pages first, the cursor that moves past them after that."""

    def __init__(self, producer: PageProducer, archive: Paged, ledger: Ledger) -> None:
        """The archive is the same topic, read from its beginning: for replays."""
        self._producer = producer
        self._archive = archive
        self._one_at_a_time = Lock()
        self._intake = ledger.intake
        self._failures = ledger.failures

    def source_state(self, source: str) -> SourceState:
        """Where the source stands; without a cursor if it was never polled."""
        return self._intake.source_state(source)

    def source_states(self) -> tuple[SourceState, ...]:
        """Where every source stands that was ever polled."""
        return self._intake.source_states()

    def save_poll(self, source: str, poll: Poll, polled_at: datetime) -> Saved:
        """What was new in the poll; a page seen before counts as new, since the topic does not know."""
        refused = self._put(poll.pages)
        rest = replace(poll, pages=(), failures=(*poll.failures, *refused))
        saved = self._intake.save_poll(source, rest, polled_at)
        return replace(saved, pages_new=len(poll.pages) - len(refused))

    def poll_failed(self, source: str, error: str, retry_at: datetime) -> None:
        """The source keeps its cursor and is polled again at `retry_at`."""
        self._intake.poll_failed(source, error, retry_at)

    def due_items(self, now: datetime, limit: int, *, but_of: Collection[str] = ()) -> tuple[DueItem, ...]:
        """Items whose page is to be fetched now, at most `limit`, none at the hosts `but_of`."""
        return self._intake.due_items(now, limit, but_of=but_of)

    def save_fetched(self, fetched: Sequence[Fetched], at: datetime) -> None:
        """Every page is on the topic, or kept as a Failure; every other item has ended or is due again."""
        refused = self._put([each.page for each in fetched if each.page is not None])
        self._intake.close_fetched(fetched, at, refused)

    def save_pages(self, delivered: Sequence[Page]) -> int:
        """How many of the pages are on the topic, once more where they were before; the rest are Failures."""
        refused = self._put(delivered)
        self._failures.save(refused)
        return len(delivered) - len(refused)

    def requeue_pages(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the pages that the topic still holds: they are on it once more."""
        held = (page for poll in polls(self._archive, None, datetime.now(UTC)) for page in poll.pages)
        found = {page.id: page for page in held if page.id in ids}
        self.save_pages(list(found.values()))
        return frozenset(found)

    def requeue_all(self) -> int:
        """Nothing: a topic is read again as an archive.

        Raises:
            ConfigError: always.
        """
        raise ConfigError(
            "pages on a Kafka topic are not put there again",
            hint="`tocsin batch kafka:TOPIC` judges all that a topic holds, and pages nobody",
        )

    def _put(self, pages: Sequence[Page]) -> tuple[Failure, ...]:
        """What the topic will never take; all else is on it, in the order in which it is to be read."""
        if not pages:
            return ()
        in_order = sorted(pages, key=arrival)
        try:
            with self._one_at_a_time:
                return self._producer.put(in_order)
        except Rejected as error:
            if len(in_order) > 1:
                return tuple(failure for page in in_order for failure in self._put([page]))
            (page,) = in_order
            now = datetime.now(UTC)
            return (refused("intake", encode(page).decode(), error, url=page.url, failed_at=now),)
