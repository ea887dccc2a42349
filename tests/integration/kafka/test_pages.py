"""Pages over a real broker: in transactions, by a group of workers, and what cannot be read."""

import time
from random import Random
from threading import Event, Thread

import pytest
from kafka import KafkaProducer

from connectors.kafka.pages import PageConsumer, PageProducer
from connectors.kafka.store import PageStore
from connectors.testing import NOON, Clock, a_page
from schemas.codec import encode
from schemas.errors import Retriable
from schemas.failures import Reason

LARGE = a_page(html=Random(1).randbytes(2_000_000))


def pages(count):
    """So many pages, each of its own URL."""
    return [a_page(url=f"https://courier.example/{n}") for n in range(count)]


def everything(consumer):
    """All that there is to take, up to the end of every partition."""
    found = []
    while consumer.positions() != consumer.high_watermarks():
        found.append(consumer.take(100, 0.5))
    return found


@pytest.fixture
def store(tmp_path):
    """A page store in a folder."""
    return PageStore(f"file://{tmp_path}/pages")


@pytest.fixture
def producer(settings, topic, store):
    """A producer of pages."""
    producer = PageProducer(settings, topic, store, topic, Clock())
    yield producer
    producer.close()


@pytest.fixture
def consumer(settings, topic, store):
    """The one worker of a group."""
    consumer = PageConsumer(settings, topic, f"{topic}-group", store, Clock())
    yield consumer
    consumer.close()


def test_pages_arrive_whole_and_never_more_than_asked_for(producer, consumer):
    """What is put is taken, at most `limit` at a time."""
    sent = pages(250)
    assert producer.put(sent) == ()
    taken = everything(consumer)
    assert {page.id: page for each in taken for page in each.pages} == {page.id: page for page in sent}
    assert max(len(each.pages) for each in taken) <= 100
    assert [each.failures for each in taken if each.failures] == []
    assert {at for each in taken for at in each.latest.values()} == {NOON}


def test_pages_of_one_partition_keep_their_order(kafka, settings, store):
    """A partition holds pages in the order in which they were put."""
    topic = kafka.create_topic("ordered")
    producer = PageProducer(settings, topic, store, topic, Clock())
    consumer = PageConsumer(settings, topic, "ordered-group", store, Clock())
    sent = pages(120)
    producer.put(sent[:70])
    producer.put(sent[70:])
    assert [page.id for each in everything(consumer) for page in each.pages] == [page.id for page in sent]
    producer.close()
    consumer.close()


def test_the_position_reaches_the_end_although_transactions_leave_marks_there(producer, consumer):
    """Once all is read, each partition's position is its high watermark."""
    producer.put(pages(20))
    everything(consumer)
    assert consumer.positions() == consumer.high_watermarks()
    assert len(consumer.positions()) == 3


def test_an_open_transaction_counts_at_the_end_and_is_not_read(kafka, topic, producer, consumer):
    """A page under way keeps the position behind the high watermark until it is committed or given up."""
    producer.put(pages(5))
    everything(consumer)
    other = KafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=f"{topic}-other")
    other.init_transactions()
    other.begin_transaction()
    other.send(topic, encode(pages(1)[0]), key=b"open", partition=0).get(5)
    assert consumer.take(10, 0.5).pages == ()
    assert consumer.positions()[0] < consumer.high_watermarks()[0]
    other.abort_transaction()
    other.close()
    assert [each.pages for each in everything(consumer) if each.pages] == []
    assert consumer.positions() == consumer.high_watermarks()


def test_what_was_not_committed_comes_again(settings, topic, producer, consumer):
    """The next of a group goes on at what was committed."""
    producer.put(pages(30))
    first = consumer.take(10, 5.0)
    consumer.commit(first.ends)
    consumer.take(10, 5.0)
    consumer.close()
    second = PageConsumer(settings, topic, f"{topic}-group", None, Clock())
    again = [page.id for each in everything(second) for page in each.pages]
    second.close()
    assert len(again) == 30 - len(first.pages)
    assert not set(again) & {page.id for page in first.pages}


def test_a_page_above_the_limit_travels_by_way_of_the_store(producer, consumer, tmp_path):
    """Its message holds the name of a file, and the worker gets the whole page."""
    assert producer.put([LARGE, *pages(2)]) == ()
    taken = everything(consumer)
    assert LARGE in [page for each in taken for page in each.pages]
    assert len(list((tmp_path / "pages").glob("*/*"))) == 1


