"""Encoders that need no model: a sentence is the words it holds."""

from zlib import crc32

import numpy as np
import pytest

from pipelines.memory.index import Encoders
from pipelines.memory.words import telling_words

_WIDTH = 512


def _encode(texts):
    vectors = np.zeros((len(texts), _WIDTH), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in telling_words(text):
            vectors[row, crc32(word.encode()) % _WIDTH] += 1
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(norms, 1e-9)


@pytest.fixture(scope="session")
def encoders():
    """Both encoders, exact where the words are the same."""
    return Encoders(static=_encode, sentence=_encode)
