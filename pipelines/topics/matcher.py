"""Which topics an article matches, and by which terms."""

from collections.abc import Iterator, Sequence

from pipelines.topics.index import TopicIndex
from pipelines.topics.parser import parse_query
from pipelines.topics.query import And, Not, Or, Query
from pipelines.topics.reading import TEXT, TITLE, Reading
from pipelines.topics.relevance import claims_about
from schemas.articles import ClaimedArticle, Hit, Match
from schemas.errors import ConfigError
from schemas.watch import Topic


class TopicMatcher:
    """Matches articles against many topics at once; a topic that cannot be read is left out.

    An article is cut into words once, and only those topics are tried that could match it. To look for a word
    takes time linear in the article's length at most, whatever the query.
    """

    def __init__(self, topics: Sequence[Topic], config: str) -> None:
        """`config` is the digest of the configuration, which goes into every match."""
        self._config = config
        self._topics: list[tuple[Topic, Query]] = []
        self._errors: list[ConfigError] = []
        for topic in topics:
            try:
                self._topics.append((topic, parse_query(topic.query, topic.id)))
            except ConfigError as error:
                self._errors.append(error)
        self._index = TopicIndex([query for _, query in self._topics])

    @property
    def errors(self) -> tuple[ConfigError, ...]:
        """Why topics were left out, one for each."""
        return tuple(self._errors)

    def match(self, article: ClaimedArticle) -> tuple[Match, ...]:
        """The article's match with each topic that it matches, in the order of the topics."""
        language = article.tagged.article.language
        reading = Reading(article.tagged)
        matches = []
        for number in self._index.could_match(reading.keys()):
            topic, query = self._topics[number]
            if _takes_in(topic, language) and _holds(query, reading):
                matches.append(self._match(topic, article, _ordered(_hits(query, reading))))
        return tuple(matches)

    def _match(self, topic: Topic, article: ClaimedArticle, hits: tuple[Hit, ...]) -> Match:
        return Match(
            topic=topic.id,
            memory=topic.memory,
            live=topic.live,
            config=self._config,
            article=article,
            hits=hits,
            claims=claims_about(article, hits),
        )


def compile_topics(topics: Sequence[Topic], config: str) -> tuple[TopicMatcher, tuple[ConfigError, ...]]:
    """A matcher of the topics that can be read, and what is wrong with each of the others."""
    matcher = TopicMatcher(topics, config)
    return matcher, matcher.errors


def _takes_in(topic: Topic, language: str | None) -> bool:
    return not topic.languages or language is None or language in topic.languages


def _holds(query: Query, reading: Reading) -> bool:
    match query:
        case And(parts=parts):
            return all(_holds(part, reading) for part in parts)
        case Or(parts=parts):
            return any(_holds(part, reading) for part in parts)
        case Not(term=term):
            return not reading.has(term)
        case term:
            return reading.has(term)


def _hits(query: Query, reading: Reading) -> Iterator[Hit]:
    """The occurrences of every term by which the query holds; it does hold."""
    match query:
        case And(parts=parts):
            for part in parts:
                yield from _hits(part, reading)
        case Or(parts=parts):
            for part in parts:
                if _holds(part, reading):
                    yield from _hits(part, reading)
        case Not():
            return
        case term:
            yield from reading.hits(term)


def _ordered(hits: Iterator[Hit]) -> tuple[Hit, ...]:
    """The hits without repetition, title before text before labels, each by place."""
    rank = {TITLE: 0, TEXT: 1}
    once = dict.fromkeys(hits)
    return tuple(sorted(once, key=lambda hit: (rank.get(hit.field, 2), hit.field, hit.start, hit.end)))
