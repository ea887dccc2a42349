"""How to reach a Kafka broker: the keys that the intake and the sink share."""

from dataclasses import field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from schemas.record import record


@record
class KafkaSettings:
    """How to reach a Kafka broker."""

    bootstrap: str
    """Addresses to start from, `host:port`, separated by commas."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How the connection is secured."""
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    """How the user proves who it is, where the protocol says SASL."""
    username: str | None = None
    """User name, where the protocol says SASL."""
    password: str | None = field(default=None, repr=False)
    """Its password; write "env:NAME"."""
    ca_file: Path | None = None
    """Certificates that the broker's is checked against; the system's where left out."""
    cert_file: Path | None = None
    """This client's certificate, where the broker asks for one."""
    key_file: Path | None = None
    """Its key."""
    timeout_s: Annotated[float, Field(gt=0)] = 30.0
    """The longest that one exchange with the broker may take."""