def test_a_large_page_that_compresses_well_needs_no_store(settings, topic, consumer):
    """The limit is one of what is sent, not of what it holds."""
    producer = PageProducer(settings, topic, None, topic, Clock())
    large = a_page(text="The bridge is closed. " * 200_000)
    assert producer.put([large]) == ()
    assert [page for each in everything(consumer) for page in each.pages] == [large]
    producer.close()


def test_a_page_above_the_limit_fails_alone_without_a_store(settings, topic, consumer):
    """It comes back as a failure that holds it; the others arrive."""
    producer = PageProducer(settings, topic, None, topic, Clock())
    (failure,) = producer.put([*pages(2), LARGE])
    assert (failure.reason, failure.record) == (Reason.TOO_LARGE, encode(LARGE).decode())
    assert sum(len(each.pages) for each in everything(consumer)) == 2
    producer.close()


@pytest.mark.parametrize(
    ("value", "headers", "detail"),
    [
        (b"\xff\x00 not JSON", [], "not JSON"),
        (b'{"schema":"page/2","id":"x"}', [("schema", b"page/2")], "a newer Tocsin may have written it"),
        (b'{"schema":"page/1","id":"x"}', [], "not a page/1 record"),
        (None, [], "not JSON"),
        (b"", [("stored", b"0" * 64)], "it is not there"),
        (b"", [("stored", b"../../etc/passwd")], "no name of a page"),
    ],
)
def test_a_poison_message_is_a_failure_and_the_rest_go_on(
    kafka, topic, producer, consumer, value, headers, detail
):
    """Whatever somebody puts onto the topic, it costs one failure that tells where it lies."""
    poison = KafkaProducer(bootstrap_servers=kafka.bootstrap)
    poison.send(topic, value, key=b"poison", headers=headers, partition=1).get(5)
    poison.close()
    producer.put(pages(5))
    taken = everything(consumer)
    (failure,) = [failure for each in taken for failure in each.failures]
    assert detail in failure.detail
    assert f"{topic}[1] at 0" in failure.detail
    assert sum(len(each.pages) for each in taken) == 5
    assert consumer.positions() == consumer.high_watermarks()


def test_a_store_that_cannot_be_read_takes_nothing(producer, settings, topic, tmp_path):
    """The pages come again once it can."""
    producer.put([LARGE, *pages(3)])
    folder = tmp_path / "pages"
    (stored,) = folder.glob("*/*")
    body = stored.read_bytes()
    stored.unlink()
    stored.mkdir()
    consumer = PageConsumer(settings, topic, "unreadable", PageStore(f"file://{folder}"), Clock())
    with pytest.raises(Retriable):
        everything(consumer)
    stored.rmdir()
    stored.write_bytes(body)
    assert sum(len(each.pages) for each in everything(consumer)) == 4
    consumer.close()


def test_a_second_producer_of_the_same_name_fences_the_first(settings, topic, consumer):
    """The first is told so; it may take over again, and nothing is half there."""
    first, second = (PageProducer(settings, topic, None, topic, Clock()) for _ in range(2))
    one, two, three = pages(3)
    first.put([one])
    second.put([two])
    with pytest.raises(Retriable, match="ProducerFenced") as fenced:
        first.put([three])
    assert "another process of the same name took over" in fenced.value.hint
    first.put([three])
    first.close()
    second.close()
    assert {page.id for each in everything(consumer) for page in each.pages} == {one.id, two.id, three.id}


def test_workers_share_partitions_and_hand_them_over(settings, topic, producer, consumer):
    """A second worker gets some and the first keeps the rest; when it leaves, they come back at once."""
    end = Event()
    second = PageConsumer(settings, topic, f"{topic}-group", None, Clock())

    def work():
        while not end.is_set():
            second.take(10, 0.2)

    while len(consumer.owned()) < 3:
        consumer.take(10, 0.2)
    worker = Thread(target=work)
    worker.start()
    while len(consumer.owned()) != 2 or len(second.owned()) != 1:
        consumer.take(10, 0.2)
    assert not consumer.owned() & second.owned()
    end.set()
    worker.join()
    left_at = time.monotonic()
    second.close()
    while len(consumer.owned()) < 3:
        consumer.take(10, 0.2)
    assert time.monotonic() - left_at < 5
