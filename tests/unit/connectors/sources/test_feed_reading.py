"""What feeds announce: the feeds of the corpus with what they say beside them, and what is no feed."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic_core import to_json

from connectors.sources.feed_reading import read_feed
from schemas.errors import Rejected
from schemas.failures import Reason

CORPUS = Path(__file__).parents[3] / "corpus" / "feeds"
CASES = sorted(CORPUS.glob("*.xml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_corpus(path):
    """A feed of the corpus is read as its expectation says; fields that it leaves out are not compared."""
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    found = json.loads(to_json(read_feed(path.read_bytes(), None)).replace(b'Z"', b'+00:00"'))
    assert (found["language"], found["ttl_s"]) == (expected["language"], expected["ttl_s"])
    for announced, wanted in zip(found["announcements"], expected["announcements"], strict=True):
        assert {key: announced[key] for key in wanted} == wanted


PAGE = b"""<!DOCTYPE html><html><head><title>Gazette</title>
<link rel="alternate" type="application/rss+xml" href="/rss/all"></head><body><item>x</item></body></html>"""


@pytest.mark.parametrize(
    ("raw", "reason", "says"),
    [
        (PAGE, Reason.MALFORMED, "/rss/all"),
        (b"<html><body>Please prove that you are human.</body></html>", Reason.MALFORMED, "browser"),
        (b"  <!-- x --><HTML>" + b"<div>" * 10_000, Reason.MALFORMED, "browser"),
        (b' {"version": "https://jsonfeed.org/version/1", "items": []}', Reason.MALFORMED, "JSON Feed"),
        (b"<opml><body><outline/></body></opml>", Reason.MALFORMED, "browser"),
        (b"Internal error", Reason.MALFORMED, "no element"),
        (b"", Reason.MALFORMED, "no element"),
        (b"\x1f\x8b\x08\x00" + bytes(range(256)), Reason.MALFORMED, ""),
        (b"<rss><channel>" + b"<a>" * 600, Reason.UNSAFE, "deep"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>", Reason.UNSAFE, "declares"),
        (b"<!-- <a --><!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>", Reason.UNSAFE, "declares"),
    ],
)
def test_no_feed(raw, reason, says):
    """What is no feed is refused, and the message or its hint says what to do."""
    with pytest.raises(Rejected) as caught:
        read_feed(raw, None)
    assert caught.value.reason is reason
    assert says in f"{caught.value} {caught.value.hint}"


def test_never_opened(tmp_path, monkeypatch):
    """Content that is the name of a file is content."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "<rss>").write_text("<rss version='2.0'><channel><item/></channel></rss>", encoding="utf-8")
    assert read_feed(b"<rss>", None).announcements == ()


def test_parser_stumbles():
    """A feed that the parser cannot cope with is refused, not a crash."""
    with pytest.raises(Rejected) as caught:
        read_feed(b'<rss><channel><item><title type="xhtml"><width/></title></item></channel></rss>', None)
    assert caught.value.reason is Reason.MALFORMED
    assert "stumbles" in str(caught.value)


@pytest.mark.parametrize(
    "item",
    [
        "<item><category>x{n}</category></item>",
        "<item xmlns:p{n}='u'/>",
        "<author>" + "a" * 480 + "</author>",
        "<item><title>&lt;a</title></item>",
    ],
)
def test_quick(item):
    """Feeds made to be slow are read or refused for their size in a moment: this test hangs otherwise."""
    many = "".join(item.replace("{n}", str(n)) for n in range(2_000))
    author = f"<author>{'a' * 1_000_000}</author>"
    raw = f"<rss version='2.0'><channel>{many}<item>{many}</item>{author}</channel></rss>"
    with suppress(Rejected):
        read_feed(raw.encode(), None)
