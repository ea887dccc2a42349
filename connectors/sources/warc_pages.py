"""From a WARC record to a Page."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from io import BytesIO
from typing import Any, Final

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from connectors.protocol import SourceContext
from connectors.sources.documents import page_of_file
from connectors.sources.warc_records import RECORD_BYTES
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.items import Page

_ANSWERS: Final = frozenset({"response", "resource"})
_MEDIA_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_SHOWN: Final = 300
_WARC: Final = StatusAndHeadersParser(["WARC/1.0", "WARC/1.1"])
_HTTP: Final = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1", "HTTP/2"])


def page_of_record(raw: bytes, context: SourceContext, observed_at: datetime) -> Page | None:
    """The page that one record holds; None where it is of a kind that holds no answer, such as a request.

    `raw` is header and content. The page was observed when the record says; `observed_at` stands in where it
    does not.

    Raises:
        Rejected: not a record, not of HTTP, or an answer that is not a page.
    """
    stream = BytesIO(raw)
    head = _headers(_WARC, stream)
    kind = head.get_header("WARC-Type")
    if kind not in _ANSWERS:
        return None
    url = (head.get_header("WARC-Target-URI") or "").strip("<>")
    if not url.startswith(("http://", "https://")):
        raise Rejected(f"not of HTTP: {url[:_SHOWN]}", reason=Reason.BINARY)
    answer = _headers(_HTTP, stream) if kind == "response" else None
    if answer and answer.get_statuscode() != "200":
        status = answer.get_statuscode()[:_SHOWN]
        raise Rejected(f"{url[:_SHOWN]} answered {status}", reason=Reason.HTTP_STATUS)
    charset = _charset(url, (answer or head).get_header("Content-Type"))
    body = _body(stream, head, answer)
    if len(body) > RECORD_BYTES:
        raise Rejected(f"{url[:_SHOWN]} is longer than {RECORD_BYTES >> 20} MiB", reason=Reason.TOO_LARGE)
    at = _recorded_at(head) or observed_at
    page = page_of_file(url, body, is_text=False, context=context, observed_at=at)
    return replace(page, charset=charset)


def _headers(parser: Any, stream: BytesIO) -> Any:
    try:
        return parser.parse(stream)
    except (StatusAndHeadersParserException, EOFError, ValueError) as error:
        why = str(error)[:_SHOWN] or "it ends early"
        raise Rejected(f"not a record that can be read: {why}", reason=Reason.MALFORMED) from error


def _body(stream: BytesIO, head: Any, answer: Any) -> bytes:
    """The body without the encodings of its transfer, little more than the cap of it."""
    record = ArcWarcRecord("warc", None, head, stream, answer, None, None)
    try:
        body: bytes = record.content_stream().read(RECORD_BYTES + 1)
    except (EOFError, OSError, ValueError) as error:
        raise Rejected(f"its content cannot be read: {error}", reason=Reason.MALFORMED) from error
    return body


def _charset(url: str, content_type: str | None) -> str | None:
    """The character set that a page was declared with.

    Raises:
        Rejected: not the type of a page.
    """
    message = Message()
    message["content-type"] = content_type or ""
    if message.get_content_type() not in _MEDIA_TYPES:
        kind = message.get_content_type()[:_SHOWN]
        raise Rejected(f"{url[:_SHOWN]} is {kind}, not a page", reason=Reason.BINARY)
    return message.get_content_charset()


def _recorded_at(head: Any) -> datetime | None:
    try:
        written = datetime.fromisoformat(head.get_header("WARC-Date") or "")
        return written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
