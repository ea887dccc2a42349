"""What the configuration file may say: one record per section, one field per key, with its default.

The reference page of the configuration is generated from these records.
"""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from connectors.http.settings import HttpSettings
from schemas.record import record

_DURATION: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_NAME: Final = re.compile(r"\w[\w.-]*")
_LANGUAGE: Final = re.compile("[a-z]{2}")
_DOMAIN: Final = re.compile(r"[^\s/:@.]+(\.[^\s/:@.]+)+")


def _duration_s(written: object) -> float:
    found = _DURATION.fullmatch(written) if isinstance(written, str) else None
    if not written or found is None:
        raise ValueError('should be a duration such as "30s", "5m" or "1h30m"')
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    total_s = days * 86400 + hours * 3600 + minutes * 60 + seconds
    if total_s <= 0:
        raise ValueError("should be longer than nothing")
    return total_s


def _name(written: str) -> str:
    if not _NAME.fullmatch(written):
        raise ValueError("should hold only letters, digits, and after the first one also . _ -")
    return written


def _domain(written: str) -> str:
    if not _DOMAIN.fullmatch(written):
        raise ValueError('should be a bare domain such as "example.org"')
    return written.lower()


def _language(written: str) -> str:
    if not _LANGUAGE.fullmatch(written):
        raise ValueError('should be a code of two small letters such as "en"')
    return written


def _words(written: str) -> str:
    if not written.strip():
        raise ValueError("should not be blank")
    return written


def _ledger(written: str) -> str:
    if not written.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("should start with sqlite:/// or postgresql+psycopg://")
    return written


Duration = Annotated[float, BeforeValidator(_duration_s), Field(json_schema_extra={"format": "duration"})]
"""Seconds, written "30s", "5m", "1h30m" or "2d"."""
Name = Annotated[str, AfterValidator(_name)]
"""A short name: letters, digits, and after the first one also `.`, `_`, `-`."""
Domain = Annotated[str, AfterValidator(_domain)]
"""A host name without scheme, port and path."""
Language = Annotated[str, AfterValidator(_language)]
"""ISO 639-1 code, two small letters."""
Words = Annotated[str, AfterValidator(_words)]
"""Text that is not blank."""


@record
class TocsinSection:
    """`[tocsin]`: where things are kept."""

    ledger: Annotated[str, AfterValidator(_ledger)] = "sqlite:///tocsin.db"
    """Database URL. A relative SQLite path starts at the configuration file."""
    topics: tuple[Words, ...] = ()
    """Further files of `[[topics]]` and `[[entities]]`, from the configuration file on; may hold `*`."""
    names: Literal["rules", "model"] = "rules"
    """How `explain` and `entities suggest` find names that nobody watches; `model` needs the extra `ner`."""


@record
class SourceSection:
    """`[[sources]]`: a place to look at. Each kind takes further keys of its own."""

    name: Name
    """Name of the source, used in metrics, messages and articles."""
    kind: str
    """What the source is."""
    publisher: Name | None = None
    """Publisher id of everything that the source brings."""
    every: Duration = 900.0
    """The longest time between two polls."""


@record
class PublisherSection:
    """`[[publishers]]`: who stands behind pages, and who owns whom."""

    id: Name
    """Publisher id."""
    domains: tuple[Domain, ...] = ()
    """Domains whose pages are this publisher's."""
    kind: Literal["outlet", "wire", "press-office", "aggregator"] = "outlet"
    """What the publisher is."""
    owner: Name | None = None
    """Owner family: publishers of one owner count as one origin."""


@record
class EntitySection:
    """`[[entities]]`: a person, organisation, place or event with its names."""

    id: Name
    """Entity id, as `entity:` names it in a query."""
    name: Words
    """The full name, itself an alias."""
    aliases: tuple[Words, ...] = ()
    """Other names."""
    not_: Annotated[tuple[Words, ...], Field(alias="not")] = ()
    """Strings that look like a name of it and are not."""
    context: tuple[Words, ...] = ()
    """Where given, an article must hold one of these for an alias (not the full name) to count."""


@record
class TopicSection:
    """`[[topics]]`: what is tracked."""

    id: Name
    """Topic id."""
    query: Words
    """Which articles belong to the topic."""
    languages: tuple[Language, ...] = ()
    """Languages to take in; all where empty. An article of unknown language is taken in."""
    memory: Name = "main"
    """Topics that share a memory share its stories."""
    findings: tuple[Literal["new", "update", "conflict"], ...] = ("new", "update", "conflict")
    """Kinds of news to alert on."""
    worth: Annotated[float, Field(ge=0, le=1)] = 0.0
    """A claim less worth checking than this is remembered and gives no finding, 0 to 1."""
    stage: Literal["live", "shadow"] = "live"
    """A shadow topic is judged and stored, and nothing is sent."""


@record
class SubscriptionSection:
    """`[[subscriptions]]`: topics routed to a sink."""

    topics: Annotated[tuple[Words, ...], Field(min_length=1)]
    """Topic ids; may hold `*`."""
    sink: Name
    """Name of a sink."""


@record
class SinkSection:
    """`[sinks.NAME]`: a place where alerts go. Each kind takes further keys of its own."""

    kind: str
    """What the sink is."""


@record
class ExtractionSection:
    """`[extraction]`: what reading a page may cost."""

    workers: Annotated[int, Field(ge=1, le=256)] | None = None
    """Processes that read pages side by side; one per core where left out."""
    deadline: Duration = 10.0
    """The most processor time that one page may take."""
    memory_mb: Annotated[int, Field(ge=128)] = 1024
    """The most memory that one process may take, in mebibytes."""


@record
class IntakeSection:
    """`[intake]`: where pages wait. With `kind = "kafka"` it takes the keys of a Kafka connection too."""

    kind: Literal["ledger", "kafka"] = "ledger"
    """In the ledger, or on a Kafka topic that any number of workers share."""
    topic: Words = "tocsin.pages"
    """The Kafka topic."""
    group: Words = "tocsin-detect"
    """The consumer group of the workers."""
    reader: Literal["workers", "stream"] = "workers"
    """Who reads the topic: `tocsin detect`, or a stream on a Beam runner, which keeps its own place."""
    store: Words | None = None
    """URL of a folder for pages above the broker's limit, such as file:///var/lib/tocsin/pages or s3://bucket/pages."""


@record
class MetricsSection:
    """`[metrics]`: where Prometheus finds the metrics."""

    host: Words = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 9464
    """Port to listen on; 0 for any free one."""


TABLES: Final[dict[str, type]] = {
    "tocsin": TocsinSection,
    "intake": IntakeSection,
    "http": HttpSettings,
    "extraction": ExtractionSection,
    "metrics": MetricsSection,
}
"""Sections written once, `[name]`."""

LISTS: Final[dict[str, type]] = {
    "sources": SourceSection,
    "publishers": PublisherSection,
    "entities": EntitySection,
    "topics": TopicSection,
    "subscriptions": SubscriptionSection,
}
"""Sections written any number of times, `[[name]]`."""
