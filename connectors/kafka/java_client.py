"""The same connection as Kafka's Java client is told it: Beam reads topics through that one."""

from pathlib import Path

from connectors.kafka.settings import KafkaSettings
from schemas.errors import ConfigError


def consumer_properties(settings: KafkaSettings, group: str) -> dict[str, str]:
    """Properties of a consumer that reads what was committed, from the group's place or from the beginning.

    Certificates and keys are in it, so that whoever gets it needs no files.

    Raises:
        ConfigError: a certificate or a key cannot be read.
    """
    properties = {
        "bootstrap.servers": settings.bootstrap,
        "security.protocol": settings.security_protocol,
        "group.id": group,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
    }
    if settings.security_protocol.startswith("SASL"):
        properties |= {"sasl.mechanism": settings.sasl_mechanism, "sasl.jaas.config": _login(settings)}
    if settings.ca_file:
        properties |= {"ssl.truststore.type": "PEM", "ssl.truststore.certificates": _text(settings.ca_file)}
    if settings.cert_file and settings.key_file:
        properties |= {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.certificate.chain": _text(settings.cert_file),
            "ssl.keystore.key": _text(settings.key_file),
        }
    return properties


def _login(settings: KafkaSettings) -> str:
    module = "plain.Plain" if settings.sasl_mechanism == "PLAIN" else "scram.Scram"
    user, password = (_quoted(each or "") for each in (settings.username, settings.password))
    return (
        f"org.apache.kafka.common.security.{module}LoginModule required username={user} password={password};"
    )


def _quoted(written: str) -> str:
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot read {path}: {error.strerror}", hint="check ca_file, cert_file and key_file"
        ) from error
