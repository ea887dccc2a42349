"""Alerts over a real broker: each exactly once to a reader of what is committed."""

import asyncio

import pytest

from connectors.sinks.kafka import KafkaSink, KafkaSinkOptions
from connectors.testing import a_finding, an_alert, an_article_ref, check_recalling_sink, check_sink
from schemas.alerts import Alert
from schemas.codec import decode
from schemas.errors import Rejected


def alerts_in(kafka, topic):
    """Every committed alert, in order."""
    return [decode(message.value, Alert) for message in kafka.read(topic, quiet_s=0.5)]


def numbered(count):
    """So many alerts of one topic, each of its own article."""
    return [an_alert(article=an_article_ref(url=f"https://courier.example/{n}")) for n in range(count)]


@pytest.fixture
def options(kafka, topic):
    """Settings of a sink of one partition, so that what arrives has one order."""
    one = kafka.create_topic(f"{topic}-alerts")
    return KafkaSinkOptions(bootstrap=kafka.bootstrap, topic=one, timeout_s=5.0)


@pytest.fixture
def make_sink(options):
    """Opens the sink as another process would."""
    opened = []

    def open_one(options=options):
        opened.append(KafkaSink.open(options.topic, options, None))
        return opened[-1]

    yield open_one
    for sink in opened:
        sink.close()


def test_it_keeps_the_contract_of_a_sink(kafka, options, make_sink):
    """What every sink promises, to a reader that goes by ids."""

    def arrived():
        return list({alert.id: alert for alert in alerts_in(kafka, options.topic)}.values())

    check_sink(make_sink, arrived)


def test_it_keeps_the_contract_of_a_sink_that_recalls(kafka, options, make_sink):
    """The ids of the last delivery are committed with it, and a later sink fences an earlier one."""
    check_recalling_sink(make_sink, lambda: alerts_in(kafka, options.topic))


def test_a_message_says_what_it_holds(kafka, options, make_sink):
    """Key, headers and value are those that readers were promised."""
    (alert,) = numbered(1)
    sink = make_sink()
    asyncio.run(sink.recall())
    asyncio.run(sink.deliver([alert]))
    (message,) = kafka.read(options.topic)
    assert message.key == b"veldar"
    assert message.headers == [("id", alert.id.encode()), ("schema", b"alert/1")]
    assert decode(message.value, Alert) == alert


def test_the_ids_of_a_whole_delivery_are_recalled(make_sink):
    """As many as the relay delivers at a time fit into what brokers keep."""
    alerts = numbered(100)
    asyncio.run(make_sink().recall())
    sink = make_sink()
    asyncio.run(sink.recall())
    asyncio.run(sink.deliver(alerts))
    assert asyncio.run(make_sink().recall()) == {alert.id for alert in alerts}


def test_more_than_can_be_recalled_is_refused_whole(kafka, options, make_sink):
    """Too many for one position, or too large for a message: nothing of it arrives, and the next does."""
    sink = make_sink()
    asyncio.run(sink.recall())
    (large,) = [an_alert(findings=tuple(a_finding() for _ in range(3_000)))]
    for refused in (numbered(500), [*numbered(2), large]):
        with pytest.raises(Rejected):
            asyncio.run(sink.deliver(refused))
    asyncio.run(sink.deliver(numbered(1)))
    assert alerts_in(kafka, options.topic) == numbered(1)


def test_a_limit_of_the_topic_that_nobody_told_us_is_met_with_a_refusal(kafka, make_sink, options):
    """The broker refuses what is above its own limit, whole; after a recall the next arrives."""
    topic = kafka.create_topic(f"{options.topic}-small", max_message_bytes="3000")
    sink = make_sink(KafkaSinkOptions(bootstrap=kafka.bootstrap, topic=topic))
    large = an_alert(matched=tuple(f"{n * 7919:x}" for n in range(5_000)))
    asyncio.run(sink.recall())
    with pytest.raises(Rejected, match="sending to the topic") as refused:
        asyncio.run(sink.deliver([*numbered(2), large]))
    assert "max.message.bytes" in refused.value.hint
    asyncio.run(sink.recall())
    asyncio.run(sink.deliver(numbered(1)))
    assert alerts_in(kafka, topic) == numbered(1)


def test_two_desks_with_one_name_for_their_sinks_leave_each_other_alone(kafka, options, make_sink):
    """On one cluster, sinks of the same name and another topic each recall their own, and fence nobody."""
    other = KafkaSinkOptions(bootstrap=kafka.bootstrap, topic=kafka.create_topic(f"{options.topic}-other"))
    first, second = (KafkaSink.open("queue", each, None) for each in (options, other))
    alerts = numbered(2)
    asyncio.run(first.recall())
    asyncio.run(second.recall())
    asyncio.run(first.deliver(alerts[:1]))
    asyncio.run(second.deliver(alerts[1:]))
    assert asyncio.run(first.recall()) == {alerts[0].id}
    assert asyncio.run(second.recall()) == {alerts[1].id}
    first.close()
    second.close()
