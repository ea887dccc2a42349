"""How numbers are written, in digits and in English words, and what they are worth. Pure logic.

The patterns are fragments for larger ones: they hold no groups, and take time linear in the text.
"""

import re
from collections.abc import Iterable
from typing import Final

_SMALL: Final = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split(),
        start=1,
    )
}
_TENS: Final = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)
_SCALES: Final = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
_LETTERS: Final = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12}
_PARTS: Final = {
    "half": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fourth": 1 / 4,
    "fifth": 1 / 5,
    "sixth": 1 / 6,
    "seventh": 1 / 7,
    "eighth": 1 / 8,
    "ninth": 1 / 9,
    "tenth": 1 / 10,
}
_GLYPHS: Final = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4}
_MANY: Final = {
    "few": (2, 9),
    "several": (2, 9),
    "many": (2, 99),
    "tens": (20, 99),
    "dozens": (24, 99),
    "scores": (40, 199),
    "hundreds": (200, 999),
    "thousands": (2_000, 99_999),
    "millions": (2 * 10**6, 999 * 10**6),
    "billions": (2 * 10**9, 999 * 10**9),
}
_LONGEST: Final = 80  # longer "numbers" are noise, and would become infinite
_WORD: Final = re.compile(r"[a-z]+")
_TOKEN: Final = re.compile(r"[a-z]+|\d+")


def _one_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


_SCALE = rf"{_one_of(_SCALES)}\b"
_GAP = "[ \u00a0\u2009\u202f'’]"
_BELOW_100 = (
    rf"(?:{_one_of(_TENS)}(?:[ -]{_one_of(word for word, size in _SMALL.items() if size < 10)})?"
    rf"|{_one_of(_SMALL)})\b"
)
_BELOW_1000 = rf"{_BELOW_100}(?:[ -]hundred\b(?: (?:and )?{_BELOW_100})?)?"

DIGITS: Final = (
    rf"(?:\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?!\d)|\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?"
    rf"|\d{{1,3}}(?:{_GAP}\d{{3}})+(?!\d)(?:[.,]\d{{1,2}}(?!\d))?"
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d{1,3}\.\d{3},\d{1,2}(?!\d)|\d+(?:[.,]\d+)?)"
    rf"(?:(?:[ -]{_SCALE}){{1,2}}| ?(?:mn|mln|bn|tn)\b|[kKmMbB]\b)?"
)
"""Digits with any usual separators, and the scale after them: "3,000", "3 000", "1.5 million", "3k"."""
WORDS: Final = (
    rf"(?i:{_BELOW_100} and a half(?:[ -]{_SCALE})?"
    rf"|{_BELOW_1000}(?:[ -]{_SCALE}(?: (?:and )?{_BELOW_1000})?)*"
    rf"|an? hundred(?: and {_BELOW_100})?(?:[ -]{_SCALE})?"
    rf"|(?:half |(?:an? )?quarter of )?an?(?: half)?[ -]{_SCALE}|half[ -]{_SCALE})"
)
"""Number words: "three thousand", "twenty-five", "a dozen", "half a million", "two and a half million"."""
FRACTION: Final = (
    rf"(?i:(?:{_one_of(_SMALL)}|an?)[ -]{_one_of(_PARTS)}s?\b(?! of an? {_SCALE})"
    rf"|half\b(?![ -](?:an? )?{_SCALE})|[½⅓⅔¼¾]"
    rf"|[1-9]/(?:[2-9]|10)(?!\d)"
    rf"|(?:{_one_of(_SMALL)}|\d{{1,2}})(?: in | out of )(?:every )?(?:{_one_of(_SMALL)}|\d{{1,3}})\b)"
)
"""Parts of a whole: "two-thirds", "a quarter", "half", "one in five", "nine out of 10", "1/3"."""
VAGUE: Final = (
    rf"(?i:(?:a few|several|many|few|tens of|dozens of|scores of|hundreds of|thousands of)"
    rf" (?:hundreds|thousands|millions|billions|{_SCALE})"
    rf"|(?:dozens|hundreds|thousands|millions|billions|scores(?= of\b))\b)"
)
"""Numbers that only say how large: "dozens", "hundreds of thousands", "several hundred"."""

