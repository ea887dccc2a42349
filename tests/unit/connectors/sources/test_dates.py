"""Dates as publishers write them."""

from datetime import UTC, datetime

import pytest

from connectors.sources.dates import read_instant

TEN = datetime(2024, 5, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Thu, 02 May 2024 10:00:00 GMT",
        "Thu, 2 May 2024 10:00 +0000",
        "2 May 24 10:00:00 Z",
        "Thursday, 02 May 2024 10:00:00 UT",
        "THU, 02 MAY 2024 12:00:00 +0200",
        "Thu, 02 May 2024 12:00:00 +02:00",
        "Thu, 02 May 2024 12:00:00 CEST",
        "Thu, 02 May 2024 06:00:00 EDT",
        "Thu, 02 May 2024 10:00:00 -0000",
        "Thu,\n 02 May 2024\t10:00:00  GMT ",
        "2024-05-02T10:00:00Z",
        "2024-05-02t10:00:00z",
        "2024-05-02T10:00Z",
        "2024-05-02T12:00:00+02:00",
        "2024-05-02T12:00:00+0200",
        "2024-05-02T10:00:00.0000000Z",
        "2024-05-02 12:00:00 +0200",
        "2024-05-02 10:00:00 UTC",
        "20240502T100000Z",
    ],
)
def test_read(written):
    """RFC 822 and ISO 8601 in all their spellings come to one moment in UTC."""
    assert read_instant(written) == TEN


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "yesterday",
        "2024-05-02",
        "2024-05-02T10:00:00",
        "Thu, 02 May 2024 10:00:00",
        "Thu, 02 May 2024 10:00:00 XYZ",
        "Thu, 32 May 2024 10:00:00 GMT",
        "2024-05-02T25:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1" * 1_000_000,
    ],
)
def test_missing(written):
    """A date without a zone, one that programs write for none, and nonsense all stay missing."""
    assert read_instant(written) is None


def test_future():
    """A date to come is what the publisher claims, and stays."""
    assert read_instant("Tue, 01 Jan 2999 00:00:00 GMT").year == 2999
