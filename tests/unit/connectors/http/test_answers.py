"""Reading statuses and headers."""

from datetime import UTC, datetime

import pytest

from connectors.http.answers import (
    encodings_of,
    max_age_s,
    read_headers,
    read_response,
    refusal_of,
    retry_after_s,
)
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

NOW = datetime(2024, 5, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("999999999999999999999", 86_400),
        ("Thu, 02 May 2024 10:01:30 GMT", 90),
        ("Thu, 02 May 2024 09:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Thu, 02 May 2024 12:00:30 +0200", 30),
        ("Thu, 02 May 2024 10:00:30 -0000", 30),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after(value, seconds):
    """`Retry-After` is read as seconds or as a date, never beyond a day."""
    assert retry_after_s(value, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, None),
        (204, None),
        (304, Rejected),
        (301, Rejected),
        (400, Rejected),
        (401, Rejected),
        (404, Rejected),
        (410, Rejected),
        (408, Retriable),
        (425, Retriable),
        (429, Retriable),
        (500, Retriable),
        (503, Retriable),
        (599, Retriable),
    ],
)
def test_refusal(status, kind):
    """Only what the host may answer otherwise later is tried again."""
    trouble = refusal_of(status, (), "GET http://example.org/", NOW)
    assert type(trouble) is (kind or type(None))
    assert trouble is None or (trouble.reason is Reason.HTTP_STATUS and str(status) in str(trouble))


def test_refusal_waits_as_told():
    """The wait that the host asks for goes into the error."""
    assert refusal_of(429, (("retry-after", "7"),), "GET x", NOW).after_s == 7


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=300", 300),
        ("public, max-age=60, s-maxage=9", 60),
        ('Max-Age="5"', 5),
        ("s-maxage=9", None),
        ("no-cache", None),
        ("max-age=soon", None),
    ],
)
def test_max_age(value, seconds):
    """Freshness is read from `Cache-Control`, for private caches."""
    assert max_age_s((("cache-control", value),)) == seconds


@pytest.mark.parametrize(
    ("values", "encodings"),
    [
        ([], ()),
        (["identity"], ()),
        (["gzip"], ("gzip",)),
        (["GZIP, deflate"], ("gzip", "deflate")),
        (["gzip", "gzip"], ("gzip", "gzip")),
    ],
)
def test_encodings(values, encodings):
    """Encodings come in the order applied, from one header or several."""
    assert encodings_of([("content-encoding", value) for value in values], "GET x") == encodings


@pytest.mark.parametrize(
    ("value", "reason"),
    [("gzip, gzip, gzip", Reason.UNSAFE), ("br", Reason.MALFORMED), ("gzip, zstd", Reason.MALFORMED)],
)
def test_refused_encodings(value, reason):
    """A third layer is refused, and so is an encoding that was never asked for."""
    with pytest.raises(Rejected) as caught:
        encodings_of([("content-encoding", value)], "GET x")
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("declared", "media_type", "charset"),
    [
        ("text/html; charset=utf-8", "text/html", "utf-8"),
        ("Text/HTML;Charset='ISO-8859-1'", "text/html", "ISO-8859-1"),
        ('application/rss+xml; q=1; charset="windows-1251"', "application/rss+xml", "windows-1251"),
        ("text/html", "text/html", None),
        ("", "", None),
    ],
)
def test_content_type(declared, media_type, charset):
    """Type and character set are taken apart."""
    response = read_response("http://example.org/", 200, [("content-type", declared)], b"", None)
    assert (response.media_type, response.charset) == (media_type, charset)


def test_headers_lose_nothing():
    """Header values that are not ASCII are kept, and repeated ones are joined."""
    raw = [(b"ETag", b'"\xe9"'), (b"X-Note", "ü".encode()), (b"Vary", b"a"), (b"Vary", b"b")]
    response = read_response("http://example.org/", 200, read_headers(raw), b"", None)
    assert response.validators.etag == '"é"'
    assert (response.header("x-note"), response.header("vary"), response.header("age")) == ("ü", "a, b", None)
