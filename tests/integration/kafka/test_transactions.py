"""Transactions over a real broker, in threads of their own."""

import time

import pytest

from connectors.kafka.cluster import Cluster
from connectors.kafka.transactions import Message, Transactions


@pytest.fixture
def transactions(settings, topic):
    """Transactions with a patience of five seconds."""
    transactions = Transactions(Cluster(settings), topic, "tocsin-test")
    yield transactions
    transactions.close()


def a_message(value=b"news"):
    """A message that brokers take."""
    return Message(key=b"key", value=value, headers=())


def test_an_error_that_nobody_foresaw_is_told_as_what_it_is(kafka, topic, transactions):
    """Not as brokers that give no answer; what was sent before it is given up, and the next goes through."""
    began_at = time.monotonic()
    with pytest.raises(TypeError):
        transactions.send([a_message(), a_message(value={"no": "bytes"})])
    assert time.monotonic() - began_at < 4
    transactions.send([a_message(b"later")])
    assert [message.value for message in kafka.read(topic)] == [b"later"]
