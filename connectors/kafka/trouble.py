"""From what the Kafka client raises to `Retriable` or `Rejected`, each with what to do about it.

Nothing becomes a `ConfigError` here: a topic can be made, a right granted and a password set while Tocsin
runs, and one sink in trouble must not end the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kafka import errors

from connectors.kafka.settings import KafkaSettings
from schemas.errors import RecordError, Rejected, Retriable
from schemas.failures import Reason

_AFTER_FENCED_S: Final = 30.0
_TOO_LARGE: Final = (
    errors.MessageSizeTooLargeError,
    errors.RecordListTooLargeError,
    errors.OffsetMetadataTooLargeError,
)
_FENCED: Final = (
    errors.ProducerFencedError,
    errors.InvalidProducerEpochError,
    errors.TransactionCoordinatorFencedError,
)
_HINTS: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...]] = (
    (
        errors.UnknownTopicOrPartitionError,
        "create the topic, or correct its name; Tocsin creates none by itself",
    ),
    (errors.InvalidTopicError, "correct the name of the topic"),
    (
        errors.GroupAuthorizationFailedError,
        "allow this user to read with the consumer group",
    ),
    (
        errors.TransactionalIdAuthorizationFailedError,
        "allow this user to write and describe transactional ids that begin with tocsin-",
    ),
    (errors.AuthorizationError, "allow this user to read, write and describe the topic"),
    (
        (errors.SaslAuthenticationFailedError, errors.UnsupportedSaslMechanismError),
        "check username, password and sasl_mechanism",
    ),
    (errors.IllegalSaslStateError, "the brokers want no log-in here: check security_protocol and the port"),
    (
        (errors.KafkaConnectionError, errors.NodeNotReadyError, errors.KafkaTimeoutError),
        "check that the brokers run and can be reached",
    ),
    (errors.UnsupportedVersionError, "Kafka 2.5 or newer is needed"),
    (errors.UnsupportedCodecError, "install the package for this compression, or produce with zstd or gzip"),
    (
        (
            errors.CommitFailedError,
            errors.IllegalGenerationError,
            errors.RebalanceInProgressError,
            errors.UnknownMemberIdError,
        ),
        "another worker has these partitions now; what it reads again is harmless",
    ),
)


@contextmanager
def explained(doing: str, settings: KafkaSettings) -> Iterator[None]:
    """Within it, whatever the Kafka client raises becomes Tocsin's own error.

    Raises:
        Retriable: it may heal.
        Rejected: the brokers will never take what is sent.
    """
    try:
        yield
    except errors.KafkaError as error:
        raise refusal(error, doing, settings) from error


def refusal(error: Exception, doing: str, settings: KafkaSettings) -> RecordError:
    """The error to raise instead of the client's."""
    told = f"{doing} at {settings.bootstrap}: {_why(error)}"
    if isinstance(error, _TOO_LARGE):
        return Rejected(
            told,
            reason=Reason.TOO_LARGE,
            hint="raise max.message.bytes of the topic, or set message_bytes below it",
        )
    if isinstance(error, _FENCED):
        return Retriable(
            told,
            reason=Reason.UNREACHABLE,
            after_s=_AFTER_FENCED_S,
            hint="another process of the same name took over; run one at a time",
        )
    hint = next((hint for kinds, hint in _HINTS if isinstance(error, kinds)), None)
    return Retriable(told, reason=Reason.UNREACHABLE, hint=hint)


def hung_up(doing: str, settings: KafkaSettings) -> Retriable:
    """The error of a broker that can be reached and answers no request: it names no reason itself."""
    if settings.logs_in:
        who = f"{doing} at {settings.bootstrap}: no log-in as {settings.username} ({settings.sasl_mechanism})"
        hint = "check username, password and sasl_mechanism, and that security_protocol is that of this port"
        return Retriable(who, reason=Reason.UNREACHABLE, hint=hint)
    return Retriable(
        f"{doing} at {settings.bootstrap}: the brokers take the connection and answer nothing",
        reason=Reason.UNREACHABLE,
        hint="check that security_protocol is that of this port; it may want a log-in or a cert_file",
    )


def _why(error: Exception) -> str:
    if isinstance(error, errors.NodeNotReadyError):
        return "no broker can be reached"  # The client tells the number of the one it would have asked.
    said = str(error).removeprefix(f"{type(error).__name__}:").strip()
    return said or type(error).__name__
