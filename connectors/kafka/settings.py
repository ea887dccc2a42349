"""How to reach a Kafka cluster: the same keys wherever Tocsin speaks to one."""

from dataclasses import field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from schemas.record import record


@record
class KafkaSettings:
    """A cluster, and how to prove to it who we are."""

    bootstrap: Annotated[str, Field(pattern=r"^[^\s,]+:\d+(,[^\s,]+:\d+)*$")]
    """Brokers to ask first, `host:port`, separated by commas."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """What the brokers speak at `bootstrap`: SSL is encrypted, SASL wants a log-in."""
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    """How to log in, where the brokers want it."""
    username: str | None = None
    """Who logs in."""
    password: str | None = field(default=None, repr=False)
    """With what; write "env:NAME"."""
    ca_file: Path | None = None
    """Certificates to trust, PEM; those of the system where left out."""
    cert_file: Path | None = None
    """Certificate that proves who we are, PEM, where the brokers ask for one."""
    key_file: Path | None = None
    """Its private key, PEM; left out where it stands in `cert_file`."""
    timeout_s: Annotated[float, Field(ge=1, le=600)] = 15.0
    """The longest that one step may take: to connect, to send what belongs together, to commit."""
    message_bytes: Annotated[int, Field(ge=1_000)] = 1_000_000
    """The largest message to send; `max.message.bytes` of the topic must be a little above it."""

    def __post_init__(self) -> None:
        if self.logs_in and (self.username is None or self.password is None):
            raise ValueError(
                f"username and password are needed where the protocol is {self.security_protocol}"
            )
        if not self.logs_in and (self.username is not None or self.password is not None):
            raise ValueError(f"nobody logs in where the protocol is {self.security_protocol}")
        if not self.encrypted and (self.ca_file or self.cert_file or self.key_file):
            raise ValueError(f"nothing is encrypted where the protocol is {self.security_protocol}")

    @property
    def logs_in(self) -> bool:
        """Whether the brokers want a name and a password."""
        return self.security_protocol.startswith("SASL")

    @property
    def encrypted(self) -> bool:
        """Whether the brokers speak TLS."""
        return self.security_protocol.endswith("SSL")

    @property
    def brokers(self) -> tuple[tuple[str, int], ...]:
        """Host and port of each of `bootstrap`."""
        parts = (each.rpartition(":") for each in self.bootstrap.split(","))
        return tuple((host.strip("[]"), int(port)) for host, _, port in parts)
