"""How pages travel: what stands in a message, and what a message holds."""

from datetime import datetime
from typing import Final, Protocol

from kafka.codec import zstd_encode

from connectors.kafka.transactions import Message
from schemas.codec import decode, encode, tag_of
from schemas.errors import Rejected
from schemas.failures import Failure, Reason
from schemas.items import Page, StoredPage
from schemas.refusals import refused

_SCHEMA: Final = "schema"
_STORED: Final = "stored"
_ENVELOPE_BYTES: Final = 500
"""Room for key, headers and the frame around a message."""
_STAGE: Final = "intake"


class Bodies(Protocol):
    """Where bodies are kept that no message can hold."""

    def put(self, body: bytes) -> str:
        """The name under which the body is kept."""
        ...

    def get(self, name: str) -> bytes:
        """The body."""
        ...


class Received(Protocol):
    """A message as the client hands it over."""

    topic: str
    partition: int
    offset: int
    value: bytes | None
    headers: list[tuple[str, bytes]]


def to_message(page: Page, limit_bytes: int, store: Bodies | None) -> Message:
    """The message of a page; where it is above the limit even when compressed, the store holds the page.

    Raises:
        Retriable: the store cannot be written.
        Rejected: too large, and there is no store.
    """
    body = encode(page)
    headers: tuple[tuple[str, bytes], ...] = ((_SCHEMA, tag_of(Page).encode()),)
    if not _fits(body, limit_bytes - _ENVELOPE_BYTES):
        if store is None:
            raise Rejected(
                f"sending the page {page.url}: {len(body):,} bytes, {limit_bytes:,} fit into a message",
                reason=Reason.TOO_LARGE,
                hint="name a store for large pages, or raise message_bytes and the topic's max.message.bytes",
            )
        headers = (*headers, (_STORED, store.put(body).encode()))
        body = b""
    return Message(key=page.id.encode(), value=body, headers=headers)


def to_page(message: Received, store: Bodies | None) -> Page:
    """The page that a message holds.

    Raises:
        Retriable: the store cannot be read.
        Rejected: not a page that this Tocsin can read, or one whose body is gone.
    """
    stored = dict(message.headers).get(_STORED)
    if stored is None:
        return decode(message.value or b"", Page)
    if store is None:
        raise Rejected(
            "the page is in a store, and none is configured",
            reason=Reason.MALFORMED,
            hint="every worker needs the store that collect writes to",
        )
    return decode(store.get(stored.decode("ascii", "replace")), Page)


def poisoned(message: Received, error: Rejected, failed_at: datetime) -> Failure:
    """The failure of a message that holds no page, or the name of one that the store does not have."""
    place = f"{message.topic}[{message.partition}] at {message.offset}"
    told = Rejected(f"reading the message of {place}: {error}", reason=error.reason, hint=error.hint)
    written = (message.value or b"").decode("utf-8", "replace")
    stored = dict(message.headers).get(_STORED)
    if stored is not None:
        written = encode(StoredPage(name=stored.decode("ascii", "replace"))).decode()
    return refused(_STAGE, written or place, told, url=None, failed_at=failed_at)


def unsendable(page: Page, error: Rejected, failed_at: datetime) -> Failure:
    """The failure of a page that no message can hold."""
    return refused(_STAGE, encode(page).decode(), error, url=page.url, failed_at=failed_at)


def _fits(body: bytes, limit_bytes: int) -> bool:
    return len(body) <= limit_bytes or len(zstd_encode(body)) <= limit_bytes
