"""A table in plain arrays, and back."""

import numpy as np
import pytest

from pipelines.topics.matcher import compiled
from pipelines.topics.packing import pack, unpack

QUERIES = (
    '(bridge OR "cars and vans"~9) AND (veldar OR coun*) NOT rain',
    "title:(bridge OR café) OR (closed NOT open)",
    '="Veldar" cracks AND (entity:veldar OR source:cour*)',
    '"one two three" OR lang:en AND (four OR "five six")',
    "bridge AND",
    "monday",
)


def test_a_table_comes_back(a_topic):
    """Every kind of key, and a topic that cannot be read."""
    table = compiled([a_topic(query) for query in QUERIES])
    again = unpack(pack(table), len(QUERIES))
    assert (again.slots, again.triggers, again.levels) == (table.slots, table.triggers, table.levels)
    assert list(again.slots) == list(table.slots)
    assert again.topics.tolist() == table.topics.tolist()
    assert again.exact.tolist() == table.exact.tolist()


def test_an_empty_table_comes_back():
    """Nothing is tracked."""
    again = unpack(pack(compiled([])), 0)
    assert (again.slots, again.triggers, len(again.topics)) == ({}, {}, 0)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("slots", lambda slots: slots + 1000),
        ("slots", lambda slots: slots - 1000),
        ("slots", lambda slots: slots[:-1]),
        ("slots", lambda slots: slots.astype(np.int64)),
        ("slot_counts", lambda counts: counts[:-1]),
        ("slot_counts", lambda counts: counts + 1),
        ("topics", lambda topics: topics + len(QUERIES)),
        ("topics", lambda topics: topics[1:]),
        ("exact", lambda exact: exact[1:]),
        ("levels", lambda levels: levels[::-1]),
        ("levels", lambda levels: levels[1:]),
        ("keys_lengths", lambda lengths: lengths[1:]),
        ("triggers_lengths", lambda lengths: lengths[1:]),
        ("keys", lambda letters: np.full_like(letters, 0xFF)),
    ],
)
def test_what_does_not_belong_together_is_refused(a_topic, name, spoil):
    """No table comes of it that would break when it is searched."""
    arrays = pack(compiled([a_topic(query) for query in QUERIES]))
    with pytest.raises(ValueError):  # noqa: PT011 - which of the checks says so does not matter
        unpack({**arrays, name: spoil(arrays[name])}, len(QUERIES))


def test_a_part_that_is_missing_is_refused(a_topic):
    """Each array is needed."""
    arrays = pack(compiled([a_topic(query) for query in QUERIES]))
    for name in arrays:
        with pytest.raises(KeyError):
            unpack({other: arrays[other] for other in arrays if other != name}, len(QUERIES))
