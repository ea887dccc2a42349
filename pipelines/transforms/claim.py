"""Matched articles to matches."""

from collections.abc import Callable

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.text.claims import find_claims
from pipelines.topics.relevance import matches_of
from pipelines.transforms.fallible import Dropped, Emitted, FallibleEach
from schemas.articles import Match, MatchedArticle
from schemas.failures import Reason


class FindClaims(beam.PTransform):
    """One match for each topic of an article, with its claims; an article without any claim is dropped."""

    def __init__(self, errors: ErrorHandler) -> None:
        super().__init__()
        self._errors = errors

    def expand(self, matched: beam.PCollection[MatchedArticle]) -> beam.PCollection[Match]:
        """The matches."""
        return matched | FallibleEach("claim", _open, self._errors, Match)


def _open() -> Callable[[MatchedArticle], Emitted | Dropped]:
    return _find


def _find(matched: MatchedArticle) -> Emitted | Dropped:
    claimed = find_claims(matched.tagged)
    return Emitted(matches_of(claimed, matched.topics)) if claimed.claims else Dropped(Reason.NO_CLAIM)