ORDINAL: Final = rf"(?i:{_one_of(_TENS)}-(?:first|second|{_one_of(_PARTS)})\b(?! of\b))"
"""Ordinals that begin like a number: "twenty-first"."""
STARTERS: Final = frozenset((*_SMALL, *_TENS, *_MANY, "half"))
"""Every word that can begin a number, but for "a" and "an"."""
AFTER_ARTICLE: Final = rf"(?i:few|{_one_of((*_SCALES, *_PARTS))})\b"
"""Words before which "a" and "an" begin a number."""
NUMBER_WORDS: Final = STARTERS | frozenset((*_SCALES, *_PARTS))
"""Words without one of which, and without digits, there is no number."""


def scale_of(written: str) -> float:
    """By how much the scale words at the end multiply: 1,000,000 for "3 million", 1 for "three"."""
    scale = 1.0
    for word in reversed(_WORD.findall(written.lower())):
        if word not in _SCALES and not (word in _LETTERS and written[0].isdigit()):
            break
        scale *= _SCALES.get(word) or _LETTERS[word]
    return scale


def number_value(written: str) -> float | None:
    """What text matched by `DIGITS` or `WORDS` is worth; None where its separators make no number."""
    text = written.lower()
    if len(text) > _LONGEST:
        return None
    if not text[0].isdigit():
        return _words_value(_WORD.findall(text))
    value = _digits_value(text.rstrip("abcdefghijklmnopqrstuvwxyz -"))
    return None if value is None else value * scale_of(text)


def _digits_value(text: str) -> float | None:
    """Reads separators by where they stand. One point before three digits is decimal, but for "3.000"."""
    groups = re.split(r"[^\d]", text)
    marks = re.sub(r"\d", "", text)
    thousands = len(groups[-1]) == 3 and (len(set(marks)) == 1)
    if thousands and (marks != "." or groups[1] == "000"):
        return float("".join(groups))
    if len(marks) > 1 and marks.count(marks[-1]) > 1:
        return None
    if marks[-1:] == "," and len(groups[-1]) > 2:
        return None
    return float("".join(groups[:-1]) + "." + groups[-1]) if marks else float(text)


def _words_value(words: list[str]) -> float:
    total = current = 0.0
    for word in words:
        match word:
            case "hundred":
                current = (current or 1) * 100
            case "half" | "quarter":
                current += _PARTS[word]
            case _ if word in _SCALES:
                total += (current or 1) * _SCALES[word]
                current = 0.0
            case _:
                current += _SMALL.get(word, 0) or _TENS.get(word, 0)
    return total + current


def fraction_value(written: str) -> float | None:
    """The part of a whole, 0..1, that text matched by `FRACTION` means; None where it is no part."""
    text = written.lower()
    if text in _GLYPHS:
        return _GLYPHS[text]
    tokens = _TOKEN.findall(text)
    counts = [
        int(token) if token.isdigit() else _SMALL[token]
        for token in tokens
        if token.isdigit() or token in _SMALL
    ]
    part = next((_PARTS[name] for token in tokens if (name := token.removesuffix("s")) in _PARTS), None)
    if part is not None:
        value = part * (counts[0] if counts else 1)
    elif len(counts) == 2:
        value = counts[0] / counts[1]
    else:
        return None
    return value if value < 1 else None


def vague_value(written: str) -> tuple[float, float]:
    """The least and the greatest number that text matched by `VAGUE` may mean."""
    *before, last = (word for word in _WORD.findall(written.lower()) if word in _MANY or word in _SCALES)
    low, high = _MANY[before[0] if before else last]
    scale = _SCALES[last.removesuffix("s")] if before else 1
    return low * scale, high * scale
