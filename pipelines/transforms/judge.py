"""Matches to alerts: one transaction on one memory for each batch."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import groupby
from threading import Lock
from typing import Any

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

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

_Batch = list[tuple[str, list[Match]]]
"""Matches by the memory that they are judged in."""


@dataclass(frozen=True, slots=True)
class Turns:
    """In which order matches are judged where several workers read side by side."""

    horizon: Callable[[], datetime | None]
    """Before which moment everything observed has come in; None: everything has."""
    overdue: Callable[[], tuple[str, ...]] = tuple
    """Memories that hold parked matches whose turn has come."""


def everything_came() -> None:
    """No horizon: nothing observed earlier is still to come, or nobody can know."""


AS_THEY_COME = Turns(horizon=everything_came)
"""In the order of arrival."""


@dataclass(frozen=True, slots=True)
class Bench:
    """All that judging goes by: the log, what people have set, who owns whom, and whose turn it is."""

    open_log: Callable[[], Any]
    desk: Desk
    publishers: tuple[Publisher, ...]
    turns: Turns


class JudgeClaims(beam.PTransform):
    """The alert of each match that brings news; everything judged is written before it comes out.

    A match whose turn has not come is parked in the log, and counted when it is judged.
    """

    def __init__(self, bench: Bench, errors: ErrorHandler) -> None:
        super().__init__()
        self._bench = bench
        self._errors = errors

    def expand(self, matches: beam.PCollection[Match]) -> beam.PCollection[Alert]:
        """The alerts."""
        if matches.is_bounded:
            batches = _whole_memories(matches, self._bench.turns.overdue)
        else:
            batches = _as_they_come(matches)
        return batches | Fallible("judge", partial(_open, self._bench), self._errors, Alert)


def _whole_memories(
    matches: beam.PCollection[Match], overdue: Callable[[], tuple[str, ...]]
) -> beam.PCollection[_Batch]:
    """All matches of a memory at once, when the last page has been read: then their order is certain."""
    keyed = matches | beam.WithKeys(_memory_of).with_output_types(tuple[str, Match])
    ask = beam.FlatMap(_late, overdue).with_output_types(tuple[str, bool])
    late = matches.pipeline | beam.Impulse() | "overdue" >> ask
    return {"matches": keyed, "late": late} | beam.CoGroupByKey() | beam.Map(_batch_of_memory)


def _late(_: bytes, overdue: Callable[[], tuple[str, ...]]) -> Iterator[tuple[str, bool]]:
    for memory in overdue():
        yield memory, True


def _batch_of_memory(grouped: tuple[str, dict[str, Any]]) -> _Batch:
    memory, found = grouped
    return [(memory, list(found["matches"]))]


def _as_they_come(matches: beam.PCollection[Match]) -> beam.PCollection[_Batch]:
    """Those of one bundle at once: a stream has no end to wait for."""
    whole = beam.ParDo(WholeArticles(_TOGETHER)).with_output_types(Sequence[Match])
    return matches | whole | beam.Map(_by_memory)


class WholeArticles(beam.DoFn):
    """Batches of at least so many matches, or what a bundle has; those of one article are never parted.

    They leave `claim` together, and so come in one bundle. Judged in two sessions, the article's claims would
    be learnt in another order, and a restart decides where a batch ends.
    """

    def __init__(self, together: int) -> None:
        self._together = together

    def start_bundle(self) -> None:
        """Nothing is held over from another bundle."""
        self._batch: list[Match] = []

    def process(self, match: Match) -> Iterator[Sequence[Match]]:
        """The batch before this match, where it is full and the match begins another article."""
        if len(self._batch) >= self._together and _article_of(match) != _article_of(self._batch[-1]):
            yield self._batch
            self._batch = []
        self._batch.append(match)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """What is left."""
        if self._batch:
            yield GlobalWindows.windowed_value_at_end_of_window(self._batch)


def _article_of(match: Match) -> str:
    return match.article.tagged.article.id


def _by_memory(matches: Sequence[Match]) -> _Batch:
    return [
        (memory, list(group)) for memory, group in groupby(sorted(matches, key=_memory_of), key=_memory_of)
    ]


def _memory_of(match: Match) -> str:
    return match.memory


def _open(bench: Bench) -> Step:
    judge = _judge_of(bench.open_log())
    families = Families(bench.publishers)

    def step(batch: Sequence[Any]) -> Iterator[tuple[Match, Outcome]]:
        for memory, matches in batch:
            yield from judge(memory, matches, bench, families)

    return step


@cache
def _judge_of(log: Any) -> "_Judge":
    """One for each ledger in a process, so that indexes outlive a batch."""
    return _Judge(log)


class _Judge:
    """Judges batches, each in one transaction, and keeps the memories' indexes in between."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self._indexes: dict[str, MemoryIndex] = {}
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)

    def __call__(
        self, memory: str, matches: Sequence[Match], bench: Bench, families: Families
    ) -> list[tuple[Match, Outcome]]:
        # A cluster's worker judges in several threads: each would build an index of its own otherwise.
        with self._locks[memory]:
            return self._judge(memory, matches, bench, families)

    def _judge(
        self, memory: str, matches: Sequence[Match], bench: Bench, families: Families
    ) -> list[tuple[Match, Outcome]]:
        # Out of the cache until the transaction has committed: one rolled back leaves no trace.
        index = self._indexes.pop(memory, None) or MemoryIndex(ENCODERS)
        with self._log.judging(memory) as judging:
            # The horizon is read under the lock: what another worker parked before it is seen here.
            now = judging.in_turn(matches, bench.turns.horizon())
            session = _Session(judging, memory, index, bench.desk, families)
            outcomes = [pair for together in _by_article(now) for pair in session.judge(together)]
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
        # A topic may have left the configuration while its match was parked.
        unjudged = [match for match in matches if match.topic not in judged]
        gone = [match for match in unjudged if match.topic not in self._desk.topics]
        yield from ((match, Dropped(Reason.NO_TOPIC)) for match in gone)
        fresh = [match for match in unjudged if match.topic in self._desk.topics]
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
