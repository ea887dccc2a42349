"""The words of dates, and where dates stand in a sentence. Pure logic; words are English, digits any."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from pipelines.text.words import has_numeral, words_of

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            *("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul"),
            *("august aug", "september sept sep", "october oct", "november nov", "december dec"),
        ),
        start=1,
    )
    for name in names.split()
}
"""Names of months, lower case, and their numbers."""
WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday wed",
            "thursday thurs thu",
            "friday fri",
            "saturday sat",
        )
    )
    for name in names.split()
} | {"sunday": 6, "sun": 6}
"""Names of days, lower case; Monday is 0."""
COUNTS: Final = dict(
    zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True)
) | {"a": 1, "an": 1}
"""Small numbers that stand before "days ago"."""
DIGITS: Final = {
    **{first + digit: str(digit) for first in (0x06F0, 0x0660) for digit in range(10)},
    0x066A: "%",
    0x066B: ".",
    0x066C: ",",
}
"""Persian and Arabic digits and their marks as European ones, character by character."""


class DateSpan(NamedTuple):
    """A date as found in a text, not yet resolved."""

    kind: str
    """Which shape it has: a key of the table of shapes."""
    start: int
    """First code point."""
    end: int
    """One past the last code point."""


def _forms(names: Iterable[str]) -> str:
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(form for name in ordered for form in (name.title(), name.upper()))


_MONTH = (
    rf"(?:(?:{_forms(name for name in MONTHS if len(name) > 4)}|May|MAY)\b"
    rf"|(?:{_forms(name for name in MONTHS if len(name) <= 4 and name != 'may')})\b\.?)"
)
_WEEKDAY = rf"(?:{_forms(name for name in WEEKDAYS if name.endswith('day'))})\b"
_ANY_WEEKDAY = rf"(?:{_forms(WEEKDAYS)})\b\.?,? "
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\w%]|,\d{3}(?!\d)|\.\d)"
_TO_DAY = r"(?: ?[-–] ?\d{1,2}(?![\w%]|,\d{3}(?!\d)|\.\d))?"
_YEAR = r"(?:1[89]|20)\d\d(?!\d)"
_AFTER = "|".join(
    rf"(?<=\b{word} )" for word in "in In since Since until by By from during early late mid".split()
)
# Alternatives that begin with a capital or a digit are kept apart from those that begin with any letter:
# the engine then skips most words after one look at their first character.
_CAPITAL_SHAPES: Final = {
    "iso": r"\d{4}-\d{2}-\d{2}(?![\d-])",
    "numeric": r"\d{1,2} ?/ ?\d{1,2} ?/ ?(?:\d{4}|\d{2})(?![\d/])|\d{1,2}\.\d{1,2}\.\d{4}(?!\d)",
    "day": rf"(?:{_ANY_WEEKDAY})?(?:{_MONTH} ?{_DAY}{_TO_DAY}|{_DAY}{_TO_DAY} (?:of )?{_MONTH})"
    rf"(?:,? ?{_YEAR})?",
    "month": rf"{_MONTH},? (?:of )?{_YEAR}|(?:{_AFTER}){_MONTH}(?! ?\d)",
    "weekday": _WEEKDAY,
    "decade": r"(?:1[89]|20)\d0s",
    "year": _YEAR,
}
_OTHER_SHAPES: Final = {
    "near": r"(?:(?:[Ee]arlier |[Ll]ater )?[Tt]his|[Ll]ast|[Nn]ext|[Pp]ast|[Cc]oming|[Pp]revious) "
    rf"(?:{_MONTH}(?! ?\d)|{_WEEKDAY}|week|weekend|month|year|spring|summer|autumn|winter)",
    "part": rf"(?:[Ee]arly|[Ll]ate|[Mm]id)[ -](?:{_MONTH},? )?(?:{_YEAR}|(?:1[89]|20)\d0s)",
    "near_day": r"(?:the )?day (?:before yesterday|after tomorrow)"
    r"|[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow|[Ll]ast night|[Tt]his (?:morning|afternoon|evening)",
    "ago": rf"(?:\d{{1,3}}|{_forms(COUNTS)}|{'|'.join(COUNTS)}|[Ss]everal|[Ss]ome|[Aa] few|many)"
    r" (?:hour|day|week|month|year|decade)s? ago",
}


def _any_of(shapes: dict[str, str]) -> str:
    return "|".join(f"(?P<{kind}>{shape})" for kind, shape in shapes.items())


_DATE: Final = re.compile(
    rf"(?<![\w$€£/:.,-])(?:{_any_of(_OTHER_SHAPES)}|(?=[\dA-Z])(?:{_any_of(_CAPITAL_SHAPES)}))(?!\w)"
)
_PERIODS: Final = ("week", "weekend", "month", "year", "spring", "summer", "autumn", "winter")
_DATE_WORDS: Final = frozenset((*MONTHS, *WEEKDAYS, *_PERIODS)) | frozenset(
    "ago yesterday today tonight tomorrow night morning afternoon evening".split()
)
_EASTERN: Final = re.compile("[\u0660-\u066c\u06f0-\u06f9]")
_BEFORE: Final = 24
_AFTER_YEAR: Final = re.compile(
    r"[.,:]?\d|-?[a-zé%°]|\s?%|\s(?:percent|per|GMT|BST|UTC|[A-Z]{2,3}T|hours|hrs|local|[ap]\.?m|million"
    r"|billion|thousand"
    r"|people|persons|men|women|children|dead|killed|injured|wounded|residents|members|homes|houses|times"
    r"|miles|km|kilomet\w+|met(?:er|re)s|feet|acres|tons|tonnes|degrees|dollars|euros|pounds|votes|jobs"
    r"|troops)\b"
)
_BEFORE_COUNT: Final = re.compile(
    r"(?:about|around|some|nearly|almost|over|than|approximately|roughly|least|most|only|just|up to"
    r"|another|number"
    r"|No\.|Route|Highway|Flight|Room|Channel|[$€£#/-])\s?\Z",
    re.IGNORECASE,
)
_NAMED_DAY: Final = re.compile(r"(?:Black|Good|Super|Ash|Easter|Palm|Bloody|Cyber|Shrove|The)\s\Z")
_CAPITAL_BEFORE: Final = re.compile(r"[A-Z][\w’']*\s\Z")
_CAPITAL_AFTER: Final = re.compile(r"\s[A-Z]")


@lru_cache(maxsize=64)  # dates and quantities ask for the same sentence
def date_spans(text: str, start: int, end: int) -> tuple[DateSpan, ...]:
    """Where dates stand in `text[start:end]`, in order; a number that counts something is no year."""
    sentence = text[start:end]
    if _DATE_WORDS.isdisjoint(words_of(sentence)) and not has_numeral(sentence):
        return ()
    if not text.isascii() and _EASTERN.search(text, start, end):
        text = text[:start] + text[start:end].translate(DIGITS) + text[end:]
    return tuple(
        DateSpan(found.lastgroup or "", found.start(), found.end())
        for found in _DATE.finditer(text, start, end)
        if _is_date(text, found)
    )


def _is_date(text: str, found: re.Match[str]) -> bool:
    """Whether what looks like a date is one.

    Not dates: "2000 people", "Black Friday", "Russia Today", "the past year".
    """
    begin = max(0, found.start() - _BEFORE)
    match found.lastgroup:
        case "year":
            counted = _AFTER_YEAR.match(text, found.end()) or _BEFORE_COUNT.search(
                text[begin : found.start()]
            )
            return not counted
        case "weekday":
            named = _NAMED_DAY.search(text[begin : found.start()])
            return not named or (named[0] == "The " and not _CAPITAL_AFTER.match(text, found.end()))
        case "near_day" if found[0] == "Today":
            return not _CAPITAL_BEFORE.search(text[begin : found.start()])
        case "near":
            return not (found[0].endswith(_PERIODS) and text.endswith("the ", begin, found.start()))
        case _:
            return True
