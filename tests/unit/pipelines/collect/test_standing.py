"""Which sources are well: what the dashboard and the alert rules are told."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.collect.standing import standing
from pipelines.ledger.records import SourceState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def state(failures, ok_hours_ago):
    """A source that failed so often since its last good poll."""
    return SourceState(
        source="bbc",
        cursor=None,
        next_poll_at=NOW,
        failures_in_a_row=failures,
        last_error="gone" if failures else None,
        last_ok_at=None if ok_hours_ago is None else NOW - timedelta(hours=ok_hours_ago),
    )


@pytest.mark.parametrize(
    ("found", "every_s", "expected"),
    [
        (state(0, 100), 900, "ok"),
        (state(1, 0.9), 900, "failing"),
        (state(9, 1.1), 900, "silent"),
        (state(9, 1.1), 7200, "failing"),
        (state(1, None), 900, "silent"),
    ],
)
def test_a_source_is_silent_when_no_poll_went_well_for_too_long(found, every_s, expected):
    """Three times its own longest wait, an hour at least; a source that does not fail is never silent."""
    counts = standing([found], {"bbc": every_s}, NOW)
    assert counts == {"ok": 0, "failing": 0, "silent": 0} | {expected: 1}


def test_sources_never_polled_are_ok_and_forgotten_ones_do_not_count():
    """The numbers add up to the configured sources."""
    assert standing([state(3, None)], {"cnn": 900}, NOW) == {"ok": 1, "failing": 0, "silent": 0}
