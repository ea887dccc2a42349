"""Reading: streams whose order depends on what is kept, not on when it was written."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.testing import (
    NOON,
    a_claim,
    a_hearing,
    a_judgement,
    a_tagged_article,
    an_alert,
    an_article,
    an_article_ref,
)
from pipelines.memory.log import Ruling
from schemas.errors import ConfigError

LATER = NOON + timedelta(minutes=5)


def save(ledger, *, hearing=None, judgements=(), alerts=()):
    """Save what a test wants to read."""
    ruling = Ruling(hearing=hearing, judgements=judgements, alerts=alerts, settled=(), deliveries=())
    with ledger.memories.judging("main") as judging:
        judging.save(ruling)


def said(claim_id, story, **fields):
    """A judgement of a claim in a story."""
    article = an_article_ref(url=f"https://courier.example/{claim_id}", observed_at=fields.pop("at", NOON))
    claim = a_claim(id=claim_id, start=fields.pop("start", 0))
    return a_judgement(**({"claim": claim, "story": story, "article": article} | fields))


def test_judgements_come_in_order_of_place(ledger):
    """By the article's clock, then the article, the place in it and the topic, however they were written."""
    one, other = (an_article_ref(id=key, observed_at=NOON) for key in ("1", "2"))
    last = an_article_ref(id="0", observed_at=LATER)
    in_order = [
        a_judgement(topic=topic, article=article, claim=a_claim(id=f"{article.id}-{start}", start=start))
        for article in (one, other, last)
        for start in (5, 30)
        for topic in ("ferries", "veldar")
    ]
    for judgement in reversed(in_order):
        save(ledger, judgements=(judgement,))
    assert list(ledger.reading.judgements()) == in_order
    assert list(ledger.reading.judgements(topic="veldar")) == in_order[1::2]
    assert list(ledger.reading.judgements(since=LATER)) == in_order[8:]
    assert list(ledger.reading.judgements("ferries", LATER)) == in_order[8::2]


def test_alerts_come_oldest_or_newest_first(ledger):
    """By the article's clock, then id, in either direction, filtered by topic, time and number."""
    refs = [an_article_ref(id=str(at), observed_at=NOON + timedelta(minutes=at)) for at in (0, 5, 5)]
    topics = ("veldar", "ferries", "veldar")
    in_order = [
        an_alert(id=str(number), topic=topic, article=ref)
        for number, (topic, ref) in enumerate(zip(topics, refs, strict=True))
    ]
    save(ledger, alerts=(in_order[2], in_order[0], in_order[1]))
    reading = ledger.reading
    assert list(reading.alerts()) == in_order
    assert list(reading.alerts(newest_first=True, limit=2)) == in_order[:0:-1]
    assert list(reading.alerts(topic="veldar")) == in_order[::2]
    assert list(reading.alerts(since=LATER, limit=1)) == [in_order[1]]


def test_articles_come_once_and_with_what_they_copy(ledger):
    """An article is kept once; any memory may say that it is a copy."""
    plain, copied = (
        a_tagged_article(article=an_article(url=f"https://courier.example/{key}", observed_at=at))
        for key, at in (("plain", LATER), ("copied", NOON))
    )
    for _ in range(2):
        ledger.articles.save([plain, copied])
    ref = an_article_ref(id=copied.article.id)
    save(ledger, hearing=a_hearing(article=ref, sayings=()))
    save(ledger, hearing=a_hearing(memory="main", article=ref, copy_of="earlier"))
    assert list(ledger.reading.articles()) == [(copied, "earlier"), (plain, None)]
    assert list(ledger.reading.articles(since=LATER)) == [(plain, None)]


def test_a_story_is_told_with_what_it_updates_and_contradicts(ledger):
    """All sayings of the stories that hang together, each claim once, in order; no other story."""
    chain = (
        said("a1", "deaths-12", at=NOON),
        said("a2", "deaths-12", at=NOON + timedelta(minutes=1)),
        said("b1", "deaths-25", of="deaths-12", at=NOON + timedelta(minutes=2)),
        said("c1", "deaths-31", of="deaths-25", at=NOON + timedelta(minutes=3)),
    )
    again = said("a1", "deaths-12", topic="wards", at=NOON)
    save(ledger, judgements=(*reversed(chain), again, said("z1", "ferries")))
    for claim in ("a1", "a2", "b1", "c1", "b"):
        assert ledger.reading.story_of(claim) == chain
    assert [one.claim.id for one in ledger.reading.story_of("z1")] == ["z1"]


@pytest.mark.parametrize(
    ("start", "why", "hint"),
    [
        ("x", "no claim", "`tocsin export claims`"),
        ("ab", "more than one", ": ab1, ab2"),
        ("", "more than one", ": a, ab1, ab2, ac, ad, …"),
        ("a%", "no claim", "`tocsin export claims`"),
    ],
)
def test_a_claim_must_be_named_clearly(ledger, start, why, hint):
    """An unknown or ambiguous start of an id says what to do."""
    save(ledger, judgements=tuple(said(key, key) for key in ("a", "ab1", "ab2", "ac", "ad", "ae")))
    with pytest.raises(ConfigError, match=why) as caught:
        ledger.reading.story_of(start)
    assert caught.value.hint.endswith(hint)
    assert [one.claim.id for one in ledger.reading.story_of("a")] == ["a"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("flood", "ba"),
        ("FLOOD veldar", "a"),
        ("veldar's", "c"),
        ("lood", ""),
        ("mayor", "ca"),
        ("3.5", "b"),
        ("überschwemm", "d"),
        ("100%", ""),
        ("' & | ! \\ :*", ""),
        ("flood' & \\", "ba"),
        ("", ""),
    ],
)
def test_claims_are_found_by_their_words(ledger, words, found):
    """Every word must begin one of the claim's; the latest comes first, each once; nothing is syntax."""
    texts = {
        "a": "Floods closed the Veldar bridge, the mayor said.",
        "b": "The flood cost 3.5 million \x00 crowns \\u0000.",
        "c": "Veldar's mayor resigned.",
        "d": "Die Überschwemmungen dauern an.",
    }
    sayings = [
        said(key, key, claim=a_claim(id=key, text=text), at=NOON + timedelta(minutes=minute))
        for minute, (key, text) in enumerate(texts.items())
    ]
    save(ledger, judgements=(*sayings, replace(sayings[0], topic="ferries")))
    assert "".join(one.claim.id for one in ledger.reading.search(words, 10)) == found
    assert "".join(one.claim.id for one in ledger.reading.search(words, 1)) == found[:1]


def test_reading_may_stop_early_while_others_write(ledger):
    """A stream shows the moment it was begun, and writers do not wait for it."""
    alerts = [an_alert(id=f"{number:03}") for number in range(450)]
    save(ledger, alerts=tuple(alerts))
    stream = ledger.reading.alerts()
    begun = list(itertools.islice(stream, 2))
    save(ledger, alerts=(an_alert(id="zzz"),))
    assert [*begun, *stream] == alerts
    stopped = ledger.reading.alerts()
    assert next(stopped) == alerts[0]
    stopped.close()
    assert len(list(ledger.reading.alerts())) == 451
