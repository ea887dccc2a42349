"""The headings that a page shows, and where one of them begins with a kicker."""

from html import unescape
from typing import Final

from lxml.html import HtmlElement

from pipelines.text.characters import clean_line
from schemas.record import record

_LINE_CHARS: Final = 500


@record
class Heading:
    """One heading of a page, as a person sees it."""

    text: str
    """All of it, on one line."""
    headline: str
    """Its last part, where the markup sets a kicker apart; else the same as `text`."""


def read_headings(tree: HtmlElement, level: int, most: int) -> tuple[Heading, ...]:
    """The first `most` headings of a level, 1 to 6, in the order of the page; empty ones are left out.

    A kicker is apart where all words of the heading stand in child elements and there is more than one
    of those: the last holds the headline.
    """
    found: list[Heading] = []
    for element in tree.iter(f"h{level}"):
        if text := line_of(_text_of(element)):
            found.append(Heading(text=text, headline=_last_part(element) or text))
            if len(found) == most:
                break
    return tuple(found)


def line_of(text: str) -> str | None:
    """The text as a line, with entities read that were escaped twice; None where it is empty or too long."""
    line = clean_line(unescape(text))
    return line if line and len(line) <= _LINE_CHARS else None


def _text_of(element: HtmlElement) -> str:
    """All text in it; elements that hold all words of theirs stand apart, those that mark words do not."""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            pieces.append(" " if child.tag == "br" else _text_of(child))
        pieces.append(child.tail or "")
    return ("" if _has_loose_words(element) else " ").join(pieces)


def _last_part(heading: HtmlElement) -> str | None:
    if _has_loose_words(heading):
        return None
    parts = [text for child in heading.iterchildren("*") if any(map(str.isalnum, text := _text_of(child)))]
    if len(parts) == 1:
        return next(filter(None, map(_last_part, heading.iterchildren("*"))), None)
    return line_of(parts[-1]) if parts else None


def _has_loose_words(element: HtmlElement) -> bool:
    loose = (element.text or "", *(child.tail or "" for child in element))
    return any(map(str.isalnum, "".join(loose)))
