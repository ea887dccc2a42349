"""What a memory makes of articles, and what that means for each topic."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.testing import (
    NOON,
    a_claim,
    a_claimed_article,
    a_match,
    a_quantity,
    a_tagged_article,
    an_article,
)
from pipelines.memory.hearing import Listener
from pipelines.memory.index import MemoryIndex
from pipelines.memory.origins import Families
from pipelines.memory.rulings import Desk, rule, stories_of
from schemas.alerts import Verdict
from schemas.failures import Reason
from schemas.watch import Publisher, Topic

_RELEASE = [
    "The Orvel harbour authority closed both northern piers on Tuesday morning after divers found cracks.",
    "Inspectors will examine every supporting pillar before any ferry may use the landing stage again.",
    "Passengers for the outer islands are taken by bus to the smaller harbour at Trennik for the time being.",
]
_OTHER = ["A choir of ninety children opened the summer festival in the old market hall of Belmora."]


def _topic(topic_id, **fields):
    new = {
        "id": topic_id,
        "query": "harbour",
        "languages": (),
        "memory": "main",
        "findings": (Verdict.NEW, Verdict.UPDATE, Verdict.CONFLICT),
        "worth": 0.0,
        "live": True,
    }
    return Topic(**(new | fields))


_TOPICS = [_topic("piers"), _topic("ferries"), _topic("choosy", worth=0.9), _topic("quiet", live=False)]
_DESK = Desk(
    topics={topic.id: topic for topic in _TOPICS},
    sinks={topic.id: ("desk",) for topic in _TOPICS},
)
_FAMILIES = Families(
    Publisher(id=name, domains=(), kind="outlet", owner=owner)
    for name, owner in [("north", "one-house"), ("south", "one-house"), ("rival", None)]
)


def _claimed(publisher, sentences, *, hours=0):
    text = "\n".join(sentences)
    claims = [a_claim(text=line, start=text.index(line), id=f"{publisher}-{line[:30]}") for line in sentences]
    article = an_article(
        url=f"https://{publisher}.example/{hours}",
        publisher=publisher,
        text=text,
        observed_at=NOON + timedelta(hours=hours),
    )
    return a_claimed_article(tagged=a_tagged_article(article=article), claims=tuple(claims))


def _counted(text, count, unit):
    start = text.index(count)
    value = float(count)
    return a_quantity(text=count, start=start, end=start + len(count), low=value, high=value, unit=unit)


class _Room:
    """One memory with its log in a list, as the ledger keeps it."""

    def __init__(self, encoders):
        self.encoders = encoders
        self.index = MemoryIndex(encoders)
        self.log = []
        self.heard = set()

    def take(self, claimed, *topics):
        matches = [a_match(topic=topic, article=claimed, live=_DESK.topics[topic].live) for topic in topics]
        hearing = Listener("main", self.index, self.encoders, _FAMILIES).hear(matches)
        stories = stories_of(matches, self.index)
        heard = frozenset(pair for pair in self.heard if pair[1] in stories)
        ruling = rule(matches, hearing, self.index, heard, _DESK)
        self.log += [ruling.hearing] if ruling.hearing else []
        self.heard |= {(each.topic, each.story) for each in ruling.judgements}
        return ruling


@pytest.fixture
def room(encoders):
    """An empty memory."""
    return _Room(encoders)


def test_a_copy_is_a_repeat_of_one_origin(room):
    """A release and its cut copy by a stranger are one story with one origin, and the copy is named."""
    room.take(_claimed("north", _RELEASE), "piers")
    copy = room.take(_claimed("rival", _RELEASE[:2], hours=1), "piers")
    assert [each.verdict for each in copy.judgements] == [Verdict.REPEAT, Verdict.REPEAT]
    assert {each.origins for each in copy.judgements} == {("one-house",)}
    assert copy.hearing.copy_of == room.log[0].article.id
    assert (copy.alerts, copy.settled[0].reason) == ((), Reason.HEARD)


def test_what_a_copyist_adds_is_its_own(room):
    """A sentence put before a copied release is credited to who wrote it."""
    room.take(_claimed("north", _RELEASE), "piers")
    preface = "We print what the authority sent us, so that readers may judge its tone for themselves."
    ruling = room.take(_claimed("rival", [preface, *_RELEASE], hours=1), "piers")
    assert ruling.hearing.copy_of == room.log[0].article.id
    assert [each.origin for each in ruling.judgements] == ["rival", "one-house", "one-house", "one-house"]


def test_the_claims_of_one_sentence_are_judged_side_by_side(room):
    """None repeats another; in a copy each repeats its own; a moved number is one claim's update."""
    line = "Divers found 12 cracks in the northern pier and 40 ferries were sent to Trennik on Tuesday."

    def told(publisher, hours, cracks, ferries):
        text = line.replace("12", cracks).replace("40", ferries)
        claims = tuple(
            a_claim(id=f"{publisher}-{hours}-{unit}", text=text, quantities=(_counted(text, count, unit),))
            for count, unit in [(cracks, "crack"), (ferries, "ferry")]
        )
        claimed = replace(_claimed(publisher, [text], hours=hours), claims=claims)
        return room.take(claimed, "piers").judgements

    first = told("north", 0, "12", "40")
    copied = told("rival", 1, "12", "40")
    moved = told("north", 6, "12", "90")
    assert [each.verdict for each in first] == [Verdict.NEW, Verdict.NEW]
    assert [(each.verdict, each.prior.id) for each in copied] == [
        (Verdict.REPEAT, "north-0-crack"),
        (Verdict.REPEAT, "north-0-ferry"),
    ]
    assert [each.verdict for each in moved] == [Verdict.REPEAT, Verdict.UPDATE]


