"""The running text of a page, as trafilatura finds it, without what frames it."""

from typing import Final

from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html

from pipelines.text.characters import clean_text
from pipelines.text.chrome import prune_chrome
from pipelines.text.framing import without_frame
from pipelines.text.metadata import PageMetadata

_TOO_LITTLE: Final = 0.5
_MUCH_MORE: Final = 1.5


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
    found = _read(tree, url, recall=True)
    if len(found) < _TOO_LITTLE * sum(len("".join(each.itertext())) for each in tree.iter("p")):
        balanced = _read(tree, url, recall=False)
        if len(balanced) > _MUCH_MORE * len(found):
            found = balanced
    return without_frame(clean_text(found).strip(), said)


def _read(tree: HtmlElement, url: str, *, recall: bool) -> str:
    # Given the tree, trafilatura works on a copy, which costs less than parsing twice.
    found = bare_extraction(tree, url=url, include_comments=False, favor_recall=recall)
    return found.text or "" if found else ""
