"""The running text of a page, as trafilatura finds it, without what frames it."""

from collections import Counter
from itertools import chain
from typing import Final

from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html
from trafilatura.xpaths import BODY_XPATH

from pipelines.text.characters import clean_text
from pipelines.text.chrome import paragraph_chars, prune_chrome
from pipelines.text.framing import without_frame
from pipelines.text.metadata import PageMetadata

_TOO_LITTLE: Final = 0.5
_MUCH_MORE: Final = 1.5
_KNOWN_SHARE: Final = 0.15
"""A part that trafilatura knows by name is not where the text is if it holds less of the paragraphs."""
_HELD_SHARE: Final = 0.8
_CONTAINERS: Final = frozenset({"article", "div", "main", "section"})


def parse_page(html: str) -> HtmlElement | None:
    """The tree of an HTML document; None where it is none."""
    return load_html(html)


def body_text(tree: HtmlElement, url: str, said: PageMetadata) -> str:
    """The text of the article that `tree` holds, one paragraph a line, NFC; empty where there is none.

    The tree is changed: the site's own parts are taken out. What is left is read for recall, which is
    quicker and keeps headings and lists; where that finds less than half of the page's paragraphs, the
    balanced reading is tried too and taken where it finds much more.
    """
    prune_chrome(tree)
    chars = paragraph_chars(tree)
    _mark_container(tree, chars)
    found = _read(tree, url, recall=True)
    if len(found) < _TOO_LITTLE * chars[tree]:
        balanced = _read(tree, url, recall=False)
        if len(balanced) > _MUCH_MORE * len(found):
            found = balanced
    return without_frame(clean_text(found).strip(), said)


def _mark_container(tree: HtmlElement, chars: Counter[HtmlElement]) -> None:
    """Marks the smallest part that holds most paragraphs, where trafilatura knows no part by its name.

    Without one it gathers paragraphs from all over the page, and loses the headings between them.
    """
    articles = tree.iter("article")  # first, because trafilatura's expressions take 2 ms
    named = (part for parts in BODY_XPATH for part in parts(tree)[:1])
    if any(chars[part] > _KNOWN_SHARE * chars[tree] for part in chain(articles, named)):
        return
    smallest: HtmlElement | None = None
    part: HtmlElement | None = tree
    while part is not None:
        smallest = part if part.tag in _CONTAINERS else smallest
        part = next((each for each in part if chars[each] > _HELD_SHARE * chars[tree]), None)
    if smallest is not None:
        smallest.set("itemprop", "articleBody")


def _read(tree: HtmlElement, url: str, *, recall: bool) -> str:
    # Given the tree, trafilatura works on a copy, which costs less than parsing twice.
    found = bare_extraction(tree, url=url, include_comments=False, favor_recall=recall)
    return found.text or "" if found else ""
