"""How every stage runs: each record that enters leaves exactly once, counted here and nowhere else."""

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.transforms.attempt import attempt
from schemas.articles import Article, ClaimedArticle, Match, MatchedArticle, TaggedArticle
from schemas.codec import encode
from schemas.errors import Rejected
from schemas.failures import Failure, Reason
from schemas.items import Page
from schemas.refusals import refused

NAMESPACE = "tocsin"
"""Namespace of the outcome counters, which are named `stage/outcome` or `stage/outcome/reason`."""

_FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class Emitted:
    """The record went on, as these."""

    records: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Dropped:
    """The record ends here, as it should."""

    reason: Reason


Outcome = Emitted | Dropped | Failure | Exception
"""How one record leaves a stage; an exception becomes a Failure."""

Step = Callable[[Sequence[Any]], Iterable[tuple[Any, Outcome]]]
"""A stage's work on a batch: each record of the batch comes back once, with its outcome."""


class Fallible(beam.PTransform):
    """Batches in, records out; what the step refuses goes to the error handler as a Failure."""

    def __init__(
        self, stage: str, open_step: Callable[[], Step], errors: ErrorHandler, emits: type[Any]
    ) -> None:
        super().__init__(stage)
        self._stage = stage
        self._open_step = open_step
        self._errors = errors
        self._emits = emits

    def expand(self, batches: beam.PCollection[Iterable[Any]]) -> beam.PCollection[Any]:
        """The emitted records."""
        fallible = beam.ParDo(_FallibleFn(self._stage, self._open_step))
        outputs = batches | fallible.with_output_types(self._emits).with_outputs(_FAILURES, main="emitted")
        outputs[_FAILURES].element_type = Failure
        self._errors.add_error_pcollection(outputs[_FAILURES])
        return outputs["emitted"]


class FallibleEach(beam.PTransform):
    """As `Fallible`, for work on one record at a time; `open_work` makes it once in each worker."""

    def __init__(
        self,
        stage: str,
        open_work: Callable[[], Callable[[Any], Outcome]],
        errors: ErrorHandler,
        emits: type[Any],
    ) -> None:
        super().__init__(stage)
        self._fallible = Fallible(stage, partial(_open_each, open_work), errors, emits)

    def expand(self, records: beam.PCollection[Any]) -> beam.PCollection[Any]:
        """The emitted records."""
        return records | beam.Map(_alone) | self._fallible


def _alone(record: Any) -> tuple[Any, ...]:
    return (record,)


def _open_each(open_work: Callable[[], Callable[[Any], Outcome]]) -> Step:
    work = open_work()

    def step(batch: Sequence[Any]) -> Iterator[tuple[Any, Outcome]]:
        for record in batch:
            yield record, attempt(work, record)

    return step


class _FallibleFn(beam.DoFn):
    def __init__(self, stage: str, open_step: Callable[[], Step]) -> None:
        self._stage = stage
        self._open_step = open_step

    def setup(self) -> None:
        self._step = self._open_step()

    def process(self, batch: Iterable[Any]) -> Iterator[Any]:
        for record, outcome in self._step(list(batch)):
            self._count("in")
            match outcome:
                case Emitted(records):
                    self._count("emitted")
                    self._count("out", len(records))
                    yield from records
                case Dropped(reason):
                    self._count(f"dropped/{reason}")
                case Failure() as failure:
                    yield self._refused(failure)
                case error:
                    yield self._refused(_failure_of(self._stage, record, error))

    def _refused(self, failure: Failure) -> Any:
        self._count(f"failed/{failure.reason}")
        return beam.pvalue.TaggedOutput(_FAILURES, failure)

    def _count(self, outcome: str, by: int = 1) -> None:
        Metrics.counter(NAMESPACE, f"{self._stage}/{outcome}").inc(by)


def _failure_of(stage: str, record: Any, error: Exception) -> Failure:
    """The refused record, kept whole; a bug keeps its traceback."""
    if not isinstance(error, Rejected):
        error = Rejected("".join(traceback.format_exception(error)), reason=Reason.BUG)
    written = encode(record).decode()
    return refused(stage, written, error, url=_url_of(record), failed_at=datetime.now(UTC))


def _url_of(record: Any) -> str | None:
    match record:
        case Page() | Article():
            return record.url
        case TaggedArticle(article=article) | MatchedArticle(tagged=TaggedArticle(article=article)):
            return article.url
        case Match(article=ClaimedArticle(tagged=tagged)):
            return tagged.article.url
        case _:
            return None
