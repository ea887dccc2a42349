"""What comes in: an Item that a source announced, and the Page behind it."""

from schemas.record import Instant, record


@record
class Item:
    """What a source announced: a URL and what the source said about it."""

    id: str
    """Stable id: the source and the identity that the source gave the item."""
    source: str
    """Name of the configured source."""
    url: str
    """Where the item can be read, as announced."""
    guid: str | None
    """The source's own identity for the item."""
    title: str | None
    """Title as announced, plain text."""
    summary: str | None
    """Summary as announced; may hold HTML."""
    authors: tuple[str, ...]
    """Names of the authors as announced."""
    published_at: Instant | None
    """What the publisher claims as first publication."""
    updated_at: Instant | None
    """What the publisher claims as last change."""
    observed_at: Instant
    """When the source showed it to us; items of one sweep share it."""
    publisher: str | None
    """Publisher id, where the source's configuration or the item itself names one."""
    language: str | None
    """ISO 639-1 code as announced."""


@record
class Page:
    """An Item plus what stands behind its URL: HTML bytes, or clean text where the source delivers that."""

    id: str
    """Stable id of the URL and the content."""
    item: Item
    """The announcement that led here."""
    url: str
    """Where the content was found, after redirects."""
    observed_at: Instant
    """When we learned of this content: our clock, never the publisher's."""
    html: bytes | None
    """The page as fetched; exactly one of `html` and `text` is given."""
    charset: str | None
    """Character set that the transport declared for `html`."""
    text: str | None
    """Clean text, paragraphs separated by a newline."""

    def __post_init__(self) -> None:
        if (self.html is None) == (self.text is None):
            raise ValueError("a page holds either html or text")


@record
class StoredPage:
    """A page that no message can hold, by its name in the store for such pages."""

    name: str
    """What the store keeps it under."""
