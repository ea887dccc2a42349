"""Whatever keeps us out is one clear error with a hint, soon, and costs no processor time."""

import asyncio
import time
from dataclasses import replace

import pytest
from ports import free_port

from connectors.kafka.pages import PageConsumer, PageProducer
from connectors.kafka.settings import KafkaSettings
from connectors.sinks.kafka import KafkaSink, KafkaSinkOptions
from connectors.testing import Clock, a_page, an_alert
from schemas.errors import ConfigError, Retriable

WRONG = {"password": "wrong"}
LOG_IN = {"username": "tocsin", "password": "secret"}
PLAIN = {**LOG_IN, "sasl_mechanism": "PLAIN"}


def through(settings):
    """One page that went onto the topic and came off it again."""
    producer = PageProducer(settings, "guarded", None, f"{id(settings)}", Clock())
    consumer = PageConsumer(settings, "guarded", f"{id(settings)}", None, Clock())
    page = a_page(url=f"https://courier.example/{id(settings)}")
    producer.put([page])
    found = ()
    while page not in found:
        found = consumer.take(10, 1.0).pages
    producer.close()
    consumer.close()
    return page


@pytest.mark.parametrize(
    ("listener", "fields"),
    [
        ("SASL_PLAINTEXT", PLAIN),
        ("SASL_PLAINTEXT", LOG_IN),
        ("SASL_SSL", {**LOG_IN, "ca_file": "ca.pem"}),
        ("SASL_SSL", {**PLAIN, "ca_file": "ca.pem"}),
        ("SSL", {"ca_file": "ca.pem", "cert_file": "client.pem"}),
        ("SSL", {"ca_file": "ca.pem", "cert_file": "client.pem", "key_file": "client.key"}),
    ],
)
def test_a_guarded_broker_lets_us_in(guarded, certificates, listener, fields):
    """With a password, with SCRAM, encrypted, and with a certificate of our own."""
    assert through(guarded(listener, **with_files(certificates, fields)))


def with_files(folder, fields):
    """The fields with whole paths."""
    return {key: folder / value if key.endswith("_file") else value for key, value in fields.items()}


@pytest.mark.parametrize(
    ("listener", "fields", "message", "hint"),
    [
        ("SASL_PLAINTEXT", PLAIN | WRONG, "no log-in as tocsin (PLAIN)", "check username, password"),
        ("SASL_PLAINTEXT", LOG_IN | WRONG, "no log-in as tocsin (SCRAM-SHA-512)", "check username"),
        ("SASL_PLAINTEXT", {"security_protocol": "PLAINTEXT"}, "answer nothing", "may want a log-in"),
        ("SASL_PLAINTEXT", {**LOG_IN, "security_protocol": "SASL_SSL"}, "EOF", "may not speak TLS"),
        ("SASL_PLAINTEXT", {**PLAIN, "username": "guest"}, "AuthorizationFailed", "allow this user"),
        ("SASL_SSL", {**LOG_IN, "ca_file": "other.pem"}, "local issuer certificate", "ca_file must hold"),
        ("SASL_SSL", LOG_IN, "local issuer certificate", "ca_file must hold"),
        ("SSL", {"ca_file": "ca.pem"}, "answer nothing", "cert_file"),
        ("SSL", {"security_protocol": "PLAINTEXT"}, "answer nothing", "check that security_protocol"),
    ],
)
def test_who_is_kept_out_is_told_why(guarded, certificates, listener, fields, message, hint):
    """Producer, consumer and sink say the same, within a few seconds, at next to no processor time."""
    settings = guarded(listener, **{"timeout_s": 1.5} | with_files(certificates, fields))
    for attempt in attempts(settings, "guarded"):
        told_within(attempt, message, hint, within_s=3.0)


