"""Ids of pages to pages: where a bounded run begins."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import apache_beam as beam

from schemas.items import Page

_TOGETHER = 32


class Pages(Protocol):
    """Where pages wait."""

    def pages(self, ids: Sequence[str]) -> tuple[Page, ...]:
        """The pages of these ids."""
        ...


class ReadPages(beam.PTransform):
    """The page of each id, a few at a time.

    Pages are not handed to `Create` themselves: Beam pickles and compresses what it is given there, which
    for 200 pages takes 25 s.
    """

    def __init__(self, open_pages: Callable[[], Pages]) -> None:
        super().__init__()
        self._open_pages = open_pages

    def expand(self, ids: beam.PCollection[str]) -> beam.PCollection[Page]:
        """The pages."""
        batches = ids | beam.BatchElements(min_batch_size=1, max_batch_size=_TOGETHER)
        return batches | beam.ParDo(_ReadFn(self._open_pages)).with_output_types(Page)


class _ReadFn(beam.DoFn):
    def __init__(self, open_pages: Callable[[], Pages]) -> None:
        self._open_pages = open_pages

    def setup(self) -> None:
        self._pages = self._open_pages()

    def process(self, ids: Iterable[str]) -> Iterator[Page]:
        yield from self._pages.pages(list(ids))
