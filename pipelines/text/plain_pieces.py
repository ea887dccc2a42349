"""The pieces of a plain text that is made of dated parts: a digest by mail, a diary, a log."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.text.datelines import AROUND_TIMES, Dateline, authors_in, instant_of, read_dateline
from pipelines.text.piece_reading import Piece
from schemas.articles import Span

_LINE: Final = re.compile(r"[^\n]*\n?")
_RULE: Final = re.compile(r"\s*([-=*_~#+.]\s?)\1{4,}\s*|\s*-- ?\s*")
_HEADER_CHARS: Final = 100
_MOST_LEAD: Final = 0.2
_ENDS: Final = re.compile(r"[.!?…:;,][\"'”’»)]*\s*$")
_DOTTED: Final = re.compile(r"^(\s*[0-2]?\d)\.([0-5]\d)(?=\s*$|\s+[^\d\s])")
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Header:
    """Lines between blank ones that say when, above a piece."""

    first: int
    """Its first line."""
    end: int
    """The line after it."""
    shape: tuple[str, ...]
    """What its lines are: `rule`, `date`, `dated` where more stands beside the date, `line`."""
    dateline: Dateline
    title: str | None


def split_text(text: str) -> tuple[Piece, ...]:
    """The dated pieces of a plain text, in order; none where it is one article.

    A piece has a header: after a blank line, a short line with a date or a time of day, and perhaps a rule
    and a headline, of the same shape as those of the other pieces. Its text is a slice of the whole: up to
    the next header or rule, without last lines that return below other pieces.
    """
    lines = [_Line(found.start(), found[0].rstrip("\n")) for found in _LINE.finditer(text) if found[0]]
    headers = _headers(lines)
    if len(headers) < 2 or _leads(lines[: headers[0].first], text):
        return ()
    day = next(
        (read.day for line in lines[: headers[0].first] if (read := read_dateline(line.text)) and read.day),
        None,
    )
    ends = [header.first for header in headers[1:]] + [len(lines)]
    bodies = [_body(lines, header.end, end) for header, end in zip(headers, ends, strict=True)]
    tails = Counter(_folded(body[-1].text) for body in bodies if body)
    pieces = []
    for header, body in zip(headers, bodies, strict=True):
        while body and (not body[-1].text.strip() or tails[_folded(body[-1].text)] > 1):
            body = body[:-1]
        if body:
            pieces.append(_piece(text, header, body, day))
    return tuple(pieces) if len(pieces) > 1 else ()


def _leads(lines: Sequence[_Line], text: str) -> bool:
    """Whether so much running text stands above the first header that the parts are one article's."""
    above = text[: lines[-1].end] if lines else ""
    running = sum(len(paragraph) for paragraph in above.split("\n\n") if _ENDS.search(paragraph))
    return running > _MOST_LEAD * len(text)


def _headers(lines: Sequence[_Line]) -> list[_Header]:
    """The headers of the shape that most have; times of day count where no two headers have a day."""
    found = []
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and lines[end].text.strip():
            end += 1
        if header := _header(lines, place, end):
            found.append(header)
        place = end + 1
    for same in (
        [header for header in found if header.dateline.day],
        [header for header in found if header.dateline.clock],
    ):
        shapes = Counter(header.shape for header in same)
        shape, times = shapes.most_common(1)[0] if shapes else ((), 0)
        if times > 1:
            return [header for header in same if header.shape == shape]
    return []


def _header(lines: Sequence[_Line], first: int, end: int) -> _Header | None:
    """The header that the lines between two blank ones are, or begin with."""
    shape: list[str] = []
    place = first
    while place < end and _RULE.fullmatch(lines[place].text):
        shape.append("rule")
        place += 1
    title = None
    dateline = _dateline(lines, place, end)
    if dateline is None:
        # A headline of one line above the time.
        if not (dateline := _dateline(lines, place + 1, end)) or _ENDS.search(lines[place].text):
            return None
        title = lines[place].text.strip()
        shape.append("line")
        place += 1
    rest = dateline.rest.strip(AROUND_TIMES)
    shape.append("dated" if rest else "date")
    place += 1
    if title is None and rest:
        title = rest
    elif title is None and place + 1 == end and not _ENDS.search(lines[place].text):
        title = lines[place].text.strip()
        place += 1
    return _Header(first=first, end=place, shape=tuple(shape), dateline=dateline, title=title)


def _dateline(lines: Sequence[_Line], place: int, end: int) -> Dateline | None:
    """When a line says that something was, unless it is a sentence that names a day."""
    if place >= end or len(lines[place].text) > _HEADER_CHARS:
        return None
    text = _DOTTED.sub(r"\1:\2", lines[place].text)
    read = read_dateline(text)
    return None if read and read.rest and _ENDS.search(text) else read


def _body(lines: Sequence[_Line], first: int, end: int) -> list[_Line]:
    body = list(lines[first:end])
    for place, line in enumerate(body):
        if _RULE.fullmatch(line.text) and any(each.text.strip() for each in body[:place]):
            body = body[:place]
            break
    while body and not body[0].text.strip():
        body = body[1:]
    while body and not body[-1].text.strip():
        body = body[:-1]
    return body


def _piece(text: str, header: _Header, body: Sequence[_Line], day: date | None) -> Piece:
    span = Span(start=body[0].start, end=body[-1].end)
    return Piece(
        title=header.title,
        text=text[span.start : span.end],
        authors=authors_in(header.dateline.rest),
        published_at=instant_of(header.dateline, day),
        permalink=None,
        span=span,
        evidence=frozenset(("date",)),
    )


def _folded(line: str) -> str:
    # In a sentence a number is what it says.
    return line.strip() if _ENDS.search(line) else _DIGITS.sub("0", line.casefold().strip())
