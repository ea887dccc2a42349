"""One broker for all tests of Kafka, and one that asks who comes."""

from itertools import count

import pytest
from broker import Broker

from connectors.kafka.settings import KafkaSettings

NUMBERS = count()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory):
    """A broker that runs; a test that ends it starts it again."""
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def settings(kafka):
    """How to reach it, with little patience."""
    return KafkaSettings(bootstrap=kafka.bootstrap, timeout_s=5.0)


@pytest.fixture
def topic(kafka):
    """A topic of three partitions that no other test uses."""
    return kafka.create_topic(f"topic-{next(NUMBERS)}", 3)
