"""What a page is: an article, several, or an index that holds none. Pure logic over its tree."""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.text.content import without_labels
from pipelines.text.linked_data import is_article
from pipelines.text.metadata import PageMetadata
from pipelines.text.outline import text_in
from pipelines.text.page_lines import LINKED_SHARE, PageLines, lines_of
from pipelines.text.piece_reading import Piece
from pipelines.text.splitting import Asked, Split, split_page
from schemas.record import record

_INDEX_KINDS: Final = frozenset(("CollectionPage", "SearchResultsPage"))
_OPEN_GRAPH_ARTICLE: Final = "og:article"
"""Many sites say so of every page."""
_LIVE: Final = re.compile(
    r"^live\b\W|\blive(?:[ -]?(?:blog|ticker|updates?|text|feed|coverage)\b|\s*[:|–—-])|[|:–—-]\s*live$"
    r"|\b(?:(?:news)?ticker|newsblog|as it happened|minute by minute|en directo?|en vivo|in diretta)\b",
    re.IGNORECASE,
)
_STAMPS: Final = XPath("count(//time) > 9")
_ELEMENTS: Final = XPath("count(//*)")
_MOST_ELEMENTS: Final = 30_000
"""Ten times the elements of a usual page: to walk over more would cost time and memory that others need."""
_GOODS: Final = XPath(
    "count(//*[contains(@class,'price') or contains(@class,'Price')"
    " or contains(@class,'product') or contains(@class,'Product')])"
)
_LIST_PATH: Final = re.compile(r"/(?:categor(?:y|ies)|collections?|browse|search|c)/", re.IGNORECASE)
_COVER: Final = 0.5
_DIGEST_HEADINGS: Final = 3
_ALL_LINKED: Final = 0.75
_LEAST_PIECES: Final = 2
_LEAST_PARTS: Final = 3
_ALL_TEASERS: Final = 0.75
_SHELF: Final = 30
_LONG: Final = 15_000
_STRETCH: Final = 500
_RUNNING_SHARE: Final = 0.5
_MUCH_LINKED: Final = 0.4
_MANY_PARTS: Final = 10
_LEAST_CHARS: Final = 200
_TELLING: Final = 300
"""With less, a short article beside some links looks like a list of them."""


class PageKind(StrEnum):
    """What a page holds."""

    ARTICLE = "article"
    """One article, or what cannot be told from one."""
    SEVERAL = "several"
    """Several articles."""
    INDEX = "index"
    """Pointers to articles or goods, and no article."""


@record
class Verdict:
    """What a page is, and why."""

    kind: PageKind
    """What it holds."""
    why: str
    """The evidence, in words."""
    pieces: tuple[Piece, ...] = ()
    """Its articles, where it holds several."""
    entries: tuple[str, ...] = ()
    """The lines of an index: headlines, teasers, names of goods."""


def judge_page(tree: HtmlElement, url: str, said: PageMetadata) -> Verdict:
    """What the page is. Its tree must be whole: nothing taken out.

    It is an article until something speaks against that, since an article that is lost is worse than an
    index that is read. A page that says that it is an article is believed unless its pieces have more of
    their own than subheadings have, or hardly anything on it is running text.
    """
    if _ELEMENTS(tree) > _MOST_ELEMENTS:
        return Verdict(kind=PageKind.ARTICLE, why="it is too large for a closer look")
    page = lines_of(tree, said.published_at.date() if said.published_at else None)
    one_article = says_article(said)
    one_of_many = one_article or _OPEN_GRAPH_ARTICLE in said.kinds
    asked = Asked.LIVE if is_live(said) else Asked.PARTS if one_of_many else Asked.PIECES
    split = split_page(page, url, asked)
    if split.share >= _COVER and len(split.articles) >= (_LEAST_PARTS if one_article else _LEAST_PIECES):
        own = sorted(frozenset.intersection(*(piece.evidence for piece in split.articles)))
        why = f"{len(split.articles)} pieces with {', '.join(own) or 'something'} of their own"
        return Verdict(kind=PageKind.SEVERAL, why=why, pieces=split.articles)
    if asked is Asked.PARTS and not one_article:
        split = split_page(page, url, Asked.PIECES)  # whatever the page says, it may hold nothing but teasers
    if sign := _index_sign(page, tree, url, said, split):
        places = without_labels(page.outline, page.content)
        entries = tuple(page.outline.lines[place].text for place in places)
        return Verdict(kind=PageKind.INDEX, why=sign, entries=entries)
    return Verdict(kind=PageKind.ARTICLE, why="it says so" if one_article else "nothing speaks against it")


