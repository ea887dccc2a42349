"""What a page says about itself: headline, authors, dates, language."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.text.characters import clean_line
from pipelines.text.headings import line_of, read_headings
from pipelines.text.linked_data import described_page, names_of, text_of
from pipelines.text.satire import is_labelled_satire
from pipelines.text.stamps import read_stamps
from pipelines.text.titles import Titles, headline_of
from schemas.record import Instant, record

_ARTICLE_DATES: Final = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
)
"""Tags that only articles have; any page may have the others."""
_PUBLISHED: Final = (
    *_ARTICLE_DATES,
    "dcterms.issued",
    "dc.date.issued",
    "publish-date",
    "publishdate",
    "pubdate",
    "dcterms.date",
    "dc.date",
    "date",
)
_UPDATED: Final = (
    "article:modified_time",
    "og:article:modified_time",
    "datemodified",
    "article.updated",
    "og:updated_time",
    "dcterms.modified",
    "last-modified",
)
_AUTHORS: Final = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dcterms.creator",
    "dc.creator",
    "citation_author",
    "byl",
)
_LABELS: Final = ("article:section", "og:site_name", "genre", "section")
_BYLINES: Final = XPath("//*[@rel='author' or @itemprop='author'][not(self::meta or self::link)]")
_TIMES: Final = XPath(
    "//time[@datetime][not(@itemprop='dateModified')]"
    "[not(ancestor::aside or ancestor::nav or ancestor::footer)]"
)
_URL_DAY: Final = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:/|$)")
_BY: Final = re.compile(r"^(?:by|von|par|por)\s+", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*[;|\n]\s*|,\s+|\s+(?:&|and|und|et|og|och)\s+")
_NAME_CHARS: Final = range(2, 60)
_MOST_NAMES: Final = 20
_MOST_HEADINGS: Final = 20
_MOST_SUBHEADINGS: Final = 2


@record
class PageMetadata:
    """What the page says, unchecked; missing stays missing."""

    headline: str | None
    """The article's own headline, without the name of the site."""
    page_title: str | None
    """The title for a browser's tab; may hold the name of the site."""
    headings: tuple[str, ...]
    """Every way in which the page gives its title: any may stand above the text again."""
    authors: tuple[str, ...]
    """Names of the authors."""
    published_at: Instant | None
    """First publication; midnight UTC where the page gives no more than the day."""
    updated_at: Instant | None
    """Last change, read the same way."""
    language: str | None
    """Language tag of the page."""
    satire: bool = False
    """Whether it labels itself as satire."""
    kinds: frozenset[str] = frozenset()
    """What it says it is: types of schema.org, and of Open Graph as `og:article`."""
    is_dated: bool = False
    """Whether it has one date in a meta tag that only articles have."""


def read_metadata(tree: HtmlElement, url: str) -> PageMetadata:
    """What the page at `url` says in its JSON-LD, its meta tags and its markup, in that order.

    Dates are only those that are marked as the article's own: a date that merely stands on the page, in
    a list of other stories or in an image's address, is not taken.
    """
    article, kinds = described_page(tree)
    tags = _meta_tags(tree)
    titles = Titles(
        described=line_of(text_of(article.get("headline"))),
        shared=next(filter(None, map(line_of, tags.get("og:title", ()))), None),
        tab=line_of(tree.findtext(".//title") or ""),
        headings=read_headings(tree, 1, _MOST_HEADINGS),
        subheadings=read_headings(tree, 2, _MOST_SUBHEADINGS),
        sites=(*tags.get("og:site_name", ()), *names_of(article.get("publisher"))),
    )
    published = [text_of(article.get("datePublished")), *_valued(tags, _PUBLISHED), *_marked_dates(tree, url)]
    told = [titles.described, *(head.text for head in titles.headings), titles.shared, titles.tab]
    return PageMetadata(
        headline=headline_of(titles, url),
        page_title=titles.tab or titles.shared,
        headings=tuple(dict.fromkeys(filter(None, told))),
        authors=_names(names_of(article.get("author")))
        or _names(_valued(tags, _AUTHORS))
        or _names(" ".join(byline.itertext()) for byline in _BYLINES(tree)),
        published_at=read_stamps(published),
        updated_at=read_stamps([text_of(article.get("dateModified")), *_valued(tags, _UPDATED)]),
        language=line_of(tree.get("lang") or "") or line_of(text_of(article.get("inLanguage"))),
        satire=is_labelled_satire((*_valued(tags, _LABELS), *map(text_of, _described_as(article)))),
        kinds=kinds | {f"og:{kind.strip().lower()}" for kind in tags.get("og:type", ())},
        is_dated=any(len(set(tags.get(name, ()))) == 1 for name in _ARTICLE_DATES),
    )


def _described_as(article: Mapping[str, object]) -> Iterator[object]:
    for key in ("articleSection", "genre"):
        yield article.get(key)
    # schema.org has a type of its own for it.
    yield str(article.get("@type")).replace("SatiricalArticle", "satire")


def _meta_tags(tree: HtmlElement) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = meta.get("content")
        if name and content:
            tags.setdefault(name.lower(), []).append(content)
    return tags


def _valued(tags: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in tags.get(name, ())]


def _marked_dates(tree: HtmlElement, url: str) -> list[str]:
    times = [time.get("datetime", "") for time in _TIMES(tree)[:1]]
    return [*times, *("{}-{:0>2}-{:0>2}".format(*day) for day in _URL_DAY.findall(url)[:1])]


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for text in texts:
        for part in _BETWEEN.split(unescape(text)):
            name = _BY.sub("", clean_line(part) or "")
            if len(name) in _NAME_CHARS and "://" not in name and "@" not in name:
                names[name] = None
    return tuple(names)[:_MOST_NAMES]
