"""Where the alerts of a topic go."""

import pytest

from pipelines.topics.routing import sinks_for
from schemas.watch import Subscription

SUBSCRIPTIONS = [
    Subscription(topics=("mek-*", "iran"), sink="desk"),
    Subscription(topics=("*",), sink="archive"),
    Subscription(topics=("mek-albania",), sink="desk"),
    Subscription(topics=("mek-[ab]*", "Iran"), sink="chat"),
]


@pytest.mark.parametrize(
    ("topic", "sinks"),
    [
        ("mek-albania", ("desk", "archive", "chat")),
        ("mek-france", ("desk", "archive")),
        ("iran", ("desk", "archive")),
        ("Iran", ("archive", "chat")),
        ("mek", ("archive",)),
    ],
)
def test_a_topic_goes_to_each_sink_once(topic, sinks):
    """Ids and shell patterns, case and all; a sink named twice stands once, in order."""
    assert sinks_for(topic, SUBSCRIPTIONS) == sinks


def test_nobody_subscribes():
    """Without subscriptions alerts go nowhere."""
    assert sinks_for("mek", []) == ()
