"""The lines of a page with what is known of each: running text, headings, times, comments."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from lxml.html import HtmlElement

from pipelines.text.content import content_of
from pipelines.text.datelines import Dateline, read_dateline
from pipelines.text.outline import Node, Outline, outline_of, text_in

LINKED_SHARE: Final = 0.5
"""A line with more of it in links only points."""

_HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6 dt summary".split())
_BOLD: Final = frozenset(("b", "strong"))
_BOLD_STYLE: Final = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_TITLE_NAMES: Final = re.compile(r"(?:title|headline|heading|slug|subject)", re.IGNORECASE)
_COMMENT_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:comments?(?!-link)|commentlist|discussion|replies|reactions?)(?:$|[\s_-])", re.IGNORECASE
)
_POST_NAMES: Final = re.compile(
    r"(?:^|[\s_])(?:hentry|h-entry|blog-?post|live-?(?:blog-?)?post)(?:$|[\s_-])", re.IGNORECASE
)
_AUTHOR_NAMES: Final = re.compile(r"(?:^|[\s_-])(?:author|byline|autor|writer)s?(?:$|[\s_-])", re.IGNORECASE)
_REST_CHARS: Final = 30
_ENDS: Final = re.compile(r"[.!?…:。؟।][\"'”’»)\]]*$")
_SENTENCE_WORDS: Final = 4
_LONG_WORDS: Final = 14
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_LONG_CHARS: Final = 20
_CAPTION_TAGS: Final = frozenset(("figcaption", "caption"))


@dataclass
class PageLines:
    """A page's outline with what is known of each line."""

    outline: Outline
    """Its lines and elements."""
    content: list[int]
    """The numbers of the lines that are content."""
    day: date | None = None
    """When the page says that it was published: the day of bare times, the year of dates without one."""

    @cached_property
    def running(self) -> frozenset[int]:
        """The lines of content that are running text."""
        return frozenset(place for place in self.content if self._is_running(place))

    @cached_property
    def running_chars(self) -> int:
        """How many characters of running text the page has."""
        return self.chars(self.running)

    @cached_property
    def datelines(self) -> dict[int, Dateline]:
        """The lines that tell when something was."""
        found = {}
        for place, line in enumerate(self.outline.lines):
            read = read_dateline(line.text, self.day.year if self.day else None)
            if read and (len(read.rest) <= _REST_CHARS or not _ends_sentence(line.text)):
                found[place] = read
        return found

    @cached_property
    def comments(self) -> frozenset[int]:
        """The lines of readers' comments."""
        found: set[int] = set()
        for node in self.outline.nodes:
            if node.name and _COMMENT_NAMES.search(node.name) and node.tag != "body":
                found.update(range(node.first, node.end))
        return frozenset(found)

    def chars(self, places: Sequence[int] | frozenset[int]) -> int:
        """How many characters the lines have."""
        return sum(len(self.outline.lines[place].text) for place in places)

    def weight(self, place: int) -> int:
        """How much a line says, in characters of an alphabet: a sign for a word counts as three."""
        text = self.outline.lines[place].text
        return len(text) + 2 * len(_UNSPACED.findall(text))

    def linked_share(self, place: int) -> float:
        """How much of a line is linked, 0..1."""
        line = self.outline.lines[place]
        return line.linked_chars / len(line.text)

    def is_heading(self, place: int) -> bool:
        """Whether a line is marked up as a title: by a heading, by bold type, or by name."""
        nodes = self.outline.nodes
        around = self._within(place)
        return (
            any(nodes[node].tag in _HEADINGS for node in around)
            or nodes[around[0]].tag in _BOLD
            or any(_BOLD_STYLE.search(nodes[node].element.get("style", "")) for node in around)
            or _TITLE_NAMES.search(nodes[around[0]].name) is not None
        )

    def level(self, place: int) -> int:
        """How high a title it is: 1 to 6 by its heading, 7 by type or name, 8 for a line, 9 for a time."""
        for node in self._within(place):
            tag = self.outline.nodes[node].tag
            if tag in _HEADINGS and tag[1:].isdigit():
                return int(tag[1:])
        if self.is_heading(place):
            return 7
        return 9 if place in self.datelines else 8

    def is_posting(self, node: int) -> bool:
        """Whether an element says that it is a posting of its own."""
        found = self.outline.nodes[node]
        kind = f"{found.element.get('itemtype', '')} {found.element.get('itemprop', '')}".lower()
        return _POST_NAMES.search(found.name) is not None or "posting" in kind or "blogpost" in kind

    def nodes_in(self, span: range) -> Sequence[Node]:
        """The elements that begin in these lines, those that hold no line among them."""
        nodes = self.outline.nodes
        first = bisect_left(nodes, span.start, key=lambda node: node.first)
        return nodes[first : bisect_left(nodes, span.stop, key=lambda node: node.first)]

    def signatures(self, span: range) -> Iterable[str]:
        """What the elements in these lines say whose markup names them an author's, from the outside."""
        for node in self.nodes_in(span):
            if _AUTHOR_NAMES.search(node.name) or "author" in node.element.get("itemprop", ""):
                yield text_in(node.element)

    def is_caption(self, place: int) -> bool:
        """Whether a line stands below a picture or a table."""
        return any(self.outline.nodes[node].tag in _CAPTION_TAGS for node in self._within(place))

    def _within(self, place: int) -> list[int]:
        """The elements that hold this line and no other, from the inside; at least the innermost."""
        nodes = self.outline.nodes
        around = self.outline.ancestors(self.outline.lines[place].node)
        alone = [node for node in around if nodes[node].end - nodes[node].first <= 1]
        return alone or around[:1]

    def _is_running(self, place: int) -> bool:
        text = self.outline.lines[place].text
        words = text.count(" ") + 1
        if self.linked_share(place) > LINKED_SHARE or place in self.datelines or place in self.comments:
            return False
        if words >= _LONG_WORDS or len(_UNSPACED.findall(text)) >= _LONG_CHARS:
            return True
        return words >= _SENTENCE_WORDS and _ends_sentence(text) and not self.is_heading(place)


def lines_of(tree: HtmlElement, day: date | None) -> PageLines:
    """The lines of a parsed page, and which of them are content; `day` is when it says it was published."""
    outline = outline_of(tree)
    return PageLines(outline, content_of(outline), day)


def _ends_sentence(text: str) -> bool:
    return _ENDS.search(text) is not None and text.count(" ") >= _SENTENCE_WORDS - 1
