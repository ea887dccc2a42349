"""A topic read as an archive."""

import asyncio

import pytest
from kafka import KafkaProducer

from connectors.kafka.archive import TopicArchive
from connectors.kafka.pages import PageProducer
from connectors.testing import NOON, a_page, an_item
from schemas.errors import Retriable


def _pages(count, *, first=0):
    items = [an_item(url=f"https://courier.example/{first + number}") for number in range(count)]
    return [a_page(item=item) for item in items]


def _read(archive):
    pages, failures, cursor = [], [], None
    while True:
        poll = asyncio.run(archive.poll(cursor, NOON))
        pages += poll.pages
        failures += poll.failures
        if poll.cursor == cursor:
            return pages, failures
        cursor = poll.cursor


def test_all_that_was_committed_is_read_and_nothing_later(settings, topic):
    """More pages than one poll takes are read, what is no page is a failure, later pages are left."""
    producer = PageProducer(settings, topic, None, "archive", lambda: NOON)
    pages = _pages(700)
    for begin in range(0, 700, 100):
        producer.put(pages[begin : begin + 100])
    plain = KafkaProducer(bootstrap_servers=settings.bootstrap)
    plain.send(topic, b"poison", partition=0)
    plain.close()
    archive = TopicArchive(settings, topic, "archive", None)
    begun = asyncio.run(archive.poll(None, NOON))
    producer.put(_pages(5, first=1_000))
    producer.close()
    assert len(begun.pages) + len(begun.failures) <= 500
    found, failures, cursor = list(begun.pages), list(begun.failures), begun.cursor
    while (poll := asyncio.run(archive.poll(cursor, NOON))).cursor != cursor:
        found += poll.pages
        failures += poll.failures
        cursor = poll.cursor
    assert sorted(page.id for page in found) == sorted(page.id for page in pages)
    assert [each.record for each in failures] == ["poison"]


def test_an_empty_topic_is_an_empty_archive(settings, topic):
    """Nothing comes, and the cursor stays."""
    assert _read(TopicArchive(settings, topic, "archive", None)) == ([], [])


def test_a_missing_topic_is_named(settings):
    """Which topic, and what to do."""
    with pytest.raises(Retriable, match="nowhere"):
        asyncio.run(TopicArchive(settings, "nowhere", "archive", None).poll(None, NOON))
