"""From announcements to items and failures."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.protocol import SourceContext
from connectors.sources.feed_items import sort_announcements
from connectors.sources.feed_reading import Announcement, Feed
from schemas.failures import Reason
from schemas.ids import stable_id

BASE = "https://gazette.example/news/rss"
NOON = datetime(2024, 5, 2, 12, tzinfo=UTC)
CONTEXT = SourceContext(name="gazette", publisher="gazette-group", every_s=300)
PLAIN = Announcement(
    guid="1", link="/one", title="One", summary=None, authors=(), published_at=None, updated_at=None
)


def sort(*announced, left_out=0):
    """Items and failures of a feed that announces just these."""
    feed = Feed(announcements=announced, left_out=left_out, language="en", ttl_s=None)
    return sort_announcements(feed, BASE, CONTEXT, NOON)


def test_item():
    """An item carries what was announced, with the source's name and publisher and our clock."""
    at = datetime(2024, 5, 1, tzinfo=UTC)
    announced = replace(PLAIN, summary="<p>s</p>", authors=("Ada",), published_at=at, updated_at=NOON)
    (item,), failures = sort(announced)
    assert failures == ()
    assert (item.source, item.publisher, item.language, item.observed_at) == (
        "gazette",
        "gazette-group",
        "en",
        NOON,
    )
    assert (item.guid, item.title, item.summary, item.authors) == ("1", "One", "<p>s</p>", ("Ada",))
    assert (item.published_at, item.updated_at) == (at, NOON)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://other.example/x", "https://other.example/x"),
        ("/one", "https://gazette.example/one"),
        ("one?a=b", "https://gazette.example/news/one?a=b"),
        ("//cdn.example/one", "https://cdn.example/one"),
    ],
)
def test_absolute_links(link, url):
    """Relative links start where the feed was found."""
    assert sort(replace(PLAIN, link=link))[0][0].url == url


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (None, Reason.MALFORMED),
        ("http://[::1", Reason.MALFORMED),
        ("http://", Reason.MALFORMED),
        ("javascript:alert(1)", Reason.UNSAFE),
        ("file:///etc/passwd", Reason.UNSAFE),
        ("data:text/html,x", Reason.UNSAFE),
        ("mailto:desk@gazette.example", Reason.UNSAFE),
    ],
)
def test_refused_links(link, reason):
    """An item without a link to a web page becomes a failure that names it; the others stay."""
    items, (failure,) = sort(replace(PLAIN, guid="bad", link=link), PLAIN)
    assert [item.guid for item in items] == ["1"]
    assert (failure.reason, failure.stage, failure.url, failure.failed_at) == (reason, "read", link, NOON)
    assert json.loads(failure.record)["refused"]["guid"] == "bad"


@pytest.mark.parametrize(
    ("guids_and_links", "identities"),
    [
        ([("a", "/1"), ("b", "/2")], ["a", "b"]),
        ([(None, "/1"), ("b", "/2")], ["https://gazette.example/1", "b"]),
        ([("a", "/1"), ("a", "/1")], ["a"]),
        ([("a", "/1"), ("a", "/2")], ["https://gazette.example/1", "https://gazette.example/2"]),
        ([("/story/1", "/1")], ["https://gazette.example/1"]),
        ([(None, "/1"), (None, "/1")], ["https://gazette.example/1"]),
        ([("a", "/1"), ("b", "/1")], ["a", "b"]),
    ],
)
def test_identity(guids_and_links, identities):
    """A guid is an identity unless it is missing, relative, or used for several links."""
    items, _ = sort(*(replace(PLAIN, guid=guid, link=link) for guid, link in guids_and_links))
    assert [item.id for item in items] == [stable_id("item", "gazette", identity) for identity in identities]


def test_left_out():
    """Items that were left out make one failure that counts them, the same at each poll."""
    _, (failure,) = sort(PLAIN, left_out=2_345)
    assert failure.reason is Reason.TOO_LARGE
    assert "2345" in failure.detail
    assert failure.url == BASE
    assert sort(PLAIN, left_out=2_345)[1][0].id == failure.id != sort(PLAIN, left_out=2_346)[1][0].id
