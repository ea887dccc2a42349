"""Ranges of offsets: how they are written, and in which shares they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.kafka.ranges import (
    TopicRange,
    check_held,
    from_cursor,
    next_share,
    parse_topic_range,
    to_cursor,
    without,
)
from schemas.errors import ConfigError

RANGES = st.dictionaries(
    st.integers(0, 9),
    st.tuples(st.integers(0, 5_000), st.integers(0, 3_000)).map(lambda pair: (pair[0], sum(pair))),
    max_size=6,
)


@pytest.mark.parametrize(
    ("written", "topic", "ranges"),
    [
        ("tocsin.pages", "tocsin.pages", None),
        ("tocsin.pages/2/0-1", "tocsin.pages", {2: (0, 1)}),
        ("a-b_c/11/1200-1300", "a-b_c", {11: (1200, 1300)}),
    ],
)
def test_what_is_written_is_a_topic_or_some_offsets_of_a_partition(written, topic, ranges):
    """Names of topics hold dots and dashes, never a slash."""
    assert parse_topic_range(written) == TopicRange(topic=topic, ranges=ranges)


@pytest.mark.parametrize(
    "written", ["", "t/0", "t/0/5", "t/0/5-", "t/x/1-2", "t/0/7-7", "t/0/9-3", "t/0/1-2/3"]
)
def test_what_names_no_range_is_refused_with_an_example(written):
    """Half a range, one that is empty, and one that runs backwards."""
    with pytest.raises(ConfigError) as refused:
        parse_topic_range(written)
    assert "tocsin.pages/0/1200-1300" in refused.value.hint


@pytest.mark.parametrize(
    ("ranges", "told"),
    [({3: (0, 1)}, "no partition 3"), ({0: (5, 20)}, "5-20"), ({1: (0, 101)}, "0-101")],
)
def test_offsets_that_are_not_held_are_refused(ranges, told):
    """Gone already, not there yet, and a partition that is none."""
    with pytest.raises(ConfigError, match=told) as refused:
        check_held("pages", ranges, {0: (10, 100), 1: (0, 100)})
    assert refused.value.hint
    check_held("pages", {0: (10, 100), 1: (99, 100)}, {0: (10, 100), 1: (0, 100)})


@given(RANGES, st.integers(1, 700))
def test_shares_cover_every_offset_once_and_come_to_an_end_together(ranges, limit):
    """Whatever the ranges, each offset is in one share, none is large, and the partitions keep step."""
    expected = {(number, offset) for number, (begin, end) in ranges.items() for offset in range(begin, end)}
    read = []
    left = ranges
    while share := next_share(left, limit):
        offsets = [(number, offset) for number, (begin, end) in share.items() for offset in range(begin, end)]
        assert 0 < len(offsets) <= limit + len(ranges)
        read += offsets
        left = without(left, share)
        assert from_cursor(to_cursor(left)) == left
    assert len(read) == len(expected)
    assert set(read) == expected


def test_a_short_partition_is_not_read_before_a_long_one():
    """Each gives in proportion to what is left of it, so that both move through the same time."""
    assert next_share({0: (0, 900), 1: (50, 150), 2: (7, 7)}, 100) == {0: (0, 90), 1: (50, 60)}
