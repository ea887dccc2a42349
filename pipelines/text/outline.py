"""The lines of a parsed page, in order, and the elements that they stand in."""

from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

from schemas.record import record

NONE: Final = -1
"""No element."""

_UNSEEN: Final = frozenset(
    "script style noscript template svg iframe object select textarea button input option head video audio"
    " canvas map".split()
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr br legend li main nav ol p pre section summary table tbody td tfoot th"
    " thead tr ul".split()
)
_MENU_PARAGRAPHS: Final = 5
_DEPTH: Final = 200
_NAME_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page."""

    text: str
    """What it says, single-spaced."""
    linked_chars: int
    """How many of its characters stand in links."""
    node: int
    """The innermost element that holds all of it."""
    start: int
    """Where it begins in the text content of the page's tree."""
    end: int
    """One past where it ends there."""


@dataclass(slots=True)
class Node:
    """An element of the page."""

    tag: str
    """Its name."""
    parent: int
    """The number of the element around it, or `NONE`."""
    name: str
    """Its class and id."""
    element: HtmlElement
    """What was parsed."""
    first: int
    """Its first line."""
    end: int = 0
    """One past its last line."""


@record
class Outline:
    """A page as lines in elements."""

    lines: tuple[Line, ...]
    """In order."""
    nodes: tuple[Node, ...]
    """In order, each before those that it holds."""

    def path(self, node: int) -> str:
        """The tags from the root to an element."""
        return " ".join(self.nodes[each].tag for each in reversed(self.ancestors(node)))

    def ancestors(self, node: int) -> list[int]:
        """The element and those around it, from the inside."""
        chain = []
        while node != NONE:
            chain.append(node)
            node = self.nodes[node].parent
        return chain


def text_in(element: HtmlElement) -> str:
    """What an element says, single-spaced."""
    return " ".join("".join(element.itertext()).split())


def outline_of(tree: HtmlElement) -> Outline:
    """The lines of the page.

    A `pre` is read by its blank lines, everything else by its elements. What is never shown, and menus, are
    left out.
    """
    reader = _Reader()
    reader.read(tree, NONE, depth=0)
    reader.end_line()
    return Outline(lines=tuple(reader.lines), nodes=tuple(reader.nodes))


@dataclass(slots=True)
class _Reader:
    """One walk over a tree."""

    lines: list[Line] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _holders: set[int] = field(default_factory=set)
    _linked: int = 0
    _at: int = 0
    _from: int = 0

    def read(self, element: HtmlElement, parent: int, depth: int, linked: bool = False) -> None:
        """Reads an element, what it holds, and the text between."""
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag in _UNSEEN or depth > _DEPTH or (tag == "nav" and _is_menu(element)):
            self._at += len(element.text_content())
            return
        breaks = tag in _BLOCKS
        if breaks:
            self.end_line()
        number = len(self.nodes)
        node = Node(tag, parent, _name_of(element), element, len(self.lines))
        self.nodes.append(node)
        linked = linked or tag == "a"
        add = self._add_as_written if tag == "pre" else self._add
        if text := element.text:
            add(text, number, linked)
        for child in element:
            self.read(child, number, depth + 1, linked)
            if text := child.tail:
                add(text, number, linked)
        if breaks:
            self.end_line()
        node.end = len(self.lines) + bool(self._words)

    def _add_as_written(self, text: str, holder: int, linked: bool) -> None:
        for place, part in enumerate(text.split("\n\n")):
            if place:
                self.end_line()
                self._at += 2
            self._add(part, holder, linked)

    def _add(self, text: str, holder: int, linked: bool) -> None:
        stripped = text.strip()
        if stripped:
            if not self._words:
                self._from = self._at
            self._holders.add(holder)
            if linked:
                self._linked += len(stripped)
        if stripped or self._words:
            self._words.append(text)
        self._at += len(text)

    def end_line(self) -> None:
        """Ends the line that is being read."""
        if not self._words:
            return
        text = " ".join("".join(self._words).split())
        self.lines.append(Line(text, self._linked, self._around(), self._from, self._at))
        self._words.clear()
        self._holders.clear()
        self._linked = 0

    def _around(self) -> int:
        """The innermost element that holds every word of the line: parents come before their children."""
        holders = set(self._holders)
        while len(holders) > 1:
            inner = max(holders)
            holders.remove(inner)
            holders.add(self.nodes[inner].parent)
        return holders.pop()


def _is_menu(nav: HtmlElement) -> bool:
    """Whether it holds few paragraphs: some pages wrap all that they say in it."""
    return sum(1 for _ in nav.iter("p")) < _MENU_PARAGRAPHS


def _name_of(element: HtmlElement) -> str:
    given = filter(None, (element.get("class"), element.get("id")))
    return " ".join(given)[:_NAME_CHARS]
