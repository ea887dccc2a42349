"""How a page that holds several articles is split: the one way in which most of its text becomes pieces."""

from collections import Counter
from collections.abc import Sequence
from enum import Enum
from statistics import mean
from typing import Final

from pipelines.text.page_lines import PageLines
from pipelines.text.piece_reading import Piece, PieceReader
from pipelines.text.pieces import cut_at, repeated, shapes_of
from schemas.record import record


class Asked(Enum):
    """What a piece must have of its own: one of these."""

    PIECES = frozenset("date byline link posting".split())
    """On a page that says nothing of itself."""
    PARTS = frozenset("hour part".split())
    """On a page that says that it is one article: its subheadings may name days, people or other pages."""
    LIVE = frozenset("clock posting".split())
    """On a live blog."""


_BEYOND_LINKS: Final = frozenset("date byline posting".split())
_CONSISTENT: Final = 0.75
"""The share of pieces that must have something of their own."""
_HEADLINE_WORDS: Final = 4
_MOST_POINTERS: Final = 0.5
_STEPS: Final = 10


@record
class Split:
    """A page's pieces."""

    pieces: tuple[Piece, ...]
    """In the order of the page, pointers among them."""
    share: float
    """How much of the page's running text they hold, 0..1."""

    @property
    def articles(self) -> tuple[Piece, ...]:
        """The pieces that are whole, where no more than half of all are pointers."""
        pointers = sum(piece.is_cut or piece.is_short for piece in self.pieces)
        if pointers > _MOST_POINTERS * len(self.pieces):
            return ()
        return tuple(piece for piece in self.pieces if not piece.is_cut)


_NONE: Final = Split(pieces=(), share=0.0)


def split_page(page: PageLines, url: str, asked: Asked) -> Split:
    """The best split of the page at `url` into pieces with something of their own; empty where there is none.

    Best is the one that holds most text; then the one with most pieces; then the one with the highest
    headings.
    """
    best, rank = _NONE, (0, 0, 0)
    for heads in shapes_of(page):
        found = _read(page, heads, url, asked)
        level = min(map(page.level, heads))
        ranked = (round(found.share * _STEPS), len(found.pieces), -level)
        if found.pieces and ranked > rank:
            best, rank = found, ranked
    return best


def _read(page: PageLines, heads: Sequence[int], url: str, asked: Asked) -> Split:
    stretches = [each for each in cut_at(page, heads) if each.head not in page.comments]
    if asked is Asked.PARTS and not all(stretch.is_own for stretch in stretches):
        return _NONE
    template = repeated(page, stretches)
    readers = [PieceReader(page, stretch, template, url) for stretch in stretches]
    readers = [reader for reader in readers if reader.is_headed]
    links = [reader.permalink for reader in readers]
    times = Counter(links)
    pieces = [
        reader.piece(link if times[link] == 1 else None) for reader, link in zip(readers, links, strict=True)
    ]
    own = [place for place, piece in enumerate(pieces) if asked.value & piece.evidence]
    if len(own) < 2 or not _is_believed([pieces[place] for place in own], len(readers), asked):
        return _NONE
    chars = sum(page.chars(page.running.intersection(readers[place].body)) for place in own)
    return Split(pieces=tuple(pieces[place] for place in own), share=chars / max(page.running_chars, 1))


def _is_believed(own: Sequence[Piece], stretches: int, asked: Asked) -> bool:
    """Whether enough of all stretches have something of their own; links must be those of headlines."""
    if any(_BEYOND_LINKS & piece.evidence for piece in own):
        return len(own) >= _CONSISTENT * stretches
    if mean(len((piece.title or "").split()) for piece in own) < _HEADLINE_WORDS:
        return False
    return len(own) >= (1.0 if asked is Asked.PARTS else _CONSISTENT) * stretches
