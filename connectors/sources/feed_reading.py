"""What a feed announces, in RSS 0.9x to 2.0, RDF or Atom, whatever its faults.

The one file that knows feedparser.
"""

import html
import io
import re
from typing import Any, Final

import feedparser

from connectors.sources.dates import read_instant
from connectors.sources.feed_slimming import slim_feed
from connectors.sources.xmlguard import open_xml
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.record import Instant, record

# What feedparser's handlers let slip on elements in places that they do not expect.
_STUMBLES: Final = (AssertionError, AttributeError, LookupError, OverflowError, TypeError, ValueError)
_WEB_PAGE: Final = re.compile(r"<(?:\w+:)?html\b", re.IGNORECASE)
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_MAIL_AND_NAME: Final = re.compile(r"[^\s@]+@[^\s@]+\s*\(([^()]+)\)")
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_FEED_LINK: Final = re.compile(
    rb"<link\b[^<>]*\btype\s*=\s*[\"']application/(?:rss|atom)\+xml[\"'][^<>]*>", re.IGNORECASE
)
_HREF: Final = re.compile(rb"\bhref\s*=\s*[\"']([^\"'<>]{1,500})", re.IGNORECASE)


@record
class Announcement:
    """One item or entry of a feed, as announced."""

    guid: str | None
    """The feed's own identity for it."""
    link: str | None
    """Where it can be read; may be relative to the feed."""
    title: str | None
    """Title in plain text."""
    summary: str | None
    """Summary; may hold HTML."""
    authors: tuple[str, ...]
    """Names of the authors."""
    published_at: Instant | None
    """What the publisher claims as first publication."""
    updated_at: Instant | None
    """What the publisher claims as last change."""


@record
class Feed:
    """What a feed says."""

    announcements: tuple[Announcement, ...]
    """Its items in their order, at most 10,000."""
    left_out: int
    """How many items there were beyond those."""
    language: str | None
    """ISO 639-1 code."""
    ttl_s: int | None
    """Seconds for which the feed says it stays as it is."""


def read_feed(raw: bytes, charset: str | None) -> Feed:
    """What the feed announces; `charset` is what the transport declared.

    Raises:
        Rejected: MALFORMED for what is no feed, UNSAFE for XML that could harm a parser, TOO_LARGE.
    """
    if raw.lstrip()[:1] == b"{":
        raise Rejected(
            "cannot read the feed: it is a JSON Feed",
            reason=Reason.MALFORMED,
            hint="give the address of the site's RSS or Atom feed",
        )
    text = open_xml(raw, charset)
    if _WEB_PAGE.match(text):
        raise Rejected("cannot read the feed: it is a web page", reason=Reason.MALFORMED, hint=_hint(raw))
    slimmed = slim_feed(text)
    parsed = _parse(slimmed.text)
    version = parsed.get("version") or ""  # missing where nothing was left to parse
    if not version and not parsed["entries"]:
        raise Rejected(
            f"cannot read the feed: {text[:40]!r} begins neither RSS nor Atom",
            reason=Reason.MALFORMED,
            hint="open the address in a browser: it may have moved, or answer with an error",
        )
    is_atom = version.startswith("atom")
    head = parsed["feed"]
    return Feed(
        announcements=tuple(_announcement(entry, is_atom=is_atom) for entry in parsed["entries"]),
        left_out=slimmed.left_out,
        language=_language(head.get("language")),
        ttl_s=_ttl_s(head.get("ttl")),
    )


def _parse(text: str) -> Any:
    try:
        # Only a stream of bytes: feedparser opens strings, and bytes too, as addresses and files.
        return feedparser.parse(
            io.BytesIO(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except _STUMBLES as error:
        raise Rejected(
            f"cannot read the feed: the parser stumbles over it ({type(error).__name__}: {error})",
            reason=Reason.MALFORMED,
        ) from error


def _announcement(entry: Any, *, is_atom: bool) -> Announcement:
    # feedparser's own look-up would put one field in the place of another that is missing.
    found = {key: dict.get(entry, key) for key in ("id", "link", "summary", "published", "updated")}
    published_at = read_instant(found["published"] or "")
    updated_at = read_instant(found["updated"] or "")
    if not is_atom and not found["published"]:
        # In RSS, `dc:date` is the only date there is, and it is that of publication.
        published_at, updated_at = updated_at, None
    return Announcement(
        guid=found["id"] or None,
        link=(found["link"] or _first_link(entry) or "").strip() or None,
        title=_title(entry),
        summary=found["summary"] or None,
        authors=_authors(entry),
        published_at=published_at,
        updated_at=updated_at,
    )


def _first_link(entry: Any) -> str | None:
    links = dict.get(entry, "links") or ()
    return next((link["href"] for link in links if link.get("rel") == "alternate" and link.get("href")), None)


def _title(entry: Any) -> str | None:
    title = dict.get(entry, "title") or ""
    detail = dict.get(entry, "title_detail") or {}
    if detail.get("type") != "text/plain":
        title = html.unescape(_MARKUP.sub("", title))
    return " ".join(title.split()) or None


def _authors(entry: Any) -> tuple[str, ...]:
    alone = _MAIL_AND_NAME.fullmatch(dict.get(entry, "author") or "")
    if alone is not None:
        # feedparser knows no top-level domains of more than four letters.
        return (" ".join(alone[1].split()),)
    named = (author.get("name") for author in dict.get(entry, "authors") or ())
    return tuple(dict.fromkeys(" ".join(name.split()) for name in named if name and name.strip()))


def _language(written: str | None) -> str | None:
    found = _LANGUAGE.fullmatch((written or "").strip())
    return found[1].lower() if found else None


def _ttl_s(minutes: str | None) -> int | None:
    written = (minutes or "").strip()
    return int(written) * 60 if written.isascii() and written.isdigit() and len(written) < 7 else None


def _hint(page: bytes) -> str:
    """What may help where a web page stands in the place of a feed."""
    link = _FEED_LINK.search(page)
    address = _HREF.search(link[0]) if link else None
    if address:
        return f"the page says that its feed is at {address[1].decode('utf-8', 'replace')}"
    return "open the address in a browser: it may be an error, a login or the site itself"
