"""Parts of a page that belong to the site, not to the article: pointers to other stories, boxes, embeds."""

import re
from collections import Counter
from functools import lru_cache
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement

_NAMED: Final = XPath(
    "//*[@class or @id][self::div or self::section or self::aside or self::ul or self::ol or self::p"
    " or self::span or self::header or self::footer or self::figure or self::blockquote"
    " or self::h2 or self::h3 or self::h4]"
)
_OF_THE_SITE: Final = re.compile(
    r"(?:^|[\s_-])(?:related|teasers?|recommend(?:ed|ations?)?|promos?|newsletters?|sign-?up"
    r"|read-?(?:more|next|also)|also-?read|more-?(?:from|on|stories)|most-?(?:read|popular|viewed)|trending"
    r"|other-(?:\w+-)?(?:stories|news|articles|columns|posts)|latest|gallery|slideshow|carousel"
    r"|vjs|modal|popup|overlay"
    r"|author-?(?:bio|box|info|card|description)|about-?(?:the-?)?author|bio|byline"
    r"|share|sharing|social|follow|subscribe|breadcrumbs?|tags?|tag-?list|comments?"
    r"|outbrain|taboola|advert\w*|ads?|cookies?|consent|disclaimer|skip|sidebar|copyright"
    r"|credit|twitter-tweet|instagram-media)(?=$|[\s_-])",
    re.IGNORECASE,
)
_SHARE: Final = 0.2
"""A part with more of the page's paragraphs than this is no box beside the article, whatever its name."""

_HIDDEN: Final = XPath(
    "/html/body//*[@hidden or @style[contains(translate(., 'DISPLAYNOE ', 'displaynoe'), 'display:none')]]"
)
_HIDDEN_SHARE: Final = 0.75
"""A page that hides more of its paragraphs than this waits for a script that shows them."""

_POINTER: Final = 0.7
_POINTER_CHARS: Final = range(12, 200)


def prune_chrome(tree: HtmlElement) -> None:
    """Takes out of a page's tree what its markup marks as the site's own, and paragraphs that only point.

    What nobody sees goes, unless the page hides nearly all. A part goes by the words of its class or id,
    unless it holds the heading, an article or a good share of the page's paragraphs. A paragraph that is
    hardly more than one link to elsewhere points to another story.
    """
    if tree.find("body") is None:
        return
    chars = paragraph_chars(tree)
    _drop_hidden(tree, chars)
    for part in _NAMED(tree):
        if (
            _is_of_the_site(f"{part.get('class', '')} {part.get('id', '')}")
            and chars[part] <= _SHARE * chars[tree]
            and part.find(".//h1") is None
            and part.find(".//article") is None
        ):
            part.drop_tree()
    for paragraph in list(tree.iter("p")):
        if _only_points(paragraph):
            paragraph.drop_tree()


def paragraph_chars(tree: HtmlElement) -> Counter[HtmlElement]:
    """How many characters of paragraphs each element holds; paragraphs hold their own."""
    held: Counter[HtmlElement] = Counter()
    for paragraph in tree.iter("p"):
        chars = len("".join(paragraph.itertext()))
        held[paragraph] += chars
        for around in paragraph.iterancestors():
            held[around] += chars
    return held


def _drop_hidden(tree: HtmlElement, chars: Counter[HtmlElement]) -> None:
    outer: dict[HtmlElement, None] = {}
    for part in _HIDDEN(tree):
        if not any(around in outer for around in part.iterancestors()):
            outer[part] = None
    if sum(chars[part] for part in outer) < _HIDDEN_SHARE * chars[tree]:
        for part in outer:
            part.drop_tree()


@lru_cache(maxsize=50_000)  # sites repeat the same names on every page
def _is_of_the_site(names: str) -> bool:
    return _OF_THE_SITE.search(names) is not None


def _only_points(paragraph: HtmlElement) -> bool:
    links = paragraph.findall(".//a[@href]")
    if len(links) != 1 or links[0].get("href", "").startswith("#"):
        return False
    text = "".join(paragraph.itertext()).strip()
    linked = "".join(links[0].itertext()).strip()
    return len(text) in _POINTER_CHARS and len(linked) >= _POINTER * len(text)
