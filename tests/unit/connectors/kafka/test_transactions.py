"""Transactions in threads of their own: what they come to is told, and they leave no producer open."""

from threading import Event

import pytest

from connectors.kafka.settings import KafkaSettings
from connectors.kafka.transactions import Message, Transactions
from schemas.errors import Retriable

NEWS = Message(key=b"key", value=b"news", headers=())


class SlowProducer:
    """The client's producer, whose commit waits until it is let go; it may raise what nobody foresees."""

    def __init__(self, error=None):
        self.go_on = Event()
        self.closed = Event()
        self.aborted = False
        self._error = error

    def begin_transaction(self):
        """Nothing to do."""

    def send(self, topic, value, *, key, headers):
        """Sent at once, or not at all."""
        if self._error is not None:
            raise self._error
        return self

    def get(self, timeout_s):
        """It is there."""

    def commit_transaction(self):
        """Committed once it may go on."""
        assert self.go_on.wait(10)

    def abort_transaction(self):
        """Given up."""
        self.aborted = True

    def close(self, timeout):
        """Closed."""
        self.closed.set()


class OneCluster:
    """A cluster that has every topic, and one producer."""

    def __init__(self, producer):
        self.settings = KafkaSettings(bootstrap="localhost:9092", timeout_s=1.0)
        self.ids = []
        self._producer = producer

    def check(self, topic):
        """It is there."""

    def producer(self, transactional_id):
        """The one producer."""
        self.ids.append(transactional_id)
        return self._producer


def test_a_transaction_that_ends_late_closes_its_producer():
    """Nobody waits for it any more, and nobody else knows of it."""
    producer = SlowProducer()
    with pytest.raises(Retriable, match="no answer in 1 s"):
        Transactions(OneCluster(producer), "alerts", "desk").send([NEWS])
    assert not producer.closed.is_set()
    producer.go_on.set()
    assert producer.closed.wait(10)


def test_an_error_that_nobody_foresaw_is_told_as_what_it_is():
    """Not as brokers that give no answer; the transaction is given up and its producer closed."""
    producer = SlowProducer(ZeroDivisionError("a bug"))
    with pytest.raises(ZeroDivisionError, match="a bug"):
        Transactions(OneCluster(producer), "alerts", "desk").send([NEWS])
    assert producer.closed.wait(10)
    assert producer.aborted


def test_the_id_holds_name_and_topic():
    """So two desks whose sinks have one name do not fence each other."""
    producer = SlowProducer()
    producer.go_on.set()
    cluster = OneCluster(producer)
    for topic in ("alerts", "other"):
        Transactions(cluster, topic, "desk").send([NEWS])
    assert cluster.ids == ["desk/alerts", "desk/other"]
