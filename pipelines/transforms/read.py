"""The pages that a cycle has taken: where a bounded run begins."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import apache_beam as beam

from schemas.items import Page

_TOGETHER = 32


class Pages(Protocol):
    """Where pages wait."""

    def taken(self) -> tuple[str, ...]:
        """Ids of the pages that are to be read now."""
        ...

    def pages(self, ids: Sequence[str]) -> tuple[Page, ...]:
        """The pages of these ids."""
        ...


class ReadPages(beam.PTransform):
    """The pages that are taken when the run begins, a few at a time.

    Neither they nor their ids are handed to `Create`: Beam pickles and compresses what it is given there,
    which for 200 pages takes 25 s, and a graph that holds nothing of a cycle serves all of them.
    """

    def __init__(self, open_pages: Callable[[], Pages]) -> None:
        super().__init__()
        self._open_pages = open_pages

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection[Page]:
        """The pages."""
        return begin | beam.Impulse() | beam.ParDo(_ReadFn(self._open_pages)).with_output_types(Page)


class _ReadFn(beam.DoFn):
    def __init__(self, open_pages: Callable[[], Pages]) -> None:
        self._open_pages = open_pages

    def process(self, _: bytes) -> Iterator[Page]:
        pages = self._open_pages()
        taken = pages.taken()
        for start in range(0, len(taken), _TOGETHER):
            yield from pages.pages(taken[start : start + _TOGETHER])
