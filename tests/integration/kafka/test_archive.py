"""A topic read as an archive."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from kafka import KafkaProducer

from connectors.kafka.archive import TopicArchive
from connectors.kafka.pages import PageProducer
from connectors.testing import NOON, a_page, an_item
from pipelines.batch import find_archives, read_archives
from pipelines.config import parse_config
from pipelines.metrics import Tally
from schemas.codec import encode
from schemas.errors import ConfigError, Retriable


def _pages(count, *, first=0):
    items = [an_item(url=f"https://courier.example/{first + number}") for number in range(count)]
    return [a_page(item=item) for item in items]


def _read(archive, cursor=None):
    pages, failures = [], []
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


def _abort(settings, topic, count):
    """Messages that nobody ever committed, on every partition."""
    producer = KafkaProducer(bootstrap_servers=settings.bootstrap, transactional_id=f"{topic}-aborted")
    producer.init_transactions()
    producer.begin_transaction()
    for number, page in enumerate(_pages(count, first=5_000)):
        producer.send(topic, encode(page), partition=number % 3)
    producer.flush()
    producer.abort_transaction()
    producer.close()


@pytest.fixture
def mixed(settings, topic):
    """The pages of a topic of three uneven partitions, between pages of transactions that were given up."""
    pages = _pages(1_300)
    producer = PageProducer(settings, topic, None, topic, lambda: NOON)
    plain = KafkaProducer(bootstrap_servers=settings.bootstrap)
    for page in pages[:200]:
        plain.send(topic, encode(page), partition=2)
    plain.close()
    _abort(settings, topic, 700)
    for begin in range(200, 1_300, 110):
        producer.put(pages[begin : begin + 110])
        _abort(settings, topic, 30)
    producer.close()
    return pages


def test_a_cursor_brings_the_same_messages_however_often_it_is_read(settings, topic, mixed):
    """Each poll is a range: all pages come once, and whoever looks again at a cursor sees the same."""
    archive = TopicArchive(settings, topic, "archive", None)
    found, cursor = [], archive.between(None, None)
    while (poll := asyncio.run(archive.poll(cursor, NOON))).cursor != cursor:
        again = asyncio.run(TopicArchive(settings, topic, "archive", None).poll(cursor, NOON))
        assert again.cursor == poll.cursor
        assert {page.id for page in again.pages} == {page.id for page in poll.pages}
        assert len(poll.pages) <= 503
        found += poll.pages
        cursor = poll.cursor
    assert sorted(page.id for page in found) == sorted(page.id for page in mixed)


def test_a_topic_is_judged_whole_and_nothing_twice(settings, topic, mixed, tmp_path):
    """Every page enters the graph once, by way of what `tocsin batch` calls."""
    intake = f'[intake]\nkind = "kafka"\nbootstrap = "{settings.bootstrap}"\n'
    config = parse_config(intake + '[[topics]]\nid = "none"\nquery = "xylophone"\n', tmp_path)
    tally = Tally()
    archives = find_archives(f"kafka:{topic}", config.intake)
    counts = list(read_archives(config, archives, tally, NOON + timedelta(days=1)))
    assert sum(counts) == len(mixed)
    assert len(counts) > 2
    (read,) = (stage for stage in tally.stages() if stage.stage == "read")
    assert read.entered == read.emitted == len(mixed)


def test_what_is_still_under_way_is_not_waited_for(settings, topic):
    """A transaction that is open ends what the topic holds for now."""
    producer = PageProducer(settings, topic, None, topic, lambda: NOON)
    pages = _pages(60)
    producer.put(pages)
    other = KafkaProducer(bootstrap_servers=settings.bootstrap, transactional_id=f"{topic}-open")
    other.init_transactions()
    other.begin_transaction()
    for partition in range(3):
        other.send(topic, encode(pages[0]), partition=partition).get(5)
    found, failures = _read(TopicArchive(settings, topic, "archive", None))
    other.abort_transaction()
    other.close()
    producer.close()
    assert (sorted(page.id for page in found), failures) == (sorted(page.id for page in pages), [])


def _sent_between_pauses(settings, topic, count):
    """Instants before each of so many pages, and one after all."""
    producer = PageProducer(settings, topic, None, topic, lambda: NOON)
    instants = []
    for page in _pages(count):
        instants.append(datetime.now(UTC))
        time.sleep(0.01)
        producer.put([page])
        time.sleep(0.01)
    producer.close()
    return [*instants, datetime.now(UTC)]


def test_a_time_is_cut_out_of_a_topic(settings, topic):
    """From an instant on, before another, both, and where nothing was put."""
    instants = _sent_between_pauses(settings, topic, 9)
    archive = TopicArchive(settings, topic, "archive", None)

    def between(begin, end):
        since, until = (None if nth is None else instants[nth] for nth in (begin, end))
        pages, _ = _read(archive, archive.between(since, until))
        return sorted(page.url for page in pages)

    urls = [page.url for page in _pages(9)]
    assert between(None, None) == urls
    assert between(3, None) == urls[3:]
    assert between(None, 4) == urls[:4]
    assert between(2, 7) == urls[2:7]
    assert between(9, None) == []
    assert between(None, 0) == []


def test_offsets_are_cut_out_of_a_partition(kafka, settings):
    """Those that are named are read, and those that the topic does not hold are refused."""
    topic = kafka.create_topic("offsets")
    plain = KafkaProducer(bootstrap_servers=settings.bootstrap)
    pages = _pages(20)
    for page in pages:
        plain.send(topic, encode(page))
    plain.close()
    archive = TopicArchive(settings, topic, "archive", None)
    found, _ = _read(archive, archive.of({0: (5, 9)}))
    assert [page.id for page in found] == [page.id for page in pages[5:9]]
    with pytest.raises(ConfigError, match="does not hold all of 15-21") as refused:
        archive.of({0: (15, 21)})
    assert "0-20" in refused.value.hint


def test_a_topic_is_cut_by_time_or_by_offsets(settings, topic, tmp_path, within):
    """`tocsin batch` reads what is named, and says what cannot be named so."""
    producer = PageProducer(settings, topic, None, topic, lambda: NOON)
    producer.put(_pages(4))
    producer.close()
    path = tmp_path / "tocsin.toml"
    path.write_text(
        f'[intake]\nkind = "kafka"\nbootstrap = "{settings.bootstrap}"\n'
        '[[topics]]\nid = "none"\nquery = "xylophone"\n',
        "utf-8",
    )
    (tmp_path / "page.txt").write_text("The bridge is closed.", "utf-8")
    for words, code, told in (
        (["--since", "2026-01-01T00:00Z", "--until", "2200-01-01"], 0, "read          4"),
        (["--until", "2001-01-01"], 0, ""),
        (["--since", "2026-01-02", "--until", "2026-01-01"], 2, "--since must be earlier"),
        (["--until", "tomorrow"], 2, '--until "tomorrow"'),
    ):
        run = within("batch", f"kafka:{topic}", "--config", path, *words)
        assert run.returncode == code, run.stderr
        assert " ".join(told.split()) in " ".join(run.stderr.replace("│", " ").split())
    for name, words, told in (
        (f"kafka:{topic}/7/0-1", [], "its partitions are 0 to 2"),
        (f"kafka:{topic}/0/0-100", [], "what it holds now"),
        (f"kafka:{topic}/0/0", [], "tocsin.pages/0/1200-1300"),
        (f"kafka:{topic}/0/0-1", ["--since", "2026-01-01"], "leave out --since"),
        (tmp_path / "page.txt", ["--since", "2026-01-01"], "leave out --since"),
    ):
        run = within("batch", name, "--config", path, *words)
        assert (run.returncode, told in run.stderr) == (2, True), run.stderr
