"""`kind = "feed"`: RSS 0.9x to 2.0, RDF and Atom, asked for politely and only when they may have changed."""

import asyncio
import logging
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, TypeAdapter, ValidationError

from connectors.http.answers import max_age_s
from connectors.http.client import HttpClient
from connectors.http.messages import Response, Validators
from connectors.http.targets import read_target, redact
from connectors.protocol import Poll, SourceContext
from connectors.sources.feed_items import sort_announcements
from connectors.sources.feed_reading import Feed, read_feed
from schemas.errors import Rejected
from schemas.failures import Failure
from schemas.ids import stable_id
from schemas.items import Item
from schemas.record import record

_log = logging.getLogger(__name__)

_SOONEST_S: Final = 60.0
_ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)


def _address(url: str) -> str:
    try:
        read_target(url)
    except Rejected as error:
        raise ValueError(str(error)) from error
    return url


@record
class FeedOptions:
    """Settings of `kind = "feed"`."""

    url: Annotated[str, AfterValidator(_address)]
    """Address of the feed."""


@record
class _Mark:
    """The cursor: what the feed was like when it was last read."""

    url: str
    """The configured address that the rest belongs to."""
    final: str
    """Where the feed was found, after redirects."""
    etag: str | None
    """Entity tag that came with it."""
    last_modified: str | None
    """Date of last change that came with it."""
    ttl_s: int | None
    """Seconds for which it says it stays as it is."""
    digest: str
    """What it was, for hosts that cannot say that nothing changed."""


_MARK: Final = TypeAdapter(_Mark)


class FeedSource:
    """A source of `kind = "feed"`; keeps the promises of `connectors.protocol.Source`."""

    Options: ClassVar[type[Any]] = FeedOptions

    def __init__(self, context: SourceContext, options: FeedOptions, http: HttpClient) -> None:
        self._context = context
        self._url = options.url
        self._http = http

    @classmethod
    def open(cls, context: SourceContext, options: FeedOptions, http: HttpClient) -> "FeedSource":
        """A source that has not touched the world yet."""
        return cls(context, options, http)

    async def poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        """Everything that the feed announces now, or nothing where it has not changed since `cursor`."""
        mark = self._read_mark(cursor)
        response = await self._get(mark)
        if mark is not None and (response.not_modified or _digest(response) == mark.digest):
            wait_s = self._wait_s(response, mark.ttl_s)
            return Poll(items=(), pages=(), failures=(), cursor=cursor, wait_s=wait_s)
        feed, items, failures = await asyncio.to_thread(self._read, response, observed_at)
        self._tell_of_move(response, mark)
        return Poll(
            items=items,
            pages=(),
            failures=failures,
            cursor=self._write_mark(response, feed.ttl_s),
            wait_s=self._wait_s(response, feed.ttl_s),
        )

    async def _get(self, mark: _Mark | None) -> Response:
        if mark is None:
            return await self._http.get(self._url, accept=_ACCEPT)
        validators = Validators(etag=mark.etag, last_modified=mark.last_modified)
        response = await self._http.get(self._url, validators=validators, accept=_ACCEPT)
        if response.not_modified and response.url != mark.final:
            # The validators were another address's: this one may never have been read.
            return await self._http.get(self._url, accept=_ACCEPT)
        return response

    def _read(
        self, response: Response, observed_at: datetime
    ) -> tuple[Feed, tuple[Item, ...], tuple[Failure, ...]]:
        try:
            feed = read_feed(response.body, response.charset)
        except Rejected as error:
            message = f"{redact(response.url)}: {error}"
            raise Rejected(message, reason=error.reason, hint=error.hint) from error
        return feed, *sort_announcements(feed, response.url, self._context, observed_at)

    def _tell_of_move(self, response: Response, mark: _Mark | None) -> None:
        if response.permanent_url and (mark is None or mark.final != response.url):
            new = redact(response.permanent_url)
            _log.warning('source "%s" has moved for good to %s: change its url', self._context.name, new)

    def _read_mark(self, cursor: str | None) -> _Mark | None:
        """The cursor, where it belongs to the configured address; else the feed is read anew."""
        if cursor is None:
            return None
        try:
            mark = _MARK.validate_json(cursor)
        except ValidationError:
            return None
        return mark if mark.url == self._url else None

    def _write_mark(self, response: Response, ttl_s: int | None) -> str:
        mark = _Mark(
            url=self._url,
            final=response.url,
            etag=response.validators.etag,
            last_modified=response.validators.last_modified,
            ttl_s=ttl_s,
            digest=_digest(response),
        )
        return _MARK.dump_json(mark).decode()

    def _wait_s(self, response: Response, ttl_s: int | None) -> float:
        """Until the feed can have changed, as it says itself: at least a minute, at most as configured."""
        stays_s = max(ttl_s or 0, max_age_s(response.headers) or 0)
        return min(self._context.every_s, max(_SOONEST_S, stays_s)) if stays_s else self._context.every_s


def _digest(response: Response) -> str:
    # With the address, because relative links mean something else elsewhere.
    return stable_id("feed", response.url, response.body)
