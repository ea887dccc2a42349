"""Claimed articles to matches."""

from collections.abc import Callable
from functools import cache, partial

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.topics.matcher import TopicMatcher, compile_topics
from pipelines.transforms.fallible import Dropped, Emitted, FallibleEach
from schemas.articles import ClaimedArticle, Match
from schemas.failures import Reason
from schemas.watch import Topic


class MatchTopics(beam.PTransform):
    """One match for each topic that an article is about; `config` is the digest of what matched."""

    def __init__(self, topics: tuple[Topic, ...], config: str, errors: ErrorHandler) -> None:
        super().__init__()
        self._open = partial(_open, topics, config)
        self._errors = errors

    def expand(self, claimed: beam.PCollection[ClaimedArticle]) -> beam.PCollection[Match]:
        """The matches."""
        return claimed | FallibleEach("match", self._open, self._errors, Match)


@cache
def _matcher(topics: tuple[Topic, ...], config: str) -> TopicMatcher:
    # A topic that does not compile is left out: whoever starts the job has reported it.
    return compile_topics(topics, config)[0]


def _open(topics: tuple[Topic, ...], config: str) -> Callable[[ClaimedArticle], Emitted | Dropped]:
    matcher = _matcher(topics, config)

    def match(claimed: ClaimedArticle) -> Emitted | Dropped:
        matches = matcher.match(claimed)
        return Emitted(matches) if matches else Dropped(Reason.NO_TOPIC)

    return match
