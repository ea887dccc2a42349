"""Archives to pages: where a bounded run over the past begins."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from connectors.archives import Paged, polls
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


OpenArchive = Callable[[Archive], Paged]
"""Opens an archive on whichever machine this runs."""


@record
class Portion:
    """Some of an archive."""

    archive: Archive
    """Which."""
    cursor: str | None
    """Where to begin; None: at the beginning."""
    whole: bool
    """True: all from there on; False: what one poll brings."""


class ReadArchives(beam.PTransform):
    """The pages in each portion; what is no page is a failure of the stage `read`.

    Nothing in an archive was observed after `read_at`: that is the clock where it has none of its own.
    """

    def __init__(self, open_archive: OpenArchive, read_at: datetime, errors: ErrorHandler) -> None:
        super().__init__()
        self._open = partial(_open, open_archive, read_at)
        self._errors = errors

    def expand(self, portions: beam.PCollection[Portion]) -> beam.PCollection[Page]:
        """The pages."""
        return portions | beam.Map(_alone) | Fallible("read", self._open, self._errors, Page)


def _alone(portion: Portion) -> tuple[Portion, ...]:
    return (portion,)


def _open(open_archive: OpenArchive, read_at: datetime) -> Step:
    def step(portions: Sequence[Portion]) -> Iterator[tuple[Any, Outcome]]:
        for portion in portions:
            for poll in polls(open_archive(portion.archive), portion.cursor, read_at):
                yield from ((failure, failure) for failure in poll.failures)
                yield from ((page, Emitted((_not_after(page, read_at),))) for page in poll.pages)
                if not portion.whole:
                    break

    return step


def _not_after(page: Page, read_at: datetime) -> Page:
    """A page from the future would have been said before everything that is still to come."""
    if page.observed_at <= read_at:
        return page
    return replace(page, observed_at=read_at, item=replace(page.item, observed_at=read_at))
