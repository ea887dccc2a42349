"""Tagged articles to matched articles."""

from collections.abc import Callable
from functools import lru_cache, partial

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.topics.matcher import TopicMatcher
from pipelines.transforms.fallible import Dropped, Emitted, FallibleEach
from pipelines.transforms.topic_cache import cached_matcher
from schemas.articles import MatchedArticle, TaggedArticle
from schemas.failures import Reason
from schemas.watch import Topic


class MatchTopics(beam.PTransform):
    """Each article with the topics that it matches; one that matches none is dropped.

    `config` is the digest of what matched.
    """

    def __init__(self, topics: tuple[Topic, ...], config: str, errors: ErrorHandler) -> None:
        super().__init__()
        self._open = partial(_open, topics, config)
        self._errors = errors

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[MatchedArticle]:
        """The matched articles."""
        return tagged | FallibleEach("match", self._open, self._errors, MatchedArticle)


# Two: after a reload the old one may still be asked for, and it is large.
@lru_cache(maxsize=2)
def matcher_of(topics: tuple[Topic, ...], config: str) -> TopicMatcher:
    """The matcher of these topics, made once in each process.

    A topic that does not compile is left out of it: whoever starts the job reports its `errors`.
    """
    return cached_matcher(topics, config)


def _open(topics: tuple[Topic, ...], config: str) -> Callable[[TaggedArticle], Emitted | Dropped]:
    matcher = matcher_of(topics, config)

    def match(tagged: TaggedArticle) -> Emitted | Dropped:
        found = matcher.match(tagged)
        return Emitted((MatchedArticle(tagged=tagged, topics=found),)) if found else Dropped(Reason.NO_TOPIC)

    return match
