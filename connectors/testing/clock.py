"""A clock for tests that goes only when told."""

from datetime import datetime, timedelta

from connectors.testing.records import NOON


class Clock:
    """Tells the same moment until it is set or advanced; starts at noon of the invented day."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """The moment it stands at."""
        return self._now

    def set(self, now: datetime) -> None:
        """Put it to a moment."""
        self._now = now

    def advance(self, seconds: float) -> None:
        """Move it on; backwards where `seconds` is negative."""
        self._now += timedelta(seconds=seconds)
