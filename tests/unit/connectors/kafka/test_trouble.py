"""Every error of the Kafka client becomes one of Tocsin's own."""

import inspect

import pytest
from kafka import errors

from connectors.kafka.settings import KafkaSettings
from connectors.kafka.trouble import explained, refusal
from schemas.errors import RecordError, Rejected, Retriable
from schemas.failures import Reason

SETTINGS = KafkaSettings(bootstrap="broker.example:9092")
ALL = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.KafkaError) and not inspect.isabstract(kind)
]


def test_every_error_of_the_client_is_told():
    """What was attempted, where, and why: for each error that the client knows."""
    assert len(ALL) > 100
    for kind in ALL:
        # One of them wants details in its constructor.
        error = kind.__new__(kind)
        told = refusal(error, "sending", SETTINGS)
        assert isinstance(told, RecordError)
        assert str(told).startswith("sending at broker.example:9092: ")
        assert len(str(told)) > len("sending at broker.example:9092: ")


@pytest.mark.parametrize(
    ("error", "kind", "hint"),
    [
        (errors.MessageSizeTooLargeError("big"), Rejected, "max.message.bytes"),
        (errors.RecordListTooLargeError(), Rejected, "max.message.bytes"),
        (errors.ProducerFencedError(), Retriable, "run one at a time"),
        (errors.InvalidProducerEpochError(), Retriable, "run one at a time"),
        (errors.UnknownTopicOrPartitionError(), Retriable, "create the topic"),
        (errors.GroupAuthorizationFailedError(), Retriable, "consumer group"),
        (errors.TransactionalIdAuthorizationFailedError(), Retriable, "transactional ids"),
        (errors.TopicAuthorizationFailedError(), Retriable, "read, write and describe the topic"),
        (errors.UnsupportedVersionError(), Retriable, "Kafka 2.5"),
        (errors.CommitFailedError(), Retriable, "another worker has these partitions"),
    ],
)
def test_what_can_be_done_is_told(error, kind, hint):
    """A hint for whatever somebody can do something about; only what is too large never heals."""
    told = refusal(error, "sending", SETTINGS)
    assert type(told) is kind
    assert hint in told.hint
    assert (told.reason is Reason.TOO_LARGE) == (kind is Rejected)


def test_what_is_not_the_clients_error_passes():
    """A bug is not taken for trouble with the brokers."""
    with pytest.raises(KeyError), explained("sending", SETTINGS):
        raise KeyError("bug")
    with pytest.raises(Retriable) as told, explained("sending", SETTINGS):
        raise errors.NodeNotReadyError("node 1")
    assert isinstance(told.value.__cause__, errors.NodeNotReadyError)
