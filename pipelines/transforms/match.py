"""Claimed articles to matches."""

from collections.abc import Callable
from functools import cache, partial

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.topics.matcher import TopicMatcher
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
def matcher_of(topics: tuple[Topic, ...], config: str) -> TopicMatcher:
    """The matcher of these topics, made once in each process.

    A topic that does not compile is left out of it: whoever starts the job reports its `errors`.
    """
    return TopicMatcher(topics, config)


def _open(topics: tuple[Topic, ...], config: str) -> Callable[[ClaimedArticle], Emitted | Dropped]:
    matcher = matcher_of(topics, config)

    def match(claimed: ClaimedArticle) -> Emitted | Dropped:
        matches = matcher.match(claimed)
        return Emitted(matches) if matches else Dropped(Reason.NO_TOPIC)

    return match
