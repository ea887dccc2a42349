"""An inverted index over the telling words of all remembered claims."""

from collections.abc import Sequence, Set
from math import log

import numpy as np
from numpy.typing import NDArray

_VISITED_AT_MOST = 4_000
_GROWN = 1.2


class Lexicon:
    """Word statistics of a memory; rows are numbered in the order in which claims were added.

    Word weights are squared inverse document frequencies. They are settled anew each time the memory has
    grown by a fifth, so that all rows are compared by the same weights, and an index rebuilt from the log
    has the very weights of one that grew with it.
    """

    def __init__(self) -> None:
        self._claims: list[Set[str]] = []
        self._rows: dict[str, list[int]] = {}
        self._weights: dict[str, float] = {}
        self._unseen = _weight(0, 0)
        self._sizes: list[float] = []
        self._settled_at = 0

    def add(self, words: Set[str]) -> None:
        """The claim becomes the next row."""
        row = len(self._claims)
        self._claims.append(words)
        for word in words:
            self._rows.setdefault(word, []).append(row)
        self._sizes.append(self._size(words))
        if len(self._claims) > _GROWN * self._settled_at:
            self._settle()

    def sharing(self, words: Set[str], limit: int) -> list[int]:
        """Rows that share the rarest words, best first; common ones are not followed once enough was seen."""
        shared: dict[int, float] = {}
        visited = 0
        for word in sorted(words, key=lambda word: (len(self._rows.get(word, ())), word)):
            rows = self._rows.get(word, ())
            visited += len(rows)
            if visited > _VISITED_AT_MOST and shared:
                break
            weight = self._weights.get(word, self._unseen)
            for row in rows:
                shared[row] = shared.get(row, 0.0) + weight
        return sorted(shared, key=lambda row: (-shared[row], row))[:limit]

    def likeness(self, words: Set[str], rows: Sequence[int]) -> NDArray[np.float64]:
        """How much of the claim's wording each row holds, 0..1.

        The mean of TF-IDF cosine and TF-IDF coverage: coverage alone sees that a long sentence already says
        what a short one repeats; cosine keeps a long sentence from covering everything.
        """
        size = self._size(words)
        shared = np.array([self._size(words & self._claims[row]) for row in rows])
        sizes = np.array([self._sizes[row] for row in rows])
        return 0.5 * shared / np.sqrt(np.maximum(size * sizes, 1e-9)) + 0.5 * shared / max(size, 1e-9)

    def _size(self, words: Set[str]) -> float:
        # In alphabetical order: sums of floats depend on theirs, and that of a set on the process.
        return sum(self._weights.get(word, self._unseen) for word in sorted(words))

    def _settle(self) -> None:
        self._settled_at = len(self._claims)
        self._unseen = _weight(self._settled_at, 0)
        self._weights = {word: _weight(self._settled_at, len(rows)) for word, rows in self._rows.items()}
        self._sizes = [self._size(words) for words in self._claims]


def _weight(claims: int, holding: int) -> float:
    return log((claims + 1) / (holding + 0.5) + 1) ** 2
