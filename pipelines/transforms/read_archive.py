"""Archives to pages: where a bounded run over the past begins."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import uuid4

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from connectors.protocol import Poll
from pipelines.transforms.fallible import Emitted, Fallible, Outcome, Step
from schemas.items import Page
from schemas.record import record


@record
class Archive:
    """A place where pages of the past are kept."""

    kind: str
    """What it is: file, warc or kafka."""
    name: str
    """Where it is: a path, or a topic."""
    cursor: str | None
    """Where to begin, and of a topic where to end; None: all of it."""


_HELD: Final[dict[str, Poll]] = {}


@contextmanager
def held(poll: Poll) -> Iterator[str]:
    """A name under which `take_held` finds the poll, in this process and within the context.

    Beam pickles and compresses what `Create` is given, which for 200 pages takes 25 s.
    """
    name = uuid4().hex
    _HELD[name] = poll
    try:
        yield name
    finally:
        del _HELD[name]


def take_held(name: str) -> tuple[Poll, ...]:
    """The one poll that is held under this name."""
    return (_HELD[name],)


class ReadArchives(beam.PTransform):
    """The pages in all polls that `read` brings of each element; the rest are failures of the stage `read`.

    Nothing in an archive was observed after `read_at`: that is the clock where it has none of its own.
    """

    def __init__(
        self, read: Callable[[Any], Iterable[Poll]], read_at: datetime, errors: ErrorHandler
    ) -> None:
        super().__init__()
        self._open_step = partial(_open_step, read, read_at)
        self._errors = errors

    def expand(self, archives: beam.PCollection[Any]) -> beam.PCollection[Page]:
        """The pages."""
        return archives | beam.Map(_alone) | Fallible("read", self._open_step, self._errors, Page)


def _alone(archive: Any) -> tuple[Any, ...]:
    return (archive,)


def _open_step(read: Callable[[Any], Iterable[Poll]], read_at: datetime) -> Step:
    def step(archives: Sequence[Any]) -> Iterator[tuple[Any, Outcome]]:
        for archive in archives:
            for poll in read(archive):
                yield from ((failure, failure) for failure in poll.failures)
                yield from ((page, Emitted((_not_after(page, read_at),))) for page in poll.pages)

    return step


def _not_after(page: Page, read_at: datetime) -> Page:
    """A page from the future would have been said before everything that is still to come."""
    if page.observed_at <= read_at:
        return page
    return replace(page, observed_at=read_at, item=replace(page.item, observed_at=read_at))
