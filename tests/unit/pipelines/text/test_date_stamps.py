"""Publishers' date stamps: as exact as they tell, never a placeholder."""

from datetime import UTC, datetime

import pytest

from pipelines.text.stamps import read_stamps

FINE = datetime(2024, 5, 2, 8, 30, tzinfo=UTC)
DAY = datetime(2024, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamps", "instant"),
    [
        (["2024-05-02T10:30:00+02:00"], FINE),
        (["2024-05-02 10:30 +0200"], FINE),
        (["2024-05-02T08:30:00.000000000Z"], FINE),
        (["Thu, 02 May 2024 08:30:00 GMT"], FINE),
        (["2024-05-02T08:30:00"], FINE),
        (["2024-05-02"], DAY),
        (["20240502"], DAY),
        (["2024-05-02", "2024-05-02T08:30:00Z"], FINE),
        (["2024-05-02T00:00:00", "2024-05-02T08:30:00"], FINE),
        (["2024-05-02T10:30:00", "2024-05-02T10:30:00+02:00"], FINE),
        (["2024-05-02", "2024-05-09T08:30:00Z"], DAY),
        (["yesterday", " 2024-05-02 "], DAY),
        (["0001-01-01T00:00:00"], None),
        (["1970-01-01T00:00:00Z"], None),
        (["9999-12-31T23:59:59-10:00"], None),
        (["2024-05-02T08:30:00+99:00"], None),
        (["", "today", "1714638600"], None),
        (["Thu, 02 May 99999999999 08:30:00 GMT"], None),
        ([], None),
    ],
)
def test_read_stamps(stamps, instant):
    """The first readable stamp counts, made finer by those that mean the same day."""
    assert read_stamps(stamps) == instant
