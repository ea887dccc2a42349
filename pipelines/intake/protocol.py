"""What collect and detect need from the queue that pages wait in, whichever it is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from connectors.protocol import Poll
from pipelines.ledger.records import DueItem, Fetched, Saved, SourceState
from schemas.failures import Reason
from schemas.items import Page
from schemas.record import record


@record
class Batch:
    """What one worker has taken, to be read in one cycle."""

    ids: tuple[str, ...]
    """Ids of the pages, in order of `observed_at`, then of publication."""
    refused: tuple[Reason, ...]
    """Why other records of the queue never became pages; each is kept as a Failure."""


class Intake(Protocol):
    """The queue, seen by one worker, which takes a batch, reads it, and finishes it.

    Obligations:
    - No two workers hold the same page at once, but for one that was given up for dead: it does no harm,
      since reading a page twice changes nothing.
    - A page that was taken and not finished is taken again, by this worker or, after its death, by another.
    """

    def take(self, limit: int) -> Batch:
        """At most `limit` pages, empty where none waits; the same ones until they are finished or released.

        Raises:
            LedgerError, Retriable: the queue cannot be reached now.
        """
        ...

    def taken(self) -> tuple[str, ...]:
        """Ids of the pages taken and not finished, in the order of their batch."""
        ...

    def pages(self, ids: Sequence[str]) -> tuple[Page, ...]:
        """Those of the pages taken, in their order."""
        ...

    def horizon(self) -> datetime | None:
        """Before which moment everything was read, by whichever worker, or is taken here; None: all was."""
        ...

    def finish(self) -> None:
        """The pages are done: all that follows from them is in the ledger."""
        ...

    def release(self) -> None:
        """The pages wait again, for this worker or another."""
        ...

    def waiting(self) -> int:
        """How many records of the queue nobody has read."""
        ...

    def close(self) -> None:
        """What this worker holds is released at once; the next `take` begins anew."""
        ...


class Arrivals(Protocol):
    """The queue's other end, and where sources stand: what collect writes.

    Obligations:
    - When `save_poll` or `save_fetched` returns, the pages are in the queue and the source's cursor, or the
      item's end, is in the ledger. After a kill in between the pages come again, under the same ids.
    """

    def source_state(self, source: str) -> SourceState:
        """Where the source stands; without a cursor if it was never polled."""
        ...

    def source_states(self) -> tuple[SourceState, ...]:
        """Where every source stands that was ever polled."""
        ...

    def save_poll(self, source: str, poll: Poll, polled_at: datetime) -> Saved:
        """What was new in the poll, all of it kept."""
        ...

    def poll_failed(self, source: str, error: str, retry_at: datetime) -> None:
        """The source keeps its cursor and is polled again at `retry_at`."""
        ...

    def due_items(self, now: datetime, limit: int, *, but_of: Collection[str] = ()) -> tuple[DueItem, ...]:
        """Items whose page is to be fetched now, at most `limit`, none at the hosts `but_of`."""
        ...

    def save_fetched(self, fetched: Sequence[Fetched], at: datetime) -> None:
        """Every page is in the queue, every failure kept, every other item due again later."""
        ...

    def save_pages(self, delivered: Sequence[Page]) -> int:
        """How many of the pages wait in the queue that did not before."""
        ...

    def requeue_pages(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the pages that had been read, and wait in the queue once more."""
        ...

    def requeue_all(self) -> int:
        """How many pages had been read, and wait in the queue once more: all of them.

        Raises:
            ConfigError: the queue does not work so; the hint tells what does.
        """
        ...
