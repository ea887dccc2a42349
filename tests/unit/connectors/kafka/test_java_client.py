"""A Kafka connection as the Java client is told it."""

import pytest

from connectors.kafka.java_client import consumer_properties
from connectors.kafka.settings import KafkaSettings
from schemas.errors import ConfigError


def test_a_plain_connection_reads_what_is_committed():
    """The group goes on where it was, from the beginning at first, and never sees an aborted page."""
    assert consumer_properties(KafkaSettings(bootstrap="a:9092,b:9092"), "detect") == {
        "bootstrap.servers": "a:9092,b:9092",
        "security.protocol": "PLAINTEXT",
        "group.id": "detect",
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
    }


@pytest.mark.parametrize(
    ("mechanism", "module"),
    [
        ("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule"),
        ("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule"),
    ],
)
def test_a_login_is_written_for_its_mechanism(mechanism, module):
    """User and password stand in quotes, whatever is in them."""
    settings = KafkaSettings(
        bootstrap="a:9092",
        security_protocol="SASL_SSL",
        sasl_mechanism=mechanism,
        username="desk",
        password='a"b\\c; required',
    )
    properties = consumer_properties(settings, "detect")
    assert properties["sasl.mechanism"] == mechanism
    written = f'{module} required username="desk" password="a\\"b\\\\c; required";'
    assert properties["sasl.jaas.config"] == written


def test_certificates_go_along(tmp_path):
    """Certificates and key are in the properties: no worker needs the files."""
    for name in ("ca", "cert", "key"):
        (tmp_path / name).write_text(f"-----{name}-----", "utf-8")
    settings = KafkaSettings(
        bootstrap="a:9092",
        security_protocol="SSL",
        ca_file=tmp_path / "ca",
        cert_file=tmp_path / "cert",
        key_file=tmp_path / "key",
    )
    properties = consumer_properties(settings, "detect")
    assert properties["ssl.truststore.certificates"] == "-----ca-----"
    assert properties["ssl.keystore.certificate.chain"] == "-----cert-----"
    assert properties["ssl.keystore.key"] == "-----key-----"
    assert "sasl.mechanism" not in properties


def test_a_missing_certificate_is_named(tmp_path):
    """A file that cannot be read is a fault of the configuration, told with its path."""
    settings = KafkaSettings(bootstrap="a:9092", security_protocol="SSL", ca_file=tmp_path / "ca.pem")
    with pytest.raises(ConfigError, match=r"ca\.pem"):
        consumer_properties(settings, "detect")
