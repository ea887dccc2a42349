"""From the files of a configuration to a `Config`, or to everything that is wrong with them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic_core import to_json

from connectors.http.settings import HttpSettings
from pipelines.config.entries import (
    read_intake,
    read_list,
    read_sinks,
    read_sources,
    read_table,
    reveal_secrets,
)
from pipelines.config.faults import Document, Faults, Place
from pipelines.config.links import check_links
from pipelines.config.records import Config, MetricsSettings
from pipelines.config.sections import (
    LISTS,
    TABLES,
    EntitySection,
    ExtractionSection,
    MetricsSection,
    PublisherSection,
    SubscriptionSection,
    TocsinSection,
    TopicSection,
)
from schemas.alerts import Verdict
from schemas.ids import stable_id
from schemas.limits import ExtractionLimits
from schemas.record import record
from schemas.watch import Entity, Publisher, Subscription, Topic

_IN_TOPIC_FILES: Final = ("topics", "entities")
_SQLITE: Final = "sqlite:///"


@record
class Surroundings:
    """What a configuration depends on beside its text."""

    base: Path
    """Folder that relative paths start at."""
    environ: Mapping[str, str]
    """Values for `env:NAME`."""
    cores: int
    """Processor cores."""
    version: str
    """Version of Tocsin."""


def parse(main: Document, topic_files: Sequence[Document], around: Surroundings, faults: Faults) -> Config:
    """The configuration that the documents hold.

    Raises:
        ConfigError: anything is wrong; the message names all of it, one fault a line.
    """
    _check_keys(main, topic_files, faults)
    main = reveal_secrets(main, around.environ, faults)
    everywhere = (main, *topic_files)
    tocsin = read_table(TocsinSection, "tocsin", main, faults)
    intake = read_intake(main, around.base, faults)
    http = read_table(HttpSettings, "http", main, faults)
    extraction = read_table(ExtractionSection, "extraction", main, faults)
    metrics = read_table(MetricsSection, "metrics", main, faults)
    publishers = tuple(map(_publisher, read_list(PublisherSection, "publishers", (main,), faults)))
    entities = tuple(map(_entity, read_list(EntitySection, "entities", everywhere, faults)))
    topics = tuple(map(_topic, read_list(TopicSection, "topics", everywhere, faults)))
    routes = read_list(SubscriptionSection, "subscriptions", (main,), faults)
    sources = read_sources(main, around.base, faults)
    sinks = read_sinks(main, around.base, faults)
    check_links(main, topic_files, faults)
    if faults.lines or tocsin is None or http is None or extraction is None or metrics is None:
        raise faults.error()
    return Config(
        ledger=_anchored(tocsin.ledger, around.base),
        intake=intake,
        names=tocsin.names,
        http=http,
        sources=sources,
        publishers=publishers,
        entities=entities,
        topics=topics,
        subscriptions=tuple(map(_subscription, routes)),
        sinks=sinks,
        extraction=_extraction(extraction, around.cores),
        metrics=MetricsSettings(host=metrics.host, port=metrics.port),
        digest=_digest(entities, publishers, topics, around.version),
        warnings=tuple(faults.warnings),
    )


def _check_keys(main: Document, topic_files: Sequence[Document], faults: Faults) -> None:
    faults.known_keys(main.data, (*TABLES, *LISTS, "sinks"), Place(document=main))
    for document in topic_files:
        faults.known_keys(document.data, _IN_TOPIC_FILES, Place(document=document))


def _publisher(section: PublisherSection) -> Publisher:
    return Publisher(id=section.id, domains=section.domains, kind=section.kind, owner=section.owner)


def _entity(section: EntitySection) -> Entity:
    return Entity(
        id=section.id,
        name=section.name,
        aliases=section.aliases,
        not_=section.not_,
        context=section.context,
    )


def _topic(section: TopicSection) -> Topic:
    return Topic(
        id=section.id,
        query=section.query,
        languages=section.languages,
        memory=section.memory,
        findings=tuple(Verdict(finding) for finding in section.findings),
        worth=section.worth,
        live=section.stage == "live",
    )


def _subscription(section: SubscriptionSection) -> Subscription:
    return Subscription(topics=section.topics, sink=section.sink)


def _extraction(section: ExtractionSection, cores: int) -> ExtractionLimits:
    return ExtractionLimits(
        workers=section.workers or cores,
        deadline_s=section.deadline,
        memory_bytes=section.memory_mb << 20,
    )


def _anchored(ledger: str, base: Path) -> str:
    path = ledger.removeprefix(_SQLITE)
    if not ledger.startswith(_SQLITE) or path == ":memory:":
        return ledger
    return f"{_SQLITE}{base / path}"


def _digest(
    entities: tuple[Entity, ...], publishers: tuple[Publisher, ...], topics: tuple[Topic, ...], version: str
) -> str:
    watched = [sorted(many, key=lambda one: one.id) for many in (entities, publishers, topics)]
    return stable_id("config", version, to_json(watched))
