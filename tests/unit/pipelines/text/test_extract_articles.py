"""From a page to its article: what is taken, what is kept as it is, and what is refused."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.testing import MORNING, NOON, a_page, an_item
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.ids import stable_id

NOBODY = PublisherTable(())
FIRST = "The Veldar bridge closed on Monday after engineers found cracks in two of its pillars."
SECOND = "It carried 2,900 cars a day, the council said, and the détour takes half an hour."
TEXT = f"{FIRST}\n{SECOND}"
LD = {
    "@type": "NewsArticle",
    "headline": "Veldar bridge closed",
    "author": {"name": "Ida Brem"},
    "datePublished": "2024-05-01T06:00:00Z",
    "dateModified": "2024-05-01T07:00:00Z",
}
CHROME = """<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>"""


def html(paragraphs=(FIRST, SECOND), head=""):
    """A page of a news site, as it is fetched."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Veldar bridge closed | Courier</title>{head}</head>"
        f"<body>{CHROME}<article><h1>Veldar bridge closed</h1>{body}</article>"
        f"<footer>All rights reserved</footer></body></html>"
    )


def described():
    """The page with a description of its article."""
    return html(head=f'<script type="application/ld+json">{json.dumps(LD)}</script>').encode()


def the_article(page):
    """The one article of the page."""
    (article,) = extract_articles(page, NOBODY)
    return article


def test_an_html_page():
    """The text without chrome and headline, the page's metadata, the item's and the page's origin."""
    page = a_page(html=described(), item=an_item(title="Bridge shut", authors=("Desk",), published_at=None))
    article = the_article(page)
    assert article.text == TEXT
    assert (article.title, article.authors, article.language) == ("Veldar bridge closed", ("Ida Brem",), "en")
    assert article.published_at == datetime(2024, 5, 1, 6, tzinfo=UTC)
    assert article.updated_at == datetime(2024, 5, 1, 7, tzinfo=UTC)
    assert (article.page, article.source, article.url) == (page.id, page.item.source, page.url)
    assert (article.part, article.observed_at, article.publisher) == (0, page.observed_at, "courier")
    assert article.id == stable_id("article", page.url, article.title, article.text)


def test_the_items_dates_come_first():
    """What the source announced beats what the page says of its dates."""
    article = the_article(a_page(html=described(), item=an_item(published_at=MORNING, updated_at=NOON)))
    assert (article.published_at, article.updated_at) == (MORNING, NOON)


def test_a_silent_page():
    """Where the page says nothing, the item does; where neither does, it stays missing."""
    silent = f"<html><body><p>{FIRST}</p><p>{SECOND}</p></body></html>".encode()
    article = the_article(a_page(html=silent))
    assert (article.title, article.authors, article.published_at) == (
        "Veldar bridge closed",
        ("Ida Brem",),
        MORNING,
    )
    unknown = an_item(title=None, authors=(), published_at=None)
    article = the_article(a_page(html=silent, item=unknown))
    assert (article.title, article.authors, article.published_at, article.updated_at) == (
        None,
        (),
        None,
        None,
    )


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (html().encode(), "iso-8859-1"),
        (html(head="<meta charset='windows-1251'>").encode(), None),
        (html().encode("utf-16"), None),
        (b"<?xml version='1.0' encoding='koi8-r'?>" + html().encode(), None),
    ],
    ids=["transport", "meta", "mark", "prolog"],
)
def test_a_wrong_charset_changes_nothing(body, charset):
    """The same text and title come out, whatever was declared."""
    article = the_article(a_page(html=body, charset=charset))
    assert (article.text, article.title) == (TEXT, "Veldar bridge closed")


def test_unseen_characters_are_dropped():
    """NUL, zero-width characters and direction overrides do not split a name."""
    names = (
        "Vel\u200bdar",
        "Vel\u00addar",
        "\u202eVeldar\u202c",
        "Vel\u2060dar",
        "Vel\0dar",
        "Vel&#8203;dar",
    )
    paragraphs = [f"{name} closed bridge number {number} on Monday." for number, name in enumerate(names)]
    text = the_article(a_page(html=html(paragraphs).encode())).text
    assert [line.partition(" ")[0] for line in text.split("\n")] == ["Veldar"] * len(names)


def test_letters_are_composed():
    """A letter and its accent become one character, so that names compare equal."""
    text = the_article(a_page(html=html([FIRST.replace("bridge", "Bru\u0308cke"), SECOND]).encode())).text
    assert text.startswith("The Veldar Brücke closed")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t")))
def test_clean_text_passes_through(text):
    """The text of a page without HTML is not touched, so that offsets into it stay true."""
    text += "a"
    assert the_article(a_page(text=text, item=an_item())).text == text


@pytest.mark.parametrize(
    ("page", "reason", "says"),
    [
        (a_page(html=b""), Reason.EMPTY, "blank"),
        (a_page(html=b" \n\t "), Reason.EMPTY, "blank"),
        (a_page(html=b"<html><body></body></html>"), Reason.EMPTY, "no words"),
        (a_page(html=b"<html><body><p>***</p><p>--</p></body></html>"), Reason.EMPTY, "no words"),
        (a_page(text=""), Reason.EMPTY, "no words"),
        (a_page(text=" \n\u2003\n"), Reason.EMPTY, "no words"),
        (a_page(html=html(["Please accept all cookies to read on."]).encode()), Reason.EMPTY, "consent wall"),
        (a_page(html=html(["Checking your browser. Wait."]).encode()), Reason.EMPTY, "robot check"),
        (a_page(html=b"%PDF-1.7\n%\xe2\xe3"), Reason.BINARY, "a PDF document"),
        (a_page(html=b"\x89PNG\r\n\x1a\n"), Reason.BINARY, "a PNG image"),
        (a_page(html=b"\x1f\x8b\x08" + bytes(99)), Reason.BINARY, "gzip data"),
        (a_page(html=bytes(range(256)) * 9), Reason.BINARY, "not text"),
        (a_page(html=b"<html>" + bytes(5000)), Reason.BINARY, "not text"),
        (a_page(text="\0\1\2\3 bridge"), Reason.BINARY, "not text"),
        (a_page(text="Veldar \ud800 bridge"), Reason.MALFORMED, "half a character"),
        (a_page(html=b'{"title": "Veldar bridge closed"}'), Reason.MALFORMED, "not an HTML document"),
        (a_page(html=b"<?xml version='1.0'?><rss><channel/></rss>"), Reason.MALFORMED, "not an HTML"),
        (a_page(html=b"<html>" + 600 * b" "), Reason.TOO_LARGE, "606 bytes"),
        (a_page(text=600 * "a"), Reason.TOO_LARGE, "600 bytes"),
    ],
)
def test_refusals(page, reason, says):
    """Each page without an article is refused with its reason and its address."""
    limit = 599 if reason is Reason.TOO_LARGE else 20_000_000
    with pytest.raises(Rejected, match=says) as refusal:
        extract_articles(page, NOBODY, limit)
    assert refusal.value.reason is reason
    assert page.url in str(refusal.value)


def test_deep_nesting_is_no_bug():
    """Nesting beyond what the parser takes is a page without words, or one with the words above."""
    with pytest.raises(Rejected):
        extract_articles(a_page(html=b"<html><body>" + b"<div>" * 50_000 + b"deep</body></html>"), NOBODY)
    deep = html().replace("</article>", "</article>" + "<b>" * 5000).encode()
    assert the_article(a_page(html=deep)).text.startswith(TEXT)
