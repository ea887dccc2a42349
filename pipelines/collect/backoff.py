"""How long to leave alone what failed."""

from typing import Final

from schemas.errors import Rejected, Retriable

LONGEST_S: Final = 6 * 3600.0
"""No wait is longer, unless the other side asked for it or the source is polled less often anyway."""

_FIRST_S: Final = 30.0
_MOST_DOUBLINGS: Final = 20


def wait_s(error: Retriable | Rejected, failures_before: int, usual_s: float) -> float:
    """Seconds until the next try, doubling with each failure, and never sooner than the other side asked.

    What may heal is tried again after half a minute, and at the latest after `usual_s`. What will not heal by
    itself is tried after `usual_s`, and then ever more seldom.
    """
    doubled = 2.0 ** min(failures_before, _MOST_DOUBLINGS)
    if isinstance(error, Rejected):
        return max(usual_s, min(usual_s * doubled, LONGEST_S))
    return max(min(_FIRST_S * doubled, usual_s, LONGEST_S), error.after_s or 0.0)
