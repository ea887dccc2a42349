"""Pages that wait in the ledger."""

from collections.abc import Sequence
from datetime import datetime

from pipelines.intake.protocol import Batch
from pipelines.ledger.claiming import ClaimedPages
from pipelines.ledger.intake import Intake
from schemas.items import Page


class LedgerIntake:
    """An `Intake` in the ledger; on PostgreSQL any number of workers share it."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._claimed: ClaimedPages | None = None

    def take(self, limit: int) -> Batch:
        """The pages that wait longest, locked for this worker."""
        if self._claimed is None:
            self._claimed = self._intake.claim_pages(limit)
        ids = self._claimed.ids
        if not ids:
            self.release()
        return Batch(ids=ids, refused=())

    def taken(self) -> tuple[str, ...]:
        """Ids of the pages that are locked."""
        return self._claimed.ids if self._claimed else ()

    def pages(self, ids: Sequence[str]) -> tuple[Page, ...]:
        """The pages of these ids, in their order."""
        return self._intake.pages(ids)

    def horizon(self) -> datetime | None:
        """The earliest `observed_at` of a page that waits and is not taken here."""
        return self._intake.oldest_pending(but=self.taken())

    def finish(self) -> None:
        """The pages are marked as done, and are free."""
        claimed, self._claimed = self._claimed, None
        if claimed is not None:
            claimed.finish()

    def release(self) -> None:
        """The pages wait again."""
        claimed, self._claimed = self._claimed, None
        if claimed is not None:
            claimed.release()

    def waiting(self) -> int:
        """How many pages are not done."""
        return self._intake.waiting()["pages"]

    def close(self) -> None:
        """The pages wait again."""
        self.release()