def hints_at_several(tree: HtmlElement, said: PageMetadata) -> bool:
    """Whether a page that says that it is an article is worth a closer look: a live blog, or many stamps.

    One look in C, since most pages are articles: a few hundredths of a millisecond.
    """
    return is_live(said) or bool(_STAMPS(tree))


def is_live(said: PageMetadata) -> bool:
    """Whether a page says that it is a live blog."""
    return "LiveBlogPosting" in said.kinds or any(_LIVE.search(title) for title in said.headings)


def is_digest(tree: HtmlElement, text: str) -> bool:
    """Whether hardly any heading in a page's text is without a link, as in a digest of other pages."""
    lines = set(text.split("\n"))
    for tag in ("h2", "h3"):
        within = [heading for heading in tree.iter(tag) if text_in(heading) in lines]
        linked = sum(heading.find(".//a") is not None for heading in within)
        if linked >= _DIGEST_HEADINGS and linked >= _ALL_LINKED * len(within):
            return True
    return False


def says_article(said: PageMetadata) -> bool:
    """Whether a page says that it is one article: by its description, or by a date of its own."""
    return said.is_dated or any(is_article(kind) for kind in said.kinds if kind != _OPEN_GRAPH_ARTICLE)


def _index_sign(page: PageLines, tree: HtmlElement, url: str, said: PageMetadata, split: Split) -> str | None:
    """Why a page with no several articles is an index; None where it may be an article."""
    lines = [page.outline.lines[place] for place in page.content]
    chars = sum(len(line.text) for line in lines)
    linked = sum(line.linked_chars for line in lines) / max(chars, 1)
    is_article_page = says_article(said)
    if split.share >= _ALL_TEASERS and not split.articles and not is_article_page:
        return f"{len(split.pieces)} teasers hold its text"
    address = urlsplit(url)
    path = address.path
    stretch = longest_stretch(page)
    if path in {"", "/"} and not address.query and stretch < 3 * _STRETCH:
        return "it is a front page"
    marked = sum(node.tag == "article" for node in page.outline.nodes)
    if stretch < _STRETCH and linked >= _MUCH_LINKED and marked >= _MANY_PARTS:
        return f"{marked} parts and {linked:.0%} of its text in links"
    if is_article_page or (chars < _LEAST_CHARS and linked < _MUCH_LINKED):
        return None
    if kinds := _INDEX_KINDS & said.kinds:
        return f"it says that it is a {min(kinds)}"
    goods = int(_GOODS(tree))
    weakly = _OPEN_GRAPH_ARTICLE in said.kinds
    if goods >= _SHELF and not (weakly and page.running_chars > _LONG):
        return f"{goods} parts about goods"
    if any(kind.startswith("og:product") for kind in said.kinds):
        return "it says that it is about goods"
    if chars >= _TELLING and page.running_chars < _RUNNING_SHARE * chars and stretch < _STRETCH:
        return f"{page.running_chars} of {chars} characters are running text"
    if _LIST_PATH.search(path) and not weakly:
        return "its address is that of a list"
    return None


def longest_stretch(page: PageLines) -> int:
    """The most characters of running text that no linked line interrupts."""
    best = current = 0
    for place in page.content:
        if place in page.running:
            current += page.weight(place)
            best = max(best, current)
        elif page.linked_share(place) > LINKED_SHARE:
            current = 0
    return best
