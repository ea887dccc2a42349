"""What a source and a sink owe to the rest of Tocsin.

A *kind* of source or sink is one class, found by its entry point (`tocsin.sources`, `tocsin.sinks`).
Each class names its `Options`, a record of the settings it takes from the configuration, and is built
with them by `open`. `connectors.testing` holds a contract suite for each protocol: run it on yours.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol, runtime_checkable

from connectors.http.client import HttpClient
from schemas.alerts import Alert
from schemas.failures import Failure
from schemas.items import Item, Page
from schemas.record import record

Clock = Callable[[], datetime]
"""The only way to learn what time it is: aware, UTC."""


@record
class Poll:
    """What one look at a source brought."""

    items: tuple[Item, ...]
    """Announced items whose pages are still to be fetched."""
    pages: tuple[Page, ...]
    """Pages that the source delivers whole."""
    failures: tuple[Failure, ...]
    """What could not be read, one for each refused record."""
    cursor: str | None
    """Where the next poll goes on; stored in the same transaction as all of the above."""
    wait_s: float
    """Seconds until the next poll is worth it; 0 where more is waiting now."""


@record
class SourceContext:
    """What every source is given, whatever its kind."""

    name: str
    """Name in the configuration; goes into every Item."""
    publisher: str | None
    """Publisher id, where the configuration names one."""
    every_s: float
    """The longest that the source should wait between polls."""


class Source(Protocol):
    """A configured place we look at.

    Obligations:
    - `poll` reads from `cursor` (None the first time) and changes nothing: a poll whose result is lost
      in a crash is repeated with the same cursor and brings the same items.
    - The cursor is opaque text, never a date: two items may share one.
    - Everything announced comes back as an item, a page or a failure. Announcing an item again is
      harmless; leaving one out loses it.
    - Every item and page of a poll carries `observed_at` as given, but for archives that bring their own.
    - Trouble that may heal is `Retriable`, trouble that will not is `Rejected`; neither loses the cursor.
    """

    Options: ClassVar[type[Any]]
    """Record of the settings of this kind."""

    @classmethod
    def open(cls, context: SourceContext, options: Any, http: HttpClient) -> "Source":
        """A source that has not touched the world yet."""
        ...

    async def poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        """What is new since `cursor`."""
        ...


class Sink(Protocol):
    """A place where alerts go.

    Obligations:
    - `deliver` returns when every alert is safely there; it may have delivered any of them when it raises.
    - Delivering an alert again is harmless to the receiver: the alert's `id` is the idempotency key.
    - `Retriable` is tried again with back-off, `Rejected` never; both leave the other sinks alone.
    """

    Options: ClassVar[type[Any]]
    """Record of the settings of this kind."""

    @classmethod
    def open(cls, name: str, options: Any, http: HttpClient) -> "Sink":
        """A sink that has not touched the world yet."""
        ...

    async def deliver(self, alerts: Sequence[Alert]) -> None:
        """Every alert handed over, in order."""
        ...


@runtime_checkable
class RecallingSink(Protocol):
    """A sink that knows what it delivered last, so that each alert arrives exactly once.

    Obligations, beside those of `Sink`:
    - `deliver` is all or nothing, and what it delivered can be recalled by whoever opens the sink next.
    - `recall` is asked before the first delivery and after every trouble; without it `deliver` is
      `Retriable`. Once it returns, no earlier delivery can still arrive, not even from another process.
    """

    async def recall(self) -> frozenset[str]:
        """Ids of the alerts in the last delivery that is safely there."""
        ...


@runtime_checkable
class TriedSink(Protocol):
    """A sink of which somebody can ask whether it would take alerts, without sending one."""

    async def check(self) -> None:
        """Returns where it can be reached.

        Raises:
            Retriable: it cannot; the hint tells what to do.
        """
        ...
