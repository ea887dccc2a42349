"""What is read: an Article, the entities named in it, the topics it matches, and its claims."""

from schemas.claims import Claim, Mention
from schemas.record import Instant, record


@record
class Span:
    """A stretch of a page."""

    start: int
    """First code point."""
    end: int
    """One past the last."""


@record
class Article:
    """Clean text and metadata, page chrome stripped; one page may hold several."""

    id: str
    """Stable id of the address (its own, else the page's), the title and the text."""
    page: str
    """Id of the page it was read from."""
    source: str
    """Name of the source that announced the page."""
    url: str
    """Where a person can read it."""
    part: int
    """Place on the page, from 0, where a page holds several articles."""
    title: str | None
    """Headline, apart from the text."""
    text: str
    """Body, paragraphs separated by a newline; all offsets are code points into it."""
    authors: tuple[str, ...]
    """Names of the authors."""
    published_at: Instant | None
    """What the publisher claims; missing stays missing."""
    updated_at: Instant | None
    """What the publisher claims as last change."""
    observed_at: Instant
    """When we learned of this content."""
    language: str | None
    """ISO 639-1 code, detected or announced; None where too short to tell."""
    publisher: str | None
    """Publisher id: configured for the source, announced, or found by the URL's domain."""
    satire: bool = False
    """True where the page or the text says that it is satire: nothing that it states is claimed."""
    span: Span | None = None
    """Where it stands on a page of several: in the clean text, or the text content of the parsed document."""
    permalink: str | None = None
    """Its own address on the same site, where a page that holds several gives one."""


@record
class TaggedArticle:
    """An article with the entities named in its text."""

    article: Article
    """The article."""
    mentions: tuple[Mention, ...]
    """Entity mentions in order of `start`, without overlaps."""
    title_entities: tuple[str, ...]
    """Ids of the entities named in the title, sorted."""
    references: tuple[Mention, ...] = ()
    """Nouns and pronouns that stand for an entity named before ("the group"), in order of `start`."""


@record
class Hit:
    """One query term that matched, and where."""

    term: str
    """The term as the topic's author wrote it."""
    field: str
    """`title`, `text`, or the name of a metadata field."""
    start: int
    """First code point of the match in the field; 0 in a metadata field."""
    end: int
    """One past the last code point."""


@record
class TopicHits:
    """A topic that an article matches, and where."""

    topic: str
    """Topic id."""
    memory: str
    """Memory in which the topic's claims are judged."""
    live: bool
    """False for a shadow topic: judged and stored, not sent."""
    config: str
    """Digest of the configuration that matched."""
    hits: tuple[Hit, ...]
    """Every term that matched, in order of field and place."""


@record
class MatchedArticle:
    """A tagged article with the topics that it matches; nobody has looked for its claims yet."""

    tagged: TaggedArticle
    """The article and its mentions."""
    topics: tuple[TopicHits, ...]
    """The topics in the order of the configuration; never empty."""


@record
class ClaimedArticle:
    """A tagged article with the claims that its text makes."""

    tagged: TaggedArticle
    """The article and its mentions."""
    claims: tuple[Claim, ...]
    """Claims in order of `start`."""


@record
class Match:
    """An article and a topic, with the terms that matched and the claims that are about the topic."""

    topic: str
    """Topic id."""
    memory: str
    """Memory in which the topic's claims are judged."""
    live: bool
    """False for a shadow topic: judged and stored, not sent."""
    config: str
    """Digest of the configuration that matched."""
    article: ClaimedArticle
    """The matched article."""
    hits: tuple[Hit, ...]
    """Every term that matched, in order of field and place."""
    claims: tuple[str, ...]
    """Ids of the article's claims that are about the topic."""
