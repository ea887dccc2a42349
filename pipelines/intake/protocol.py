"""What detect needs from the queue that pages wait in, whichever it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

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
    - No two workers hold the same page at once, but for one that was given up for dead: it does no harm, since
      reading a page twice changes nothing.
    - A page that was taken and not finished is taken again, by this worker or, after its death, by another.
    """

    def take(self, limit: int) -> Batch:
        """At most `limit` pages, empty where none waits; the same ones until they are finished or released.

        Raises:
            LedgerError, Retriable: the queue cannot be reached now.
        """
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
