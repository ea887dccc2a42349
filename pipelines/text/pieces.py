"""Where the pieces of a page are: a shape of line that returns at the top of each, and what lies between."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pipelines.text.outline import NONE
from pipelines.text.page_lines import LINKED_SHARE, PageLines
from schemas.record import record

_HEAD_CHARS: Final = 250
_DIFFERENT: Final = 0.8
_MOST_HEADS: Final = 400
_MOST_SHAPES: Final = 60
_LINK_CHARS: Final = 20
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")
_DIGITS: Final = re.compile(r"\d+")
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’»)]*\Z")


@record
class Stretch:
    """The lines of one piece."""

    head: int
    """The line that returns in each piece: its headline, or when it was written."""
    span: range
    """All its lines, the head and what is chrome among them."""
    lines: tuple[int, ...]
    """Those that are content."""
    top: int
    """The outermost element that holds this head and no other."""
    is_own: bool
    """Whether that element holds the piece, and not its head alone."""


def shapes_of(page: PageLines) -> list[list[int]]:
    """The groups of short lines of one shape that may stand at the top of pieces, two or more each."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place in page.content:
        line = page.outline.lines[place]
        if len(line.text) <= _HEAD_CHARS and (
            place in page.datelines
            or (page.is_heading(place) and _LETTERS.search(line.text))
            or (page.linked_share(place) > LINKED_SHARE and len(line.text) > _LINK_CHARS)
        ):
            groups[_shape(page, place)].append(place)
    several = [group for group in groups.values() if 1 < len(group) <= _MOST_HEADS and _differ(page, group)]
    return sorted(several, key=len, reverse=True)[:_MOST_SHAPES]


def _differ(page: PageLines, heads: Sequence[int]) -> bool:
    """Whether most lines say different things; those that tell when may do so twice, but not all the same."""
    texts = {page.outline.lines[place].text for place in heads}
    dated = sum(place in page.datelines for place in heads)
    return len(texts) >= _DIFFERENT * len(heads) or (dated == len(heads) and len(texts) > 1)


def cut_at(page: PageLines, heads: Sequence[int]) -> list[Stretch]:
    """The piece of each head: the element that is its own, or what follows it up to the next."""
    tops = [_top_of(page, heads, place) for place in heads]
    nodes = page.outline.nodes
    spans = [range(nodes[top].first, nodes[top].end) for top in tops]
    own = sum(
        any(line in page.running for line in span if line != head)
        for span, head in zip(spans, heads, strict=True)
    )
    is_own = own * 2 >= len(heads)
    if not is_own:
        spans = _flat_spans(page, heads, tops)
    content = page.content
    return [
        Stretch(
            head=head,
            span=span,
            lines=tuple(content[bisect_left(content, span.start) : bisect_left(content, span.stop)]),
            top=top,
            is_own=is_own,
        )
        for head, top, span in zip(heads, tops, spans, strict=True)
    ]


def repeated(page: PageLines, stretches: Sequence[Stretch]) -> frozenset[int]:
    """The lines that return in other pieces word for word: the site's, not the piece's.

    In labels ("12 comments") the numbers may differ; in a sentence a number is what it says.
    """
    where: dict[str, set[int]] = defaultdict(set)
    for number, stretch in enumerate(stretches):
        for place in stretch.lines:
            where[_folded(page, place)].add(number)
    return frozenset(
        place for stretch in stretches for place in stretch.lines if len(where[_folded(page, place)]) > 1
    )


def _folded(page: PageLines, place: int) -> str:
    text = page.outline.lines[place].text
    return text if _SENTENCE_END.search(text) else _DIGITS.sub("0", text.casefold())


def _shape(page: PageLines, place: int) -> str:
    """The elements from the root to a line, the last one's first class, and whether the line tells when."""
    nodes = page.outline.nodes
    number = page.outline.lines[place].node
    while (
        nodes[number].tag in {"a", "span"}
        and (parent := nodes[number].parent) != NONE
        and nodes[number].end - nodes[parent].first <= 1
    ):
        number = parent
    node = nodes[number]
    words = [word for word in node.name.split() if not any(map(str.isdigit, word))]
    return (
        f"{page.outline.path(number)}.{words[0] if words else ''}{' at' if place in page.datelines else ''}"
    )


def _top_of(page: PageLines, heads: Sequence[int], place: int) -> int:
    nodes = page.outline.nodes
    around = page.outline.ancestors(page.outline.lines[place].node)
    top = around[0]
    for node in around[1:]:
        first = bisect_left(heads, nodes[node].first)
        if bisect_left(heads, nodes[node].end) - first > 1:
            break
        top = node
    return top


def _flat_spans(page: PageLines, heads: Sequence[int], tops: Sequence[int]) -> list[range]:
    """From each head to the next, or to the end of the element that holds it beside others.

    Where a line of when stands right above the first head, one stands above each. The last piece ends at
    the first line of a shape that none of the others has.
    """
    nodes = page.outline.nodes
    starts = [nodes[top].first for top in tops]
    if starts[0] - 1 in page.datelines:
        starts = [start - (start - 1 in page.datelines) for start in starts]
    spans = []
    for number, (top, start) in enumerate(zip(tops, starts, strict=True)):
        parent = nodes[top].parent
        end = nodes[parent].end if parent != NONE else len(page.outline.lines)
        following = starts[number + 1] if number + 1 < len(starts) else end
        spans.append(range(start, max(start + 1, min(following, end))))
    return [*spans[:-1], _cut_short(page, spans)]


def _cut_short(page: PageLines, spans: list[range]) -> range:
    known = {_shape(page, place) for span in spans[:-1] for place in span}
    last = spans[-1]
    if len(spans) < 2:
        return last
    for place in last[1:]:
        if _shape(page, place) not in known:
            return range(last.start, place)
    return last
