"""A growing matrix of unit vectors, one row a claim."""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


class Vectors:
    """Rows are numbered in the order in which they were added."""

    def __init__(self, width: int) -> None:
        self._matrix: Vector = np.zeros((256, width), dtype=np.float32)
        self._count = 0

    def add(self, vector: Vector) -> None:
        """The vector becomes the next row; the matrix doubles when full."""
        if self._count == len(self._matrix):
            self._matrix = np.concatenate([self._matrix, np.zeros_like(self._matrix)])
        self._matrix[self._count] = vector
        self._count += 1

    def nearest(self, vector: Vector, limit: int) -> list[int]:
        """The rows of greatest cosine, best first."""
        cosines = self._matrix[: self._count] @ vector
        few = self._count <= limit
        top = np.arange(self._count) if few else np.argpartition(cosines, -limit)[-limit:]
        return [int(row) for row in top[np.lexsort((top, -cosines[top]))]]

    def likeness(self, vector: Vector, rows: list[int]) -> NDArray[np.float64]:
        """Cosine with each of the rows, negative ones as 0."""
        cosines: NDArray[np.float64] = np.clip(self._matrix[rows] @ vector, 0.0, 1.0).astype(np.float64)
        return cosines
