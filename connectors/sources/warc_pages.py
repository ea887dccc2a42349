"""From a WARC record to a Page."""

import re
from datetime import UTC, datetime
from email.message import Message
from io import BytesIO
from typing import Any, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from connectors.protocol import SourceContext
from connectors.sources.warc_records import RECORD_BYTES
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.ids import stable_id
from schemas.items import Item, Page

_ANSWERS: Final = frozenset({"response", "resource"})
_MEDIA_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_SHOWN: Final = 300
_HEADER: Final = re.compile(
    r"^(warc-type|warc-target-uri):[ \t]*(.*?)[ \t\r]*$", re.IGNORECASE | re.MULTILINE
)
_DAMAGED: Final = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    StopIteration,
    EOFError,
    OSError,
    ValueError,
)


def page_of_record(raw: bytes, context: SourceContext, observed_at: datetime) -> Page | None:
    """The page that one record holds; None where it is of a kind that holds no answer, such as a request.

    It was observed when the record says; `observed_at` stands in where it does not.

    Raises:
        Rejected: not a record, not of HTTP, or an answer that is not a page.
    """
    kind, url = _kind_and_url(raw)
    if kind not in _ANSWERS:
        return None
    if not url.startswith(("http://", "https://")) or " " in url:
        raise Rejected(f"not of HTTP: {url[:_SHOWN]}", reason=Reason.BINARY)
    try:
        found = next(iter(ArchiveIterator(BytesIO(raw))))
        body = found.content_stream().read(RECORD_BYTES + 1)
    except _DAMAGED as error:
        raise Rejected(f"not a record that can be read: {error}", reason=Reason.MALFORMED) from error
    charset = _charset(url, found)
    if len(body) > RECORD_BYTES:
        raise Rejected(f"{url[:_SHOWN]} is longer than {RECORD_BYTES >> 20} MiB", reason=Reason.TOO_LARGE)
    return _page(url, body, charset, context, _recorded_at(found) or observed_at)


def _kind_and_url(raw: bytes) -> tuple[str, str]:
    """Read before the library does: it fails on a record without a URL, and logs odd ones."""
    head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    found = {name.lower(): value for name, value in reversed(_HEADER.findall(head))}
    return found.get("warc-type", ""), found.get("warc-target-uri", "").strip("<>")


def _charset(url: str, found: Any) -> str | None:
    """The character set that a page was declared with.

    Raises:
        Rejected: the answer is not a page.
    """
    headers = found.http_headers
    if found.rec_type == "response":
        if headers is None:
            raise Rejected(f"no answer of HTTP: {url[:_SHOWN]}", reason=Reason.MALFORMED)
        if headers.get_statuscode() != "200":
            status = headers.get_statuscode()[:_SHOWN]
            raise Rejected(f"{url[:_SHOWN]} answered {status}", reason=Reason.HTTP_STATUS)
    message = Message()
    message["content-type"] = (headers or found.rec_headers).get_header("Content-Type") or ""
    if message.get_content_type() not in _MEDIA_TYPES:
        kind = message.get_content_type()[:_SHOWN]
        raise Rejected(f"{url[:_SHOWN]} is {kind}, not a page", reason=Reason.BINARY)
    return message.get_content_charset()


def _recorded_at(found: Any) -> datetime | None:
    try:
        written = datetime.fromisoformat(found.rec_headers.get_header("WARC-Date") or "")
        return written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _page(url: str, body: bytes, charset: str | None, context: SourceContext, observed_at: datetime) -> Page:
    item = Item(
        id=stable_id("item", context.name, url),
        source=context.name,
        url=url,
        guid=None,
        title=None,
        summary=None,
        authors=(),
        published_at=None,
        updated_at=None,
        observed_at=observed_at,
        publisher=context.publisher,
        language=None,
    )
    return Page(
        id=stable_id("page", url, body),
        item=item,
        url=url,
        observed_at=observed_at,
        html=body,
        charset=charset,
        text=None,
    )
