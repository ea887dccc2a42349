"""Matches to alerts: one transaction on one memory for each batch."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import groupby
from typing import Any

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.memory.encoders.load import ENCODERS
from pipelines.memory.hearing import Listener
from pipelines.memory.index import MemoryIndex
from pipelines.memory.log import Judging, MemoryLog, Ruling
from pipelines.memory.origins import Families
from pipelines.memory.rulings import Desk, rule, stories_of
from pipelines.transforms.attempt import attempt
from pipelines.transforms.fallible import Dropped, Emitted, Fallible, Outcome, Step
from schemas.alerts import Alert
from schemas.articles import Match
from schemas.failures import Reason
from schemas.watch import Publisher

_TOGETHER = 1_000


class JudgeClaims(beam.PTransform):
    """The alert of each match that brings news; everything judged is written before it comes out."""

    def __init__(
        self,
        open_log: Callable[[], MemoryLog],
        desk: Desk,
        publishers: tuple[Publisher, ...],
        errors: ErrorHandler,
    ) -> None:
        super().__init__()
        self._open = partial(_open, open_log, desk, publishers)
        self._errors = errors

    def expand(self, matches: beam.PCollection[Match]) -> beam.PCollection[Alert]:
        """The alerts."""
        keyed = matches | beam.WithKeys(_memory_of).with_output_types(tuple[str, Match])
        batches = keyed | beam.GroupIntoBatches(_TOGETHER) | beam.Values()
        return batches | Fallible("judge", self._open, self._errors, Alert)


def _memory_of(match: Match) -> str:
    return match.memory


def _open(open_log: Callable[[], Any], desk: Desk, publishers: tuple[Publisher, ...]) -> Step:
    judge = _judge_of(open_log())
    return partial(judge, desk, Families(publishers))


@cache
def _judge_of(log: Any) -> "_Judge":
    """One for each ledger in a process, so that indexes outlive a batch."""
    return _Judge(log)


class _Judge:
    """Judges batches, each in one transaction, and keeps the memories' indexes in between."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self._indexes: dict[str, MemoryIndex] = {}

    def __call__(self, desk: Desk, families: Families, batch: Sequence[Match]) -> list[tuple[Match, Outcome]]:
        memory = batch[0].memory
        # Out of the cache until the transaction has committed: one rolled back leaves no trace.
        index = self._indexes.pop(memory, None) or MemoryIndex(ENCODERS)
        with self._log.judging(memory) as judging:
            session = _Session(judging, memory, index, desk, families)
            outcomes = [pair for together in _by_article(batch) for pair in session.judge(together)]
        self._indexes[memory] = session.index
        return outcomes


class _Session:
    """One batch, under the lock of its memory."""

    def __init__(
        self, judging: Judging, memory: str, index: MemoryIndex, desk: Desk, families: Families
    ) -> None:
        self.index = index
        self._judging = judging
        self._memory = memory
        self._desk = desk
        self._families = families
        self._catch_up()

    def judge(self, matches: Sequence[Match]) -> Iterator[tuple[Match, Outcome]]:
        """The outcome of each match of one article."""
        article = matches[0].article.tagged.article.id
        judged = self._judging.judged(article, [match.topic for match in matches])
        yield from ((match, Dropped(Reason.JUDGED)) for match in matches if match.topic in judged)
        fresh = [match for match in matches if match.topic not in judged]
        if not fresh:
            return
        ruling = attempt(self._rule, fresh)
        if isinstance(ruling, Exception):
            # It may have taught the index half of an article: start again from the log.
            self.index = MemoryIndex(ENCODERS)
            self._catch_up()
            yield from ((match, ruling) for match in fresh)
        else:
            self.index.position = self._judging.save(ruling)
            yield from zip(fresh, _outcomes(ruling), strict=True)

    def _catch_up(self) -> None:
        for position, hearing in self._judging.since(self.index.position):
            self.index.fold(position, hearing)

    def _rule(self, matches: Sequence[Match]) -> Ruling:
        listener = Listener(self._memory, self.index, ENCODERS, self._families)
        hearing = listener.hear(matches)
        heard = self._judging.heard([match.topic for match in matches], stories_of(matches, self.index))
        return rule(matches, hearing, self.index, heard, self._desk)


def _outcomes(ruling: Ruling) -> Iterator[Outcome]:
    alerts = {alert.id: alert for alert in ruling.alerts}
    for settled in ruling.settled:
        if settled.alert is not None:
            yield Emitted((alerts[settled.alert],))
        elif settled.reason is not None:
            yield Dropped(settled.reason)


def _by_article(batch: Sequence[Match]) -> Iterator[list[Match]]:
    """Articles in the order in which they were observed; within one sweep, as their publishers date them."""
    for _, matches in groupby(sorted(batch, key=_arrival), key=lambda match: match.article.tagged.article.id):
        yield list(matches)


def _arrival(match: Match) -> tuple[Any, ...]:
    article = match.article.tagged.article
    published_at = article.published_at or article.observed_at
    return article.observed_at, published_at, article.id, match.topic
