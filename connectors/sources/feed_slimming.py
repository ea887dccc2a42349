"""A feed's text without what we do not read: faster to parse, and without the elements that parse badly.

The parser behind this compares every category with every other, every attribute of a tag with its others, and
searches authors in quadratic time: a feed of a megabyte can hold it for minutes. Nothing here decides what a
feed says; it only leaves things out.
"""

import re
from typing import Final, NamedTuple

from connectors.sources.xmlguard import Kind, Tag, walk
from schemas.errors import Rejected
from schemas.failures import Reason

_ITEMS: Final = frozenset({"item", "entry"})
_FRAME: Final = frozenset({"rss", "rdf", "feed", "channel", "items"}) | _ITEMS
_FOREIGN: Final = "media:"
"""Prefix of elements that share names with ours and mean pictures."""
_WHOLE: Final = frozenset(
    {"title", "description", "abstract", "summary", "content", "encoded", "fullitem", "body"}
)
"""Fields that may hold markup of their own."""
_LONGEST: Final = {
    **dict.fromkeys(("link", "guid", "id"), 8_192),
    **dict.fromkeys(("author", "creator", "name", "email"), 400),
    **dict.fromkeys(("pubdate", "published", "issued", "updated", "modified", "date"), 200),
    **dict.fromkeys(("language", "ttl"), 100),
}
"""Other fields that are read, with the most characters that one may take, tags included."""
_MOST_ITEMS: Final = 10_000
_MOST_TAGS: Final = 200_000
_LONGEST_TAG: Final = 20_000
_MOST_ATTRIBUTES: Final = 100
_MOST_PREFIXES: Final = 200
_PREFIX: Final = re.compile(r"\sxmlns:([^\s=<>]+)")


class Slimmed(NamedTuple):
    """What is left of a feed's text."""

    text: str
    """The text."""
    left_out: int
    """How many items there were beyond the first 10,000."""


def slim_feed(text: str) -> Slimmed:
    """The feed with its frame and the fields that are read, and at most 10,000 items.

    Raises:
        Rejected: UNSAFE as `walk` says, TOO_LARGE where what is left has over 200,000 tags or 200 prefixes.
    """
    slimmer = _Slimmer(text)
    for tag in walk(text):
        slimmer.take(tag)
    return slimmer.finish()


class _Slimmer:
    """Copies a text piece by piece; `_copied` is how far it has come."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[str] = []
        self._copied = 0
        self._tags = 0
        self._items = 0
        self._frame: list[Tag] = []
        self._field: Tag | None = None
        self._before_field = (0, 0)
        self._dropping: Tag | None = None

    def take(self, tag: Tag) -> None:
        """Decides about one tag, and with it about the text before it."""
        if self._items > _MOST_ITEMS:
            self._items += tag.local in _ITEMS and tag.kind in (Kind.OPEN, Kind.EMPTY)
        elif self._dropping is not None:
            self._end_dropping(tag, self._dropping)
        elif tag.kind is Kind.NOTE:
            self._leave_out(tag.start, tag.end)
        elif tag.kind is Kind.CLOSE:
            self._close(tag)
        else:
            self._open(tag)

    def finish(self) -> Slimmed:
        """What is left, once all tags are taken."""
        if self._items > _MOST_ITEMS:
            self._pieces += [f"</{tag.name}>" for tag in reversed(self._frame)]
        elif self._dropping is None:
            self._pieces.append(self._text[self._copied :])
        slimmed = "".join(self._pieces)
        if len(set(_PREFIX.findall(slimmed))) > _MOST_PREFIXES:
            raise _too_large(f"{_MOST_PREFIXES} namespace prefixes")
        return Slimmed(slimmed, max(0, self._items - _MOST_ITEMS))

    def _open(self, tag: Tag) -> None:
        if tag.name.startswith(_FOREIGN) or self._is_huge(tag):
            is_read = False
        elif self._field is not None:
            is_read = self._field.local in _WHOLE or tag.local in _LONGEST
        elif tag.local in _FRAME:
            is_read = self._open_frame(tag)
        else:
            is_read = tag.local in _WHOLE or tag.local in _LONGEST
            if is_read and tag.kind is Kind.OPEN:
                self._field, self._before_field = tag, (len(self._pieces), self._copied)
        if not is_read:
            self._leave_out(tag.start, tag.end)
            self._dropping = tag if tag.kind is Kind.OPEN else None
            return
        self._tags += 1
        if self._tags > _MOST_TAGS:
            raise _too_large(f"{_MOST_TAGS} tags")

    def _open_frame(self, tag: Tag) -> bool:
        self._items += tag.local in _ITEMS
        if self._items > _MOST_ITEMS:
            return False
        if tag.kind is Kind.OPEN:
            self._frame.append(tag)
        return True

    def _is_huge(self, tag: Tag) -> bool:
        attributes = self._text.count('="', tag.start, tag.end) + self._text.count("='", tag.start, tag.end)
        return tag.end - tag.start > _LONGEST_TAG or attributes > _MOST_ATTRIBUTES

    def _close(self, tag: Tag) -> None:
        while self._frame and self._frame[-1].depth >= tag.depth:
            self._frame.pop()
        field = self._field
        if field is None or tag.depth > field.depth:
            return
        end = tag.end if tag.depth == field.depth else tag.start
        if end - field.start > _LONGEST.get(field.local, len(self._text)):
            kept, self._copied = self._before_field
            del self._pieces[kept:]
            self._leave_out(field.start, end)
        self._field = None

    def _end_dropping(self, tag: Tag, dropped: Tag) -> None:
        if tag.kind is not Kind.CLOSE or tag.depth > dropped.depth:
            return
        self._dropping = None
        if tag.depth == dropped.depth:
            self._copied = tag.end
        else:
            # Something around it ends, and it was never closed itself.
            self._copied = tag.start
            self._close(tag)

    def _leave_out(self, start: int, end: int) -> None:
        # The space keeps what stood apart from becoming markup together.
        self._pieces.append(self._text[self._copied : start] + " ")
        self._copied = end


def _too_large(limit: str) -> Rejected:
    return Rejected(f"cannot read the feed: it has over {limit}", reason=Reason.TOO_LARGE)
