"""What the configuration may say about a Kafka cluster."""

import pytest

from connectors.kafka.settings import KafkaSettings


@pytest.mark.parametrize(
    ("bootstrap", "brokers"),
    [
        ("localhost:9092", (("localhost", 9092),)),
        ("a.example:1,b.example:22", (("a.example", 1), ("b.example", 22))),
        ("[::1]:9092", (("::1", 9092),)),
    ],
)
def test_brokers_are_read_as_written(bootstrap, brokers):
    """Host and port of each, an IPv6 address without its brackets."""
    assert KafkaSettings(bootstrap=bootstrap).brokers == brokers


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"security_protocol": "SASL_SSL"}, "username and password are needed"),
        ({"security_protocol": "SASL_PLAINTEXT", "username": "tocsin"}, "username and password are needed"),
        ({"username": "tocsin", "password": "secret"}, "nobody logs in"),
        ({"security_protocol": "SSL", "password": "secret"}, "nobody logs in"),
        ({"ca_file": "ca.pem"}, "nothing is encrypted"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(fields, fault):
    """A password that would not be sent, and a certificate that would not be looked at, are mistakes."""
    with pytest.raises(ValueError, match=fault):
        KafkaSettings(bootstrap="localhost:9092", **fields)


def test_no_secret_is_shown():
    """A password does not get into logs with its settings."""
    settings = KafkaSettings(
        bootstrap="localhost:9092", security_protocol="SASL_SSL", username="tocsin", password="hunter2"
    )
    assert "hunter2" not in repr(settings)
