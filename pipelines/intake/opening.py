"""Both ends of the queue that the configuration names."""

from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from pipelines.config import Config
from pipelines.config.records import KafkaIntakeConfig
from pipelines.intake.from_ledger import LedgerIntake
from pipelines.intake.protocol import Arrivals, Intake
from pipelines.ledger.database import Ledger, shared_ledger
from schemas.codec import decode
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.items import Page, StoredPage

if TYPE_CHECKING:
    # At run time only where there is a broker.
    from connectors.kafka.pages import PageConsumer
    from connectors.kafka.store import PageStore


def intake_of(config: Config) -> Intake:
    """The intake that the configuration names; the same one wherever in this process it is asked for."""
    return shared_intake(config.ledger, config.intake)


@cache
def shared_intake(ledger_url: str, queue: KafkaIntakeConfig | None) -> Intake:
    """One for each process: the steps of a cycle need what the cycle has taken."""
    ledger = shared_ledger(ledger_url)
    if queue is None:
        return LedgerIntake(ledger.intake)
    # Loaded here: who has no broker needs no client for it.
    from pipelines.intake.from_kafka import KafkaIntake

    return KafkaIntake(queue.topic, partial(_consumer, queue), ledger)


def _consumer(queue: KafkaIntakeConfig) -> "PageConsumer":
    from connectors.kafka.pages import PageConsumer

    return PageConsumer(queue.settings, queue.topic, queue.group, _store(queue), _now)


def _store(queue: KafkaIntakeConfig) -> "PageStore | None":
    from connectors.kafka.store import PageStore

    return None if queue.store is None else PageStore(queue.store)


def _now() -> datetime:
    return datetime.now(UTC)


def arrivals_of(config: Config, ledger: Ledger, name: str) -> Arrivals:
    """Where a collector of this name puts its pages."""
    if config.intake is None:
        return ledger.intake
    from connectors.kafka.archive import TopicArchive
    from connectors.kafka.pages import PageProducer
    from pipelines.intake.to_kafka import KafkaArrivals

    queue, store = config.intake, _store(config.intake)
    producer = PageProducer(queue.settings, queue.topic, store, name, _now)
    return KafkaArrivals(producer, TopicArchive(queue.settings, queue.topic, queue.group, store), ledger)


def stored_page(queue: KafkaIntakeConfig | None, stored: StoredPage) -> Page:
    """The page, from the store for pages that no message can hold.

    Raises:
        Retriable: the store cannot be read.
        Rejected: it does not hold the page, or none is configured.
    """
    store = None if queue is None else _store(queue)
    if store is None:
        raise Rejected(f"reading the page {stored.name}: no store is configured", reason=Reason.MALFORMED)
    return decode(store.get(stored.name), Page)
