"""What somebody watches: entities, publishers, topics and the subscriptions to them."""

from schemas.alerts import Verdict
from schemas.record import record


@record
class Entity:
    """A person, organisation, place or event with its names."""

    id: str
    """Entity id, as `entity:` names it in a query."""
    name: str
    """The full name, itself an alias."""
    aliases: tuple[str, ...]
    """Other names."""
    not_: tuple[str, ...]
    """Strings that look like a name of it and are not."""
    context: tuple[str, ...]
    """Where given, an article must hold one of these words for an alias (not the full name) to count."""


@record
class Publisher:
    """Who stands behind pages: the unit that origins are counted by."""

    id: str
    """Publisher id."""
    domains: tuple[str, ...]
    """Registrable domains whose pages are this publisher's."""
    kind: str
    """`outlet`, `wire`, `press-office` or `aggregator`."""
    owner: str | None
    """Owner family: publishers of one owner are one origin."""


@record
class Topic:
    """What somebody tracks."""

    id: str
    """Topic id."""
    query: str
    """Query over articles, in the language of `pipelines.topics`."""
    languages: tuple[str, ...]
    """ISO 639-1 codes to take in; empty for all. Articles of unknown language are taken in."""
    memory: str
    """Topics that share a memory share its stories."""
    findings: tuple[Verdict, ...]
    """Kinds of news to alert on."""
    worth: float
    """A claim below this check-worthiness is remembered and gives no finding, 0..1."""
    live: bool
    """False for a shadow topic: judged and stored, not sent."""


@record
class Subscription:
    """Topics routed to a sink."""

    topics: tuple[str, ...]
    """Topic ids, or shell patterns of them."""
    sink: str
    """Name of a configured sink."""
