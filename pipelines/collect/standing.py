"""How many sources are well, and how many are not."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from pipelines.ledger.records import SourceState

_POLLS_MISSED: Final = 3
_AT_LEAST: Final = timedelta(hours=1)


def standing(states: Iterable[SourceState], every_s: Mapping[str, float], now: datetime) -> dict[str, int]:
    """The number of sources that are ok, failing and silent; each of `every_s` is counted once.

    Failing: the last poll failed. Silent: it failed, and none ever went well, or none for three times as long
    as the source may wait between polls, an hour at least. A source that was never polled is ok.
    """
    counts = {"ok": len(every_s), "failing": 0, "silent": 0}
    for state in states:
        if state.source in every_s and state.failures_in_a_row:
            counts["ok"] -= 1
            counts["silent" if _is_silent(state, every_s[state.source], now) else "failing"] += 1
    return counts


def _is_silent(state: SourceState, every_s: float, now: datetime) -> bool:
    longest = max(timedelta(seconds=_POLLS_MISSED * every_s), _AT_LEAST)
    return state.last_ok_at is None or now - state.last_ok_at > longest
