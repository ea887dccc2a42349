"""Which lines of a page are content, and not frames, forms, labels of buttons or repetitions."""

import re
from collections import Counter
from typing import Final

from pipelines.text.outline import Node, Outline

_FRAME: Final = frozenset("nav footer dialog header".split())
_FRAME_ROLES: Final = frozenset("navigation banner contentinfo".split())
_DOUBTFUL: Final = frozenset("form label fieldset menu aside".split())
_DOUBTFUL_ROLES: Final = frozenset(
    "dialog search menu menubar complementary alert alertdialog toolbar tooltip tablist".split()
)
_NEVER: Final = frozenset("body main article html h1 h2 h3 a span p img".split())
_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menus?|submenu|breadcrumb\w*|footer|sidebar|sidenav|cookies?|consent"
    r"|gdpr|onetrust|modal|popup|newsletter|subscribe|signup|share|sharing|social|comments?|respond|disqus|related"
    r"|recommend\w*|advert\w*|ads?|promo|banner|pagination|pager|paging|filters?|facets?|toolbar|skip|login|drawer"
    r"|minicart|cart|flyout|megamenu|tooltip|toast|sr-only|visually|tagcloud|sort\w*|topbar|masthead|off-?canvas"
    r"|account|localization|country|language|wishlist)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CHROME_SHARE: Final = 0.3
"""What is only named like chrome and holds more of the page's text than this is not chrome."""
_MAIN_CHARS: Final = 200
_LABEL_CHARS: Final = 40
_LABEL_TIMES: Final = 3


def content_of(outline: Outline) -> list[int]:
    """The numbers of the lines in the page's main part that are no frame and no chrome.

    An element that is only named like chrome is kept where it holds much of the page's text.
    """
    return _without_chrome(outline, _main_part(outline))


def without_labels(outline: Outline, places: list[int]) -> list[int]:
    """The lines without short ones that come back, and long ones that came before."""
    texts = [outline.lines[place].text for place in places]
    times = Counter(texts)
    seen: set[str] = set()
    kept = []
    for place, text in zip(places, texts, strict=True):
        if len(text) < _LABEL_CHARS:
            is_label = times[text] >= _LABEL_TIMES and not any(map(str.isdigit, text))
        else:
            is_label = text in seen
            seen.add(text)
        if not is_label:
            kept.append(place)
    return kept


def _chars(outline: Outline, span: range, gone: frozenset[int] | set[int] = frozenset()) -> int:
    return sum(len(outline.lines[place].text) for place in span if place not in gone)


def _main_part(outline: Outline) -> range:
    whole = range(len(outline.lines))
    mains = [
        range(node.first, node.end)
        for node in outline.nodes
        if node.tag == "main" or (node.tag == "div" and node.element.get("role") == "main")
    ]
    best = max(mains, key=lambda span: _chars(outline, span), default=whole)
    return best if _chars(outline, best) > _MAIN_CHARS else whole


def _without_chrome(outline: Outline, main: range) -> list[int]:
    gone: set[int] = set()
    doubtful: list[range] = []
    whole_body = len(main) == len(outline.lines)
    depth_of_main: list[bool] = []
    for node in outline.nodes:
        inside = node.parent >= 0 and (
            depth_of_main[node.parent] or outline.nodes[node.parent].tag in {"main", "article"}
        )
        depth_of_main.append(inside)
        span = range(max(node.first, main.start), min(node.end, main.stop))
        if not span or span == main:
            continue
        if _is_frame(node, framed=whole_body and not inside):
            gone.update(span)
        elif _is_doubtful(node):
            doubtful.append(span)
    if len(gone) == len(main):
        gone.clear()
    most = _CHROME_SHARE * _chars(outline, main, gone)
    for span in sorted(doubtful, key=lambda span: (span.start, -span.stop)):
        if _chars(outline, span, gone) <= most:
            gone.update(span)
    return [place for place in main if place not in gone]


def _is_frame(node: Node, framed: bool) -> bool:
    role = node.element.get("role")
    return role in _FRAME_ROLES or (node.tag in _FRAME and (framed or node.tag != "header"))


def _is_doubtful(node: Node) -> bool:
    if node.tag in _NEVER or node.tag == "header":
        return False
    element = node.element
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    unseen = "display:none" in element.get("style", "").replace(" ", "")
    named = node.tag in _DOUBTFUL or element.get("role") in _DOUBTFUL_ROLES
    return named or hidden or unseen or _NAMES.search(node.name) is not None
