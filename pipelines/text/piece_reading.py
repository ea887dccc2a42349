"""What one piece of a page says: headline, date, authors, text, and whether it only points elsewhere."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement

from pipelines.text.characters import clean_line, clean_text
from pipelines.text.datelines import AROUND_TIMES, BETWEEN_NAMES, authors_in, instant_of, is_name
from pipelines.text.outline import text_in
from pipelines.text.page_lines import LINKED_SHARE, PageLines
from pipelines.text.pieces import Stretch
from pipelines.text.stamps import read_stamps
from schemas.articles import Span
from schemas.record import Instant, record

_SHORT_CHARS: Final = 260
_CUT_CHARS: Final = 900
_POINTER_CHARS: Final = 40
_CUT: Final = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W*$")
_MORE: Final = re.compile(
    r"\b(?:continue reading|keep reading|read (?:more|on|the (?:full|rest|whole))|full (?:story|article)"
    r"|weiterlesen|mehr lesen|lire la suite|leer más|seguir leyendo|continua a leggere|leia mais"
    r"|lees verder)\b",
    re.IGNORECASE,
)
_STAMPED: Final = ("datetime", "data-sort-time", "data-timestamp", "data-datetime", "data-published")
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?")
_HEADLINE_GAPS: Final = 1


@record
class Piece:
    """One article, or a pointer to one, on a page that holds several."""

    title: str | None
    """Its headline."""
    text: str
    """Its running text, one paragraph a line."""
    authors: tuple[str, ...]
    """Who signed it."""
    published_at: Instant | None
    """When it says that it was published."""
    permalink: str | None
    """Its own address, where it gives one on the same site."""
    span: Span
    """Where its text stands on the page."""
    evidence: frozenset[str]
    """What is its own: a `date`, with a `clock` time, and whether that is an `hour` apart from its headline;
    a `byline`; a `link` to its own page, and whether its headline is that link and it a `part` of the page;
    an element that says that it is a `posting`.
    """
    is_cut: bool = False
    """Whether its text goes on elsewhere, or is a list of other headlines."""
    is_short: bool = False
    """Whether it may be no more than a pointer: one short paragraph below a link to its own page."""


class PieceReader:
    """The parts of one piece."""

    def __init__(self, page: PageLines, stretch: Stretch, template: frozenset[int], url: str) -> None:
        """Read `stretch` of the page at `url`, leaving out the lines of `template`."""
        self._page = page
        self._stretch = stretch
        self._url = url
        own = [place for place in stretch.lines if place not in template and place != stretch.head]
        own = [place for place in own if not page.is_caption(place)]
        self._running = [place for place in own if place in page.running]
        first, last = (self._running[0], self._running[-1]) if self._running else (0, -1)
        self.body = [p for p in own if first <= p <= last and page.linked_share(p) <= LINKED_SHARE]
        """The numbers of the lines of its text."""
        around = [place for place in stretch.span if place != stretch.head and place not in page.comments]
        self._above = [place for place in around if place < first]
        self._below = [place for place in around if place > last]

    @property
    def is_headed(self) -> bool:
        """Whether it has text, and its head stands where a headline stands; a date may stand below."""
        head = self._stretch.head
        return bool(self.body) and (head < self.body[0] or head in self._page.datelines)

    @property
    def permalink(self) -> str | None:
        """The address of its own that it gives on this site: by its headline, its time or a last line."""
        named = (self._stretch.head, *self._above, *self._below)
        for place in named:
            for link in self._links(place):
                if self._names_it(place, link) and (address := self._address(link)):
                    return address
        for place in self._below:
            links = self._links(place)
            if len(links) == 1 and self._page.linked_share(place) > LINKED_SHARE:
                return self._address(links[0])
        return None

    def _address(self, link: HtmlElement) -> str | None:
        """Where a link leads, if that is another page of this site."""
        href: str = link.get("href", "")
        here = urlsplit(self._url)
        try:
            there = urlsplit(urljoin(self._url, href))
        except ValueError:
            return None
        elsewhere = there.path.strip("/") not in {"", here.path.strip("/")}
        if not elsewhere or _site(there.hostname) != _site(here.hostname):
            return None
        return urlunsplit((there.scheme, there.netloc, there.path, there.query, ""))

    def piece(self, permalink: str | None) -> Piece:
        """What it says, given the address that it shares with no other piece."""
        lines = self._page.outline.lines
        dateline, stamp = self._dateline(), self._stamp()
        signed = self._signed()
        titled = self._page.is_heading(self._stretch.head)
        text = clean_text("\n".join(lines[place].text for place in self.body))
        evidence = {
            "date": dateline is not None or stamp is not None,
            "clock": self._has_clock(dateline, stamp),
            "hour": self._has_clock(dateline, stamp) and dateline != self._stretch.head,
            "byline": bool(signed),
            "link": permalink is not None,
            "part": permalink is not None and self._stretch.is_own and self._is_linked(),
            "posting": self._page.is_posting(self._stretch.top),
        }
        is_titled = permalink is not None and (titled or self._title() is not None)
        return Piece(
            title=self._title(),
            text=text,
            authors=signed or self._named_below_title(),
            published_at=stamp or self._told_at(dateline),
            permalink=permalink,
            span=Span(start=lines[self.body[0]].start, end=lines[self.body[-1]].end),
            evidence=frozenset(name for name, there in evidence.items() if there),
            is_cut=is_titled and self._is_cut(text),
            is_short=is_titled and len(self._running) == 1 and len(text) < _SHORT_CHARS,
        )

    def _is_linked(self) -> bool:
        """Whether its head is a headline that links to its own page."""
        head = self._stretch.head
        return self._page.is_heading(head) and any(map(self._address, self._links(head)))

    def _is_cut(self, text: str) -> bool:
        page = self._page
        inside = range(self._running[0], self._running[-1])
        if sum(page.is_heading(place) and page.linked_share(place) > LINKED_SHARE for place in inside) > 1:
            return True
        last = page.outline.lines[self.body[-1]].text
        tail = " ".join(page.outline.lines[place].text for place in self._below)
        points = len(self._running) == 1 and (_MORE.search(tail) or _MORE.search(last[-_POINTER_CHARS:]))
        return len(text) < _CUT_CHARS and bool(points or _CUT.search(last))

    def _title(self) -> str | None:
        page, head = self._page, self._stretch.head
        for place in (head, *self._above):
            linked = self._linked_text(place)
            if page.is_heading(place) and (place not in page.datelines or linked):
                return clean_line(linked or page.outline.lines[place].text)
        if head in page.datelines and page.is_heading(head) and (rest := self._beside(head)):
            return rest
        if head not in page.datelines:
            return clean_line(self._linked_text(head) or page.outline.lines[head].text)
        links = (place for place in self._above if page.linked_share(place) > LINKED_SHARE)
        return next((clean_line(page.outline.lines[place].text) for place in links), None)

    def _beside(self, place: int) -> str | None:
        """The headline that stands beside the time, where it is one."""
        rest = clean_line(self._page.datelines[place].rest.strip(AROUND_TIMES))
        return rest if rest and rest.count(" ") >= _HEADLINE_GAPS and not authors_in(rest) else None

    def _linked_text(self, place: int) -> str | None:
        """The one link of a line, where it is most of it or the rest says when."""
        links = self._links(place)
        if len(links) != 1:
            return None
        text = text_in(links[0])
        whole = self._page.outline.lines[place].text
        return text if len(text) >= LINKED_SHARE * len(whole) or place in self._page.datelines else None

    def _links(self, place: int) -> list[HtmlElement]:
        nodes = self._page.outline.nodes
        node = nodes[self._page.outline.lines[place].node]
        found = list(node.element.iter("a"))
        if not found and node.parent >= 0 and nodes[node.parent].tag == "a":
            found = [nodes[node.parent].element]
        return [link for link in found if link.get("href")]

    def _names_it(self, place: int, link: HtmlElement) -> bool:
        """Whether a link is the headline, or that of the line that tells when."""
        if place in self._page.datelines or link.get("rel") == "bookmark":
            return True
        titled = place == self._stretch.head or self._page.is_heading(place)
        return titled and self._page.linked_share(place) >= LINKED_SHARE

    def _margins(self) -> tuple[range, range]:
        """The lines before its text and those after it."""
        span = self._stretch.span
        return range(span.start, self.body[0] + 1), range(self.body[-1] + 1, span.stop)

    def _marked(self) -> Iterator[HtmlElement]:
        for part in self._margins():
            yield from (node.element for node in self._page.nodes_in(part))

    def _stamp(self) -> datetime | None:
        """The date that its markup gives."""
        return read_stamps(filter(None, map(_stamp_of, self._marked())))

    def _dateline(self) -> int | None:
        """The line that tells when; one with a day first."""
        near = [self._stretch.head, *self._above, *self._below]
        dated = [place for place in near if place in self._page.datelines]
        return next((p for p in dated if self._page.datelines[p].day), dated[0] if dated else None)

    def _has_clock(self, dateline: int | None, stamp: datetime | None) -> bool:
        """Whether it tells the time of day."""
        told = dateline is not None and self._page.datelines[dateline].clock is not None
        return told or (stamp is not None and stamp.time() != time(0))

    def _told_at(self, dateline: int | None) -> datetime | None:
        if dateline is None:
            return None
        return instant_of(self._page.datelines[dateline], self._day_above())

    def _day_above(self) -> date | None:
        """The last day that is named above it on the page, readers' comments left out."""
        page, start = self._page, self._stretch.span.start
        above = (place for place in reversed(page.datelines) if place < start and place not in page.comments)
        return next((day for place in above if (day := page.datelines[place].day)), page.day)

    def _signed(self) -> tuple[str, ...]:
        """Who signed it, by its words or its markup."""
        page = self._page
        for place in (self._stretch.head, *self._above, *self._below):
            line = page.datelines[place].rest if place in page.datelines else page.outline.lines[place].text
            if (place != self._stretch.head or place in page.datelines) and (found := authors_in(line)):
                return found
        for part in self._margins():
            for signature in page.signatures(part):
                names = BETWEEN_NAMES.split(signature)
                if all(map(is_name, names)):
                    return tuple(names)
        return ()

    def _named_below_title(self) -> tuple[str, ...]:
        """A name that stands alone between headline and text."""
        page = self._page
        for place in self._above:
            line = page.outline.lines[place].text
            if place > self._stretch.head and not page.is_heading(place) and is_name(line):
                return (line,)
        return ()


def _site(host: str | None) -> str:
    return ".".join((host or "").rsplit(".", 2)[-2:])


def _stamp_of(element: HtmlElement) -> str:
    if element.get("itemprop") == "datePublished" and element.get("content"):
        return str(element.get("content"))
    if element.tag == "abbr":
        return element.get("title") or ""
    stamp: str = next(filter(None, map(element.get, _STAMPED)), "")
    if _EPOCH.fullmatch(stamp):
        return datetime.fromtimestamp(int(stamp[:10]), UTC).isoformat()
    return stamp
