"""A source and sinks for tests: what they bring and what goes wrong is a list.

They keep the promises of `connectors.protocol` like any other; the faults are those of the world.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from connectors.http.client import HttpClient
from connectors.protocol import Poll, SourceContext
from schemas.alerts import Alert
from schemas.errors import Retriable
from schemas.failures import Failure, Reason
from schemas.items import Item, Page
from schemas.record import record

Step: TypeAlias = Sequence[Item | Page | Failure] | Exception
"""What one poll brings, or how it fails."""


@record
class ListSourceOptions:
    """Settings of a `ListSource`."""

    script: tuple[Any, ...]
    """Its steps, in order."""


class ListSource:
    """Brings one step of its script with each poll, observed when polled, and then nothing more.

    An exception is raised once, when the source first comes to it: the next poll, with the same cursor,
    goes on behind it.
    """

    Options: ClassVar[type[Any]] = ListSourceOptions

    def __init__(self, script: Iterable[Step], *, every_s: float = 60.0) -> None:
        self._polls: list[Sequence[Item | Page | Failure]] = []
        self._faults: dict[int, list[Exception]] = defaultdict(list)
        self._every_s = every_s
        for step in script:
            if isinstance(step, Exception):
                self._faults[len(self._polls)].append(step)
            else:
                self._polls.append(step)

    @classmethod
    def open(cls, context: SourceContext, options: ListSourceOptions, http: HttpClient) -> "ListSource":
        """A source that has not touched the world yet."""
        return cls(options.script, every_s=context.every_s)

    async def poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        """The step that the cursor names, with the time of this poll in its records."""
        place = int(cursor or 0)
        if self._faults[place]:
            raise self._faults[place].pop(0)
        step = self._polls[place] if place < len(self._polls) else ()
        following = min(place + 1, len(self._polls))
        goes_on = following < len(self._polls) or self._faults[following]
        return Poll(
            items=tuple(replace(one, observed_at=observed_at) for one in step if isinstance(one, Item)),
            pages=tuple(_seen(one, observed_at) for one in step if isinstance(one, Page)),
            failures=tuple(replace(one, failed_at=observed_at) for one in step if isinstance(one, Failure)),
            cursor=str(following),
            wait_s=0.0 if goes_on else self._every_s,
        )


@record
class Fault:
    """How a delivery fails."""

    error: Exception
    """What is raised."""
    taken: int = 0
    """How many of the alerts arrive before that."""


@record
class ListSinkOptions:
    """Settings of a `ListSink`."""

    script: tuple[Any, ...] = ()
    """Its faults, in order."""


class ListSink:
    """Keeps what arrives. A fault in its script fails one delivery, None lets one pass; then all pass."""

    Options: ClassVar[type[Any]] = ListSinkOptions

    def __init__(self, script: Iterable[Fault | None] = ()) -> None:
        self._script = list(script)
        self.arrived: list[Alert] = []
        """Every alert as often as it came, in order."""

    @classmethod
    def open(cls, name: str, options: ListSinkOptions, http: HttpClient) -> "ListSink":
        """A sink that has not touched the world yet."""
        return cls(options.script)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What a receiver that goes by the id is left with, in order of first arrival."""
        by_id: dict[str, Alert] = {}
        for alert in self.arrived:
            by_id.setdefault(alert.id, alert)
        return tuple(by_id.values())

    async def deliver(self, alerts: Sequence[Alert]) -> None:
        """Every alert kept, unless the script says otherwise."""
        fault = self._script.pop(0) if self._script else None
        self.arrived.extend(alerts[: fault.taken] if fault else alerts)
        if fault:
            raise fault.error


class ListTopic:
    """What `RecallSink`s of one name share, like the processes that deliver under one name to one topic."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[Alert, ...]] = []
        """Every delivery that arrived, in order."""
        self.holder: RecallSink | None = None
        """The sink that recalled last, and so the only one that may deliver."""

    @property
    def arrived(self) -> list[Alert]:
        """Every alert as often as it came, in order."""
        return [alert for delivery in self.deliveries for alert in delivery]


class RecallSink:
    """Delivers to a topic all or nothing, and recalls the last delivery.

    A fault in its script fails one delivery, which arrives where the fault took any of it.
    """

    Options: ClassVar[type[Any]] = ListSinkOptions

    def __init__(self, topic: ListTopic, script: Iterable[Fault | None] = ()) -> None:
        self._topic = topic
        self._script = list(script)

    @classmethod
    def open(cls, name: str, options: ListSinkOptions, http: HttpClient) -> "RecallSink":
        """A sink that has not touched the world yet."""
        return cls(ListTopic(), options.script)

    async def recall(self) -> frozenset[str]:
        """Ids of the last delivery that arrived; from now on only this sink delivers."""
        self._topic.holder = self
        return frozenset(alert.id for delivery in self._topic.deliveries[-1:] for alert in delivery)

    async def deliver(self, alerts: Sequence[Alert]) -> None:
        """Every alert on the topic, unless the script says otherwise."""
        if not alerts:
            return
        if self._topic.holder is not self:
            raise Retriable("delivering: another sink took over", reason=Reason.UNREACHABLE)
        fault = self._script.pop(0) if self._script else None
        if fault is None or fault.taken:
            self._topic.deliveries.append(tuple(alerts))
        if fault:
            self._topic.holder = None
            raise fault.error


def _seen(page: Page, observed_at: datetime) -> Page:
    return replace(page, observed_at=observed_at, item=replace(page.item, observed_at=observed_at))
