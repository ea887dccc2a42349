"""Judging: one transaction on one memory, written whole or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from connectors.testing import NOON, a_claim, a_hearing, a_judgement, a_saying, an_alert, an_article_ref
from pipelines.memory.log import Delivery, Ruling, Settled
from schemas.failures import Reason


def a_ruling(name="bridge", **fields):
    """What judging one article for the topic `veldar` changes: two claims, one alert, two sinks."""
    article = an_article_ref(url=f"https://courier.example/{name}")
    claims = [a_claim(text=f"{name} {number}.") for number in (1, 2)]
    alert = an_alert(article=article)
    new = {
        "hearing": a_hearing(article=article, sayings=tuple(a_saying(claim=claim) for claim in claims)),
        "judgements": tuple(a_judgement(claim=claim, article=article) for claim in claims),
        "alerts": (alert,),
        "settled": (Settled(topic="veldar", article=article.id, alert=alert.id, reason=None),),
        "deliveries": tuple(Delivery(alert=alert.id, sink=sink) for sink in ("desk", "log")),
    }
    return Ruling(**(new | fields))


def contents(ledger):
    """All that judging can change."""
    with ledger.memories.judging("main") as judging:
        log = list(judging.since(0))
    return log, list(ledger.reading.judgements()), list(ledger.reading.alerts()), ledger.outbox.counts()


def test_a_memory_reads_its_own_log_in_order(ledger):
    """Each memory has its own entries, each with its position, from any position on."""
    rulings = [a_ruling(name) for name in ("a", "b", "c")]
    with ledger.memories.judging("main") as judging:
        first, second = (judging.save(ruling) for ruling in rulings[:2])
    with ledger.memories.judging("other") as judging:
        assert list(judging.since(0)) == []
        judging.save(a_ruling(hearing=a_hearing(memory="other")))
    with ledger.memories.judging("main") as judging:
        third = judging.save(rulings[2])
        assert first < second < third
        positions = (first, second, third)
        assert list(judging.since(0)) == list(zip(positions, (one.hearing for one in rulings), strict=True))
        assert list(judging.since(second)) == [(third, rulings[2].hearing)]


def test_an_empty_memory_is_at_position_zero(ledger):
    """A ruling that teaches a memory nothing leaves it where it was."""
    with ledger.memories.judging("main") as judging:
        assert judging.save(a_ruling(hearing=None)) == 0
        end = judging.save(a_ruling())
        assert judging.save(a_ruling("other", hearing=None)) == end


def test_saving_a_ruling_twice_changes_nothing(ledger):
    """The same ruling again, in the same session or a later one, is a no-op."""
    with ledger.memories.judging("main") as judging:
        end = judging.save(a_ruling())
        assert judging.save(a_ruling()) == end
    before = contents(ledger)
    with ledger.memories.judging("main") as judging:
        assert judging.save(a_ruling()) == end
    assert contents(ledger) == before
    assert [len(part) for part in before] == [1, 2, 1, 2]


def test_an_article_may_be_heard_again_with_other_claims(ledger):
    """A later topic may be about claims of the article that the memory has not heard."""
    ruling = a_ruling()
    more = replace(ruling.hearing, sayings=(a_saying(claim=a_claim(text="Something else.")),))
    with ledger.memories.judging("main") as judging:
        judging.save(ruling)
        judging.save(replace(ruling, hearing=more))
        assert [hearing for _, hearing in judging.since(0)] == [ruling.hearing, more]


def test_a_session_that_fails_leaves_nothing(ledger):
    """An error in the caller, after rulings were saved, takes them all back."""

    def judge_and_break():
        with ledger.memories.judging("main") as judging:
            judging.save(a_ruling("a"))
            judging.save(a_ruling("b"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        judge_and_break()
    assert contents(ledger) == ([], [], [], {})


def test_a_ruling_that_cannot_be_written_leaves_nothing(ledger):
    """A ruling that breaks off after its log entry takes the whole session back."""
    lost = Settled(topic="veldar", article="x", alert="no such alert", reason=None)

    def judge_both():
        with ledger.memories.judging("main") as judging:
            judging.save(a_ruling("a"))
            judging.save(a_ruling("b", settled=(lost,)))

    with pytest.raises(IntegrityError):
        judge_both()
    assert contents(ledger) == ([], [], [], {})


def test_what_was_judged_is_known_by_topic(ledger):
    """An article was judged for a topic, whether it gave an alert or not."""
    ruling = a_ruling()
    article = ruling.hearing.article.id
    quiet = Settled(topic="ferries", article=article, alert=None, reason=Reason.HEARD)
    with ledger.memories.judging("main") as judging:
        judging.save(replace(ruling, settled=(*ruling.settled, quiet)))
        assert judging.judged(article, ["ferries", "veldar", "dams"]) == {"ferries", "veldar"}
        assert judging.judged("another article", ["ferries", "veldar"]) == frozenset()
        assert judging.judged(article, []) == frozenset()


def test_what_a_topic_heard_is_known_by_story(ledger):
    """A topic has heard the stories of its own judgements, and of no other topic's."""
    judgements = (
        a_judgement(claim=a_claim(text="1"), story="s1"),
        a_judgement(claim=a_claim(text="2"), story="s2"),
        a_judgement(claim=a_claim(text="1"), story="s1", topic="ferries"),
        a_judgement(claim=a_claim(text="3"), story="s1"),
    )
    with ledger.memories.judging("main") as judging:
        judging.save(a_ruling(judgements=judgements))
        heard = judging.heard(["veldar", "ferries", "dams"], ["s1", "s2", "s3"])
        assert heard == {("veldar", "s1"), ("veldar", "s2"), ("ferries", "s1")}
        assert judging.heard(["ferries"], ["s2"]) == frozenset()


def test_a_long_log_is_streamed(ledger):
    """Reading may stop early, and the session goes on."""
    article = an_article_ref()
    hearings = [
        a_hearing(article=article, sayings=(a_saying(claim=a_claim(text=str(number))),))
        for number in range(450)
    ]
    nothing = Ruling(hearing=None, judgements=(), alerts=(), settled=(), deliveries=())
    with ledger.memories.judging("main") as judging:
        for hearing in hearings:
            judging.save(replace(nothing, hearing=hearing))
        assert next(judging.since(0))[1] == hearings[0]
        judging.save(a_ruling(hearing=None))
        assert [hearing for _, hearing in judging.since(0)] == hearings


def test_the_time_of_an_alert_is_kept_to_the_microsecond(ledger):
    """A record comes back equal, whatever its instants."""
    article = an_article_ref(observed_at=NOON + timedelta(microseconds=1))
    with ledger.memories.judging("main") as judging:
        judging.save(a_ruling(alerts=(an_alert(article=article),), settled=(), deliveries=()))
    assert list(ledger.reading.alerts(since=article.observed_at)) == [an_alert(article=article)]
    assert list(ledger.reading.alerts(since=article.observed_at + timedelta(microseconds=1))) == []
