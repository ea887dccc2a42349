"""A Kafka cluster as its clients reach it: found, spoken to securely, every step bounded in time."""

import logging
import socket
import ssl
from contextlib import closing
from typing import Any, Final

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import OffsetSpec
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError, KafkaTimeoutError, for_code

from connectors.kafka.settings import KafkaSettings
from connectors.kafka.trouble import explained, hung_up
from schemas.errors import ConfigError, Retriable
from schemas.failures import Reason

# What the client logs as an error, once for each of its own attempts, comes back to us as one exception.
logging.getLogger("kafka").setLevel(logging.CRITICAL)

_RECONNECT_AT_MOST_MS: Final = 1_000
_LARGEST_REQUEST_BYTES: Final = 64 << 20
"""Above the largest page, uncompressed: brokers look at the compressed size alone, and say so themselves."""
_SESSION_MS: Final = 10_000
"""After it a group goes on without a worker that was killed."""
_HEARTBEAT_MS: Final = 1_000
"""A worker learns with it that others come and go; they wait for it, twice, to hand a partition over."""
_METADATA_MS: Final = 10_000
"""After it a partition that was added is found: judging waits for it, since nobody has read it yet."""


class Cluster:
    """Opens clients of the cluster that the settings name.

    Each `Retriable` says what was tried, where, why it failed and what to do.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self.settings = settings
        """How to reach it."""
        self._options: dict[str, Any] = _options(settings)

    def admin(self) -> KafkaAdminClient:
        """A client that asks about topics.

        Raises:
            Retriable: no broker can be reached, or none lets us in.
        """
        doing = "connecting to Kafka"
        _reach(self.settings, self._options.get("ssl_context"))
        try:
            with explained(doing, self.settings):
                return KafkaAdminClient(**self._options)
        except Retriable as error:
            if isinstance(error.__cause__, KafkaTimeoutError):
                raise hung_up(doing, self.settings) from error
            raise

    def check(self, topic: str) -> None:
        """Returns where the topic is there.

        Raises:
            Retriable: it is not, or the cluster cannot be asked.
        """
        with closing(self.admin()) as admin:
            self.partitions(admin, topic)

    def partitions(self, admin: KafkaAdminClient, topic: str) -> list[TopicPartition]:
        """All partitions of the topic.

        Raises:
            Retriable: it is not there, or the cluster cannot be asked.
        """
        with explained(f'looking for the topic "{topic}"', self.settings):
            (found,) = admin.describe_topics([topic])
            if found["error_code"]:
                raise for_code(found["error_code"])
            return [TopicPartition(topic, each["partition_index"]) for each in found["partitions"]]

    def ends(self, admin: KafkaAdminClient, topic: str) -> dict[int, int]:
        """By partition, the offset after the last message, of transactions under way too.

        Raises:
            Retriable: the cluster cannot be asked.
        """
        wanted = dict.fromkeys(self.partitions(admin, topic), OffsetSpec.LATEST)
        with explained(f'looking for the end of "{topic}"', self.settings):
            found = admin.list_partition_offsets(wanted, timeout_ms=self._timeout_ms)
        return {partition.partition: end.offset for partition, end in found.items()}

    def producer(self, transactional_id: str) -> KafkaProducer:
        """A producer of transactions that has fenced every other of its id and ended what they left open.

        Raises:
            Retriable: the cluster cannot be asked, or this id is not ours to use.
        """
        with explained(f"taking over as {transactional_id}", self.settings):
            producer = KafkaProducer(
                **self._options,
                transactional_id=transactional_id,
                # A process that is killed in the middle of a transaction holds up its readers for so long.
                transaction_timeout_ms=self._timeout_ms + 5_000,
                delivery_timeout_ms=self._timeout_ms,
                max_block_ms=self._timeout_ms,
                max_request_size=_LARGEST_REQUEST_BYTES,
                compression_type="zstd",
                allow_auto_create_topics=False,
            )
            try:
                producer.init_transactions()
            except KafkaError:
                producer.close(timeout=0)
                raise
            return producer

    def consumer(self, group: str, topic: str | None = None) -> KafkaConsumer:
        """A reader of what is committed, on the topic where one is given, member of the group.

        Raises:
            Retriable: the cluster cannot be asked.
        """
        with explained(f'joining the group "{group}"', self.settings):
            return KafkaConsumer(
                *([topic] if topic else []),
                **self._options,
                group_id=group,
                isolation_level="read_committed",
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                allow_auto_create_topics=False,
                partition_assignment_strategy=(CooperativeStickyAssignor,),
                session_timeout_ms=_SESSION_MS,
                heartbeat_interval_ms=_HEARTBEAT_MS,
                metadata_max_age_ms=_METADATA_MS,
            )

    @property
    def _timeout_ms(self) -> int:
        return round(self.settings.timeout_s * 1000)


def _options(settings: KafkaSettings) -> dict[str, Any]:
    timeout_ms = round(settings.timeout_s * 1000)
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap.split(","),
        "client_id": "tocsin",
        "security_protocol": settings.security_protocol,
        "bootstrap_timeout_ms": timeout_ms,
        "request_timeout_ms": timeout_ms,
        "reconnect_backoff_max_ms": _RECONNECT_AT_MOST_MS,
    }
    if settings.logs_in:
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.username
        options["sasl_plain_password"] = settings.password
    if settings.encrypted:
        options["ssl_context"] = _tls(settings)
    return options


def _tls(settings: KafkaSettings) -> ssl.SSLContext:
    """The certificates to trust and to show.

    Raises:
        ConfigError: a file cannot be read, or holds none.
    """
    name = settings.ca_file
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
        if settings.cert_file is not None:
            name = settings.cert_file
            context.load_cert_chain(settings.cert_file, settings.key_file)
    except OSError as error:
        raise ConfigError(
            f"reading certificates from {name}: {error.strerror or error}",
            hint="ca_file, cert_file and key_file are PEM files; cert_file and key_file belong together",
        ) from error
    return context


def _reach(settings: KafkaSettings, tls: ssl.SSLContext | None) -> None:
    """Returns where one broker takes a connection; the client would try for long and tell no reason."""
    troubles = []
    for host, port in settings.brokers:
        try:
            with socket.create_connection((host, port), settings.timeout_s) as connection:
                if tls is not None:
                    tls.wrap_socket(connection, server_hostname=host).close()
        except OSError as error:
            troubles.append((f"{host}:{port}", error))
        else:
            return
    names = ", ".join(f"{name} ({_reason(error)})" for name, error in troubles)
    raise Retriable(
        f"connecting to Kafka at {names}", reason=Reason.UNREACHABLE, hint=_remedy(troubles[0][1])
    ) from troubles[0][1]


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return error.strerror or str(error)


def _remedy(error: OSError) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return (
                "ca_file must hold the authority that signed the broker's certificate, and bootstrap name it"
            )
        case ssl.SSLError():
            return "this port may not speak TLS: check security_protocol"
        case socket.gaierror():
            return "no such host: check bootstrap"
    return "check bootstrap, and that the broker runs"
