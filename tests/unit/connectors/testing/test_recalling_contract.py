"""The contract of sinks that recall: the fake keeps it, and who does not is found out."""

from collections.abc import Sequence

import pytest

from connectors.testing import ListTopic, RecallSink, check_recalling_sink, check_sink
from schemas.alerts import Alert


def test_recall_sink_keeps_both_contracts() -> None:
    """The fake sink that recalls is a sink, and recalls."""
    topic = ListTopic()
    check_sink(lambda: RecallSink(topic), lambda: tuple({each.id: each for each in topic.arrived}.values()))
    other = ListTopic()
    check_recalling_sink(lambda: RecallSink(other), lambda: other.arrived)


class _Forgetful(RecallSink):
    async def recall(self) -> frozenset[str]:
        await super().recall()
        return frozenset()


class _Unfenced(RecallSink):
    async def deliver(self, alerts: Sequence[Alert]) -> None:
        await self.recall()
        await super().deliver(alerts)


@pytest.mark.parametrize(
    ("kind", "obligation"),
    [(_Forgetful, "the last delivery is recalled"), (_Unfenced, "without a recall, deliver is Retriable")],
)
def test_a_sink_that_recalls_badly_is_found_out(kind: type[RecallSink], obligation: str) -> None:
    """The suite names what is not kept."""
    topic = ListTopic()
    with pytest.raises(AssertionError, match=obligation):
        check_recalling_sink(lambda: kind(topic), lambda: topic.arrived)
