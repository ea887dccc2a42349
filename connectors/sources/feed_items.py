"""From what a feed announces to items and failures."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from pydantic_core import to_json

from connectors.http.targets import read_target, redact
from connectors.protocol import SourceContext
from connectors.sources.feed_reading import Announcement, Feed
from schemas.errors import Rejected
from schemas.failures import Failure, Reason
from schemas.ids import stable_id
from schemas.items import Item
from schemas.refusals import refused

_STAGE: Final = "read"


def sort_announcements(
    feed: Feed, base: str, context: SourceContext, observed_at: datetime
) -> tuple[tuple[Item, ...], tuple[Failure, ...]]:
    """The feed's items, each once, and a failure for each announcement that cannot be one.

    `base` is where the feed was found; relative links start there. Items that the feed left out make one
    failure together.
    """
    ambiguous = _ambiguous(feed.announcements)
    items: dict[str, Item] = {}
    failures: dict[str, Failure] = {}
    for announced in feed.announcements:
        try:
            url = _absolute(announced.link, base)
        except Rejected as error:
            failure = _failure(announced, error, announced.link, context, observed_at)
            failures.setdefault(failure.id, failure)
            continue
        identity = url if announced.guid in ambiguous else announced.guid or url
        item = Item(
            id=stable_id("item", context.name, identity),
            source=context.name,
            url=url,
            guid=announced.guid,
            title=announced.title,
            summary=announced.summary,
            authors=announced.authors,
            published_at=announced.published_at,
            updated_at=announced.updated_at,
            observed_at=observed_at,
            publisher=context.publisher,
            language=feed.language,
        )
        items.setdefault(item.id, item)
    left_out = (_left_out(feed, base, context, observed_at),) if feed.left_out else ()
    return tuple(items.values()), (*failures.values(), *left_out)


def _left_out(feed: Feed, base: str, context: SourceContext, observed_at: datetime) -> Failure:
    read = len(feed.announcements)
    message = f"{redact(base)}: {feed.left_out} items were left out after the first {read}"
    error = Rejected(message, reason=Reason.TOO_LARGE)
    return _failure({"left_out": feed.left_out}, error, base, context, observed_at)


def _failure(
    refusal: object, error: Rejected, url: str | None, context: SourceContext, observed_at: datetime
) -> Failure:
    written = to_json({"source": context.name, "refused": refusal}).decode()
    return refused(_STAGE, written, error, url=url, failed_at=observed_at)


def _ambiguous(announcements: Iterable[Announcement]) -> frozenset[str | None]:
    """Guids that are no identity: those that stand for several links, and those that are relative."""
    links: defaultdict[str, set[str | None]] = defaultdict(set)
    for announced in announcements:
        links[announced.guid or ""].add(announced.link)
    return frozenset(guid for guid, all_links in links.items() if len(all_links) > 1 or guid[:1] in "/?#.")


def _absolute(link: str | None, base: str) -> str:
    """The link as an address.

    Raises:
        Rejected: there is none, or it is not one of a web page.
    """
    if link is None:
        raise Rejected(f"cannot fetch an item of {redact(base)}: it has no link", reason=Reason.MALFORMED)
    try:
        url = urljoin(base, link)
    except ValueError as error:
        message = f"cannot fetch an item of {redact(base)}: its link is not a URL: {error}"
        raise Rejected(message, reason=Reason.MALFORMED) from error
    read_target(url)
    return url
