"""An inverted index over the telling words of all remembered claims."""

from collections import Counter
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

_VISITED_AT_MOST = 4_000


class Lexicon:
    """Word statistics of a memory; rows are numbered in the order in which claims were added."""

    def __init__(self) -> None:
        self._claims: list[Counter[str]] = []
        self._rows: dict[str, list[int]] = {}

    def add(self, words: Counter[str]) -> None:
        """The claim becomes the next row."""
        row = len(self._claims)
        self._claims.append(words)
        for word in words:
            self._rows.setdefault(word, []).append(row)

    def sharing(self, words: Counter[str], limit: int) -> list[int]:
        """Rows that share the rarest words, best first; common ones are not followed once enough was seen."""
        shared: dict[int, float] = {}
        visited = 0
        for word in sorted(words, key=lambda word: (len(self._rows.get(word, ())), word)):
            rows = self._rows.get(word, ())
            visited += len(rows)
            if visited > _VISITED_AT_MOST and shared:
                break
            weight = self._weight(word) ** 2
            for row in rows:
                shared[row] = shared.get(row, 0.0) + weight
        return sorted(shared, key=lambda row: (-shared[row], row))[:limit]

    def likeness(self, words: Counter[str], rows: list[int]) -> NDArray[np.float64]:
        """How much of the claim's wording each row holds, 0..1.

        The mean of TF-IDF cosine and TF-IDF coverage: coverage alone sees that a long sentence already says
        what a short one repeats; cosine keeps a long sentence from covering everything.
        """
        weights = {word: count * self._weight(word) ** 2 for word, count in words.items()}
        own = sum(weight * words[word] for word, weight in weights.items()) or 1.0
        whole = sum(weights.values()) or 1.0
        return np.array([self._one_likeness(weights, own, whole, self._claims[row]) for row in rows])

    def _one_likeness(
        self, weights: dict[str, float], own: float, whole: float, earlier: Counter[str]
    ) -> float:
        shared = [word for word in weights if word in earlier]
        if not shared:
            return 0.0
        product = sum(weights[word] * earlier[word] for word in shared)
        other = sum((count * self._weight(word)) ** 2 for word, count in earlier.items())
        coverage = sum(weights[word] for word in shared) / whole
        return 0.5 * product / sqrt(own * other) + 0.5 * coverage

    def _weight(self, word: str) -> float:
        return log((len(self._claims) + 1) / (len(self._rows.get(word, ())) + 0.5) + 1)
