"""The matcher against a slow, obvious reading of the language; `tests/soak/queries.py` goes on for longer."""

import random

import pytest
from comparing_queries import compare


@pytest.mark.parametrize("seed", range(6))
def test_random_queries_agree_with_the_obvious_reading(seed):
    """Five hundred queries of the whole language together, over random articles: none missed, none extra."""
    compared = compare(random.Random(seed))
    assert compared.differing == []
    assert compared.matches > compared.pairs / 20
