"""Which dates a sentence names, resolved against the article's own. Pure logic."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from pipelines.text.english.calendar_words import COUNTS, DIGITS, MONTHS, WEEKDAYS, date_spans
from schemas.claims import DateMention

_TOKEN: Final = re.compile(r"\d+|[a-z]+")
_SOON: Final = timedelta(days=31)
_LAST_DAY: Final = 31
_NEAR: Final = 120  # code points before a date in which a cue counts
_CENTURY: Final = 100
# The last of these words before a date, or else the first after it, tells whether the date lies ahead.
_CUE: Final = re.compile(
    r"\b(?:(?P<ahead>will|shall|would|due|scheduled|set|plans|planned|expected|upcoming|must|until|deadline)"
    r"|said|says|told|announced|reported|was|were|had|has|have|did)\b"
)
_SHIFTS: Final = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "yesterday": -1,
    "next": 1,
    "coming": 1,
    "tomorrow": 1,
}


def find_dates(text: str, start: int, end: int, published_at: datetime | None) -> tuple[DateMention, ...]:
    """The dates in `text[start:end]`, in order, without the prepositions before them.

    Values are ISO 8601 days, months or years, as exact as the text is. What depends on the day of
    publication is None without it; weeks, seasons, decades and undecidable orders of day and month are None
    as well. A date without a year is the latest one that is at most a month ahead; one that the sentence
    puts ahead ("will meet on Friday") is the next.
    """
    today = published_at.date() if published_at else None
    return tuple(
        DateMention(
            text=text[span.start : span.end],
            start=span.start,
            end=span.end,
            value=_value(
                span.kind,
                text[span.start : span.end].translate(DIGITS).lower(),
                today,
                _lies_ahead(text, (start, end), span.start, span.end),
            ),
        )
        for span in date_spans(text, start, end)
    )


def _lies_ahead(text: str, sentence: tuple[int, int], start: int, end: int) -> bool:
    before = list(_CUE.finditer(text, max(sentence[0], start - _NEAR), start))
    cue = before[-1] if before else _CUE.search(text, end, min(sentence[1], end + _NEAR))
    return bool(cue and cue["ahead"])


def _value(kind: str, written: str, today: date | None, ahead: bool) -> str | None:
    tokens = _TOKEN.findall(written)
    numbers = [int(token) for token in tokens if token.isdigit()]
    month = next((MONTHS[token] for token in tokens if token in MONTHS), None)
    match kind:
        case "iso":
            return _iso(*numbers)
        case "numeric":
            return _either_order(numbers, today)
        case "day" if month:
            return _day(month, numbers, today, ahead)
        case "month" | "part" | "year" if numbers and tokens[-1] != "s":
            return f"{numbers[0]}-{month:02}" if month else f"{numbers[0]}"
    if today is None:
        return None
    shift = next((_SHIFTS[token] for token in tokens if token in _SHIFTS), 0)
    match kind:
        case "near_day":
            return _days_on(today, 2 * shift if tokens[0] == "day" or tokens[:2] == ["the", "day"] else shift)
        case "month" | "near" if month:
            return _named_month(month, shift or ahead, today)
        case "weekday" | "near":
            return _named_day(tokens[-1], shift, today, ahead) or _period(tokens[-1], shift, today)
        case "ago":
            return _ago(tokens[-3:-1], today)
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _days_on(today: date, days: int) -> str | None:
    try:
        return (today + timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def _either_order(numbers: list[int], today: date | None) -> str | None:
    """Day and month in either order: the one that exists, or else the one near the publication."""
    first, second, year = numbers
    if year < _CENTURY:
        year += 1900 if today and year > today.year % _CENTURY + 1 else 2000
    readings = {day for day in (_iso(year, first, second), _iso(year, second, first)) if day}
    near = {day for day in readings if today and abs(date.fromisoformat(day) - today) <= _SOON}
    found = readings if len(readings) == 1 else near
    return found.pop() if len(found) == 1 else None


def _day(month: int, numbers: list[int], today: date | None, ahead: bool) -> str | None:
    """A day of a named month; the month alone where two days are given."""
    days = [number for number in numbers if number <= _LAST_DAY]
    year = numbers[-1] if numbers[-1] > _LAST_DAY else None
    if year is None and today:
        year = _year_of(month, days[0], today, ahead)
    found = _iso(year, month, days[0]) if year else None
    return found and (found if len(days) == 1 else found[: len("2019-01")])


def _year_of(month: int, day: int, today: date, ahead: bool) -> int | None:
    coming = (today.year, today.year + 1) if ahead else (today.year + 1, today.year, today.year - 1)
    for year in coming:
        found = _iso(year, month, day)
        wait = date.fromisoformat(found) - today if found else None
        if wait is not None and (wait >= timedelta(0) if ahead else wait <= _SOON):
            return year
    return None


def _named_month(month: int, shift: int, today: date) -> str:
    """The last such month, this one included unless `shift` says "last"; the next one where it says so."""
    if shift > 0:
        year = today.year + (month < today.month)
    else:
        year = today.year - (month >= today.month if shift else month > today.month)
    return f"{year:04}-{month:02}"


def _named_day(name: str, shift: int, today: date, ahead: bool) -> str | None:
    if name not in WEEKDAYS:
        return None
    behind = (today.weekday() - WEEKDAYS[name]) % 7
    match shift:
        case -1:
            return _days_on(today, -behind if behind else -7)
        case 1:
            return _days_on(today, 7 - behind)
        case _:
            return _days_on(today, (-behind) % 7 if ahead else -behind)


def _period(unit: str, shift: int, today: date) -> str | None:
    return (
        _months_on(today, shift)
        if unit == "month"
        else f"{today.year + shift:04}"
        if unit == "year"
        else None
    )


def _months_on(today: date, months: int) -> str:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return f"{year:04}-{month + 1:02}"


def _ago(amount: list[str], today: date) -> str | None:
    """A day, month or year as many units ago; None where the number is vague or the unit no calendar unit."""
    count, unit = amount
    number = int(count) if count.isdigit() else COUNTS.get(count)
    if number is None:
        return None
    match unit.removesuffix("s"):
        case "day":
            return _days_on(today, -number)
        case "month":
            return _months_on(today, -number)
        case "year":
            return f"{today.year - number:04}"
        case _:
            return None
