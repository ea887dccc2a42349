"""Pages put on a Kafka topic; where sources and items stand is kept in the ledger."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from connectors.kafka.pages import PageProducer

from connectors.kafka.store import open_store
from connectors.protocol import Poll
from pipelines.config.records import KafkaIntakeConfig
from pipelines.intake.order import arrival
from pipelines.ledger.intake import Intake
from pipelines.ledger.records import DueItem, Fetched, Saved, SourceState
from schemas.codec import encode
from schemas.errors import Rejected
from schemas.failures import Failure
from schemas.items import Page
from schemas.refusals import refused


class KafkaArrivals:
    """`Arrivals` on a topic: the pages first, the cursor that moves past them after that."""

    def __init__(self, config: KafkaIntakeConfig, name: str, intake: Intake) -> None:
        """`name` is this collector's own: two of one name fence each other off the topic."""
        store = None if config.store is None else open_store(config.store)
        self._producer = PageProducer(config.settings, config.topic, store, name)
        self._one_at_a_time = Lock()
        self._intake = intake

    def source_state(self, source: str) -> SourceState:
        """Where the source stands; without a cursor if it was never polled."""
        return self._intake.source_state(source)

    def source_states(self) -> tuple[SourceState, ...]:
        """Where every source stands that was ever polled."""
        return self._intake.source_states()

    def save_poll(self, source: str, poll: Poll, polled_at: datetime) -> Saved:
        """What was new in the poll; a page seen before counts as new, since the topic does not know."""
        failures = self._produce(poll.pages, polled_at)
        rest = replace(poll, pages=(), failures=(*poll.failures, *failures.values()))
        saved = self._intake.save_poll(source, rest, polled_at)
        return replace(saved, pages_new=len(poll.pages) - len(failures))

    def poll_failed(self, source: str, error: str, retry_at: datetime) -> None:
        """The source keeps its cursor and is polled again at `retry_at`."""
        self._intake.poll_failed(source, error, retry_at)

    def due_items(self, now: datetime, limit: int, *, but_of: Collection[str] = ()) -> tuple[DueItem, ...]:
        """Items whose page is to be fetched now, at most `limit`, none at the hosts `but_of`."""
        return self._intake.due_items(now, limit, but_of=but_of)

    def save_fetched(self, fetched: Sequence[Fetched], at: datetime) -> None:
        """Every page is on the topic, every failure kept, every other item due again later."""
        failures = self._produce([each.page for each in fetched if each.page is not None], at)
        ended = [
            replace(each, page=None, failure=failures[each.page.id])
            if each.page is not None and each.page.id in failures
            else each
            for each in fetched
        ]
        self._intake.close_fetched(ended, at)

    def save_pages(self, delivered: Sequence[Page]) -> int:
        """How many of the pages are on the topic, once more where they were before.

        Raises:
            Rejected: one of them is too large for the topic, and there is no store.
        """
        with self._one_at_a_time:
            self._producer.put(sorted(delivered, key=arrival))
        return len(delivered)

    def _produce(self, pages: Sequence[Page], at: datetime) -> dict[str, Failure]:
        """The pages that the topic will never take, by id; all others are on it."""
        try:
            self.save_pages(pages)
        except Rejected as error:
            if len(pages) > 1:
                return {key: failure for page in pages for key, failure in self._produce([page], at).items()}
            (page,) = pages
            return {page.id: refused("intake", encode(page).decode(), error, url=page.url, failed_at=at)}
        return {}
