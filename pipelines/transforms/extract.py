"""Pages to articles, in other processes."""

from collections.abc import Iterator, Sequence
from functools import partial

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.text.publishers import PublisherTable
from pipelines.transforms.extraction_pool import Extraction, shared_pool
from pipelines.transforms.fallible import Dropped, Emitted, Fallible, Outcome, Step
from schemas.articles import Article
from schemas.failures import Reason
from schemas.items import Page
from schemas.limits import ExtractionLimits
from schemas.watch import Publisher

_TOGETHER = 64


class ExtractArticles(beam.PTransform):
    """The articles of each page; many pages at a time, so that every core has work."""

    def __init__(
        self, publishers: tuple[Publisher, ...], limits: ExtractionLimits, errors: ErrorHandler
    ) -> None:
        super().__init__()
        self._open = partial(_open_step, publishers, limits)
        self._errors = errors

    def expand(self, pages: beam.PCollection[Page]) -> beam.PCollection[Article]:
        """The articles."""
        batches = pages | beam.BatchElements(min_batch_size=1, max_batch_size=_TOGETHER)
        return batches | Fallible("extract", self._open, self._errors, Article)


def _open_step(publishers: tuple[Publisher, ...], limits: ExtractionLimits) -> Step:
    pool = shared_pool(limits)
    table = PublisherTable(publishers)

    def step(pages: Sequence[Page]) -> Iterator[tuple[Page, Outcome]]:
        for page, result in pool.extract_all(pages, table):
            yield page, _outcome(result)

    return step


def _outcome(result: Extraction) -> Outcome:
    if isinstance(result, Exception):
        return result
    return Emitted(result) if result else Dropped(Reason.INDEX)
