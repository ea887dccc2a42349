"""Documents in: what a line of NDJSON, or a file that is one page, becomes."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.protocol import SourceContext
from connectors.sources.documents import could_go_on, page_of_document, page_of_file
from connectors.testing import NOON
from schemas.codec import decode, encode
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.ids import stable_id
from schemas.items import Page

_CONTEXT = SourceContext(name="archive", publisher="courier", every_s=60.0)


def _page(line: bytes | str) -> Page:
    return page_of_document(line.encode() if isinstance(line, str) else line, _CONTEXT, NOON)


def test_all_keys_reach_the_page() -> None:
    """Each key stands where the contract says; the document's own clock and publisher win."""
    page = _page(
        json.dumps(
            {
                "url": "https://herald.example/1",
                "text": "One.\nTwo.",
                "title": "Headline",
                "published_at": "2024-05-01T10:00:00+02:00",
                "observed_at": "2024-05-01T09:30:00.5Z",
                "publisher": "herald",
                "language": "en",
            }
        )
    )
    item = page.item
    assert (page.text, page.html, page.url) == ("One.\nTwo.", None, "https://herald.example/1")
    assert (item.title, item.publisher, item.language, item.url) == ("Headline", "herald", "en", page.url)
    assert item.published_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert item.published_at.tzinfo is UTC
    assert page.observed_at == item.observed_at == datetime(2024, 5, 1, 9, 30, 0, 500_000, tzinfo=UTC)
    assert page.id == stable_id("page", page.url, "One.\nTwo.")
    assert item.id == stable_id("item", "archive", page.url)


def test_what_is_left_out_comes_from_the_source() -> None:
    """What is left out or null comes from the poll and the source."""
    for line in (
        '{"url": "u", "html": "<p>é"}',
        '{"url": "u", "html": "<p>é", "text": null, "observed_at": null}',
    ):
        page = _page(line)
        assert (page.html, page.charset, page.text) == ("<p>é".encode(), "utf-8", None)
        assert (page.observed_at, page.item.publisher, page.item.published_at) == (NOON, "courier", None)


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("not json", "JSON"),
        ('{"url": "u", "text": "t"', "JSON"),
        ('{"url": "u", "text": "t"} {}', "JSON"),
        ("[1]", "object"),
        ("null", "object"),
        ('{"text": "t"}', "url"),
        ('{"url": "", "text": "t"}', "url"),
        ('{"url": null, "text": "t"}', "url"),
        ('{"url": 7, "text": "t"}', "url"),
        ('{"url": "u"}', "neither"),
        ('{"url": "u", "html": null, "text": null}', "neither"),
        ('{"url": "u", "html": "h", "text": "t"}', "both"),
        ('{"url": "u", "text": ["t"]}', "text"),
        ('{"url": "u", "text": "t", "titel": "T"}', "titel"),
        ('{"url": "u", "text": "t", "published_at": "yesterday"}', "published_at"),
        ('{"url": "u", "text": "t", "published_at": "2024-05-01"}', "published_at"),
        ('{"url": "u", "text": "t", "published_at": "2024-05-01T10:00:00"}', "published_at"),
        ('{"url": "u", "text": "t", "published_at": "2024-02-30T10:00:00Z"}', "published_at"),
        ('{"url": "u", "text": "t", "published_at": "1714557600"}', "published_at"),
        ('{"url": "u", "text": "t", "published_at": 1714557600}', "published_at"),
        ('{"url": "u", "text": "t", "observed_at": "0001-01-01T00:00:00+14:00"}', "observed_at"),
        ('{"url": "u", "text": "t", "observed_at": "9999-12-31T23:59:59-14:00"}', "observed_at"),
        ('{"url": "u", "text": "\\ud800"}', "JSON"),
        (b'{"url": "u", "text": "\xed\xa0\x80"}', "JSON"),
        (b'{"url": "u", "text": "caf\xe9"}', "JSON"),
        (b'{"url": "u", "text": "\x00"}', "JSON"),
        ('{"url": "u", "text": "t", "title": ' + "[" * 5000, "JSON"),
    ],
)
def test_bad_lines_are_rejected(line: bytes | str, detail: str) -> None:
    """A line that is not a document is rejected as malformed, and the message names what is wrong."""
    with pytest.raises(Rejected, match=detail) as caught:
        _page(line)
    assert caught.value.reason is Reason.MALFORMED


_WHEN = st.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001 - the zone comes from the strategy
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
_DOCUMENTS = st.fixed_dictionaries(
    {"url": st.text(min_size=1), "text": st.text()},
    optional={
        "title": st.none() | st.text(),
        "published_at": st.none() | _WHEN.map(datetime.isoformat),
        "observed_at": st.none() | _WHEN.map(datetime.isoformat),
        "publisher": st.none() | st.text(min_size=1),
        "language": st.none() | st.text(),
        "html": st.none(),
    },
)


@settings(max_examples=60)
@given(document=_DOCUMENTS, ascii_only=st.booleans())
def test_every_well_formed_document_comes_back_unchanged(document: dict, ascii_only: bool) -> None:
    """Whatever its text, a document becomes a page with that very text, and survives the codec."""
    page = _page(json.dumps(document, ensure_ascii=ascii_only))
    assert (page.url, page.text) == (document["url"], document["text"])
    assert page.item.title == document.get("title")
    written = document.get("published_at")
    assert page.item.published_at == (datetime.fromisoformat(written) if written else None)
    assert decode(encode(page), Page) == page


@settings(max_examples=30)
@given(html=st.text())
def test_html_comes_back_as_utf8(html: str) -> None:
    """HTML becomes the bytes of its text in UTF-8, and the charset says so."""
    page = _page(json.dumps({"url": "u", "html": html}))
    assert page.html is not None
    assert (page.html.decode(page.charset or ""), page.text) == (html, None)


def test_every_beginning_of_a_document_could_go_on() -> None:
    """A line cut anywhere could still become a document; a whole or a wrong one could not."""
    line = json.dumps({"url": "u", "text": "é 😀\n\\", "published_at": None, "n": -1.5e10, "t": True})
    for whole in (line.encode(), json.dumps(json.loads(line), ensure_ascii=False).encode()):
        for cut in range(1, len(whole)):
            assert could_go_on(whole[:cut]), whole[:cut]
        assert not could_go_on(whole)
    for wrong in (b"not json", b'{"url" "u"', b"{'url'", b'{"url": "caf\xe9"}'):
        assert not could_go_on(wrong), wrong


def test_a_text_file_is_one_page() -> None:
    """A text file loses its byte order mark and has newlines for line ends; it must be UTF-8."""
    raw = "\ufeffOne é.\r\nTwo.\rThree.\n".encode()
    page = page_of_file("file:///a.txt", raw, is_text=True, context=_CONTEXT, observed_at=NOON)
    assert (page.text, page.html, page.item.title) == ("One é.\nTwo.\nThree.\n", None, None)
    with pytest.raises(Rejected, match="UTF-8"):
        page_of_file("file:///a.txt", b"caf\xe9", is_text=True, context=_CONTEXT, observed_at=NOON)


def test_an_html_file_is_one_page_as_it_is() -> None:
    """An HTML file is passed on byte for byte, its charset left to the reader of the page."""
    raw = b"\xff<p>caf\xe9\r\n"
    page = page_of_file("file:///a.html", raw, is_text=False, context=_CONTEXT, observed_at=NOON)
    assert (page.html, page.charset, page.text, page.observed_at) == (raw, None, None, NOON)
