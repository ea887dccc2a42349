"""The outbox: each alert goes to each sink once, in order, until the sink has it or refuses it."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from connectors.testing import NOON, a_failure, an_alert, an_article_ref
from pipelines.ledger.records import Due
from pipelines.memory.log import Delivery, Ruling

LATER = NOON + timedelta(minutes=5)


def an_alert_at(minutes, **fields):
    """An alert on an article that was observed so many minutes after noon."""
    article = an_article_ref(
        url=f"https://courier.example/{minutes}", observed_at=NOON + timedelta(minutes=minutes)
    )
    return an_alert(article=article, **fields)


@pytest.fixture
def alerts(ledger):
    """Three alerts due at the desk in this order; the second one also at the log."""
    early, first, second = an_alert_at(0), an_alert_at(3, id="a"), an_alert_at(3, id="b")
    due = [Delivery(alert=alert.id, sink="desk") for alert in (second, early, first)]
    ruling = Ruling(
        hearing=None,
        judgements=(),
        alerts=(second, early, first),
        settled=(),
        deliveries=(*due, Delivery(alert="a", sink="log")),
    )
    with ledger.memories.judging("main") as judging:
        judging.save(ruling)
    return early, first, second


def due_at(ledger, sink, now=LATER):
    """The ids of what is due at the sink."""
    return [due.alert.id for due in ledger.outbox.due(sink, now, 10)]


def test_alerts_are_due_in_a_stable_order(ledger, alerts):
    """Alerts come by their article's clock, then id, at most as many as asked for, each sink its own."""
    assert ledger.outbox.due("desk", NOON, 10) == tuple(Due(alert=alert, attempts=0) for alert in alerts)
    assert [due.alert for due in ledger.outbox.due("desk", NOON, 2)] == list(alerts[:2])
    assert due_at(ledger, "log") == ["a"]
    assert due_at(ledger, "nowhere") == []
    waiting = [ledger.outbox.waiting(sinks) for sinks in (["desk", "log"], ["log"], ["nowhere"], [])]
    assert waiting == [4, 1, 0, 0]


def test_a_sent_alert_is_not_due_again(ledger, alerts):
    """What is at one sink is still due at the others."""
    ledger.outbox.sent("desk", [alert.id for alert in alerts], NOON)
    ledger.outbox.sent("desk", [alert.id for alert in alerts], LATER)
    ledger.outbox.retry("desk", ["a"], NOON, "too late")
    assert due_at(ledger, "desk") == []
    assert due_at(ledger, "log") == ["a"]
    assert ledger.outbox.counts() == {
        "desk": {"waiting": 0, "sent": 3, "refused": 0},
        "log": {"waiting": 1, "sent": 0, "refused": 0},
    }


def test_a_retried_alert_waits(ledger, alerts):
    """An alert that did not get through is due again later, in its old place, and counts its tries."""
    early = alerts[0]
    ledger.outbox.retry("desk", [early.id], LATER, "no answer \ud800")
    assert due_at(ledger, "desk", NOON) == ["a", "b"]
    assert ledger.outbox.due("desk", LATER, 1) == (Due(alert=early, attempts=1),)


def test_a_refused_alert_becomes_a_failure_and_can_be_sent_again(ledger, alerts):
    """A refusal is final and kept as a failure, until a replay."""
    failure = a_failure(stage="publish", record="alert a")
    ledger.outbox.refused("desk", "a", failure)
    assert due_at(ledger, "desk") == [alerts[0].id, "b"]
    assert ledger.failures.waiting(limit=10) == (failure,)
    assert ledger.outbox.counts()["desk"] == {"waiting": 2, "sent": 0, "refused": 1}
    assert ledger.outbox.requeue(["a", "b"]) == 1
    assert due_at(ledger, "desk") == [alerts[0].id, "a", "b"]


@pytest.mark.usefixtures("alerts")
def test_a_refusal_that_cannot_be_written_leaves_nothing(ledger):
    """The refusal and its failure are written together or not at all."""
    unwritable = a_failure(failed_at=NOON.replace(tzinfo=None))
    with pytest.raises(StatementError):
        ledger.outbox.refused("desk", "a", unwritable)
    assert "a" in due_at(ledger, "desk")
