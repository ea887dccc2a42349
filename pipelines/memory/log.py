"""What judging needs from the place where memories are kept; the ledger is one."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from schemas.alerts import Alert, Hearing, Judgement
from schemas.articles import Match
from schemas.failures import Reason
from schemas.record import record


@record
class Settled:
    """How one article left judging for one topic."""

    topic: str
    """Topic id."""
    article: str
    """Article id."""
    alert: str | None
    """Id of the alert it gave."""
    reason: Reason | None
    """Why it gave no alert."""


@record
class Delivery:
    """An alert due at a sink."""

    alert: str
    """Alert id."""
    sink: str
    """Name of the sink."""


@record
class Ruling:
    """All that judging one article in one memory changes; written together or not at all."""

    hearing: Hearing | None
    """What the memory learns; None where it had heard every claim of this very article."""
    judgements: tuple[Judgement, ...]
    """One for each claim and topic."""
    alerts: tuple[Alert, ...]
    """One for each topic with news."""
    settled: tuple[Settled, ...]
    """One for each topic."""
    deliveries: tuple[Delivery, ...]
    """Where the alerts go."""


class Judging(Protocol):
    """One transaction that holds the lock of one memory."""

    def in_turn(self, matches: Sequence[Match], horizon: datetime | None) -> tuple[Match, ...]:
        """Those of the matches, and of the parked ones, that are to be judged now, in no order.

        Everything observed before `horizon` has come in, None: everything has. What was observed at that
        moment or later is parked, since something earlier may still come from another worker.
        """
        ...

    def since(self, position: int) -> Iterator[tuple[int, Hearing]]:
        """The memory's log after `position`, in order, each entry with its own position."""
        ...

    def judged(self, article: str, topics: Iterable[str]) -> frozenset[str]:
        """Those of the topics that this article was judged for before."""
        ...

    def heard(self, topics: Iterable[str], stories: Iterable[str]) -> frozenset[tuple[str, str]]:
        """The pairs (topic, story) of which the topic has heard the story."""
        ...

    def save(self, ruling: Ruling) -> int:
        """The position in the log after writing the ruling."""
        ...


class MemoryLog(Protocol):
    """Where memories are kept."""

    def judging(self, memory: str) -> AbstractContextManager[Judging]:
        """A transaction on one memory: commits at the end, rolls back on any error."""
        ...
