"""From what an article has to the topics that it matches, with a cost that follows the article."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipelines.topics.keys import is_sought, term_of, trigger_of
from pipelines.topics.query import Query
from pipelines.topics.reading import Reading
from pipelines.topics.rows import Row, rows_of
from schemas.record import record

_LEVEL_BITS: Final = 6
_WITHOUT: Final = (1 << _LEVEL_BITS) - 1
_HEAD: Final = 2  # no wildcard has a shorter stem
_WORDS_KEPT: Final = 1 << 16
_FEW: Final = 100  # sorting so few is quicker than marking them among all

Numbers = NDArray[np.integer[Any]]
"""Numbers of topics, rows or slots."""


@record
class Table:
    """All rows of all topics, as data.

    Rows are numbered by falling number of groups. Slot `n` of the first level is the first group of row `n`;
    on level two come the second groups of the rows that have one, and so on. The last level holds what a row
    must not have.
    """

    slots: dict[str, bytes]
    """The slots that a key fills, as 32-bit numbers."""
    triggers: dict[str, tuple[str, ...]]
    """The sought keys to look for in an article that has a key."""
    levels: tuple[int, ...]
    """How many rows have so many groups, from one on, or more."""
    topics: Numbers
    """The topic of each row."""
    exact: NDArray[np.bool_]
    """Whether an article that fulfils the row matches for certain."""


@record
class Found:
    """The topics that one article could match, by number."""

    certain: Numbers
    """Those that it does match, in order."""
    likely: Numbers
    """Those whose queries have to be tried, in order."""


class TopicIndex:
    """Finds topics, by number; an article costs what its words, and the topics that ask for them, cost."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._stems = _Stems(key for key in chain(table.slots, table.triggers) if key.endswith("*"))
        starts = np.cumsum([0, *table.levels])
        self._starts = [int(start) for start in starts[:-1]]
        self._without = int(starts[-1])
        self._topics = int(table.topics.max(initial=-1)) + 1
        self._size = self._without + len(table.topics)
        # One for each thread that is searching: clearing what was set costs less than a new one.
        self._idle: list[NDArray[np.bool_]] = []

    def find(self, reading: Reading) -> Found:
        """The topics that this article could match."""
        singles = reading.singles()
        keys = [*singles, *reading.pairs(), *chain.from_iterable(map(self._stems.__getitem__, singles))]
        keys += self._sought(keys, reading)
        filled = b"".join(filter(None, map(self._table.slots.get, keys)))
        rows = self._fulfilled(np.frombuffer(filled, np.int32))
        exact = self._table.exact[rows]
        certain = self._topics_of(rows[exact])
        likely = self._topics_of(rows[~exact])
        return Found(certain=certain, likely=np.setdiff1d(likely, certain) if len(likely) else likely)

    def _topics_of(self, rows: Numbers) -> Numbers:
        """The topics of these rows, each once, in order."""
        if len(rows) < _FEW:
            return np.unique(self._table.topics[rows])
        marked = np.zeros(self._topics, np.bool_)
        marked[self._table.topics[rows]] = True
        return np.flatnonzero(marked)

    def _sought(self, keys: Sequence[str], reading: Reading) -> list[str]:
        """The sought keys that the article has."""
        triggers = self._table.triggers
        sought = {key for each in filter(triggers.__contains__, keys) for key in triggers[each]}
        return [key for key in sought if reading.has(term_of(key))]

    def _fulfilled(self, slots: Numbers) -> Numbers:
        """The rows of which all groups are filled and nothing stands against; one may come several times."""
        rows = slots[slots < len(self._table.topics)]
        if not len(rows):
            return rows
        filled = self._idle.pop() if self._idle else np.zeros(self._size, np.bool_)
        filled[slots] = True
        for start, count in zip(self._starts[1:], self._table.levels[1:], strict=True):
            asks = rows < count
            asks[asks] = ~filled[start + rows[asks]]
            rows = rows[~asks]
        rows = rows[~filled[self._without + rows]]
        filled[slots] = False
        self._idle.append(filled)
        return rows


class _Stems(dict[str, tuple[str, ...]]):
    """The wildcard keys that a key falls under, found out once for each."""

    def __init__(self, stems: Iterable[str]) -> None:
        super().__init__()
        self._known = frozenset(stems)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for stem in self._known:
            lengths[stem[:_HEAD]].add(len(stem) - 1)
        self._lengths = dict(lengths)

    def __missing__(self, key: str) -> tuple[str, ...]:
        if len(self) >= _WORDS_KEPT:
            self.clear()
        lengths = self._lengths.get(key[:_HEAD], ())
        stems = (f"{key[:length]}*" for length in lengths if length <= len(key))
        found = self[key] = tuple(stem for stem in stems if stem in self._known)
        return found


def table_of(queries: Iterable[tuple[int, Query]]) -> Table:
    """The rows of these queries, each with the number of its topic; the queries are not kept."""
    slots: defaultdict[str, Any] = defaultdict(lambda: array("q"))
    topics: list[int] = []
    sizes: list[int] = []
    exact: list[bool] = []
    for topic, query in queries:
        for row in rows_of(query):
            for key, level in _places(row):
                slots[key].append(len(topics) << _LEVEL_BITS | level)
            topics.append(topic)
            sizes.append(len(row.groups))
            exact.append(row.exact)
    order = np.argsort(-np.array(sizes, np.int32), kind="stable")
    return Table(
        slots=_numbered(slots, np.array(sizes, np.int32), order),
        triggers=_triggers(slots),
        levels=_levels(np.array(sizes, np.int32)),
        topics=np.array(topics, np.int32)[order],
        exact=np.array(exact, np.bool_)[order],
    )


def _places(row: Row) -> Iterator[tuple[str, int]]:
    for level, group in enumerate(row.groups):
        for key in group:
            yield key, level
    for key in row.without:
        yield key, _WITHOUT


def _levels(sizes: Numbers) -> tuple[int, ...]:
    return tuple(int((sizes > level).sum()) for level in range(int(sizes.max(initial=1))))


def _numbered(places: dict[str, Any], sizes: Numbers, order: NDArray[np.intp]) -> dict[str, bytes]:
    """The slots of each key, now that it is known how many there are on each level."""
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    starts = np.zeros(_WITHOUT + 1, np.int64)
    levels = _levels(sizes)
    starts[1 : len(levels) + 1] = np.cumsum(levels)
    starts[_WITHOUT] = sum(levels)
    packed = np.frombuffer(b"".join(each.tobytes() for each in places.values()), np.int64)
    numbered = (starts[packed & _WITHOUT] + ranks[packed >> _LEVEL_BITS]).astype(np.int32).tobytes()
    slots, at = {}, 0
    for key, each in places.items():
        slots[key] = numbered[at : at + 4 * len(each)]
        at += 4 * len(each)
    return slots


def _triggers(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    triggers: defaultdict[str, list[str]] = defaultdict(list)
    for key in filter(is_sought, keys):
        triggers[trigger_of(term_of(key))].append(key)
    return {trigger: tuple(sought) for trigger, sought in triggers.items()}
