"""From a date as publishers write it to a moment."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST: Final = 100
_FRACTION: Final = re.compile(r"(\.\d{6})\d+")
_COLON_IN_OFFSET: Final = re.compile(r"(?<=[+-]\d\d):(?=\d\d$)")
_EPOCH: Final = datetime(1971, 1, 1, tzinfo=UTC)
_OFFSETS: Final = {
    **dict.fromkeys(("GMT", "UT", "UTC", "Z", "WET", "-0000"), "+0000"),
    **dict.fromkeys(("CET", "MET", "WEST"), "+0100"),
    **dict.fromkeys(("CEST", "MEST", "EET"), "+0200"),
    **dict.fromkeys(("EEST", "MSK"), "+0300"),
}
"""Names of time zones that mean one thing only, beside the American ones that RFC 822 lists."""


def read_instant(written: str) -> datetime | None:
    """The moment, in UTC, that an RFC 822 or ISO 8601 date names; None where it names none.

    None too without a time zone, for then it is no moment, and before 1971, which is how programs write that
    they know no date. A date to come stays as it is.
    """
    text = " ".join(written.upper().split()).replace("SEPT ", "SEP ")
    if not text or len(text) > _LONGEST:
        return None
    stem, _, zone = text.rpartition(" ")
    text = _COLON_IN_OFFSET.sub("", f"{stem} {_OFFSETS.get(zone, zone)}")
    try:
        found = _parse(text)
        moment = None if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and moment >= _EPOCH else None


def _parse(text: str) -> datetime:
    try:
        return datetime.fromisoformat(
            _FRACTION.sub(r"\1", text.replace(" +", "+").replace(" -", "-").strip())
        )
    except ValueError:
        return parsedate_to_datetime(text)
