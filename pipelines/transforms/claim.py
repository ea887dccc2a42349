"""Tagged articles to claimed articles."""

from collections.abc import Callable

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.text.claims import find_claims
from pipelines.transforms.fallible import Dropped, Emitted, FallibleEach
from schemas.articles import ClaimedArticle, TaggedArticle
from schemas.failures import Reason


class FindClaims(beam.PTransform):
    """Each article with the claims that it makes; an article without any is dropped."""

    def __init__(self, errors: ErrorHandler) -> None:
        super().__init__()
        self._errors = errors

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[ClaimedArticle]:
        """The claimed articles."""
        return tagged | FallibleEach("claim", _open, self._errors, ClaimedArticle)


def _open() -> Callable[[TaggedArticle], Emitted | Dropped]:
    return _find


def _find(tagged: TaggedArticle) -> Emitted | Dropped:
    claimed = find_claims(tagged)
    return Emitted((claimed,)) if claimed.claims else Dropped(Reason.NO_CLAIM)
