"""From a line of NDJSON, or a file that is one page, to a Page: the contract "documents in".

A line is one JSON object. `url` and exactly one of `html` and `text` are required; `title`,
`published_at`, `observed_at`, `publisher` and `language` may be left out or null; other keys are refused.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import PlainValidator, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import from_json

from connectors.protocol import SourceContext
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.ids import stable_id
from schemas.items import Item, Page
from schemas.record import record

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _instant(written: object) -> datetime | None:
    if written is None:
        return None
    if not isinstance(written, str) or not _RFC3339.fullmatch(written):
        raise ValueError("should be an RFC 3339 date and time such as 2024-05-02T10:00:00Z, or null")
    try:
        return datetime.fromisoformat(written.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is out of range") from error


_Written = Annotated[datetime | None, PlainValidator(_instant)]


@record
class _Document:
    url: Annotated[str, StringConstraints(min_length=1)]
    html: str | None = None
    text: str | None = None
    title: str | None = None
    published_at: _Written = None
    observed_at: _Written = None
    publisher: str | None = None
    language: str | None = None


_DOCUMENT: Final = TypeAdapter(_Document)


def page_of_document(line: bytes, context: SourceContext, observed_at: datetime) -> Page:
    """The page that a line holds; its text or HTML is the line's own, unchanged.

    `observed_at` stands in where the document has none, and the source's publisher likewise.

    Raises:
        Rejected: not JSON, a key missing, unknown or of the wrong type, or not one of `html` and `text`.
    """
    try:
        document = _DOCUMENT.validate_json(line)
    except ValidationError as error:
        raise Rejected(f"not a document: {_first_fault(error)}", reason=Reason.MALFORMED) from error
    if (document.html is None) == (document.text is None):
        found = "neither" if document.html is None else "both"
        raise Rejected(
            f"not a document: one of html and text is needed, {found} given", reason=Reason.MALFORMED
        )
    item = _item(document, context, observed_at)
    if document.text is not None:
        return _page(item, document.text, None)
    return _page(item, (document.html or "").encode(), "utf-8")


def page_of_file(
    url: str, raw: bytes, *, is_text: bool, context: SourceContext, observed_at: datetime
) -> Page:
    """The page that a whole file holds: HTML as it is, or plain UTF-8 text with its line ends as newlines.

    Raises:
        Rejected: plain text that is not UTF-8.
    """
    item = _item(_Document(url=url), context, observed_at)
    if not is_text:
        return _page(item, raw, None)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected(
            f"not UTF-8 text: {error.reason} at byte {error.start}", reason=Reason.MALFORMED
        ) from error
    return _page(item, text.replace("\r\n", "\n").replace("\r", "\n"), None)


def could_go_on(line: bytes) -> bool:
    """True where the line is the beginning of some JSON value that has not ended."""
    try:
        from_json(line)
    except ValueError:
        pass
    else:
        return False
    try:
        from_json(line, allow_partial=True)
    except ValueError:
        return False
    return True


def _item(document: _Document, context: SourceContext, observed_at: datetime) -> Item:
    return Item(
        id=stable_id("item", context.name, document.url),
        source=context.name,
        url=document.url,
        guid=None,
        title=document.title,
        summary=None,
        authors=(),
        published_at=document.published_at,
        updated_at=None,
        observed_at=document.observed_at or observed_at,
        publisher=document.publisher or context.publisher,
        language=document.language,
    )


def _page(item: Item, content: str | bytes, charset: str | None) -> Page:
    return Page(
        id=stable_id("page", item.url, content),
        item=item,
        url=item.url,
        observed_at=item.observed_at,
        html=content if isinstance(content, bytes) else None,
        charset=charset,
        text=content if isinstance(content, str) else None,
    )


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]
