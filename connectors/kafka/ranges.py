"""Ranges of offsets: what of a topic is to be read, how it is written, and which share of it comes next."""

import math
import re
from collections.abc import Mapping
from typing import Final

from pydantic import TypeAdapter

from schemas.errors import ConfigError
from schemas.record import record

Ranges = dict[int, tuple[int, int]]
"""By partition, the first offset to read and the one to stop before."""

_RANGES: Final[TypeAdapter[Ranges]] = TypeAdapter(Ranges)
_WRITTEN: Final = re.compile(r"(?P<topic>[^/]+)(/(?P<partition>\d+)/(?P<begin>\d+)-(?P<end>\d+))?")


@record
class TopicRange:
    """A topic, or some offsets of one of its partitions."""

    topic: str
    """Name of the topic."""
    ranges: Mapping[int, tuple[int, int]] | None
    """What to read of it; None: all."""


def parse_topic_range(written: str) -> TopicRange:
    """What `TOPIC` or `TOPIC/PARTITION/BEGIN-END` names.

    Raises:
        ConfigError: it is neither, or holds no offset.
    """
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ConfigError(f'"{written}" names no topic and no range of one', hint=_HINT)
    if found["partition"] is None:
        return TopicRange(topic=found["topic"], ranges=None)
    begin, end = int(found["begin"]), int(found["end"])
    if begin >= end:
        raise ConfigError(f'"{written}" holds no offset: it ends where it begins, or before', hint=_HINT)
    return TopicRange(topic=found["topic"], ranges={int(found["partition"]): (begin, end)})


_HINT: Final = "write TOPIC, or TOPIC/PARTITION/BEGIN-END such as tocsin.pages/0/1200-1300, without 1300"


def check_held(topic: str, ranges: Mapping[int, tuple[int, int]], held: Ranges) -> None:
    """Returns where the topic holds all of the ranges.

    Raises:
        ConfigError: it has no such partition, or no such offsets, any more or yet.
    """
    for partition, (begin, end) in ranges.items():
        if partition not in held:
            last = max(held)
            raise ConfigError(
                f'the topic "{topic}" has no partition {partition}', hint=f"its partitions are 0 to {last}"
            )
        first, after = held[partition]
        if begin < first or end > after:
            raise ConfigError(
                f'partition {partition} of the topic "{topic}" does not hold all of {begin}-{end}',
                hint=f"what it holds now, and is committed, is {first}-{after}",
            )


def next_share(ranges: Ranges, limit: int) -> Ranges:
    """What to read next: about `limit` offsets, of each partition in proportion to what is left of it.

    So all partitions come to their ends together, and pages of one time are read at one time. It depends on
    nothing but the ranges: who reads them again, reads them in the same shares.
    """
    left = sum(end - begin for begin, end in ranges.values())
    part = min(1.0, limit / left) if left else 0.0
    return {
        partition: (begin, begin + math.ceil((end - begin) * part))
        for partition, (begin, end) in ranges.items()
        if begin < end
    }


def without(ranges: Ranges, share: Ranges) -> Ranges:
    """What is left of the ranges after their share was read."""
    return {
        partition: (share[partition][1] if partition in share else begin, end)
        for partition, (begin, end) in ranges.items()
    }


def to_cursor(ranges: Mapping[int, tuple[int, int]]) -> str:
    """The ranges as a cursor."""
    return _RANGES.dump_json(dict(ranges)).decode()


def from_cursor(cursor: str) -> Ranges:
    """The ranges that `to_cursor` wrote."""
    return _RANGES.validate_json(cursor)
