"""What a page says about itself, in JSON-LD, meta tags and markup."""

import json
from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from pipelines.text.metadata import read_metadata

URL = "https://courier.example/bridge"
EIGHT = datetime(2024, 5, 2, 8, tzinfo=UTC)
DAY = datetime(2024, 5, 2, tzinfo=UTC)


def said(head="", body="", url=URL):
    """What a page with this head and body says."""
    return read_metadata(document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"), url)


def ld(*things):
    """The things as JSON-LD."""
    return "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)


def an_ld_article(**fields):
    """A described article."""
    return {"@context": "https://schema.org", "@type": "NewsArticle", **fields}


def meta(name, content):
    """A meta tag."""
    return f'<meta property="{name}" content="{content}">'


OG = meta("og:title", "Bridge closed | Courier")


@pytest.mark.parametrize(
    ("head", "body", "headline"),
    [
        (
            ld(an_ld_article(headline="Bridge &amp; road\n closed")) + OG,
            "<h1>Shut!</h1>",
            "Bridge & road closed",
        ),
        (ld({"@graph": [{"@type": "WebSite"}, an_ld_article(headline="In a graph")]}), "", "In a graph"),
        (ld([{"@type": ["Thing", "BlogPosting"], "headline": ["Listed"]}]), "", "Listed"),
        (ld({"@type": "WebPage", "mainEntity": an_ld_article(headline="Inside")}), "", "Inside"),
        (ld({"@type": "ItemList", "itemListElement": [an_ld_article(headline="Another")]}), "", None),
        ('<script type="application/ld+json">{"headline": broken</script>' + OG, "", "Bridge closed"),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>' + OG, "", "Bridge closed"),
        (OG, "<h1>Courier</h1><h1>Bridge\u200b <b>closed</b></h1>", "Bridge closed"),
        ("", "<h1>Bridge closed</h1>", "Bridge closed"),
        ("", "<h1>Courier</h1><h1>Bridge closed</h1>", "Bridge closed"),
        ("", "<h1>Weather</h1><h1>Bridge closed</h1>", None),
        ("", "<p>Bridge closed</p>", None),
        ("", f"<h1>{'Bridge closed ' * 40}</h1>", None),
    ],
)
def test_headline(head, body, headline):
    """The article's described headline, else its heading: never the name of the site, never another's."""
    assert said(head, body).headline == headline


def test_page_title():
    """The title of the page is kept apart, the one for the tab first; all titles are told as headings."""
    assert said("<title>Courier</title>").page_title == "Courier"
    assert said("<title>Courier</title>" + OG).page_title == "Courier"
    assert said(OG).page_title == "Bridge closed | Courier"
    assert said(OG, "<h1>Shut</h1>").headings == (
        "Shut",
        "Bridge closed | Courier",
    )
    assert said().page_title is None


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (ld(an_ld_article(author={"@type": "Person", "name": "Ida Brem"})), "", ("Ida Brem",)),
        (
            ld(an_ld_article(author=[{"name": "Ida Brem"}, {"name": ["Ole Vik"]}])),
            "",
            ("Ida Brem", "Ole Vik"),
        ),
        (ld(an_ld_article(author="By Ida Brem and Ole Vik")), "", ("Ida Brem", "Ole Vik")),
        (
            ld(an_ld_article(author=[{"@type": "Organization", "name": "Courier"}, {"name": "Ida Brem"}])),
            "",
            ("Ida Brem",),
        ),
        (ld(an_ld_article(author={"@type": "Organization", "name": "Courier"})), "", ("Courier",)),
        (meta("author", "Ida Brem; Ole Vik") + meta("author", "Ida Brem"), "", ("Ida Brem", "Ole Vik")),
        (meta("article:author", "https://courier.example/people/ida"), "", ()),
        (meta("author", "ida@courier.example"), '<a rel="author">von Ida\u202e Brem</a>', ("Ida Brem",)),
        ("", '<span itemprop="author"><b>Ida</b> Brem</span>', ("Ida Brem",)),
        (ld(an_ld_article(author={"name": None})), "", ()),
        (ld(an_ld_article(author=7)), "", ()),
    ],
)
def test_authors(head, body, authors):
    """Names only, each once, people before companies, from the best place that has any."""
    assert said(head, body).authors == authors


@pytest.mark.parametrize(
    ("head", "body", "url", "published_at"),
    [
        (ld(an_ld_article(datePublished="2024-05-02T10:00:00+02:00")), "", URL, EIGHT),
        (meta("article:published_time", "2024-05-02T08:00:00Z"), "", URL, EIGHT),
        (
            ld(an_ld_article(datePublished="2024-05-02"))
            + meta("article:published_time", "2024-05-02T08:00:00Z"),
            "",
            URL,
            EIGHT,
        ),
        ("", '<time datetime="2024-05-02T08:00:00Z">today</time>', URL, EIGHT),
        ("", '<time itemprop="dateModified" datetime="2024-05-02T08:00:00Z">today</time>', URL, None),
        ("", '<aside><time datetime="2021-01-01T08:00:00Z">an older story</time></aside>', URL, None),
        ("", '<aside class="date">May 3, 2021</aside><p>On June 4, 2022, it opened.</p>', URL, None),
        (meta("og:image", "https://courier.example/2021/01/01/bridge.jpg"), "", URL, None),
        ("", "", "https://courier.example/2024/5/2/bridge", DAY),
        ("", "", "https://courier.example/2024/05/02", DAY),
        ("", "", "https://courier.example/2024/55/02/bridge", None),
        (
            ld({"@type": "ItemList", "itemListElement": [an_ld_article(datePublished="2021-01-01")]}),
            "",
            URL,
            None,
        ),
        (ld(an_ld_article(datePublished=1714636800)), "", URL, None),
    ],
)
def test_published_at(head, body, url, published_at):
    """Only what is marked as the article's own date, as exact as the page tells it; never a guess."""
    assert said(head, body, url).published_at == published_at


def test_updated_at():
    """The last change is read apart from the publication."""
    page = said(ld(an_ld_article(datePublished="2024-05-02", dateModified="2024-05-02T08:00:00Z")))
    assert (page.published_at, page.updated_at) == (DAY, EIGHT)
    assert said(meta("article:modified_time", "2024-05-02T08:00:00Z")).updated_at == EIGHT
    assert said().updated_at is None


def test_language():
    """The page's language is its tag, else the article's."""
    assert read_metadata(document_fromstring('<html lang="sq-AL"><p>Ura</p></html>'), URL).language == "sq-AL"
    assert said(ld(an_ld_article(inLanguage="sq"))).language == "sq"
    assert said().language is None