def test_editions_of_one_house_are_one_origin(room):
    """Publishers of one owner do not corroborate each other; another house does."""
    line = "The Orvel harbour authority closed both northern piers on Tuesday after divers found deep cracks."
    told = "Both northern piers were closed on Tuesday by the Orvel harbour authority: divers found cracks."
    own = "Divers found deep cracks: the Orvel harbour authority has closed both northern piers on Tuesday."
    room.take(_claimed("north", [line]), "piers")
    room.take(_claimed("south", [told], hours=1), "piers")
    (judgement,) = room.take(_claimed("rival", [own], hours=2), "piers").judgements
    assert judgement.verdict is Verdict.REPEAT
    assert judgement.origins == ("one-house", "rival")


def test_a_story_is_new_for_a_topic_that_never_heard_it(room):
    """What one topic has heard is news for another that shares the memory, with the earlier claim shown."""
    room.take(_claimed("north", _RELEASE[:1]), "piers")
    ruling = room.take(_claimed("rival", _RELEASE[:1], hours=1), "piers", "ferries")
    by_topic = {each.topic: each for each in ruling.judgements}
    assert by_topic["piers"].verdict is Verdict.REPEAT
    assert by_topic["ferries"].verdict is Verdict.NEW
    assert by_topic["ferries"].first.publisher == "north"
    assert [alert.topic for alert in ruling.alerts] == ["ferries"]


def test_an_article_gives_a_topic_one_alert_with_all_its_findings(room):
    """Three new claims are one alert, due once at each sink."""
    ruling = room.take(_claimed("north", _RELEASE), "piers")
    (alert,) = ruling.alerts
    assert len(alert.findings) == 3
    assert [(each.alert, each.sink) for each in ruling.deliveries] == [(alert.id, "desk")]
    assert alert.created_at == NOON


def test_a_claim_said_twice_in_one_article_is_found_once(room):
    """The second saying within an article is a repeat."""
    line = _RELEASE[0]
    claimed = _claimed("north", [line])
    twice = [*claimed.claims, a_claim(text=line, start=len(line) + 1, id="again")]
    ruling = room.take(a_claimed_article(tagged=claimed.tagged, claims=tuple(twice)), "piers")
    assert [each.verdict for each in ruling.judgements] == [Verdict.NEW, Verdict.REPEAT]


@pytest.mark.parametrize(
    ("topic", "reason"), [("choosy", Reason.HEARD), ("quiet", Reason.SHADOW), ("piers", None)]
)
def test_what_is_not_sent_says_why(room, topic, reason):
    """A claim below the topic's worth gives no finding; a shadow topic is judged and not sent."""
    ruling = room.take(_claimed("north", _RELEASE[:1]), topic)
    assert ruling.settled[0].reason is reason
    assert ruling.judgements[0].verdict is Verdict.NEW
    assert bool(ruling.alerts) == (reason is None)


def test_an_index_rebuilt_from_the_log_is_the_same(room, encoders):
    """A worker that starts later judges the next article exactly as the one that was there all along."""
    for hours, (publisher, lines) in enumerate(
        [("north", _RELEASE), ("rival", _OTHER), ("south", _RELEASE[1:]), ("rival", _RELEASE[:2])]
    ):
        room.take(_claimed(publisher, lines, hours=hours), "piers")
    off_topic = _claimed("south", _RELEASE, hours=8)
    room.take(replace(off_topic, claims=()), "piers")
    later = _Room(encoders)
    later.heard = set(room.heard)
    for position, hearing in enumerate(room.log, 1):
        later.index.fold(position, hearing)
    fresh = _claimed("north", [_RELEASE[1], _OTHER[0], "Ferries may return to Orvel in June."], hours=9)
    assert later.take(fresh, "piers") == room.take(fresh, "piers")


def test_first_goes_by_our_clock(room):
    """A page that we saw later cannot become first by its own date, and both clocks are shown."""
    room.take(_claimed("north", _RELEASE[:1]), "piers")
    late = _claimed("rival", _RELEASE[:1], hours=5)
    (judgement,) = room.take(late, "piers").judgements
    assert judgement.first.publisher == "north"
    assert judgement.first.observed_at == NOON
