"""Back-off: doubling, bounded, and never sooner than asked."""

import pytest

from pipelines.collect.backoff import LONGEST_S, wait_s
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason


def retriable(after_s=None):
    """A host that does not answer, or says when it will."""
    return Retriable("no answer", reason=Reason.UNREACHABLE, after_s=after_s)


GONE = Rejected("410", reason=Reason.HTTP_STATUS)
DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("error", "usual_s", "waits_s"),
    [
        (retriable(), 900.0, [30, 60, 120, 240, 480, 900, 900]),
        (retriable(), 10.0, [10, 10]),
        (retriable(), DAY_S, [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, LONGEST_S, LONGEST_S]),
        (retriable(after_s=50.0), 900.0, [50, 60, 120]),
        (retriable(after_s=DAY_S), 900.0, [DAY_S, DAY_S]),
        (GONE, 900.0, [900, 1800, 3600, 7200, 14400, LONGEST_S, LONGEST_S]),
        (GONE, DAY_S, [DAY_S, DAY_S]),
    ],
)
def test_waits_double_up_to_their_bound(error, usual_s, waits_s):
    """Each failure doubles the wait until it is as long as it may be."""
    assert [wait_s(error, failures, usual_s) for failures in range(len(waits_s))] == waits_s


def test_no_number_of_failures_is_too_many():
    """A source that is down for years has a wait like one that is down for a day."""
    assert wait_s(retriable(), 10**9, DAY_S) == LONGEST_S
