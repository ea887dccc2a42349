"""What a checked configuration is."""

from dataclasses import field
from typing import Any

from connectors.http.settings import HttpSettings
from connectors.kafka.settings import KafkaSettings
from schemas.limits import ExtractionLimits
from schemas.record import record
from schemas.watch import Entity, Publisher, Subscription, Topic


@record
class SourceConfig:
    """A place to look at."""

    name: str
    """Name in the configuration."""
    kind: str
    """Kind, as `connectors.registry.source_kind` knows it."""
    publisher: str | None
    """Publisher id of everything it brings, where one is named."""
    every_s: float
    """The longest time between two polls."""
    options: Any = field(repr=False)
    """The kind's own `Options` record; may hold secrets."""


@record
class SinkConfig:
    """A place where alerts go."""

    name: str
    """Name in the configuration."""
    kind: str
    """Kind, as `connectors.registry.sink_kind` knows it."""
    options: Any = field(repr=False)
    """The kind's own `Options` record; may hold secrets."""


@record
class KafkaIntakeConfig:
    """A Kafka topic on which pages wait."""

    settings: KafkaSettings = field(repr=False)
    """How to reach the broker; may hold secrets."""
    topic: str
    """Name of the topic."""
    group: str
    """Consumer group of the workers that read it."""
    reader: str
    """Who reads it: "workers", which tell the ledger how far they are, or a "stream", which does not."""
    store: str | None
    """URL of the folder for pages above the broker's limit; None: such a page is refused."""


@record
class MetricsSettings:
    """Where Prometheus finds the metrics."""

    host: str
    """Address to listen on."""
    port: int
    """Port to listen on; 0 for any free one."""


@record
class Config:
    """Everything that a run of Tocsin is told."""

    ledger: str = field(repr=False)
    """Database URL, with an absolute path where it is a file; may hold a password."""
    intake: KafkaIntakeConfig | None
    """Where pages wait; None: in the ledger."""
    names: str
    """How names that nobody watches are found: by `rules` or by a `model`."""
    http: HttpSettings = field(repr=False)
    """How to fetch."""
    sources: tuple[SourceConfig, ...]
    """Where to look."""
    publishers: tuple[Publisher, ...]
    """Who stands behind pages."""
    entities: tuple[Entity, ...]
    """Whom and what articles may name."""
    topics: tuple[Topic, ...]
    """What is tracked. Queries are not checked here: a bad one is isolated by the matcher."""
    subscriptions: tuple[Subscription, ...]
    """Which topics go where."""
    sinks: tuple[SinkConfig, ...]
    """Where alerts go."""
    extraction: ExtractionLimits
    """What extraction may cost."""
    metrics: MetricsSettings
    """Where the metrics are."""
    digest: str
    """Stable id of what judges: entities, publishers, topics and the version of Tocsin. Holds no secret."""
    warnings: tuple[str, ...]
    """What is allowed and probably not meant, one line each."""
