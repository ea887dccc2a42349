"""Who publishes a page."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from schemas.items import Page
from schemas.watch import Publisher


class PublisherTable:
    """The configured publishers, found by the hosts of their pages."""

    def __init__(self, publishers: Iterable[Publisher]) -> None:
        self._ids: dict[str, str] = {}
        for publisher in publishers:
            for domain in publisher.domains:
                self._ids.setdefault(_ascii_host(domain), publisher.id)

    def publisher_of(self, page: Page) -> str | None:
        """The id of the page's publisher.

        The item's own, else that of the publisher with the longest domain that the host of the page's
        URL ends in. The host itself, without `www.`, stands for a publisher that nobody configured: two
        such sites are never one origin, and pages of one site always are. None without a host.
        """
        if page.item.publisher:
            return page.item.publisher
        try:
            host = _ascii_host(urlsplit(page.url).hostname or "")
        except ValueError:
            return None
        configured = (self._ids[domain] for domain in _domains(host) if domain in self._ids)
        return next(configured, host.removeprefix("www.") or None)


def _domains(host: str) -> Iterator[str]:
    """The host and every domain above it, longest first."""
    while host:
        yield host
        host = host.partition(".")[2]


def _ascii_host(host: str) -> str:
    host = host.strip().rstrip(".").lower()
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