def attempts(settings, topic):
    """What a producer, a consumer and a sink do first."""
    options = {name: getattr(settings, name) for name in KafkaSettings.__dataclass_fields__}
    sink = KafkaSink.open("queue", KafkaSinkOptions(**options, topic=topic), None)
    producer = PageProducer(settings, topic, None, "one", Clock())
    consumer = PageConsumer(settings, topic, "readers", None, Clock())
    return (
        lambda: producer.put([a_page()]),
        lambda: consumer.take(1, 1.0),
        lambda: asyncio.run(sink.recall()),
    )


def told_within(attempt, message, hint, *, within_s):
    """Fails unless the attempt soon ends in one error that says so."""
    began_s, worked_s = time.monotonic(), time.process_time()
    with pytest.raises(Retriable) as told:
        attempt()
    assert message in str(told.value)
    assert hint in told.value.hint
    assert time.monotonic() - began_s < within_s
    assert time.process_time() - worked_s < 0.5


def test_a_wrong_name_of_a_broker_is_told(kafka):
    """A host that is none, a port where nobody listens: at once."""
    nobody = free_port()
    for bootstrap, message, hint in (
        ("broker.invalid:9092", "broker.invalid:9092", "no such host"),
        (f"127.0.0.1:{nobody}", "refused", "check bootstrap, and that the broker runs"),
    ):
        for attempt in attempts(KafkaSettings(bootstrap=bootstrap, timeout_s=3.0), "any"):
            told_within(attempt, message, hint, within_s=3.0)


def test_one_broker_that_answers_is_enough(kafka, topic):
    """The others of `bootstrap` may be down."""
    nobody = free_port()
    settings = KafkaSettings(bootstrap=f"127.0.0.1:{nobody},{kafka.bootstrap}", timeout_s=5.0)
    producer = PageProducer(settings, topic, None, topic, Clock())
    assert producer.put([a_page()]) == ()
    producer.close()


def test_a_topic_that_is_not_there_is_told(settings):
    """Nobody makes it by accident; once somebody did, all goes on."""
    for attempt in attempts(settings, "missing"):
        told_within(attempt, '"missing"', "create the topic", within_s=5.0)


@pytest.mark.parametrize("key", ["ca_file", "cert_file"])
def test_certificates_that_cannot_be_read_are_a_fault_of_the_configuration(tmp_path, key):
    """A file that is missing, and one that holds something else."""
    (tmp_path / "odd.pem").write_text("no certificate", "utf-8")
    for name in ("missing.pem", "odd.pem"):
        fields = {key: tmp_path / name}
        settings = KafkaSettings(bootstrap="localhost:1", security_protocol="SSL", **fields)
        with pytest.raises(ConfigError, match=name):
            PageProducer(settings, "any", None, "one", Clock())


def test_a_broker_that_goes_away_is_told_and_comes_back(kafka, settings, topic):
    """While it is down each step ends soon and at little cost; then the same objects go on."""
    settings = replace(settings, timeout_s=3.0)
    producer = PageProducer(settings, topic, None, topic, Clock())
    consumer = PageConsumer(settings, topic, topic, None, Clock())
    options = KafkaSinkOptions(bootstrap=kafka.bootstrap, topic=topic, timeout_s=3.0)
    sink = KafkaSink.open("queue", options, None)
    producer.put([a_page()])
    consumer.take(1, 1.0)
    asyncio.run(sink.recall())
    kafka.kill()
    for attempt in (
        lambda: producer.put([a_page()]),
        lambda: asyncio.run(sink.deliver([an_alert()])),
        lambda: consumer.commit(dict.fromkeys(range(3), 1)),
        consumer.high_watermarks,
    ):
        with pytest.raises(Retriable):
            attempt()
    worked_s = time.process_time()
    assert consumer.take(1, 3.0).pages == ()
    assert time.process_time() - worked_s < 0.5
    kafka.start()
    asyncio.run(sink.recall())
    asyncio.run(sink.deliver([an_alert()]))
    producer.put([a_page(url="https://courier.example/after")])
    found = []
    while "https://courier.example/after" not in found:
        found += [page.url for page in consumer.take(10, 1.0).pages]
    for each in (producer, consumer, sink):
        each.close()
