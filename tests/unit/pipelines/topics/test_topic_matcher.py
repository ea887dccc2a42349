"""Many topics at once."""

import random

import pytest

from connectors.testing import a_claimed_article, a_tagged_article, an_article
from pipelines.topics.matcher import TopicMatcher, compile_topics
from pipelines.topics.relevance import matches_of

QUERIES = (
    "bridge",
    "veldar AND monday",
    "rain",
    '"closed on"',
    "coun* NOT rain",
    "title:closed",
    "lang:en cars",
)


def matched(topics, article=None):
    """The ids of the topics that match."""
    matcher = TopicMatcher(topics, config="digest")
    assert not matcher.errors
    return [match.topic for match in matcher.match(article or a_tagged_article())]


def test_matches_come_in_the_order_of_the_topics(a_topic):
    """Whatever word finds a topic, the matches keep the configured order."""
    topics = [a_topic(query, id=query) for query in QUERIES]
    expected = [query for query in QUERIES if query != "rain"]
    assert matched(topics) == expected
    assert matched(topics[::-1]) == expected[::-1]


def test_a_match_carries_its_topic(a_topic):
    """Memory, stage, digest, article, hits and the claims about the topic."""
    article = a_claimed_article()
    topic = a_topic("bridge", id="veldar", memory="desk-2", live=False)
    (found,) = TopicMatcher([topic], config="digest").match(article.tagged)
    (match,) = matches_of(article, [found])
    assert (match.topic, match.memory, match.live, match.config) == ("veldar", "desk-2", False, "digest")
    assert match.article is article
    assert match.hits == found.hits != ()
    assert match.claims == tuple(claim.id for claim in article.claims)


@pytest.mark.parametrize(
    ("languages", "language", "taken_in"),
    [
        ((), "fa", True),
        (("en",), "en", True),
        (("en", "fa"), "fa", True),
        (("en",), "fa", False),
        (("en",), None, True),
    ],
)
def test_a_topic_takes_in_its_languages(a_topic, languages, language, taken_in):
    """Articles of another language are left out; those of unknown language are taken in."""
    article = a_tagged_article(article=an_article(language=language))
    assert bool(matched([a_topic("bridge", languages=languages)], article)) is taken_in


def test_a_bad_topic_is_isolated(a_topic):
    """The rest run; each bad one is told, by its name."""
    topics = [a_topic("bridge", id="one"), a_topic("bridge AND", id="two"), a_topic("(veldar", id="three")]
    matcher, errors = compile_topics([*topics, a_topic("monday", id="four")], "digest")
    assert [match.topic for match in matcher.match(a_tagged_article())] == ["one", "four"]
    assert [str(error).partition(":")[0] for error in errors] == ['topic "two"', 'topic "three"']


def test_no_topic_disturbs_another(a_topic):
    """A hundred topics together match what each matches alone."""
    chance = random.Random(1)
    words = ["bridge", "veldar", "mon*", "rain", "gas", "closed", "ca*", "2", "day", "council", '"a day"']
    drawn = [chance.choices(words, k=4) for _ in range(100)]
    queries = [f"({a} OR {b}) {c} NOT ({d} gas)" for a, b, c, d in drawn]
    topics = [a_topic(query, id=str(number)) for number, query in enumerate(queries)]
    alone = [topic.id for topic in topics if matched([topic])]
    assert 0 < len(alone) < len(topics)
    assert matched(topics) == alone
