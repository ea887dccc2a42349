"""Writes beside the chain: articles as they pass, failures where they end."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.transforms.attempt import attempt
from pipelines.transforms.fallible import Emitted, Fallible, Outcome, Step
from schemas.articles import TaggedArticle
from schemas.failures import Failure

_TOGETHER = 16


class Store(Protocol):
    """Where records of one kind are kept; saving one again is a no-op."""

    def save(self, records: Sequence[Any]) -> None:
        """Every record kept."""
        ...


class SaveArticles(beam.PTransform):
    """The same articles, kept: exports read them, and a claim's sentence can be looked up in its text."""

    def __init__(self, open_store: Callable[[], Store], errors: ErrorHandler) -> None:
        super().__init__()
        self._open = partial(_open, open_store)
        self._errors = errors

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[TaggedArticle]:
        """The same articles."""
        batches = tagged | beam.BatchElements(min_batch_size=1, max_batch_size=_TOGETHER)
        return batches | Fallible("save", self._open, self._errors, TaggedArticle)


def _open(open_store: Callable[[], Store]) -> Step:
    store = open_store()

    def step(batch: Sequence[TaggedArticle]) -> Iterator[tuple[TaggedArticle, Outcome]]:
        # All at once where nothing is wrong: one commit for many articles.
        if not isinstance(attempt(store.save, batch), Exception):
            yield from ((tagged, Emitted((tagged,))) for tagged in batch)
        else:
            yield from ((tagged, _saved_alone(store, tagged)) for tagged in batch)

    return step


def _saved_alone(store: Store, tagged: TaggedArticle) -> Outcome:
    trouble = attempt(store.save, [tagged])
    return trouble if isinstance(trouble, Exception) else Emitted((tagged,))


class SaveFailures(beam.PTransform):
    """Failures kept, so that they can be looked at and replayed."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        super().__init__()
        self._open_store = open_store

    def expand(self, failures: beam.PCollection[Failure]) -> beam.PCollection[None]:
        """Nothing."""
        batches = failures | beam.BatchElements(min_batch_size=1, max_batch_size=_TOGETHER)
        return batches | beam.ParDo(_SaveFn(self._open_store))


class _SaveFn(beam.DoFn):
    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open_store = open_store

    def setup(self) -> None:
        self._store = self._open_store()

    def process(self, batch: Iterable[Any]) -> None:
        self._store.save(list(batch))
