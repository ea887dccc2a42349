"""From a refusal to the Failure that is kept."""

from datetime import datetime

from schemas.errors import Rejected
from schemas.failures import Failure
from schemas.ids import stable_id


def refused(stage: str, written: str, error: Rejected, *, url: str | None, failed_at: datetime) -> Failure:
    """The Failure of a record, `written` as the codec does or as the raw line that never became one."""
    return Failure(
        id=stable_id("failure", stage, url, written),
        stage=stage,
        reason=error.reason,
        detail=str(error) if error.hint is None else f"{error} (hint: {error.hint})",
        url=url,
        record=written,
        failed_at=failed_at,
    )
