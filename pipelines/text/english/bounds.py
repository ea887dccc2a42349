"""How tightly the words around a number state it. Pure logic; words are English."""

import re
from typing import Final, NamedTuple

from schemas.claims import Bound

_BEFORE: Final = re.compile(
    r"(?<!\w)(?:(?P<range>between)|(?P<at_most>up to|as many as|as much as|as few as|at most"
    r"|no more than|not more than|no greater than"
    r"|(?:few|less|low)er than|less than|under|below|a? ?maximum of|<)"
    r"|(?P<at_least>more than|over|at least|no fewer than|no less than|not less than|upwards? of|in excess of"
    r"|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|above|greater than|higher than|a? ?minimum of|>)"
    r"|(?P<about>about|some|around|approximately|roughly|approx\.?|circa|nearly|almost|close to|an? estimated"
    r"|estimated|in the region of|more or less|[~≈±])"
    r"|(?P<exact>exactly|precisely|only|just))"
    r"(?: (?:an?|another|a further|an additional|a total of|an estimated|about|some|around))* ?\Z",
    re.IGNORECASE,
)
_LAST_WORDS: Final = (
    "to as many much few most than under below of over least exceed exceeds exceeded exceeding surpass "
    "surpasses surpassed surpassing above about some around approximately roughly approx approx. circa "
    "nearly almost less estimated exactly precisely only just between a an another further additional"
)
# How every match of the above ends: a look at this spares the search for most numbers.
_LAST: Final = (
    *("<", ">", "~", "≈", "±"),
    *(f"{word} " for word in _LAST_WORDS.split()),
)
_AFTER: Final = re.compile(
    r"(?P<at_least>\+(?!\w)|[ -]plus\b| or more\b| and counting\b)"
    r"|(?P<about>[ -]odd\b|-(?:some|ish)\b| or so\b)|(?P<at_most> or (?:fewer|less)\b)"
)
_NEAR: Final = 40


class Bounded(NamedTuple):
    """A bound, and the span of the number together with the words that bound it."""

    bound: Bound
    """How tightly the number is stated; EXACT where nothing says otherwise."""
    start: int
    """First code point."""
    end: int
    """One past the last code point."""


def bound_of(sentence: str, start: int, end: int) -> Bounded:
    """The bound of the number at this span of the sentence, from the words right before and after it."""
    begin = max(0, start - _NEAR)
    near = sentence[begin:start]
    before = _BEFORE.search(near) if near.lower().endswith(_LAST) else None
    after = _AFTER.match(sentence, end)
    start = begin + before.start() if before else start
    if before and before.lastgroup and before.lastgroup not in {Bound.EXACT, Bound.RANGE}:
        return Bounded(Bound(before.lastgroup), start, end)
    if after and after.lastgroup:
        return Bounded(Bound(after.lastgroup), start, after.end())
    return Bounded(Bound.EXACT, start, end)
