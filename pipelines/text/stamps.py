"""What instant a publisher's date stamp stands for."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_YEARS: Final = range(1900, 2101)
_EPOCH: Final = datetime(1970, 1, 1).date()  # noqa: DTZ001 - a date has no zone
_SAME: Final = timedelta(days=1)


def read_stamps(stamps: Iterable[str]) -> datetime | None:
    """The instant, in UTC, that the first readable stamp gives, as exactly as any of them tells it.

    Reads ISO 8601 and RFC 5322. Later stamps count only where they are within a day of the first and
    finer: one with a zone beats one without, which is taken as UTC; that beats a bare day, which becomes
    midnight UTC. Placeholders (1 January 1970, the year 1) are not dates.
    """
    read = [moment for stamp in stamps if (moment := _read(stamp.strip()))]
    if not read:
        return None
    first = _in_utc(read[0])
    near = [moment for moment in read if abs(_in_utc(moment) - first) <= _SAME]
    return _in_utc(max(near, key=_fineness))


def _read(stamp: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        try:
            moment = parsedate_to_datetime(stamp)
        except (ValueError, OverflowError):
            return None
    return moment if moment.year in _YEARS and moment.date() != _EPOCH else None


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _fineness(moment: datetime) -> int:
    if moment.tzinfo:
        return 2
    return 0 if moment.time() == time.min else 1
