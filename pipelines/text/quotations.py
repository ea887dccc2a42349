"""Where a text quotes: spans between quotation marks, over one or more paragraphs. Pure logic."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Final, NamedTuple

from pipelines.text.english.speech import HIDDEN

_DOUBLE: Final = re.compile('["“”„«»]')
_SINGLE: Final = re.compile("['‘’]")
_OPENS_AFTER: Final = frozenset(" \t\n\u00a0([—–-/:“\"«‘'")
_CLOSES_BEFORE: Final = frozenset(("", *' \t\n\u00a0)]—–-/.,;:!?”"»'))
_MARKS: Final = " \"“”„«»'‘’"
_STOPS: Final = frozenset(".,!?…")
_STOPS_OR_PAUSES: Final = _STOPS | {""}
_LONGEST: Final = 3_000
_LONGEST_SINGLE: Final = 400


class Quotation(NamedTuple):
    """A quoted stretch of text, its marks included."""

    start: int
    """First code point: the opening mark."""
    end: int
    """One past the closing mark, or past the paragraph's end where it is not closed."""
    goes_on: bool
    """True where it goes on the quotation before it, whose paragraph ended without closing it."""


@lru_cache(maxsize=1)  # who speaks, and what, is asked one after the other
def find_quotations(text: str) -> tuple[Quotation, ...]:
    """The quotations in a text, in order, without overlaps, in time linear in its length.

    A quotation that its paragraph does not close runs on to a closing mark in a later paragraph, or else
    ends with the paragraph; it goes on where the next paragraph opens again. Single marks count outside
    double ones, around at least two words, within a paragraph.
    """
    doubles = tuple(_double(text))
    return tuple(sorted((*doubles, *_single(text, doubles))))


@lru_cache(maxsize=1)
def hide_quotations(text: str) -> str:
    """The text, character for character, with what is quoted hidden as `find_speech` wants it."""
    pieces: list[str] = []
    done = 0
    for start, end, _ in find_quotations(text):
        last = text[end - 2 : end - 1] if end - start > 2 else ""
        stop = last if last in _STOPS_OR_PAUSES else HIDDEN * len(last)
        pieces += text[done:start], '"', HIDDEN * (end - start - 3), stop, '"' if end - start > 1 else ""
        done = end
    return "".join(pieces) + text[done:]


def quoted_words(text: str, start: int, end: int) -> str:
    """What is quoted of `text[start:end]`, without the marks."""
    quotations = find_quotations(text)
    first = bisect_right(quotations, start, key=lambda part: part.end)
    parts = takewhile(lambda part: part.start < end, quotations[first:])
    return " ".join(text[max(start, part.start) : min(end, part.end)].strip(_MARKS) for part in parts)


def _double(text: str) -> Iterator[Quotation]:
    opened: int | None = None
    paragraph_end = 0
    goes_on = False
    for mark in _DOUBLE.finditer(text):
        at = mark.start()
        if opened is not None:
            same_paragraph = at <= paragraph_end
            if mark[0] in "”»" or (mark[0] == '"' and (same_paragraph or not _opens(text, at))):
                if at - opened <= _LONGEST:
                    yield Quotation(opened, at + 1, goes_on)
                    opened = None
                    continue
            elif same_paragraph:
                if text[opened] == "„":
                    yield Quotation(opened, at + 1, goes_on)
                    opened = None
                continue
            yield Quotation(opened, paragraph_end, goes_on)
        if _opens(text, at):
            goes_on = opened is not None and not text[paragraph_end:at].strip()
            opened, paragraph_end = at, _paragraph_end(text, at)
        else:
            opened = None
    if opened is not None:
        yield Quotation(opened, paragraph_end, goes_on)


def _opens(text: str, at: int) -> bool:
    """Whether the mark at `at` looks like an opening one."""
    if text[at] != '"':
        return text[at] in "“„«"
    after = text[at + 1 : at + 2]
    return (at == 0 or text[at - 1] in _OPENS_AFTER) and bool(after) and not after.isspace()


def _paragraph_end(text: str, at: int) -> int:
    end = text.find("\n", at, at + _LONGEST)
    return min(len(text), at + _LONGEST) if end < 0 else end


def _single(text: str, doubles: Sequence[Quotation]) -> Iterator[Quotation]:
    """Single marks close after punctuation, or else after the first word that a mark follows."""
    for start, end in _between(len(text), doubles):
        opened: int | None = None
        shut: int | None = None
        for mark in _SINGLE.finditer(text, start, end):
            at = mark.start()
            if opened is not None and (at - opened > _LONGEST_SINGLE or "\n" in text[opened:at]):
                yield from _single_at(text, opened, shut)
                opened = shut = None
            if opened is None:
                opened = at if _opens_single(text, at) else None
            elif _shuts_single(text, at):
                shut = shut or at + 1
                if text[at - 1] in _STOPS:
                    yield from _single_at(text, opened, at + 1)
                    opened = shut = None
        yield from _single_at(text, opened, shut)


def _single_at(text: str, start: int | None, end: int | None) -> Iterator[Quotation]:
    if start is not None and end is not None and " " in text[start:end]:
        yield Quotation(start, end, goes_on=False)


def _opens_single(text: str, at: int) -> bool:
    return text[at] != "’" and (at == 0 or text[at - 1] in _OPENS_AFTER) and text[at + 1 : at + 2].isalpha()


def _shuts_single(text: str, at: int) -> bool:
    return not text[at - 1].isspace() and text[at + 1 : at + 2] in _CLOSES_BEFORE


def _between(length: int, spans: Sequence[Quotation]) -> Iterator[tuple[int, int]]:
    done = 0
    for span in spans:
        if done < span.start:
            yield done, span.start
        done = span.end
    yield done, length
