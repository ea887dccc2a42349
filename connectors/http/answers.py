"""What an answer's status and headers mean."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from connectors.http.messages import Response, Validators
from schemas.errors import RecordError, Rejected, Retriable
from schemas.failures import Reason

Headers = Sequence[tuple[str, str]]
"""Names in lower case, with their values, in the order sent."""

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""Statuses that lead elsewhere, with a `Location`."""
PERMANENT: Final = frozenset({301, 308})
"""Those of them that are meant for good."""

_MAY_HEAL: Final = frozenset({408, 425, 429})
_DAY_S: Final = 86_400.0
_MOST_ENCODINGS: Final = 2
_READABLE: Final = frozenset({"gzip", "x-gzip", "deflate"})
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([^\s\"';]+)", re.IGNORECASE)
_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header; `name` in lower case."""
    return next((value for key, value in headers if key == name), None)


def read_headers(raw: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """The headers as text; a value that is not UTF-8 is read as Latin-1, so that nothing is lost."""
    return tuple((name.decode("latin-1").lower(), _text(value)) for name, value in raw)


def read_response(
    url: str, status: int, headers: Headers, body: bytes, permanent_url: str | None
) -> Response:
    """The answer as a record."""
    declared = header(headers, "content-type") or ""
    charset = _CHARSET.search(declared)
    return Response(
        url=url,
        status=status,
        headers=tuple(headers),
        body=body,
        media_type=declared.partition(";")[0].strip().lower(),
        charset=charset[1] if charset else None,
        validators=Validators(etag=header(headers, "etag"), last_modified=header(headers, "last-modified")),
        permanent_url=permanent_url,
    )


def refusal_of(status: int, headers: Headers, attempt: str, now: datetime) -> RecordError | None:
    """What is wrong with an answer of this status; None for 2xx. `attempt` says what was tried, on what."""
    if 200 <= status < 300:
        return None
    message = f"{attempt}: the answer is HTTP status {status}"
    if status in _MAY_HEAL or status >= 500:
        wait = header(headers, "retry-after")
        after_s = None if wait is None else retry_after_s(wait, now)
        return Retriable(message, reason=Reason.HTTP_STATUS, after_s=after_s)
    hint = "give the address that it redirects to" if status in REDIRECTS else None
    return Rejected(message, reason=Reason.HTTP_STATUS, hint=hint)


def retry_after_s(value: str, now: datetime) -> float | None:
    """Seconds to wait as `Retry-After` asks (RFC 9110, 10.2.3), at most a day; None where unreadable."""
    written = value.strip()
    if written.isascii() and written.isdigit():
        return float(min(int(written[:9]), int(_DAY_S)))
    try:
        until = parsedate_to_datetime(written)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), _DAY_S)


def max_age_s(headers: Headers) -> int | None:
    """Seconds for which the answer stays fresh, as `Cache-Control` says; None where it does not."""
    found = _MAX_AGE.search(header(headers, "cache-control") or "")
    return int(found[1]) if found else None


def encodings_of(headers: Headers, attempt: str) -> tuple[str, ...]:
    """The content encodings in the order in which they were applied, without `identity`.

    Raises:
        Rejected: UNSAFE for more than two, MALFORMED for one that was never asked for.
    """
    listed = ",".join(value for name, value in headers if name == "content-encoding").lower().split(",")
    encodings = tuple(name.strip() for name in listed if name.strip() not in ("", "identity"))
    if len(encodings) > _MOST_ENCODINGS:
        raise Rejected(f"{attempt}: encoded {len(encodings)} times over", reason=Reason.UNSAFE)
    strange = next((name for name in encodings if name not in _READABLE), None)
    if strange is not None:
        raise Rejected(
            f"{attempt}: encoded as {strange[:40]!r}, though only gzip was asked for", reason=Reason.MALFORMED
        )
    return encodings


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
