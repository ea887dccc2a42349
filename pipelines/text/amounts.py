"""Where a sentence holds amounts, and what they are worth, units apart. Pure logic."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

from pipelines.text.english.numbers import (
    AFTER_ARTICLE,
    DIGITS,
    FRACTION,
    NUMBER_WORDS,
    ORDINAL,
    STARTERS,
    VAGUE,
    WORDS,
    fraction_value,
    number_value,
    scale_of,
    vague_value,
)
from pipelines.text.english.units import SIGN, SIGN_STARTERS
from pipelines.text.words import has_numeral, words_of

_NUMBER: Final = rf"(?:{DIGITS}|{WORDS})"
_NOT_COUNTING: Final = "|".join(
    (
        r"\d{1,2}(?:: ?\d{2}){1,2}(?: ?[AaPp]\. ?[Mm]\b\.?| ?[AaPp][Mm]\b)?",  # 7:30 p.m.
        rf"{WORDS} o[’']clock",
        ORDINAL,
        r"\d{1,2}(?:\.\d{2})? ?(?:[AaPp]\. ?[Mm]\b\.?|[AaPp][Mm]\b|o[’']clock)",  # 5 p.m., 11.30 am
        r"\d{1,2}[:.]?\d{2} ?(?:GMT|BST|UTC|[A-Z]{1,3}ST|hrs|hours local|local)\b",  # 2045 GMT
        r"\d+(?:st|nd|rd|th)\b",  # 21st
        r"(?<=\+)\d[\d ().-]{6,30}\d|(?<=\()\d{3}\) ?\d{3}-\d{4}"
        r"|\d{1,4}(?: ?- ?\d{2,4}){2,}(?!\d)",  # telephone numbers
        r"\d+['’]?s\b|\d0-somethings?\b|\d+x\d+|24 ?/ ?7\b|9 ?/ ?11\b",  # 747s, in his 30s, 4x4
    )
)
_CANDIDATE: Final = re.compile(
    rf"(?<![\w.,/:&=@#])(?:(?<![A-Za-z]-)|(?<=agnitude-))(?:(?P<other>{_NOT_COUNTING})"
    rf"|(?P<part>{FRACTION})|(?P<vague>{VAGUE})"
    rf"|(?P<sign>{SIGN})? ?(?P<first>{_NUMBER})"
    rf"(?:%?(?P<link> ?[-–—] ?| to | or | and )(?:{SIGN} ?)?(?P<second>{_NUMBER}))?)"
    r"(?!\d|[A-Za-z]+\d|[ABDEG-Z]\b)"
)
_TOKEN: Final = re.compile(rf"(\d)\d*|[Aa]n? (?={AFTER_ARTICLE})|[^\W\d_]+|[$£€¥₹₽₺₪₩₴½⅓⅔¼¾]")
_STARTERS: Final = (
    SIGN_STARTERS
    | {"a ", "an ", "A ", "An "}
    | {form for word in STARTERS for form in (word, word.title(), word.upper())}
)
_SCORE: Final = re.compile(
    r"\b(?:beat|beaten|defeat|defeated|win|wins|won|lost|lose|loss|lead|led|drew|draw|victory|vote|voted"
    r"|score)\b"
)
_OF_WHOLE: Final = re.compile(r"[ -](?:of|the|its|their|his|her|our|all|that|those|these|majority)\b")
_NOT_A_PART: Final = re.compile(r"\b(?:first|second|other|latter|former|better|in|by) \Z")
# "fell by more than a third": a part of what it was.
_CHANGED: Final = re.compile(
    r"\b(?:f[ea]ll|falls|fallen|r[oi]se|rises|risen|grew|grown?|cut|dropped|shrank|shrunk|increased|reduced|raised"
    r"|lowered|declined|jumped|slumped|plunged|soared|climbed|slid|down|up)\b.{0,20}?"
    r"\bby (?:more than |less than |about |around |nearly |almost |over |roughly )?\Z"
)
_A_UNIT: Final = re.compile(r" an? (?=[a-z])")
_METRES: Final = re.compile(r"(?<=\d)m(?! (?:people|[a-z]+s)\b)")
_PLURAL: Final = re.compile(r" [a-z]+s\b")
_BETWEEN: Final = re.compile(r"\b[Bb]etween (?:about |around |roughly |some )?\Z")
_FROM: Final = re.compile(r"\b[Ff]rom (?:about |around |roughly |some )?\Z")
_MINUS: Final = re.compile(r"(?:(?<![\d ] )(?<!\S)[-−]|\b[Mm]inus )\Z")
_NEAR: Final = 24
_BACK: Final = 60
_MILLION: Final = 10**6


class Kind(Enum):
    """What sort of amount it is."""

    NUMBER = auto()
    """A number, or a range of two."""
    VAGUE = auto()
    """"dozens"."""
    PART = auto()
    """Part of a whole, in percent."""


class Amount(NamedTuple):
    """An amount as found in a sentence."""

    kind: Kind
    """What sort it is."""
    start: int
    """First code point in the sentence."""
    end: int
    """One past the last code point."""
    low: float
    """Least value."""
    high: float
    """Greatest value; equal to `low` but in a range and a vague number."""
    sign: str
    """The currency sign or code before it, or nothing."""


def find_amounts(sentence: str, taken: Callable[[], Iterable[tuple[int, int]]]) -> Iterator[Amount]:
    """The amounts in a sentence, in order, outside the spans that `taken` gives (its dates) when it must.

    Not amounts: times of day, ordinals, telephone numbers, scores ("won 3-2"), numbers within words ("F-16").
    """
    if NUMBER_WORDS.isdisjoint(words_of(sentence)) and not has_numeral(sentence):
        return
    starts = [token.start() for token in _TOKEN.finditer(sentence) if token[1] or token[0] in _STARTERS]
    done = 0
    spans = deque(taken())
    for start in starts:
        while spans and spans[0][1] <= start:
            done = max(done, spans.popleft()[1])
        limit = spans[0][0] if spans else len(sentence)
        if not done <= start < limit:
            continue
        found = _CANDIDATE.match(sentence, start)
        if found:
            amount, done = _read(sentence, found)
            if amount and amount.end <= limit:
                yield amount


def _read(sentence: str, found: re.Match[str]) -> tuple[Amount | None, int]:
    """The amount that was found, if it is one, and where to go on."""
    start, end = found.span()
    match found.lastgroup:
        case "other":
            return None, end
        case "part":
            return _part(sentence, found)
        case "vague":
            low, high = vague_value(found[0])
            return Amount(Kind.VAGUE, start, end, low, high, ""), end
    return _range(sentence, found) if found["second"] else _single(sentence, found)


def _part(sentence: str, found: re.Match[str]) -> tuple[Amount | None, int]:
    start, end = found.span()
    value = fraction_value(found[0])
    if value is None:
        return None, end
    unit = _A_UNIT.match(sentence, end)
    if unit and found[0].lower() == "half":  # "half an hour"
        return Amount(Kind.NUMBER, start, unit.end() - 1, value, value, ""), unit.end()
    changed = _CHANGED.search(sentence, max(0, start - _BACK), start)
    if not changed and _NOT_A_PART.search(sentence, max(0, start - _NEAR), start):
        return None, end
    plural_or_ratio = (
        found[0].endswith("s") or " in " in found[0] or " out " in found[0] or len(found[0]) == 1
    )
    if not plural_or_ratio and not changed and not _OF_WHOLE.match(sentence, end):
        return None, end
    percent = round(100 * value, 2)
    return Amount(Kind.PART, start, end, percent, percent, ""), end


def _single(sentence: str, found: re.Match[str]) -> tuple[Amount | None, int]:
    start, end = found.start(), found.end("first")
    value = number_value(found["first"])
    sign = found["sign"] or ""
    if value is None or (found["first"][0] == "0" and found["first"].isdigit() and len(found["first"]) > 1):
        return None, end
    if not sign and _METRES.match(sentence, end - 1):
        end, value = end - 1, value / _MILLION
    if minus := _MINUS.search(sentence, max(0, start - _NEAR), start):
        start, value = minus.start(), -value
    return Amount(Kind.NUMBER, start, end, value, value, sign), end


def _range(sentence: str, found: re.Match[str]) -> tuple[Amount | None, int]:
    """Two numbers read as a range; the first alone where they are none; nothing where they are a score."""
    low, high = number_value(found["first"]), number_value(found["second"])
    if low is None or high is None:
        return _single(sentence, found)
    scale = scale_of(found["second"])
    if scale > 1 and scale_of(found["first"]) == 1 and low <= high / scale:
        low *= scale
    before = sentence[max(0, found.start() - _NEAR) : found.start()]
    match found["link"].strip():
        case "and":
            joined = bool(_BETWEEN.search(before))
        case "or":
            joined = True
        case "to":
            joined = not _FROM.search(before) or before.lower().endswith("anywhere from ")
            if joined and low >= high and _SCORE.search(sentence):
                return None, found.end()
        case _:
            if low >= high or (_SCORE.search(sentence) and not _PLURAL.match(sentence, found.end())):
                return None, found.end()
            joined = True
    if not joined or low >= high:
        return _single(sentence, found)
    return Amount(Kind.NUMBER, *found.span(), low, high, found["sign"] or ""), found.end()
