"""When a piece of a page was written and by whom, as the short lines around it tell. Pure logic."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from schemas.record import record

DATELINE_CHARS: Final = 120
"""Longer lines are text, whatever dates they hold."""

AROUND_TIMES: Final = " \t-–—|:·•,"
"""What sets a date or a time apart from what else stands in its line."""

BETWEEN_NAMES: Final = re.compile(r"\s*,\s*|\s+(?:and|und|et|y|e|&)\s+")
"""What stands between the names of several authors."""

_MONTHS: Final = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari stycznia",
    "february feb februar février fevrier févr febrero febbraio fevereiro februari lutego",
    "march mar märz maerz mrz mars marzo março maart marca",
    "april apr avril avr abril abr aprile abr kwietnia",
    "may mai mayo maggio mag maio mei maja",
    "june jun juni juin junio giugno giu junho czerwca",
    "july jul juli juillet juil julio luglio lug julho lipca",
    "august aug août aout agosto ago augustus sierpnia",
    "september sept sep septembre septiembre settembre set setembro september września",
    "october oct oktober okt octobre octubre ottobre ott outubro out października",
    "november nov novembre noviembre novembro november listopada",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro december grudnia",
)
_MONTH_OF: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH: Final = rf"(?P<{{}}>{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})\b\.?"
_DAY: Final = r"(?P<{}>[0-3]?\d)(?:st|nd|rd|th|\.|er|º)?"
_YEAR: Final = r"(?P<{}>(?:19|20)\d\d)(?!\d)"
_WEEKDAY: Final = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)"
    r"|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
    r"|(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
    r"|(?:luned|marted|mercoled|gioved|venerd)ì|sabato|domenica)\b[.,]?\s*(?:(?:den|le|el)\s+)?"
)
_DATE: Final = re.compile(
    rf"(?<![\w/.-])(?P<weekday>{_WEEKDAY})?(?:"
    + "|".join(
        (
            _DAY.format("d1")
            + r"\s+(?:de\s+|of\s+)?"
            + _MONTH.format("m1")
            + r",?\s+(?:de\s+)?"
            + _YEAR.format("y1"),
            _MONTH.format("m2") + r"\s+" + _DAY.format("d2") + r",?\s+" + _YEAR.format("y2"),
            _YEAR.format("y3") + r"[-/](?P<m3>[01]\d)[-/](?P<d3>[0-3]\d)",
            r"(?P<d4>[0-3]?\d)\.(?P<m4>[01]?\d)\." + _YEAR.format("y4"),
            r"(?P<a5>[0-3]?\d)/(?P<b5>[0-3]?\d)/" + _YEAR.format("y5"),
            _DAY.format("d6") + r"\s+" + _MONTH.format("m6") + r"(?!\s*,?\s*\d)",
            _MONTH.format("m7") + r"\s+" + _DAY.format("d7") + r"(?![\w:]|,?\s*\d)",
        )
    )
    + r")(?![\w/])",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?)?"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?(?:\s*Uhr\b)?"
    r"\s*(?P<zone>Z\b|UTC\b|GMT\b|CEST\b|CET\b|BST\b|[EMCP][SD]T\b|[+-]\d\d:?\d\d)?(?!\d|:\d)",
    re.IGNORECASE,
)
_ZONES: Final = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "cest": 2,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_BY: Final = re.compile(
    r"(?:^|[\s(|·•-])(?:(?:posted|written|published|compiled|reported|read)\s+by|by|von|par|por|di|text|autor)"
    r"(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]*(?:\s+(?:(?:van|von|de|del|der|la|al|bin)\s+)*[A-ZÀ-Þ][\w.'’-]*){0,3}"
)
_INITIALS: Final = re.compile(r"\((?P<name>[a-z]{2,4})(?:/[a-z]{2,4})*[,)]")
_FILLER: Final = re.compile(
    r"[\W_]+|\b(?:posted|published|updated|last|on|at|by|um|le|am|à|the|in|uhr|h|min|read)\b", re.IGNORECASE
)
_REST_CHARS: Final = 60


@record
class Dateline:
    """What a line says of when; as exact as it is written."""

    day: date | None
    """The day, where it names one with its year, or with a year given to it."""
    clock: time | None
    """The time of day; with a zone where the line names one."""
    rest: str
    """What else stands on the line."""


def read_dateline(line: str, year: int | None = None) -> Dateline | None:
    """When a short line says that something was; None for a line of text.

    A date without a year is of `year`. A bare time of day counts where the line says hardly more.
    """
    if len(line) > DATELINE_CHARS or not any(map(str.isdigit, line)):
        return None
    found = _DATE.search(line)
    day = _day_of(found, year) if found else None
    rest = line[: found.start()] + " " + line[found.end() :] if found and day else line
    clock = _clock_in(rest, bool(day))
    if clock:
        rest = rest[: clock.start()] + " " + rest[clock.end() :]
    told = _time_of(clock) if clock else None
    if not day and not told:
        return None
    if len(_FILLER.sub("", rest)) > _REST_CHARS:
        return None
    return Dateline(day=day, clock=told, rest=" ".join(rest.split()))


def authors_in(line: str) -> tuple[str, ...]:
    """The names after a "by", or the initials in brackets, of a line that tells of when or by whom."""
    if initials := _INITIALS.search(line):
        return (initials["name"],)
    by = _BY.search(line)
    if not by:
        return ()
    names: list[str] = []
    at = by.end()
    while name := _NAME.match(line, at):
        names.append(name[0].strip(" .,"))
        gap = BETWEEN_NAMES.match(line, name.end())
        if gap is None:
            break
        at = gap.end()
    return tuple(name for name in names if name.lower() not in _MONTH_OF)


def is_name(line: str) -> bool:
    """Whether the line is nothing but what may be a person's name: two to four capitalised words."""
    return " " in line and _NAME.fullmatch(line) is not None


