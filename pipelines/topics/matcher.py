"""Which topics an article matches, and by which terms."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.topics.index import Table, TopicIndex, table_of
from pipelines.topics.parser import parse_query
from pipelines.topics.query import And, Not, Or, Query
from pipelines.topics.reading import TEXT, TITLE, Reading
from schemas.articles import Hit, TaggedArticle, TopicHits
from schemas.errors import ConfigError
from schemas.watch import Topic

_QUERIES_KEPT: Final = 10_000


class TopicMatcher:
    """Matches articles against many topics at once; a topic that cannot be read is left out.

    An article is cut into words once, and only those topics are touched that ask for a word that it has. To
    look for a word takes time linear in the article's length at most, whatever the query.
    """

    def __init__(self, topics: Sequence[Topic], config: str, table: Table | None = None) -> None:
        """`config` is the digest of the configuration, which goes into every match.

        `table` is what `compiled` makes of the topics, where it is there already.
        """
        self._config = config
        self._topics = topics
        self._ids = [topic.id for topic in topics]
        table = compiled(topics) if table is None else table
        self._left_out = np.setdiff1d(np.arange(len(topics)), table.topics).tolist()
        self._index = TopicIndex(table)
        self._takes_in = _Languages(topics)

    @property
    def errors(self) -> tuple[ConfigError, ...]:
        """Why topics were left out, one for each."""
        read = (_read(self._topics[number]) for number in self._left_out)
        return tuple(error for error in read if isinstance(error, ConfigError))

    def match(self, tagged: TaggedArticle) -> tuple[TopicHits, ...]:
        """The topics that the article matches, in their order, each with its hits."""
        reading = Reading(tagged)
        matched = [self._topics[number] for number in self._matched(tagged, reading)]
        return tuple(self._hits_of(topic, reading) for topic in matched)

    def matched(self, tagged: TaggedArticle) -> tuple[str, ...]:
        """The ids of the topics that the article matches, in their order; takes a fraction of `match`."""
        return tuple(map(self._ids.__getitem__, self._matched(tagged, Reading(tagged))))

    def _matched(self, tagged: TaggedArticle, reading: Reading) -> list[int]:
        found = self._index.find(reading)
        takes_in = self._takes_in(tagged.article.language)
        numbers = found.certain[takes_in[found.certain]].tolist()
        likely = found.likely[takes_in[found.likely]].tolist()
        held = [number for number in likely if _holds(_query_of(self._topics[number]), reading)]
        return sorted(numbers + held) if held else numbers

    def _hits_of(self, topic: Topic, reading: Reading) -> TopicHits:
        return TopicHits(
            topic=topic.id,
            memory=topic.memory,
            live=topic.live,
            config=self._config,
            hits=_ordered(_hits(_query_of(topic), reading)),
        )


def compiled(topics: Sequence[Topic]) -> Table:
    """What a matcher of these topics looks up; a topic that cannot be read has no rows in it."""
    read = ((number, _read(topic)) for number, topic in enumerate(topics))
    return table_of((number, query) for number, query in read if not isinstance(query, ConfigError))


def compile_topics(topics: Sequence[Topic], config: str) -> tuple[TopicMatcher, tuple[ConfigError, ...]]:
    """A matcher of the topics that can be read, and what is wrong with each of the others."""
    matcher = TopicMatcher(topics, config)
    return matcher, matcher.errors


class _Languages:
    """Which topics take in which language; those that name none, and articles of none, go with all."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        choices = list(dict.fromkeys(topic.languages for topic in topics))
        numbers = {languages: number for number, languages in enumerate(choices)}
        self._choices = choices
        self._of_topic = np.array([numbers[topic.languages] for topic in topics], np.int32)
        self._known: dict[str | None, NDArray[np.bool_]] = {}

    def __call__(self, language: str | None) -> NDArray[np.bool_]:
        """Of each topic, whether it takes in an article of this language."""
        if language not in self._known:
            fits = [not choice or language is None or language in choice for choice in self._choices]
            self._known[language] = np.array(fits, np.bool_)[self._of_topic]
        return self._known[language]


def _read(topic: Topic) -> Query | ConfigError:
    try:
        return parse_query(topic.query, topic.id)
    except ConfigError as error:
        return error


@lru_cache(maxsize=_QUERIES_KEPT)
def _parsed(query: str, topic: str) -> Query:
    return parse_query(query, topic)


def _query_of(topic: Topic) -> Query:
    # Read anew where it is needed: the queries of 100,000 topics, once read, take 300 MB.
    return _parsed(topic.query, topic.id)


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
