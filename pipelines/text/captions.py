"""Which stretches of a text stand under pictures. Pure logic."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

# Nothing below is found in a paragraph without one of these.
_CLUES: Final = ("hoto", "icture", "mage", "redit", "FILE", "Caption", " here", " above", " below", "/")
_IMAGE: Final = r"(?:photo(?:graph)?|picture|image|sketch)"
_SAYS_SO: Final = re.compile(
    r"(?:Pictured|FILE|File (?:photo|picture|image)|Photo|Picture|Image|Caption)\b"
    rf"|.*\((?:[Pp]ictured|[Ff]ile {_IMAGE})\b"
    rf"|In this (?:[\w.,]+ ){{0,4}}{_IMAGE}\b"
    rf"|.*\bin this (?:[\w.,]+ ){{0,4}}(?:file|handout|undated) {_IMAGE}\b"
    r"|.*\b(?:are|is|was|were) (?:seen|shown|pictured) (?:here|above|below)\b"
)
_AGENCY: Final = r"(?:AP|AFP|EPA|PA|Reuters|REUTERS|Getty|Getty Images|Shutterstock|Xinhua|dpa)"
# Whoever took it is named at the end of a caption and nowhere else.
_CREDIT: Final = re.compile(
    r"(?:\b(?:Photo(?:graph)?|Picture|Image|Credit)s?(?: (?:credit|courtesy|by))*: ?"
    rf"|\b(?:Photo|Picture|Image)s? (?:by|courtesy of) [A-Z]|/ ?{_AGENCY}\b|\b{_AGENCY}(?: [Pp]hoto)? ?/)"
    r".{0,60}\Z"
)
_LONGEST: Final = 600


def find_captions(text: str) -> tuple[tuple[int, int], ...]:
    """The paragraphs that are captions, in order: those that say so, and those that end in a credit."""
    return tuple(
        (start, end)
        for start, end in sorted(set(_clued(text)))
        if end - start <= _LONGEST and (_SAYS_SO.match(text[start:end]) or _CREDIT.search(text[start:end]))
    )


def _clued(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs that hold one of the clues."""
    for clue in _CLUES:
        at = text.find(clue)
        while at >= 0:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            yield text.rfind("\n", 0, at) + 1, end
            at = text.find(clue, end)


def is_inside(spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether one of the spans, which are in order, holds the place."""
    at = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return at >= 0 and place < spans[at][1]