def instant_of(dateline: Dateline, day: date | None) -> datetime | None:
    """The instant, in UTC, of a dateline, on `day` where it names none; a bare clock is read as UTC."""
    named = dateline.day or day
    if named is None:
        return None
    moment = datetime.combine(named, dateline.clock or time(0, tzinfo=UTC))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _day_of(found: re.Match[str], year: int | None) -> date | None:
    parts = {name[0]: value for name, value in found.groupdict().items() if value and name != "weekday"}
    if "a" in parts:
        return _either_order(int(parts["a"]), int(parts["b"]), int(parts["y"]), found["weekday"])
    day = int(parts["d"])
    # A pattern that ignores case takes letters that only look alike; they are no key.
    month = int(parts["m"]) if parts["m"].isdigit() else _MONTH_OF.get(parts["m"].casefold())
    written = int(parts["y"]) if "y" in parts else year
    if written is None or month is None:
        return None
    return _real(written, month, day)


def _either_order(one: int, other: int, year: int, weekday: str | None) -> date | None:
    """Day and month in the order that the weekday asks for, else day first where that is a date."""
    days = [day for order in ((one, other), (other, one)) if (day := _real(year, *reversed(order)))]
    named = [day for day in days if weekday and weekday[:3].casefold() == f"{day:%a}".casefold()]
    return next(iter(named or days), None)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock_in(line: str, dated: bool) -> re.Match[str] | None:
    for found in _CLOCK.finditer(line):
        if not found["minute"] and not found["half"]:
            continue
        written = line[found.start() : found.end()]
        if "." in written.rstrip(". ") and not (found["half"] or "Uhr" in written or dated):
            continue
        alone = len(_FILLER.sub("", line[: found.start()] + line[found.end() :])) <= _REST_CHARS
        if dated or alone:
            return found
    return None


def _time_of(found: re.Match[str]) -> time | None:
    hour = int(found["hour"])
    if half := found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    zone = (found["zone"] or "").lower()
    return time(hour, int(found["minute"] or 0), int(found["second"] or 0), tzinfo=_zone(zone))


def _zone(written: str) -> timezone | None:
    if not written:
        return None
    if written in _ZONES:
        return timezone(timedelta(hours=_ZONES[written]))
    digits = written[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if written[0] == "-" else ahead) if ahead < timedelta(hours=24) else None
