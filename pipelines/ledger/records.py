"""What the ledger takes and gives beside the records of `schemas`."""

from schemas.alerts import Alert
from schemas.failures import Failure
from schemas.items import Item, Page
from schemas.record import Instant, record


@record
class SourceState:
    """Where a source stands: its cursor and its health."""

    source: str
    """Name of the configured source."""
    cursor: str | None
    """Where the next poll goes on; None before the first one."""
    next_poll_at: Instant | None
    """When the next poll is due; None before the first one."""
    failures_in_a_row: int
    """Polls that failed since the last one that did not."""
    last_error: str | None
    """Why the last poll failed; None where it did not."""
    last_ok_at: Instant | None
    """When a poll last went well."""


@record
class Saved:
    """What was new in a poll."""

    items_new: int
    """Items not announced before."""
    items_known: int
    """Items announced before."""
    pages_new: int
    """Pages not delivered before."""
    pages_known: int
    """Pages delivered before."""
    failures: int
    """Records that the source could not read."""


@record
class DueItem:
    """An announced item whose page is to be fetched now."""

    item: Item
    """The item."""
    host: str
    """Host and port of its URL; empty where it names none."""
    attempts: int
    """How often fetching it was tried in vain."""


@record
class Fetched:
    """How one try to fetch an item's page ended: exactly one of `page`, `failure` and `retry_at` is given."""

    item_id: str
    """Id of the item."""
    page: Page | None
    """The page."""
    failure: Failure | None
    """Why there will never be one."""
    retry_at: Instant | None
    """When to try again."""
    error: str | None
    """Why it has to be tried again."""

    def __post_init__(self) -> None:
        if [self.page, self.failure, self.retry_at].count(None) != 2:
            raise ValueError("a fetch ends in exactly one of page, failure and retry_at")


@record
class Due:
    """An alert that is to be delivered now."""

    alert: Alert
    """The alert."""
    attempts: int
    """How often delivering it was tried in vain."""
