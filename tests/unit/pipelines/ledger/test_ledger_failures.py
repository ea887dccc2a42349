"""Failures: kept until they are replayed, and back again if that fails."""

from datetime import timedelta

from connectors.testing import NOON, a_failure

LATER = NOON + timedelta(minutes=5)


def test_failures_wait_in_order_and_by_stage(ledger):
    """The oldest comes first, of all stages or one, at most as many as asked for."""
    late, early = a_failure(record="1", failed_at=LATER), a_failure(record="2")
    other = a_failure(record="3", stage="claims")
    ledger.failures.save([late, early, other])
    assert set(ledger.failures.waiting(limit=10)) == {late, early, other}
    assert ledger.failures.waiting("extract", limit=10) == (early, late)
    assert ledger.failures.waiting("extract", limit=1) == (early,)
    assert ledger.failures.waiting("judge", limit=10) == ()


def test_saving_a_failure_twice_changes_nothing(ledger):
    """A failure that is written again waits once, and an older refusal does not replace a newer one."""
    failure = a_failure(failed_at=LATER, detail="the newer")
    for again in (failure, failure, a_failure(detail="the older")):
        ledger.failures.save([again])
    assert ledger.failures.waiting(limit=10) == (failure,)


def test_a_replayed_failure_waits_no_longer_but_stays(ledger):
    """What was replayed is still there to read."""
    failure = a_failure()
    ledger.failures.save([failure])
    ledger.failures.replayed([failure.id, "unknown"], LATER)
    assert ledger.failures.waiting(limit=10) == ()
    assert list(ledger.reading.failures()) == [failure]


def test_a_failure_that_is_refused_again_waits_again(ledger):
    """A replay that failed leaves the latest refusal waiting, even at the very same moment."""
    for again in (a_failure(), a_failure(failed_at=LATER, detail="again")):
        ledger.failures.save([again])
        ledger.failures.replayed([again.id], LATER)
        ledger.failures.save([again])
        assert ledger.failures.waiting(limit=10) == (again,)


def test_a_refusal_during_a_replay_is_not_marked_as_replayed(ledger):
    """A failure that came back before the replay was marked waits for the next replay."""
    back = a_failure(failed_at=LATER)
    ledger.failures.save([a_failure()])
    ledger.failures.save([back])
    ledger.failures.replayed([back.id], NOON)
    assert ledger.failures.waiting(limit=10) == (back,)


def test_a_failure_is_kept_whatever_text_it_holds(ledger):
    """Text that UTF-8 cannot carry is why many records are refused; it must not hide the failure."""
    failure = a_failure(detail="bad \ud800", url="https://courier.example/\udfff", record="\x00 \ud800")
    ledger.failures.save([failure])
    (kept,) = ledger.failures.waiting(limit=10)
    assert (kept.id, kept.detail, kept.record) == (failure.id, "bad ?", "\x00 ?")
