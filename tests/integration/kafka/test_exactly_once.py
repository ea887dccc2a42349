"""A relay killed, paused or fenced, and a broker that dies: each alert is on the topic exactly once."""

import time
from random import Random

import pytest
from relaying import Relaying

from connectors.sinks.kafka import KafkaSinkOptions

KILLS = 12


@pytest.fixture
def relaying(kafka, topic, tmp_path):
    """A ledger that fills, before a topic of three partitions."""
    options = KafkaSinkOptions(bootstrap=kafka.bootstrap, topic=topic, timeout_s=3.0)
    relaying = Relaying(tmp_path / "tocsin.db", options)
    yield relaying
    relaying.close()


def each_is_there_once(kafka, topic, relaying):
    """Fails where a reader of what is committed misses an alert or meets one twice."""
    there = [dict(message.headers)["id"].decode() for message in kafka.read(topic)]
    due = [alert.id for alert in relaying.alerts]
    assert len(there) == len(due)
    assert set(there) == set(due)


def test_a_relay_is_killed_at_random_moments(kafka, topic, relaying):
    """Whatever it was doing, and also between the commit and its note in the ledger."""
    moments = Random(4)
    for kill in range(KILLS):
        relaying.feed(0.1)
        if kill % 3 == 2:
            relaying.start_one_that_dies_at_a_note()
        else:
            process = relaying.start()
            relaying.feed(moments.uniform(0.0, 0.5))
            process.kill()
            process.join()
    process = relaying.start()
    relaying.wait_until_sent()
    process.kill()
    process.join()
    each_is_there_once(kafka, topic, relaying)


def test_a_paused_relay_comes_back_while_another_took_over(kafka, topic, relaying):
    """Each fences the other when it goes on, in the middle of whatever it did."""
    moments = Random(5)
    relaying.feed(0.1)
    relays = [relaying.start(), relaying.start()]
    for turn in range(8):
        paused = relays[turn % 2]
        relaying.pause(paused)
        relaying.feed(moments.uniform(0.3, 0.8))
        relaying.resume(paused)
        relaying.feed(moments.uniform(0.1, 0.3))
    relaying.wait_until_sent()
    for process in relays:
        process.kill()
        process.join()
    each_is_there_once(kafka, topic, relaying)


def test_the_broker_is_killed_under_the_relay(kafka, topic, relaying):
    """It dies in the middle of transactions, is away for a while, and comes back with all it had."""
    process = relaying.start()
    for _ in range(2):
        relaying.feed(0.8)
        kafka.kill()
        relaying.feed(1.0)
        kafka.start()
    relaying.feed(0.5)
    relaying.wait_until_sent()
    process.kill()
    process.join()
    each_is_there_once(kafka, topic, relaying)


def test_the_broker_stands_still_under_the_relay(kafka, topic, relaying):
    """It answers nothing for longer than a step may take: the delivery in doubt is settled afterwards."""
    process = relaying.start()
    for _ in range(3):
        relaying.feed(0.4)
        kafka.freeze()
        relaying.feed(3.5)
        kafka.thaw()
        time.sleep(0.3)
    relaying.wait_until_sent()
    process.kill()
    process.join()
    each_is_there_once(kafka, topic, relaying)
