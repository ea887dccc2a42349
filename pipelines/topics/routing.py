"""Where the alerts of a topic go."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from schemas.watch import Subscription


def sinks_for(topic_id: str, subscriptions: Sequence[Subscription]) -> tuple[str, ...]:
    """The names of the sinks that subscribe to the topic, each once, in the order of the subscriptions.

    A subscription names topics by their id or by a shell pattern such as `mek-*`; case counts.
    """
    return tuple(
        dict.fromkeys(
            subscription.sink
            for subscription in subscriptions
            if any(fnmatchcase(topic_id, pattern) for pattern in subscription.topics)
        )
    )
