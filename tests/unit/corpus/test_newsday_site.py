"""The news day as a site: every page and feed is what it should be at its instant."""

import feedparser
import pytest
from pipelines.cli.newsday.load import load_newsday

DAY = load_newsday()
HOST = "127.0.0.1:8099"
FEEDS = [outlet.id for outlet in DAY.outlets]


def at_end(path: str):
    return DAY.respond(path, DAY.rounds[-1], HOST)


@pytest.mark.parametrize("outlet", FEEDS)
def test_a_feed_parses_and_lists_what_has_appeared_newest_first(outlet):
    """Each round's feed holds the outlet's pages so far, as well-formed XML."""
    for now in DAY.rounds:
        feed = feedparser.parse(DAY.respond(f"/{outlet}/feed.xml", now, HOST).body)
        shown = [piece for piece in DAY.pieces if piece.outlet == outlet and piece.appears_at <= now]
        assert not feed.bozo
        assert [entry.title for entry in feed.entries] == [piece.title for piece in reversed(shown)]


@pytest.mark.parametrize("outlet", FEEDS)
def test_the_links_of_a_feed_lead_to_pages_of_this_host(outlet):
    """A reader of the feed finds every page on the same server."""
    feed = feedparser.parse(at_end(f"/{outlet}/feed.xml").body)
    for entry in feed.entries:
        assert entry.link.startswith(f"http://{HOST}/{outlet}/")
        assert at_end(entry.link.removeprefix(f"http://{HOST}")).status == 200


def test_both_feed_formats_are_used_by_three_outlets_at_least():
    """RSS and Atom are each what several outlets speak."""
    versions = [feedparser.parse(at_end(f"/{outlet}/feed.xml").body).version for outlet in FEEDS]
    assert min(versions.count("rss20"), versions.count("atom10")) >= 3


def test_the_aggregator_credits_the_outlet_that_it_rakes():
    """The RSS `source` element names the true publisher by its domain."""
    feed = feedparser.parse(at_end("/newsrake/feed.xml").body)
    assert {entry.source.href for entry in feed.entries} == {
        "https://courier.example/feed.xml",
        "https://pufd-press.example/feed.xml",
    }


@pytest.mark.parametrize("piece", DAY.pieces, ids=lambda piece: f"{piece.outlet}-{piece.slug}")
def test_a_page_shows_its_paragraphs_from_its_round_on(piece):
    """Before its round a page is missing; after it, every paragraph is there."""
    path = f"/{piece.outlet}/{piece.slug}"
    earlier = [now for now in DAY.rounds if now < piece.appears_at]
    assert all(DAY.respond(path, now).status == 404 for now in earlier)
    answer = DAY.respond(path, piece.appears_at)
    assert answer.status == 200
    if piece.kind in {"article", "digest", "live"}:
        page = answer.body.decode().replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
        assert all(paragraph in page for paragraph in piece.body)


def test_odd_pages_are_as_odd_as_they_say():
    """The empty page is empty, the junk is no text, and the wall shows nothing of the article."""
    odd = {piece.kind: at_end(f"/{piece.outlet}/{piece.slug}").body for piece in DAY.pieces}
    assert odd["empty"] == b""
    assert b"\x00" in odd["junk"]
    assert b"partners" in odd["wall"]


def test_an_answer_changes_its_etag_only_with_its_body():
    """The validator is derived from the body, so a feed without news can be answered with 304."""
    answers = [DAY.respond("/courier/feed.xml", now, HOST) for now in DAY.rounds]
    assert len({answer.headers["ETag"] for answer in answers}) == len({answer.body for answer in answers}) > 2


@pytest.mark.parametrize("path", ["/nobody/", "/nobody/feed.xml", "/courier/nothing", "/courier/x/y"])
def test_what_does_not_exist_is_missing(path):
    """An unknown outlet or page is a 404."""
    assert at_end(path).status == 404


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/courier/"])
def test_the_rest_of_the_site_answers(path):
    """The list of outlets, the robots file and an outlet's front page are there."""
    assert at_end(path).status == 200
