"""A table as plain arrays, for a file, and back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipelines.topics.index import Table
from pipelines.topics.keys import is_sought

Arrays = Mapping[str, NDArray[Any]]
"""A packed table: arrays of numbers and bytes by name."""

_SLOT_BYTES: Final = 4


def pack(table: Table) -> dict[str, NDArray[Any]]:
    """The table as arrays, from which `unpack` makes one that is equal to it."""
    trigger_of = {key: trigger for trigger, keys in table.triggers.items() for key in keys}
    triggers = [trigger_of[key] for key in table.slots if is_sought(key)]
    counts = [len(each) // _SLOT_BYTES for each in table.slots.values()]
    return {
        **_packed("keys", table.slots),
        **_packed("triggers", triggers),
        "slots": np.frombuffer(b"".join(table.slots.values()), np.int32),
        "slot_counts": np.array(counts, np.int32),
        "levels": np.array(table.levels, np.int32),
        "topics": table.topics,
        "exact": table.exact,
    }


def unpack(arrays: Arrays, topics: int) -> Table:
    """The table that was packed; it is of so many topics.

    Raises:
        ValueError, KeyError: the arrays do not belong together; no table that is searched breaks.
    """
    _check(arrays, topics)
    keys = _unpacked("keys", arrays)
    triggers: defaultdict[str, list[str]] = defaultdict(list)
    for key, trigger in zip(filter(is_sought, keys), _unpacked("triggers", arrays), strict=True):
        triggers[trigger].append(key)
    slots, ends = arrays["slots"].tobytes(), accumulate(arrays["slot_counts"].tolist(), initial=0)
    filled = (slots[_SLOT_BYTES * start : _SLOT_BYTES * end] for start, end in pairwise(ends))
    return Table(
        slots=dict(zip(keys, filled, strict=True)),
        triggers={trigger: tuple(sought) for trigger, sought in triggers.items()},
        levels=tuple(arrays["levels"].tolist()),
        topics=arrays["topics"],
        exact=arrays["exact"],
    )


def _check(arrays: Arrays, topics: int) -> None:
    levels, rows = arrays["levels"], len(arrays["topics"])
    sizes = int(levels.sum()) + rows
    whole = (
        all(arrays[name].dtype == np.int32 for name in ("slots", "slot_counts", "levels", "topics"))
        and arrays["exact"].dtype == np.bool_
        and len(arrays["exact"]) == rows == int(levels[0] if rows else 0)
        and bool((np.diff(levels) <= 0).all())
        and int(arrays["slot_counts"].sum()) == len(arrays["slots"])
        and _are_within(arrays["slots"], sizes)
        and _are_within(arrays["topics"], topics)
    )
    if not whole:
        raise ValueError("the arrays of a table do not belong together")


def _are_within(numbers: NDArray[Any], count: int) -> bool:
    return not len(numbers) or (int(numbers.min()) >= 0 and int(numbers.max()) < count)


def _packed(name: str, texts: Iterable[str]) -> dict[str, NDArray[Any]]:
    many = list(texts)
    whole = "".join(many).encode("utf-8", "surrogatepass")
    return {
        name: np.frombuffer(whole, np.uint8),
        f"{name}_lengths": np.array([len(each) for each in many], np.int32),
    }


def _unpacked(name: str, arrays: Arrays) -> list[str]:
    whole = arrays[name].tobytes().decode("utf-8", "surrogatepass")
    ends = accumulate(arrays[f"{name}_lengths"].tolist(), initial=0)
    return [whole[start:end] for start, end in pairwise(ends)]
