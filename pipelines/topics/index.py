"""From what an article has to the topics that could match it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from pipelines.topics.query import And, LabelTerm, Not, Or, Query, TextTerm, Word
from pipelines.topics.reading import label_key
from schemas.record import record

_LABEL_COST = {"lang": 1.0, "source": 0.05, "entity": 0.01}
_HEAD = 2  # no wildcard has a shorter stem


@record
class Anchor:
    """A key without which an article cannot match; see `Reading.keys`."""

    key: str
    """A word or a label; with a `*` behind it where it is only how one begins."""
    cost: float
    """A guess at the share of articles that have it, 0..1."""


class TopicIndex:
    """Finds topics, by their number, from the keys of an article."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self._needs = [_needs_of(query) for query in queries]
        self._topics: defaultdict[str, list[int]] = defaultdict(list)
        for number, query in enumerate(queries):
            for anchor in anchors_of(query):
                self._topics[anchor.key].append(number)
        self._stems = {key for needs in self._needs for need in needs for key in need if key.endswith("*")}
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for stem in self._stems:
            lengths[stem[:_HEAD]].add(len(stem) - 1)
        self._lengths = dict(lengths)

    def could_match(self, keys: Set[str]) -> list[int]:
        """The numbers of the topics that could match an article of these keys, in order."""
        present = keys | {stem for key in keys for stem in self._stems_of(key)}
        topics: set[int] = set()
        for key in present:
            if found := self._topics.get(key):
                topics.update(found)
        return sorted(number for number in topics if self._is_fed(number, present))

    def _stems_of(self, key: str) -> Iterator[str]:
        for length in self._lengths.get(key[:_HEAD], ()):
            stem = key[:length] + "*"
            if stem in self._stems:
                yield stem

    def _is_fed(self, number: int, present: Set[str]) -> bool:
        for need in self._needs[number]:  # noqa: SIM110 - a generator takes three times as long
            if need.isdisjoint(present):
                return False
        return True


def _needs_of(query: Query) -> tuple[frozenset[str], ...]:
    """Sets of keys; every article that matches has a key of each set."""
    parts = query.parts if isinstance(query, And) else (query,)
    needs = (frozenset(anchor.key for anchor in anchors_of(part)) for part in parts)
    return tuple(need for need in needs if need)


def anchors_of(query: Query) -> frozenset[Anchor]:
    """Anchors of which every article that matches has at least one: those that look rarest.

    Empty for a part that can hold without any; a whole query cannot, or it would not have been read.
    """
    match query:
        case TextTerm(words=words):
            return frozenset([min(map(_word_anchor, words), key=lambda anchor: anchor.cost)])
        case LabelTerm(field=field, value=value, prefix=prefix):
            return frozenset([_anchor(label_key(field, value), prefix, cost=_LABEL_COST[field])])
        case Or(parts=parts):
            anchored = [anchors_of(part) for part in parts]
            return frozenset().union(*anchored) if all(anchored) else frozenset()
        case And(parts=parts):
            anchored = [anchors for part in parts if (anchors := anchors_of(part))]
            return min(anchored, key=_cost, default=frozenset())
        case Not():
            return frozenset()


def _cost(anchors: frozenset[Anchor]) -> float:
    return sum(anchor.cost for anchor in anchors)


def _word_anchor(word: Word) -> Anchor:
    # Long words are rare words; a stem stands for many.
    length = len(word.folded) - (2 if word.prefix else 0)
    return _anchor(word.folded, word.prefix, cost=1 / max(1, length) ** 3)


def _anchor(key: str, prefix: bool, *, cost: float) -> Anchor:
    return Anchor(key=f"{key}*" if prefix else key, cost=cost)
